"""The passport tells the phase, the plane, the units, and what varies between slices."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from napari_recist.imaging import Kind, Series, Verdict, find_series
from napari_recist.imaging.passport.phase_words import phase_of
from tests.imaging.synthetic import Change, set_raw, write_axial

HEIGHTS = [2.5 * index for index in range(6)]


def told(folder: Path, heights: list[float], change: Change) -> Series:
    """Write a series and return what is found."""
    write_axial(folder, heights, change)
    (series,) = find_series(folder)
    return series


def codes(series: Series) -> dict[str, str]:
    """Return the messages of the passport's findings by code."""
    return {finding.code: finding.message for finding in series.passport.findings}


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("Abd late arterial 5.0", "arterial"),
        ("LEBER_ART", "arterial"),
        ("Abdomen portal venous 3mm", "portal venous"),
        ("Leber portovenös", "portal venous"),
        ("Abdomen PV 1.0 B30f", "portal venous"),
        ("Foie veineux", "portal venous"),
        ("ABD DELAYED", "delayed"),
        ("Foie tardif", "delayed"),
        ("t1 vibe HBP 20 min", "hepatobiliary"),
        ("Abdomen nativ", "native"),
        ("w/o contrast", "native"),
        ("t1_fl2d_opp-phase", "opposed phase"),
        ("t1 in-phase", "in phase"),
        ("arterial and portal venous", ""),
        ("Thorax Abdomen", ""),
        ("Partial liver", ""),
        ("prevention cohort", ""),
    ],
)
def test_phases_are_read_from_words(text: str, phase: str) -> None:
    """The words of English, German and French protocols name one phase; two names are none."""
    assert phase_of(text) == phase


@pytest.mark.parametrize(
    ("bolus", "first", "agent", "told_by_time"),
    [
        ("120000", "115700", "Iomeprol", ("native", -180.0)),
        ("120000", "120035.5", "Iomeprol", ("arterial", 35.5)),
        ("120000", "120110", "Iomeprol", ("portal venous", 70.0)),
        ("120000", "120300", "Iomeprol", ("delayed", 180.0)),
        ("120000", "122000", "Primovist", ("hepatobiliary", 1200.0)),
        ("120000", "122000", "Gadoteridol", ("delayed", 1200.0)),
        ("235950", "000025", "Iomeprol", ("arterial", 35.0)),
        ("120000", "120053", "Iomeprol", ("", 53.0)),
        ("120000", "170000", "Iomeprol", ("", None)),
        ("noon", "120110", "Iomeprol", ("", None)),
    ],
)
def test_the_seconds_since_the_bolus_tell_the_phase(
    tmp_path: Path, bolus: str, first: str, agent: str, told_by_time: tuple[str, float | None]
) -> None:
    """Where no text names a phase, the first slice's time after the bolus does, or nothing."""

    def timed(index: int, dataset: Dataset) -> None:
        dataset.SeriesDescription, dataset.ContrastBolusAgent = "Abdomen", agent
        set_raw(dataset, 0x00181042, "TM", bolus.encode())
        dataset.AcquisitionTime = first if index == 3 else f"{float(first) + index + 1:013.6f}"

    passport = told(tmp_path, HEIGHTS, timed).passport

    assert (passport.phase, passport.contrast_seconds) == told_by_time


def test_a_phase_that_the_timing_contradicts_is_told(tmp_path: Path) -> None:
    """A series called portal venous, taken 30 s after the bolus, keeps its name with a finding."""

    def early(_index: int, dataset: Dataset) -> None:
        dataset.ContrastBolusStartTime, dataset.AcquisitionTime = "120000", "120030"

    series = told(tmp_path, HEIGHTS, early)

    assert series.phase == "portal venous"
    assert "30 s after the bolus: arterial" in codes(series)["phase-differs"]


def test_slices_of_two_thicknesses_are_uneven_not_missing(tmp_path: Path) -> None:
    """A scan that goes from 2.5 to 5 mm slices on purpose has lost none of them."""

    def thick(index: int, dataset: Dataset) -> None:
        dataset.SliceThickness = 2.5 if index < 3 else 5

    series = told(tmp_path, [0.0, 2.5, 5.0, 10.0, 15.0, 20.0], thick)

    assert series.kind is Kind.STACK
    assert {"uneven-slices", "thickness-varies"} <= set(codes(series))
    assert "missing-slices" not in codes(series)


@pytest.mark.parametrize(
    ("orientation", "plane"),
    [
        ([1, 0, 0, 0, 1, 0], "axial"),
        ([1, 0, 0, 0, 0, -1], "coronal"),
        ([0, 1, 0, 0, 0, -1], "sagittal"),
        ([1, 0, 0, 0, 0.8, 0.6], "oblique"),
    ],
)
def test_the_plane_is_named(tmp_path: Path, orientation: list[float], plane: str) -> None:
    """The slice normal names the plane up to 25 degrees of obliquity."""

    def turned(_index: int, dataset: Dataset) -> None:
        dataset.ImageOrientationPatient = orientation

    assert told(tmp_path, [0.0], turned).passport.plane == plane


def test_units_kernels_and_loss_are_told(tmp_path: Path) -> None:
    """A dual-energy map is not in Hounsfield units; kernels and the ratio of loss are named."""

    def map_of_iodine(index: int, dataset: Dataset) -> None:
        dataset.RescaleType = "MGML"
        dataset.ConvolutionKernel = "Qr40" if index < 3 else "Qr60"
        dataset.LossyImageCompression, dataset.LossyImageCompressionRatio = "01", 8.5

    series = told(tmp_path, HEIGHTS, map_of_iodine)

    assert (series.passport.rescale_type, series.passport.kernel) == ("MGML", "Qr40, Qr60")
    assert "in MGML" in codes(series)["not-hounsfield"]
    assert "Qr40, Qr60" in codes(series)["kernel-varies"]
    assert "8.5 to 1" in codes(series)["lossy"]
    assert series.passport.verdict is Verdict.AMBER


@pytest.mark.parametrize(
    ("image_type", "said", "suspected"),
    [
        (["DERIVED", "SECONDARY", "SCREEN SAVE"], "", True),
        (["DERIVED", "SECONDARY", "SCREEN SAVE"], "NO", False),
        (["DERIVED", "SECONDARY"], "", True),
        (["ORIGINAL", "PRIMARY", "AXIAL"], "", False),
        (["ORIGINAL", "PRIMARY", "AXIAL"], "YES", True),
    ],
)
def test_names_in_the_pixels_are_suspected_by_what_the_file_says(
    tmp_path: Path, image_type: list[str], said: str, suspected: bool
) -> None:
    """Screen saves, derived captures and a plain YES are suspected; a plain NO is believed."""

    def captured(_index: int, dataset: Dataset) -> None:
        dataset.ImageType, dataset.BurnedInAnnotation = image_type, said
        if image_type[0] == "DERIVED":
            dataset.SOPClassUID = SecondaryCaptureImageStorage

    assert ("burnt-in" in codes(told(tmp_path, HEIGHTS, captured))) == suspected


@pytest.mark.parametrize(
    "text",
    [b"0.7", b"0.7\\", b"0.7\\0.7\\0.7", b"0,7\\0,7", b"0\\0.7", b"-0.7\\-0.7", b"nan\\nan",
     b"inf\\inf", b"1e9\\1e9", b"0.7 mm\\0.7 mm", b"0_7\\0_7", b"", b"\\"],
)  # fmt: skip
def test_a_spacing_that_is_none_blocks(tmp_path: Path, text: bytes) -> None:
    """One number, three, commas, units, zero, negative or endless numbers are no pixel spacing."""

    def spoilt(_index: int, dataset: Dataset) -> None:
        set_raw(dataset, 0x00280030, "DS", text)
        dataset.NominalScannedPixelSpacing = [0.7, 0.7]

    series = told(tmp_path, HEIGHTS, spoilt)

    assert (series.passport.verdict, series.geometry) == (Verdict.BLOCKED, None)
    assert "no-pixel-spacing" in codes(series)


@pytest.mark.parametrize("text", [b"7e-1\\+6.0E-01", b" 0.7\\0.6 ", b"0.70000000000000001\\.6"])
def test_a_spacing_in_any_decimal_form_is_read(tmp_path: Path, text: bytes) -> None:
    """Exponents, signs, spaces and too many digits are the same two numbers."""

    def spelt(_index: int, dataset: Dataset) -> None:
        set_raw(dataset, 0x00280030, "DS", text)

    geometry = told(tmp_path, HEIGHTS, spelt).geometry

    assert geometry is not None
    assert (geometry.row_spacing, geometry.column_spacing) == (0.7, 0.6)


@pytest.mark.parametrize("text", [b"-10\\-20", b"-10\\-20\\x", b"-10\\-20\\1e30", b"nan\\0\\0"])
def test_half_a_position_is_none(tmp_path: Path, text: bytes) -> None:
    """Without three sensible numbers nobody knows where the image lies."""

    def halved(_index: int, dataset: Dataset) -> None:
        set_raw(dataset, 0x00200032, "DS", text)

    series = told(tmp_path, HEIGHTS, halved)

    assert (series.passport.verdict, series.geometry) == (Verdict.BLOCKED, None)
    assert "no-position" in codes(series)


def test_a_character_set_with_a_null_byte_is_read(tmp_path: Path) -> None:
    """A damaged name of a character set costs letters, never the series (found by fuzzing)."""

    def latin(_index: int, dataset: Dataset) -> None:
        dataset.SpecificCharacterSet = "ISO_IR 100"

    for file in write_axial(tmp_path, HEIGHTS, latin):
        file.write_bytes(file.read_bytes().replace(b"ISO_IR 100", b"ISO_IR\x00100"))
    (series,) = find_series(tmp_path)

    assert series.kind is Kind.VOLUME
