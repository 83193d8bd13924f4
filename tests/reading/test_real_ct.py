"""A real abdominal CT through the whole path: imported, measured, signed, exported."""

import math
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest

from napari_recist.criteria import Role
from napari_recist.exporting.csv_files import export_csv
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, freeze
from tests.trial.conftest import PASSWORD, seated


@pytest.mark.shared
def test_a_real_ct_is_read_to_the_table(
    shared_data: Path, new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """A line on a real slice is as long as its own DICOM header says, in record and table."""
    trial = new_trial("")
    import_images(trial, shared_data / "dicom" / "ct_abdomen_kits_arterial")
    (subject,) = trial.subjects()
    session = ReadingSession(seated(trial, "anna", subject), subject)
    volume = session.volume("BL")
    place = len(volume.series.slices) // 2
    session.choose_series(session.series_read("BL"), "the only phase acquired")
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", ((place, 200.0, 150.0), (place, 240.0, 180.0)))
    session.sign_visit(PASSWORD, "I read this visit")
    header = pydicom.dcmread(volume.series.slices[place].file, stop_before_pixels=True)
    rows, columns = map(float, header.PixelSpacing)
    said = session.read.observation("BL", "T1")
    assert said is not None
    (caliper,) = said.calipers
    assert caliper is not None

    assert caliper.sop_instance_uid == header.SOPInstanceUID
    assert caliper.long_axis.raw_mm == pytest.approx(math.hypot(40 * rows, 30 * columns))
    assert abs(said.diameters[0] / 10 - caliper.long_axis.raw_mm) <= 0.05 + 1e-9
    freeze(trial)
    lesions = next(file for file in export_csv(trial, tmp_path) if file.name == "LESIONS.csv")
    assert f",{said.diameters[0] / 10:.1f}," in lesions.read_text(encoding="utf-8")
