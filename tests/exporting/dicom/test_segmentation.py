"""Masks as DICOM segmentations on real images: read back by others to the very voxels."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - its own custom
from pydicom import dcmread

from napari_recist.criteria import Lesion, Role
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom.concepts import ARTIFICIAL_INTELLIGENCE
from napari_recist.exporting.dicom.segmentation import (
    Algorithm,
    Segmented,
    SegmentedLesion,
    segmentation,
)
from napari_recist.imaging import Series, find_series
from tests.exporting.dicom.by_hand import MOMENT
from tests.exporting.dicom.judges import dciodvfy, program, run
from tests.imaging.synthetic_mosaic import mosaic

pytestmark = pytest.mark.shared

ABOUT = Segmented("uid", "P1", "RADIOLOGIST 1", "BL", MOMENT, "0.1.0")
SETS = ("ct_abdomen_kits_arterial", "mr_4d_philips_oblique", "emr_siemens_t1w")


def series_of(shared_data: Path, name: str) -> Series:
    """Return the first measurable volume of a set."""
    found = find_series(shared_data / "dicom" / name)
    return next(one for one in found if one.geometry is not None and one.shape[0] > 1)


def slices_of(series: Series) -> list[tuple[Path, int]]:
    """Return file and frame of each slice."""
    return [(piece.file, piece.frame + 1) for piece in series.slices]


def lesions_in(series: Series) -> list[SegmentedLesion]:
    """Return two overlapping lesions of uneven shape, one by hand and one found by a program."""
    count, rows, columns = series.shape
    z, y, x = np.mgrid[:count, :rows, :columns]
    masks = [
        ((z - count / 2) ** 2 * 4 + (y - at * rows) ** 2 + (x - 0.4 * columns) ** 2 * 2)
        < (rows * 0.17) ** 2
        for at in (0.35, 0.5)
    ]
    liver = Lesion("T1", Role.TARGET, "liver", "S7")
    lung = Lesion("T2", Role.TARGET, "lung", "left lower lobe")
    assert (masks[0] & masks[1]).any()
    return [
        SegmentedLesion(liver, "T1", "2.25.11", masks[0]),
        SegmentedLesion(
            lung, "T2", "2.25.12", masks[1], Algorithm("net", "3", ARTIFICIAL_INTELLIGENCE)
        ),
    ]


@pytest.fixture(scope="module", params=SETS)
def written(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Series, Path]:
    """Return a series and the segmentation that was written on it."""
    series = series_of(shared_data, request.param)
    file = tmp_path_factory.mktemp("masks") / "seg.dcm"
    file.write_bytes(segmentation(lesions_in(series), slices_of(series), ABOUT))
    return series, file


def test_dicom3tools_finds_nothing_wrong(written: tuple[Series, Path]) -> None:
    """By the definition of the object there is no error."""
    assert dciodvfy(written[1]) == []


def test_highdicom_reads_the_same_voxels(written: tuple[Series, Path]) -> None:
    """Slice by slice, of both lesions, each voxel is the one that was written."""
    series, file = written
    document = highdicom.seg.segread(file)
    wanted = np.stack([one.mask for one in lesions_in(series)], axis=-1)
    if len(series.files) > 1:
        back = document.get_pixels_by_source_instance(
            [piece.sop_instance_uid for piece in series.slices],
            assert_missing_frames_are_empty=True,
        )
    else:
        back = document.get_pixels_by_source_frame(
            series.slices[0].sop_instance_uid,
            [piece.frame + 1 for piece in series.slices],
            assert_missing_frames_are_empty=True,
        )

    assert np.array_equal(back.astype(bool), wanted)


def test_dcmqi_reads_the_same_places(written: tuple[Series, Path], tmp_path: Path) -> None:
    """In dcmqi's image every voxel of the mask lies at its own patient point, and no other does."""
    series, file = written
    (tmp_path / "out").mkdir()
    run(
        program("segimage2itkimage"),
        *("--inputDICOM", file, "--outputDirectory", tmp_path / "out", "-t", "nrrd"),
    )
    for number, lesion in enumerate(lesions_in(series), 1):
        (place,) = (tmp_path / "out").glob(f"*{number}.nrrd")
        image = sitk.ReadImage(str(place))
        found = np.argwhere(sitk.GetArrayFromImage(image))[:, ::-1]
        theirs = [image.TransformIndexToPhysicalPoint(index) for index in found.tolist()]
        assert series.geometry is not None
        ours = series.geometry.to_patient(np.argwhere(lesion.mask))
        assert len(theirs) == len(ours)
        assert _ordered(theirs) == pytest.approx(_ordered(ours), abs=0.02)


def _ordered(points: object) -> np.ndarray:
    """Return points in an order that does not depend on that of the voxels."""
    rounded = np.round(np.asarray(points, dtype=float), 1)
    ordered: np.ndarray = np.asarray(points, dtype=float)[np.lexsort(rounded.T)]
    return ordered


def test_what_a_segment_says(written: tuple[Series, Path]) -> None:
    """Labels, tracking UIDs and sites as in the report; who made it; nobody's name."""
    document = dcmread(written[1])
    first, second = document.SegmentSequence

    assert (first.SegmentLabel, first.TrackingUID) == ("T1", "2.25.11")
    assert first.SegmentedPropertyTypeCodeSequence[0].CodeMeaning == "Lesion"
    assert first.AnatomicRegionSequence[0].CodeMeaning == "Couinaud hepatic segment VII"
    assert (first.SegmentAlgorithmType, second.SegmentAlgorithmType) == ("MANUAL", "SEMIAUTOMATIC")
    assert second.SegmentAlgorithmName == "net"
    assert (document.PatientID, document.PatientName) == ("P1", "P1^")
    assert document.ContentCreatorName == "RADIOLOGIST 1^"


def test_the_same_masks_give_the_same_bytes(shared_data: Path) -> None:
    """Written again each byte is the same; another voxel is another instance."""
    series = series_of(shared_data, SETS[0])
    lesions, slices = lesions_in(series), slices_of(series)
    content = segmentation(lesions, slices, ABOUT)
    other = lesions[0].mask.copy()
    other[0, 0, 0] = not other[0, 0, 0]
    changed = segmentation([replace(lesions[0], mask=other), lesions[1]], slices, ABOUT)
    uids = {str(dcmread(io.BytesIO(one)).SOPInstanceUID) for one in (content, changed)}

    assert segmentation(lesions_in(series), slices, ABOUT) == content
    assert len(uids) == 2


def test_what_cannot_be_written_is_refused(shared_data: Path, tmp_path: Path) -> None:
    """A mask of another shape, an empty one, a mosaic, a file that is gone: each names what."""
    series = series_of(shared_data, SETS[0])
    (one, _), slices = lesions_in(series), slices_of(series)
    mosaic(9, (0.0, 0.0, 0.0), (1, 0, 0, 0, 1, 0)).save_as(
        tmp_path / "mosaic.dcm", enforce_file_format=True
    )
    (tiles,) = find_series(tmp_path)

    with pytest.raises(ExportError, match="of T1 at BL of P1 does not fit"):
        segmentation([one], slices[1:], ABOUT)
    with pytest.raises(ExportError, match="of T1 at BL of P1 is empty"):
        segmentation([replace(one, mask=np.zeros_like(one.mask))], slices, ABOUT)
    with pytest.raises(ExportError, match=r"mosaic\.dcm holds several slices side by side"):
        segmentation([replace(one, mask=np.ones(tiles.shape, bool))], slices_of(tiles), ABOUT)
    with pytest.raises(ExportError, match=r"gone\.dcm: No such file"):
        segmentation([one], [(tmp_path / "gone.dcm", 1), *slices[1:]], ABOUT)


def test_images_that_are_not_coded_give_no_text(shared_data: Path, tmp_path: Path) -> None:
    """Nothing of patient, site or station of images that were not de-identified is taken over."""
    series = series_of(shared_data, "mr_4d_philips_oblique")
    slices = []
    for number, (file, frame) in enumerate(slices_of(series)):
        image = dcmread(file)
        image.PatientName, image.AccessionNumber = "DOE^JOHN", "CANARY-1"
        image.StudyID, image.StudyDescription = "CANARY-2", "DOE CANARY"
        image.InstitutionName = image.StationName = "CANARY CLINIC"
        image.OtherPatientIDs, image.PatientComments = "CANARY-3", "DOE"
        image.RequestingPhysician = image.OperatorsName = "CANARY^DR"
        image.PhysiciansOfRecord = image.ReferringPhysicianName = "CANARY^DR"
        image.AdmittingDiagnosesDescription = image.AdmissionID = "CANARY-4"
        image.save_as(tmp_path / f"{number}.dcm")
        slices.append((tmp_path / f"{number}.dcm", frame))
    content = segmentation(lesions_in(series), slices, ABOUT)

    assert b"DOE" not in content
    assert b"CANARY" not in content


def test_without_highdicom_it_says_what_to_install(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the package and the extra."""
    series = series_of(shared_data, SETS[0])
    monkeypatch.setitem(sys.modules, "highdicom", None)

    with pytest.raises(ExportError, match="segmentation needs the package highdicom"):
        segmentation(lesions_in(series), slices_of(series), ABOUT)
