"""The trend plot: the sums that were assessed, and the limits that decide."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from napari_recist.criteria import (
    Assessment,
    Charter,
    Event,
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    assess,
)
from napari_recist.exporting.trend import draw_trend, trend_figure, write_trend


def assessed(*sums: float | None) -> Assessment:
    """Return the assessment of one target of these diameters in mm, every eight weeks."""
    start, now = dt.date(2025, 1, 6), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    facts = []
    for number, length in enumerate(sums):
        visit = f"W{8 * number}" if number else "BL"
        facts.append(VisitOpened(visit, start + dt.timedelta(weeks=8 * number)))
        if not number:
            facts.append(LesionAdded(visit, Lesion("T1", Role.TARGET, "liver")))
        if length is None:
            facts.append(StatusStated(visit, "T1", Status.NOT_EVALUABLE, "motion"))
        else:
            facts.append(LesionMeasured(visit, "T1", round(length * 10)))
    events = [Event(n, now, "P1", "anna", fact) for n, fact in enumerate(facts, 1)]
    return assess(events, Charter())


@pytest.fixture
def axes() -> Axes:
    """Return empty axes, without a screen."""
    return Figure().add_subplot()


def line(axes: Axes, label: str) -> tuple[list[float], list[float]]:
    """Return the data of the line with this label."""
    (found,) = [one for one in axes.lines if str(one.get_label()).startswith(label)]
    return list(map(float, found.get_xdata())), list(map(float, found.get_ydata()))


def test_the_sums_are_drawn_in_millimetres_over_weeks(axes: Axes) -> None:
    """Sums of 100, 50 and 60 mm stand at weeks 0, 8 and 16, with their responses."""
    draw_trend(axes, assessed(100, 50, 60))

    assert line(axes, "sum") == ([0, 8, 16], [100, 50, 60])
    assert [text.get_text() for text in axes.texts] == ["", "PR", "PD"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["BL", "W8", "W16"]


def test_the_limits_are_those_of_the_rules(axes: Axes) -> None:
    """PR is 70 % of baseline; PD 20 % over the nadir before a visit, and at least 5 mm."""
    draw_trend(axes, assessed(100, 20, 22, 10, 12))
    _, pr = line(axes, "PR")
    _, pd = line(axes, "PD")

    assert pr == [70, 70]
    assert pd == [120, 120, 25, 25, 15]


def test_an_incomplete_sum_leaves_a_gap(axes: Axes) -> None:
    """A visit without a sum is no zero: the line breaks, and the visit says so."""
    draw_trend(axes, assessed(50, None, 40))
    _, sums = line(axes, "sum")

    assert np.isnan(sums[1])
    assert [text.get_text() for text in axes.texts] == ["", "NE (no sum)", "SD"]


def test_a_read_without_visits_draws_nothing(axes: Axes) -> None:
    """Before anything is read there is no curve, and no error."""
    draw_trend(axes, assessed())

    assert not axes.lines


def test_the_plot_is_written_as_an_image(tmp_path: Path) -> None:
    """The figure names patient and reader, and is written as PNG without a screen."""
    assessment = assessed(30, 20)
    write_trend(assessment, tmp_path / "trend.png")

    assert (tmp_path / "trend.png").read_bytes().startswith(b"\x89PNG")
    assert trend_figure(assessment).axes[0].get_title() == "P1, reader anna"
