"""Lines of reports lie where the images say: judged by highdicom's own geometry, never by ours."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.criteria import Provenance
from napari_recist.imaging import HeaderIndex, Series, scan
from napari_recist.reading.series_profile import entry_of
from napari_recist.reading.structured_reports.images import TrialImages
from napari_recist.reading.structured_reports.placing import NotPlacedError, placed
from napari_recist.reading.structured_reports.report import ReportedLine, ReportedMeasurement
from napari_recist.trial import ScheduledVisit
from tests.imaging.synthetic import COLUMNS, ROWS, ct_slice, write
from tests.imaging.synthetic_enhanced import enhanced

STORED_MM = 1e-4
"""End-points are kept in single precision: at 512 pixels a step is 3e-5 pixel."""

TURN, TILT = math.radians(30), math.radians(15)
OBLIQUE = (math.cos(TURN), math.sin(TURN), 0.0, 0.0, 0.0, -1.0)
TILTED = (1.0, 0.0, 0.0, 0.0, math.cos(TILT), -math.sin(TILT))


def series_of(folder: Path, orientation: Sequence[float], step: Sequence[float]) -> Series:
    """Write a series of four slices and return it as found."""
    for index in range(4):
        place = [-10.0 + index * step[0], -20.0 + index * step[1], 5.0 + index * step[2]]
        write(ct_slice(index, place, orientation), folder / f"IM{index}.dcm")
    return scan([folder], None, HeaderIndex()).series[0]


def enhanced_series(folder: Path) -> Series:
    """Write an enhanced CT of four frames and return it as found."""
    write(enhanced([(-10, -20, 5 + 2.5 * frame) for frame in range(4)]), folder / "all.dcm")
    return scan([folder], None, HeaderIndex()).series[0]


KINDS: dict[str, Callable[[Path], Series]] = {
    "axial, pixels not square": lambda at: series_of(at, (1, 0, 0, 0, 1, 0), (0, 0, 2.5)),
    "oblique": lambda at: series_of(at, OBLIQUE, (-2.0 * math.sin(TURN), 2 * math.cos(TURN), 0)),
    "gantry tilt": lambda at: series_of(at, TILTED, (0, 0, 2.5)),
    "enhanced multi-frame": enhanced_series,
}


@pytest.fixture(scope="module", params=KINDS)
def series(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Series:
    """Return a series of each kind."""
    return KINDS[request.param](tmp_path_factory.mktemp("series"))


def images_of(series: Series) -> TrialImages:
    """Return the images of a visit with this series alone."""
    visit = ScheduledVisit("P1", "BL", 0, dt.date(2025, 1, 6), (entry_of(series),))
    return TrialImages([visit])


def truth(series: Series, place: int, points: Sequence[Sequence[float]]) -> np.ndarray:  # type: ignore[type-arg]
    """Return where highdicom says that (column, row) of a slice lie, from its header alone."""
    piece = series.slices[place]
    header = pydicom.dcmread(piece.file, stop_before_pixels=True)
    if "NumberOfFrames" in header:
        own = header.PerFrameFunctionalGroupsSequence[piece.frame]
        shared = header.SharedFunctionalGroupsSequence[0]
        position = own.PlanePositionSequence[0].ImagePositionPatient
        orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
        spacing = shared.PixelMeasuresSequence[0].PixelSpacing
    else:
        position, orientation = header.ImagePositionPatient, header.ImageOrientationPatient
        spacing = header.PixelSpacing
    to_patient = hd.spatial.ImageToReferenceTransformer(position, orientation, spacing)
    return to_patient(np.asarray(points, dtype=float))


inside = st.tuples(
    st.floats(0, COLUMNS, width=32, allow_nan=False), st.floats(0, ROWS, width=32, allow_nan=False)
)


def line_on(
    series: Series, place: int, points: tuple[tuple[float, ...], tuple[float, ...]]
) -> ReportedLine:
    """Return a line as a report would hold it, its length by highdicom."""
    start, end = truth(series, place, points)
    piece = series.slices[place]
    frames = (piece.frame + 1,) if len(series.files) == 1 else ()
    return ReportedLine(points, float(np.linalg.norm(end - start)), piece.sop_instance_uid, frames)


@given(start=inside, end=inside, place=st.integers(0, 3))
def test_end_points_lie_where_an_independent_library_puts_them(
    series: Series, start: tuple[float, float], end: tuple[float, float], place: int
) -> None:
    """Corner-based (column, row) become patient mm: tilted, oblique, multi-frame, not square."""
    if math.dist(start, end) < 0.01:
        return
    line = line_on(series, place, (start, end))

    image, caliper, told = placed(
        ReportedMeasurement(1, line), images_of(series), lambda _visit: entry_of(series)
    )

    found = (caliper.long_axis.start, caliper.long_axis.end)
    assert image.place == place
    assert np.allclose(found, truth(series, place, (start, end)), atol=STORED_MM)
    assert caliper.sop_instance_uid == series.slices[place].sop_instance_uid
    assert caliper.frame == series.slices[place].frame + 1
    assert caliper.provenance is Provenance.PROPOSED
    assert told == ()


@given(start=inside, end=inside, place=st.integers(0, 3))
def test_a_line_in_space_lies_on_the_slice_it_was_drawn_on(
    series: Series, start: tuple[float, float], end: tuple[float, float], place: int
) -> None:
    """SCOORD3D in the frame of reference gives the same end-points and the same slice."""
    if math.dist(start, end) < 0.01:
        return
    points = np.float32(truth(series, place, (start, end))).astype(float)
    ends = tuple(map(float, points[0])), tuple(map(float, points[1]))
    length = math.dist(*ends)
    line = ReportedLine(ends, length, frame_of_reference_uid=series.frame_of_reference_uid)

    image, caliper, _told = placed(
        ReportedMeasurement(1, line), images_of(series), lambda _visit: entry_of(series)
    )

    assert image.place == place
    assert np.allclose((caliper.long_axis.start, caliper.long_axis.end), ends, atol=STORED_MM)


def test_of_several_series_of_one_space_the_one_measured_on_is_meant(tmp_path: Path) -> None:
    """Phases share their space: a line in it is of the series read, or of none where it is open."""
    axes = ((1, 0, 0, 0, 1, 0), (0, 0, 2.5))
    first, second = (series_of(tmp_path / name, *axes) for name in ("arterial", "venous"))
    entries = entry_of(first), replace(entry_of(second), part="venous")
    visit = ScheduledVisit("P1", "BL", 0, dt.date(2025, 1, 6), entries)
    points = truth(first, 1, ACROSS).tolist()
    ends = tuple(points[0]), tuple(points[1])
    line = ReportedLine(ends, 2.4, frame_of_reference_uid=first.frame_of_reference_uid)

    image, _caliper, _told = placed(
        ReportedMeasurement(1, line), TrialImages([visit]), lambda _visit: entries[1]
    )

    assert image.entry == entries[1]
    elsewhere = replace(entries[0], series_uid="1.2.9")
    with pytest.raises(NotPlacedError, match="several series share its space"):
        placed(ReportedMeasurement(1, line), TrialImages([visit]), lambda _visit: elsewhere)


@pytest.fixture(scope="module")
def axial(tmp_path_factory: pytest.TempPathFactory) -> Series:
    """Return an axial series with pixels that are not square."""
    return KINDS["axial, pixels not square"](tmp_path_factory.mktemp("axial"))


def refusal(series: Series, measurement: ReportedMeasurement, program: str = "") -> str:
    """Return why a measurement is not placed."""
    with pytest.raises(NotPlacedError) as refused:
        placed(measurement, images_of(series), lambda _visit: entry_of(series), program)
    return str(refused.value)


ACROSS = ((0.5, 2.5), (4.5, 2.5))
DOWN = ((2.5, 0.5), (2.5, 4.5))


def test_another_length_than_ours_is_told_and_a_far_one_refused(axial: Series) -> None:
    """0.5 mm off is told; 1.1 mm off, or no number, is another image: nothing comes in."""
    line = line_on(axial, 1, ACROSS)
    images, read_on = images_of(axial), lambda _visit: entry_of(axial)

    _image, caliper, told = placed(
        ReportedMeasurement(1, replace(line, stated_mm=line.stated_mm + 0.5)), images, read_on
    )

    assert told == ("its report says 2.90 mm of the long axis, the image gives 2.40 mm",)
    assert math.isclose(caliper.long_axis.raw_mm, 2.4)
    for stated in (line.stated_mm + 1.1, math.nan, math.inf):
        far = ReportedMeasurement(1, replace(line, stated_mm=stated))
        assert "another image" in refusal(axial, far)


def test_a_length_rounded_to_one_decimal_is_not_told(axial: Series) -> None:
    """A report that rounds as readers do says nothing else than the image."""
    line = line_on(axial, 1, ((0.5, 2.5), (4.57, 2.5)))

    _image, _caliper, told = placed(
        ReportedMeasurement(1, replace(line, stated_mm=2.4)),
        images_of(axial),
        lambda _visit: entry_of(axial),
    )

    assert told == ()


def test_the_longer_of_two_axes_is_the_long_one(axial: Series) -> None:
    """Whichever the report calls long: 4 rows of 0.8 mm are longer than 4 columns of 0.6 mm."""
    across, down = line_on(axial, 1, ACROSS), line_on(axial, 1, DOWN)

    _image, caliper, _told = placed(
        ReportedMeasurement(1, across, down), images_of(axial), lambda _visit: entry_of(axial)
    )

    assert caliper.short_axis is not None
    assert math.isclose(caliper.long_axis.raw_mm, 3.2)
    assert math.isclose(caliper.short_axis.raw_mm, 2.4)


def test_a_slanted_short_axis_is_left_out_and_told(axial: Series) -> None:
    """Two lines that are not perpendicular in the patient are no bidimensional caliper (R-12)."""
    slanted = line_on(axial, 1, ((1.5, 1.5), (2.5, 3.5)))

    _image, caliper, told = placed(
        ReportedMeasurement(1, line_on(axial, 1, ACROSS), slanted),
        images_of(axial),
        lambda _visit: entry_of(axial),
    )

    assert caliper.short_axis is None
    assert "not perpendicular" in told[0]


def test_what_lies_on_no_image_is_refused(axial: Series) -> None:
    """Two slices, between slices, outside, no length, unknown image: each is told in words."""
    line = line_on(axial, 1, ACROSS)
    other = line_on(axial, 2, DOWN)
    between = ReportedLine(
        ((-8.0, -18.0, 6.2), (-9.0, -18.0, 6.2)),
        1.0,
        frame_of_reference_uid=axial.frame_of_reference_uid,
    )
    outside = replace(line, points=((0.5, 2.5), (5.2, 2.5)), stated_mm=2.8)

    assert "different images" in refusal(axial, ReportedMeasurement(1, line, other))
    assert "1.2 mm off" in refusal(axial, ReportedMeasurement(1, between))
    assert "leaves the image" in refusal(axial, ReportedMeasurement(1, outside))
    assert "no length" in refusal(
        axial, ReportedMeasurement(1, replace(line, points=(ACROSS[0], ACROSS[0]), stated_mm=0.0))
    )
    assert "no visit" in refusal(
        axial, ReportedMeasurement(1, replace(line, sop_instance_uid="1.9"))
    )
    nan = ((math.nan, 2.5), (4.5, 2.5))
    assert "leaves the image" in refusal(axial, ReportedMeasurement(1, replace(line, points=nan)))


def test_a_multi_frame_image_needs_its_frame(tmp_path: Path) -> None:
    """An image of four frames is four places: a line that names none of them lies on none."""
    series = enhanced_series(tmp_path)
    line = line_on(series, 1, ACROSS)

    assert "which one" in refusal(series, ReportedMeasurement(1, replace(line, frames=())))
    assert "no frame 9" in refusal(series, ReportedMeasurement(1, replace(line, frames=(9,))))


def test_ohif_is_not_trusted_where_pixels_are_not_square(axial: Series) -> None:
    """Its places are wrong there (cornerstone3D 2758), at 45 degrees with the length unchanged."""
    line = line_on(axial, 1, ACROSS)

    assert "not square" in refusal(axial, ReportedMeasurement(1, line), "OHIF")
