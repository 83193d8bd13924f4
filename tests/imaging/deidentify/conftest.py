"""What tests of de-identification share: a key, an order for any patient, and the real sets."""

from pathlib import Path

import pytest

from napari_recist.criteria import Charter, DeidentificationSettings, TrialSettings
from napari_recist.imaging.deidentify import Deidentified, Order, TrialKey, deidentify_folder
from napari_recist.imaging.deidentify.subjects import Subject, SubjectList
from napari_recist.imaging.deidentify.trial_module import TrialFacts

KEY = TrialKey(bytes(range(32)))
OTHER_KEY = TrialKey(bytes(range(1, 33)))
CODE = "NRC-001-0001"


class Everyone(dict[str, Subject]):
    """A list in which every PatientID is the one coded subject."""

    def get(self, _key: str, _default: object = None) -> Subject:  # type: ignore[override]
        """Return the subject."""
        return Subject(CODE, "001")


def order(key: TrialKey = KEY, **settings: object) -> Order:
    """Return an order by these settings of the charter, for any patient."""
    charter = Charter(
        trial=TrialSettings(id="NRC-HCC-201", sponsor="Example Oncology Cooperative"),
        deidentification=DeidentificationSettings(**settings),  # type: ignore[arg-type]
    )
    return Order(key, TrialFacts.of(charter), SubjectList("", Everyone()))


@pytest.fixture(scope="session")
def real_sets(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Path, Deidentified]]:
    """Return each shared set, its de-identified copy, and what was done."""
    out = tmp_path_factory.mktemp("deidentified")
    return {
        folder.name: (
            folder,
            out / folder.name,
            deidentify_folder(folder, out / folder.name, order()),
        )
        for folder in sorted((shared_data / "dicom").iterdir())
        if folder.is_dir()
    }
