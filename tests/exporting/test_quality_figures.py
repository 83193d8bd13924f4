"""Figures of the quality of reading: they draw the numbers they are given."""

from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from napari_recist.exporting.quality_figures import (
    bland_altman_figure,
    disagreement_figure,
    p_chart_figure,
    write_figure,
)
from napari_recist.exporting.trend import ORANGE
from napari_recist.statistics.bland_altman import PairedSize, bland_altman
from napari_recist.statistics.control_charts import Batch, p_chart
from napari_recist.statistics.disagreement import (
    DisagreementLimits,
    DoubleRead,
    disagreement_by_reader,
)

SIZES = [PairedSize(n, 20.0 + n, 20.0 + n - gap) for n, gap in enumerate((0.5, 1.5, 1.0, -1.0))]
CHART = p_chart([Batch("2026-01", 40, 50), Batch("2026-02", 0, 0), Batch("2026-03", 5, 50)])


def lines(axes: Axes) -> dict[str, list[float]]:
    """Return what each labelled line shows on the ordinate."""
    return {str(line.get_label()): list(map(float, line.get_ydata())) for line in axes.lines}


def double_reads() -> list[DoubleRead]:
    """Return ten cases of two readers, four adjudicated, all for anna."""
    return [
        DoubleRead(str(n), ("anna", "bert"), n < 4, frozenset({"anna"}) if n < 4 else None)
        for n in range(10)
    ]


def test_bland_altman_draws_differences_bias_and_limits() -> None:
    """Points are the differences in mm; lines the bias and both limits; bands their intervals."""
    found = bland_altman(SIZES)
    assert found is not None
    (axes,) = bland_altman_figure(SIZES, found).axes
    shown = lines(axes)

    assert shown["4 measurements of 4 lesions"] == pytest.approx([0.5, 1.5, 1.0, -1.0])
    assert shown["bias +0.5 mm"] == pytest.approx([0.5, 0.5])
    limits = [line.get_ydata()[0] for line in axes.lines[3:]]
    assert limits == pytest.approx([found.upper, found.lower])
    assert len(axes.patches) == 3


def test_limits_without_interval_have_no_band() -> None:
    """Where lesions repeat there is no exact interval, and no band is drawn."""
    sizes = [PairedSize(0, size.first_mm, size.second_mm) for size in SIZES]
    found = bland_altman(sizes)
    assert found is not None

    assert not bland_altman_figure(sizes, found).axes[0].patches


def test_a_p_chart_marks_what_lies_outside() -> None:
    """Both batches lie outside; the empty one between them leaves a gap."""
    assert CHART is not None
    (axes,) = p_chart_figure(CHART, share_of="adjudicated").axes
    shown = lines(axes)

    assert shown["adjudicated"][::2] == pytest.approx([80, 10])
    assert shown["centre 45.0 %"] == pytest.approx([45, 45])
    assert shown["outside the limits"] == pytest.approx([80, 10])
    assert [tick.get_text() for tick in axes.get_xticklabels()][1] == "2026-02\nn = 0"


def test_bars_of_the_index_name_the_outlier() -> None:
    """Bert's index of 40 is told with its counts; his bar is hatched as well as coloured."""
    readers = disagreement_by_reader(double_reads())
    limits = DisagreementLimits(mean=20, sd=10, upper=30, early=False, outliers=("bert",))
    (axes,) = disagreement_figure(readers, limits).axes
    anna, bert = axes.patches

    assert [tick.get_text() for tick in axes.get_xticklabels()] == [
        "anna\n0.0 (0 of 10)",
        "bert\n40.0 (4 of 10)",
    ]
    assert (anna.get_height(), bert.get_height()) == (0, 40)
    assert to_hex(bert.get_facecolor()).upper() == ORANGE
    assert (anna.get_hatch(), bert.get_hatch()) == ("", "//")
    assert "mean + SD 30.0" in lines(axes)


def test_limits_of_few_reads_say_so() -> None:
    """Before a tenth of the reads is done the limit is drawn with a word of caution."""
    readers = disagreement_by_reader(double_reads())
    early = DisagreementLimits(mean=20, sd=10, upper=30, early=True, outliers=())

    assert "mean + SD 30.0 (too few reads yet)" in lines(
        disagreement_figure(readers, early).axes[0]
    )


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_figures_are_written_in_each_format(tmp_path: Path, ending: str) -> None:
    """All three figures are written, without a screen."""
    found, readers = bland_altman(SIZES), disagreement_by_reader(double_reads())
    assert found is not None
    assert CHART is not None
    figures: list[Figure] = [
        bland_altman_figure(SIZES, found, "Diameters"),
        p_chart_figure(CHART, "Adjudication"),
        disagreement_figure(readers, None, "Disagreement"),
    ]
    for number, figure in enumerate(figures):
        file = tmp_path / f"{number}.{ending}"
        write_figure(figure, file)
        starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
        assert file.read_bytes().startswith(starts[ending])
