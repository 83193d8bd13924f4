"""The plot of a patient's sum of diameters over time, with the limits that decide.

Colours are those of Okabe and Ito (2008), told apart with any colour vision; every line also has
its own dash and marker, so that the plot reads in black and white.
"""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from napari_recist.criteria import Assessment, VisitAssessment
from napari_recist.exporting.trend_lines import TENTHS, weeks_of

BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"

PR_SHARE = 0.7
"""A partial response has lost at least 30 % of baseline (R-25); drawn, never decided on."""
PD_SHARE, PD_MM = 1.2, 5.0
"""Progression has gained at least 20 % and 5 mm over the nadir (R-24)."""


def trend_figure(assessment: Assessment, title: str = "") -> Figure:
    """Return a figure with the trend of one reader's assessment of one patient."""
    figure = Figure(figsize=(7.0, 4.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    draw_trend(axes, assessment)
    axes.set_title(title or f"{assessment.subject}, reader {assessment.reader}")
    return figure


def write_trend(assessment: Assessment, file: Path, title: str = "") -> None:
    """Write the trend as an image; the ending of the file's name says which kind."""
    trend_figure(assessment, title).savefig(file)


def draw_trend(axes: Axes, assessment: Assessment) -> None:
    """Draw the sums in mm over weeks since baseline, with the limits for PR and PD.

    A visit without a complete sum leaves a gap and is marked on the time axis (N-9).
    """
    visits = assessment.visits
    if not visits:
        return
    weeks = list(weeks_of(visits))
    sums = [float("nan") if visit.sum is None else visit.sum / TENTHS for visit in visits]
    axes.plot(weeks, sums, color=BLUE, marker="o", label="sum of diameters", zorder=3)
    _draw_limits(axes, visits, weeks)
    for week, total, visit in zip(weeks, sums, visits, strict=True):
        _draw_response(axes, week, total, visit)
    axes.set_xticks(weeks, [f"{visit.visit}" for visit in visits])
    axes.set_ylim(bottom=0)
    axes.margins(y=0.15)
    axes.set_xlabel("visit")
    axes.set_ylabel("mm")
    axes.legend(loc="best", frameon=False)


def _draw_limits(axes: Axes, visits: Sequence[VisitAssessment], weeks: list[float]) -> None:
    baseline = visits[0].sum
    if baseline is not None:
        limit = baseline / TENTHS * PR_SHARE
        axes.axhline(limit, color=GREEN, linestyle="--", label="PR: 30 % under baseline")
    judged = [
        (week, max(visit.nadir_sum / TENTHS * PD_SHARE, visit.nadir_sum / TENTHS + PD_MM))
        for week, visit in zip(weeks, visits, strict=True)
        if visit.nadir_sum is not None and visit is not visits[0]
    ]
    if judged:
        # The limit of a visit follows from the nadir before it, so it holds back to the last one.
        places = [weeks[0], *(week for week, _ in judged)]
        limits = [judged[0][1], *(limit for _, limit in judged)]
        axes.step(
            places,
            limits,
            where="pre",
            color=ORANGE,
            linestyle=":",
            linewidth=2,
            label="PD: 20 % and 5 mm over nadir",
        )


def _draw_response(axes: Axes, week: float, total: float, visit: VisitAssessment) -> None:
    complete = visit.sum is not None
    if not complete:
        axes.plot([week], [0], color=BLUE, marker="x", clip_on=False, zorder=3)
    response = visit.overall.value if visit.overall else ""
    axes.annotate(
        response if complete else f"{response} (no sum)",
        (week, total if complete else 0),
        textcoords="offset points",
        xytext=(0, 8),
        ha="center",
    )
