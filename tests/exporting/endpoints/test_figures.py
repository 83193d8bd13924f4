"""The figures of the end points: what they draw is what the tables tell."""

import math
from itertools import pairwise

from matplotlib.patches import Rectangle

from napari_recist.criteria import Response
from napari_recist.exporting.endpoints.figures import (
    LOOKS,
    kaplan_meier_figure,
    spider_figure,
    swimmer_figure,
    waterfall_figure,
)
from napari_recist.exporting.endpoints.of_transfer import analyses_of_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.statistics.survival import SurvivalTime, survival_curve
from napari_recist.statistics.trajectories import Trajectory
from tests.exporting.frozen_trials import AGREEING, MISSED, PIECES, SETTLED


def test_the_waterfall_falls(transfer: Transfer) -> None:
    """One bar for each patient with a sum, largest growth first, in the response's own colour."""
    told = analyses_of_transfer(transfer)[0].trajectories
    (axes,) = waterfall_figure(told).axes
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    heights = [bar.get_height() for bar in bars]
    best = {one.subject: one.best_change for one in told}

    assert len(bars) == 5
    assert all(before >= after for before, after in pairwise(heights))
    assert [label.get_text() for label in axes.get_xticklabels()][-1] == AGREEING
    assert best[AGREEING] == 100 * (263 - 623) / 623
    assert bars[-1].get_hatch() == LOOKS[Response.PR].hatch


def test_who_has_no_sum_is_counted() -> None:
    """A patient without a sum after baseline has no bar, and the caption says so."""
    told = [
        Trajectory("P1", (0, 56), (0.0, -12.5), -12.5, Response.SD),
        Trajectory("P2", (0, 56), (0.0, None), None, Response.NE),
    ]
    (axes,) = waterfall_figure(told).axes

    assert len(axes.patches) == 1
    assert axes.get_xlabel() == "1 patients, 1 without a sum"


def test_the_spider_leaves_gaps(transfer: Transfer) -> None:
    """A line for each patient; where a sum is not complete it is broken (N-9)."""
    told = analyses_of_transfer(transfer)[0].trajectories
    (axes,) = spider_figure(told).axes
    lines = dict(zip([one.subject for one in told], axes.lines, strict=False))
    pieces = [float(change) for change in lines[PIECES].get_ydata()]

    assert [math.isnan(change) for change in pieces] == [False, False, True, True]
    assert len(lines[MISSED].get_xdata()) == 2


def test_the_swimmer_tells_how_long_each_was_followed(transfer: Transfer) -> None:
    """Bars in weeks from the first dose, the longest at the top, a mark for the first response."""
    analysis = analyses_of_transfer(transfer)[0]
    best = [one.best for one in analysis.trajectories]
    (axes,) = swimmer_figure(analysis.courses, best).axes
    widths = [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]
    responses = [line for line in axes.lines if line.get_marker() == "^" and len(line.get_xdata())]

    assert widths == sorted(widths)
    assert [label.get_text() for label in axes.get_yticklabels()].index(SETTLED) == 0
    assert len(responses) == 1


def test_the_curve_is_the_estimate() -> None:
    """The steps are those of the estimate, with the number at risk below each time."""
    curve = survival_curve([SurvivalTime(day, day != 200) for day in (60, 120, 200, 300)])
    (axes,) = kaplan_meier_figure(curve).axes
    heights = [float(height) for height in axes.lines[0].get_ydata()]

    assert heights == [1.0, *curve.survival]
    assert axes.get_xticklabels()[0].get_text() == "0\n4"
