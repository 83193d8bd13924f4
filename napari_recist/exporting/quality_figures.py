"""Figures of the quality of reading: Bland-Altman plots, p-charts, the disagreement index.

Colours are those of Okabe and Ito (2008), told apart with any colour vision; every line also has
its own dash, every kind of point its own marker, so that the figures read in black and white.
"""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from napari_recist.exporting.trend import BLUE, GREEN, ORANGE
from napari_recist.statistics.bland_altman import BlandAltman, PairedSize
from napari_recist.statistics.control_charts import PChart
from napari_recist.statistics.disagreement import DisagreementLimits, ReaderDisagreement
from napari_recist.statistics.proportions import Interval, exact_interval

_PER_CENT = 100
_BAND = 0.15  # opacity of an interval: the points on it stay readable
_HEADROOM = 1.1  # over the highest end of an interval
_LEVEL_LABELS = 9  # more batches than that have no room for labels side by side


def bland_altman_figure(sizes: Sequence[PairedSize], found: BlandAltman, title: str = "") -> Figure:
    """Return the plot of differences against means, in mm, with bias and limits of agreement.

    Bands are the intervals of the bias and of the limits, where there are any.
    """
    figure, axes = _figure(title)
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.plot(
        [size.mean for size in sizes],
        [size.difference for size in sizes],
        color=BLUE,
        marker="o",
        markersize=4,
        alpha=0.7,
        linestyle="none",
        label=f"{found.pairs} measurements of {found.lesions} lesions",
    )
    axes.axhline(found.bias, color=GREEN, label=f"bias {found.bias:+.1f} mm")
    _band(axes, found.bias_interval, GREEN)
    limits = f"95 % limits of agreement {found.lower:+.1f} and {found.upper:+.1f} mm"
    axes.axhline(found.upper, color=ORANGE, linestyle="--", label=limits)
    axes.axhline(found.lower, color=ORANGE, linestyle="--")
    _band(axes, found.upper_interval, ORANGE)
    _band(axes, found.lower_interval, ORANGE)
    axes.set_xlabel("mean of both, mm")
    axes.set_ylabel("first minus second, mm")
    _legend_below(figure, axes, columns=2)
    return figure


def p_chart_figure(chart: PChart, title: str = "", share_of: str = "share of cases") -> Figure:
    """Return a p-chart: shares by batch in per cent, their 3-sigma limits, signals marked."""
    figure, axes = _figure(title)
    points = chart.points
    places = list(range(len(points)))
    for side, label in (("upper", "3-sigma limits"), ("lower", None)):
        axes.step(
            [-0.5, *(place + 0.5 for place in places)],
            [getattr(point, side) * _PER_CENT for point in (points[0], *points)],
            where="pre",
            color=ORANGE,
            linestyle="--",
            label=label,
        )
    centre = chart.centre * _PER_CENT
    axes.axhline(centre, color=GREEN, label=f"centre {centre:.1f} %")
    shares = [float("nan") if p.share is None else p.share * _PER_CENT for p in points]
    axes.plot(places, shares, color=BLUE, marker="o", label=share_of)
    signals = [place for place in places if points[place].signal]
    if signals:
        axes.plot(
            signals,
            [shares[place] for place in signals],
            color=ORANGE,
            marker="D",
            markersize=10,
            fillstyle="none",
            markeredgewidth=2,
            linestyle="none",
            label="outside the limits",
        )
    axes.set_xticks(places, [f"{point.label}\nn = {point.total}" for point in points])
    axes.tick_params(axis="x", labelrotation=90 if len(points) > _LEVEL_LABELS else 0)
    axes.set_ylim(-2, 102)
    axes.set_ylabel(f"{share_of}, %")
    _legend_below(figure, axes)
    return figure


def disagreement_figure(
    readers: Sequence[ReaderDisagreement], limits: DisagreementLimits | None, title: str = ""
) -> Figure:
    """Return bars of the Reader Disagreement Index with exact 95 % intervals and the limits."""
    figure, axes = _figure(title)
    counted = [one for one in readers if one.index is not None]
    indices = [one.index or 0.0 for one in counted]
    intervals = [exact_interval(one.disagreed.events, one.disagreed.total) for one in counted]
    ends = [(i.low * _PER_CENT, i.high * _PER_CENT) for i in intervals]
    outliers = limits.outliers if limits else ()
    axes.bar(
        [_counted(one) for one in counted],
        indices,
        yerr=[
            [index - low for index, (low, _) in zip(indices, ends, strict=True)],
            [high - index for index, (_, high) in zip(indices, ends, strict=True)],
        ],
        color=[ORANGE if one.reader in outliers else BLUE for one in counted],
        hatch=["//" if one.reader in outliers else "" for one in counted],
        edgecolor="white",
        capsize=4,
        width=0.6,
        ecolor="0.3",
    )
    if limits:
        axes.axhline(limits.mean, color=GREEN, label=f"mean {limits.mean:.1f}")
        early = " (too few reads yet)" if limits.early else ""
        label = f"mean + SD {limits.upper:.1f}{early}"
        axes.axhline(limits.upper, color=ORANGE, linestyle="--", label=label)
        _legend_below(figure, axes)
    axes.set_ylim(0, max((high for _, high in ends), default=1) * _HEADROOM)
    axes.set_ylabel("Reader Disagreement Index")
    return figure


def _counted(one: ReaderDisagreement) -> str:
    return f"{one.reader}\n{one.index:.1f} ({one.disagreed.events} of {one.disagreed.total})"


def write_figure(figure: Figure, file: Path) -> None:
    """Write a figure; the ending of the file's name says how: PNG, SVG or PDF."""
    figure.savefig(file)


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.0, 4.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    return figure, axes


def _band(axes: Axes, interval: Interval | None, colour: str) -> None:
    if interval is not None:
        axes.axhspan(interval.low, interval.high, color=colour, alpha=_BAND, linewidth=0)


def _legend_below(figure: Figure, axes: Axes, columns: int = 4) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False)
