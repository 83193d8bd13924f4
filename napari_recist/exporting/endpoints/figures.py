"""Pictures of the end points: waterfall, spider, swimmer, Kaplan-Meier; PNG, SVG and PDF.

Colours are those of Okabe and Ito (2008); each response also has its own hatch and marker, so that
the figures read in black and white. Files are the same again byte for byte.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from napari_recist.criteria import Response
from napari_recist.exporting.trend import BLUE, GREEN, ORANGE
from napari_recist.statistics.courses import Course
from napari_recist.statistics.survival import SurvivalCurve
from napari_recist.statistics.trajectories import Trajectory


class Look(NamedTuple):
    """How a response is drawn."""

    colour: str
    hatch: str
    marker: str


LOOKS: Mapping[Response, Look] = MappingProxyType(
    {
        Response.CR: Look(GREEN, "", "o"),
        Response.PR: Look("#56B4E9", "//", "s"),
        Response.SD: Look("#E69F00", "..", "^"),
        Response.NON_CR_NON_PD: Look("#F0E442", "oo", "v"),
        Response.PD: Look(ORANGE, "xx", "X"),
        Response.NE: Look("#999999", "--", "D"),
    }
)
_OTHER = Look("#CC79A7", "++", "P")

PR_LIMIT, PD_LIMIT = -30, 20
"""Per cent: where a partial response begins, and progression, were baseline the nadir."""

DAYS_PER_WEEK, DAYS_PER_MONTH = 7, 30.4375
FORMATS = ("png", "svg", "pdf")
_METADATA: Mapping[str, Mapping[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
"""What would tell the day or the version: left out, so that the same data give the same file."""

_EDGE: Mapping[str, Any] = {"edgecolor": "black", "linewidth": 0.5}
_ARROW_WEEKS = 1.5

_AT_RISK_TIMES = 7  # more numbers than that have no room below the axis


def figure_files(name: str, figure: Figure) -> dict[str, bytes]:
    """Return a figure in each format, by file name."""
    files = {}
    for form in FORMATS:
        content = io.BytesIO()
        with mpl.rc_context({"svg.hashsalt": "napari-recist"}):
            figure.savefig(content, format=form, metadata=dict(_METADATA[form]))
        files[f"{name}.{form}"] = content.getvalue()
    return files


def waterfall_figure(trajectories: Iterable[Trajectory], title: str = "") -> Figure:
    """Return the best change of each patient's sum, largest growth first, by best response.

    Who has no sum after baseline has no bar; the caption tells how many.
    """
    told = list(trajectories)
    drawn = sorted(
        ((one.best_change, one) for one in told if one.best_change is not None),
        key=lambda pair: (-pair[0], pair[1].subject),
    )
    figure, axes = _figure(title)
    for place, (change, one) in enumerate(drawn):
        look = look_of(one.best)
        axes.bar(
            place, change, color=look.colour, hatch=look.hatch, edgecolor="black", linewidth=0.5
        )
    _limits(axes)
    axes.set_xticks(range(len(drawn)), [one.subject for _, one in drawn], rotation=90, fontsize=7)
    axes.set_ylabel("best change of the sum from baseline, %")
    missing = len(told) - len(drawn)
    axes.set_xlabel(f"{len(drawn)} patients" + (f", {missing} without a sum" if missing else ""))
    _responses_beside(figure, [one.best for _, one in drawn])
    return figure


def spider_figure(trajectories: Iterable[Trajectory], title: str = "") -> Figure:
    """Return the change of each patient's sum over the weeks; a gap where a sum is incomplete."""
    told = list(trajectories)
    figure, axes = _figure(title)
    for one in told:
        look = look_of(one.best)
        weeks = [day / DAYS_PER_WEEK for day in one.days]
        changes = [float("nan") if change is None else change for change in one.changes]
        axes.plot(weeks, changes, color=look.colour, marker=look.marker, markersize=4)
    _limits(axes)
    axes.set_xlabel("weeks since the first dose")
    axes.set_ylabel("change of the sum from baseline, %")
    _responses_beside(figure, [one.best for one in told], lines=True)
    return figure


def swimmer_figure(courses: Sequence[Course], best: Sequence[Response], title: str = "") -> Figure:
    """Return each patient's time from the first dose, longest at the top, with what happened.

    A bar ends at death or where the patient was last seen; an arrow says: alive then.
    """
    figure, axes = _figure(title)
    told = sorted(
        zip(courses, best, strict=True), key=lambda pair: (_followed(pair[0]), pair[0].subject)
    )
    for place, (course, response) in enumerate(told):
        look, start, weeks = look_of(response), course.follow_up.start, _followed(course)
        axes.barh(
            place, weeks, color=look.colour, hatch=look.hatch, edgecolor="black", linewidth=0.5
        )
        known = course.follow_up
        for date, marker in (
            (course.best.first_response_date, "^"),
            (course.best.progression_date, "X"),
            (known.new_therapy, "P"),
            (known.death, "s"),
        ):
            if date is not None:
                week = (date - start).days / DAYS_PER_WEEK
                axes.plot(week, place, marker=marker, color="black", markersize=6)
        if known.death is None:
            axes.annotate("", (weeks + 1.5, place), (weeks, place), arrowprops={"arrowstyle": "->"})
    axes.set_xlim(0, max((_followed(one) for one in courses), default=0) + 2 * _ARROW_WEEKS)
    axes.set_yticks(range(len(told)), [course.subject for course, _ in told], fontsize=7)
    axes.set_xlabel("weeks since the first dose")
    for marker, words in (
        ("^", "response that counts"),
        ("X", "progression"),
        ("P", "another therapy"),
        ("s", "death"),
    ):
        axes.plot([], [], marker=marker, color="black", linestyle="none", label=words)
    _responses_beside(figure, list(best), axes)
    return figure


def kaplan_meier_figure(curve: SurvivalCurve, title: str = "") -> Figure:
    """Return the curve with its interval, who was censored, the median, how many are at risk."""
    figure, axes = _figure(title)
    days = (0, *curve.days)
    months = [day / DAYS_PER_MONTH for day in days]
    axes.step(months, (1.0, *curve.survival), where="post", color=BLUE)
    axes.fill_between(
        months,
        (float("nan"), *curve.low),
        (float("nan"), *curve.high),
        step="post",
        color=BLUE,
        alpha=0.15,
        linewidth=0,
        label=f"{curve.level:.0%} interval",
    )
    ticks = [
        (day / DAYS_PER_MONTH, share)
        for day, share, censored in zip(curve.days, curve.survival, curve.censored, strict=True)
        if censored
    ]
    if ticks:
        axes.plot(*zip(*ticks, strict=True), "|", color="black", markersize=8, label="censored")
    median = curve.quantile()
    if median.days is not None:
        axes.axhline(0.5, color="0.4", linestyle=":", linewidth=0.8)
        words = f"median {median.days / DAYS_PER_MONTH:.1f} months"
        axes.axvline(median.days / DAYS_PER_MONTH, color="0.4", linestyle=":", label=words)
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.set_ylabel("share without the event")
    _numbers_at_risk(axes, curve)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    return figure


def look_of(response: Response) -> Look:
    """Return how a response is drawn."""
    return LOOKS.get(response, _OTHER)


def _followed(course: Course) -> float:
    """Return for how many weeks a patient was followed."""
    known = course.follow_up
    scans = [date for date, _ in course.responses]
    last = known.death or max(
        date for date in (known.last_alive, known.start, *scans) if date is not None
    )
    return (last - known.start).days / DAYS_PER_WEEK


def _limits(axes: Axes) -> None:
    """Draw baseline, and where a partial response and progression begin."""
    axes.axhline(0, color="black", linewidth=0.8)
    for limit in (PR_LIMIT, PD_LIMIT):
        axes.axhline(limit, color="0.4", linestyle="--", linewidth=0.8)


def _numbers_at_risk(axes: Axes, curve: SurvivalCurve) -> None:
    """Write below each time how many are still followed."""
    last = curve.days[-1] / DAYS_PER_MONTH
    step = max(1, round(last / (_AT_RISK_TIMES - 1)))
    times = [float(month) for month in range(0, int(last) + step, step)]
    numbers = [str(curve.at_risk_at(month * DAYS_PER_MONTH)) for month in times]
    labels = [f"{month:.0f}\n{number}" for month, number in zip(times, numbers, strict=True)]
    axes.set_xticks(times, labels)
    axes.set_xlabel("months since the start; below: patients at risk")


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(8.0, 5.0), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _responses_beside(
    figure: Figure, responses: Sequence[Response], axes: Axes | None = None, *, lines: bool = False
) -> None:
    """Explain the responses that are drawn, and what else the axes name."""
    found = [one for one in Response if one in set(responses)]
    handles: list[object] = []
    for one in found:
        look = look_of(one)
        label = f"{one} ({responses.count(one)})"
        if lines:
            line = Line2D([], [], color=look.colour, marker=look.marker, label=label)
            handles.append(line)
        else:
            handles.append(
                Patch(facecolor=look.colour, hatch=look.hatch, edgecolor="black", label=label)
            )
    if axes is not None:
        handles += axes.get_legend_handles_labels()[0]
    figure.legend(handles=handles, loc="outside right upper", frameon=False, title="best response")
