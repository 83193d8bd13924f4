"""However a file is encoded, its images have one place and one set of values."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from napari_recist.imaging import load_volume, scan

pytestmark = [
    pytest.mark.shared,
    # pydicom warns, on writing, of the values these real files came with.
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

SETS = (
    "emr_philips_fieldmap_mixed",
    "emr_siemens_t1w",
    "ct_legacy_vs_multiframe",
    "mr_nonsquare_varying_slope",
    "mr_12bit_garbage_high_bits",
    "pet_varying_slope",
)


def reencoded(file: Path, target: Path, syntax: UID) -> None:
    """Write a file in another uncompressed transfer syntax with pydicom."""
    dataset = pydicom.dcmread(file)
    width = dataset.BitsAllocated // 8
    if syntax == ExplicitVRBigEndian and width > 1:
        dataset.PixelData = np.frombuffer(dataset.PixelData, f"<u{width}").byteswap().tobytes()
    dataset.file_meta.TransferSyntaxUID = syntax
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    dataset["PixelData"].VR = "OW"
    pydicom.dcmwrite(
        target, dataset, implicit_vr=implicit, little_endian=little, force_encoding=True
    )


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
@pytest.mark.parametrize("name", SETS)
def test_reencoding_changes_nothing(
    shared_data: Path, tmp_path: Path, name: str, syntax: UID
) -> None:
    """Implicit, big endian and deflated copies give the same split, places, values and findings."""
    folder = shared_data / "dicom" / name / "dicom"
    for file in sorted(folder.glob("*.dcm")):
        reencoded(file, tmp_path / file.name, syntax)
    before, after = scan(folder).series, scan(tmp_path).series

    assert [one.part for one in before] == [one.part for one in after]
    for one, other in zip(before, after, strict=True):
        assert one.passport.findings == other.passport.findings
        assert [piece.frame for piece in one.slices] == [piece.frame for piece in other.slices]
        np.testing.assert_array_equal(load_volume(one).voxels, load_volume(other).voxels)
        if one.geometry is not None and other.geometry is not None:
            np.testing.assert_array_equal(one.geometry.slice_origins, other.geometry.slice_origins)
