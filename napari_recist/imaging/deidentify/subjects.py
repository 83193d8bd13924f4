"""Who a patient is in the trial: the coded subject, from a list or from PatientID itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from napari_recist.criteria.csv_rows import Complaints, rows_of
from napari_recist.errors import DeidentificationError, TableError

COLUMNS = ("patient_id", "subject", "site")
"""The columns of a subject list: PatientID as the images have it, the code, the site's id."""

_USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""A code names a folder and stands before the ^ of a name of 64 characters."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A coded subject, and the id of the site it belongs to where that is told."""

    code: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class SubjectList:
    """Tells the coded subject of a PatientID.

    Parameters
    ----------
    pattern : str
        What a coded subject must match, a regular expression; "" lets any code pass.
    listed : mapping
        PatientID to subject. A PatientID that is not listed must be a coded subject itself.
    """

    pattern: str = ""
    listed: Mapping[str, Subject] = field(default_factory=dict)

    def subject(self, patient_id: str) -> Subject | None:
        """Return the coded subject; None where PatientID is no code and not listed."""
        known = self.listed.get(patient_id)
        if known is not None:
            return known
        return Subject(patient_id) if self._fits(patient_id) else None

    def _fits(self, code: str) -> bool:
        return bool(_USABLE.fullmatch(code)) and bool(
            not self.pattern or re.fullmatch(self.pattern, code)
        )

    def refuse_unusable(self) -> None:
        """Return quietly when every listed subject may stand in a file and name a folder.

        Raises
        ------
        DeidentificationError
            Naming the first that may not; never the PatientID.
        """
        for subject in self.listed.values():
            if not self._fits(subject.code):
                raise DeidentificationError(
                    f"{subject.code!r} is no coded subject of this trial"
                    f" (subject_code = {self.pattern!r}).",
                    "Correct the list of subjects, or subject_code in the charter.",
                )


def load_subjects(file: Path | None, pattern: str) -> SubjectList:
    """Read a list of subjects: CSV with ``patient_id,subject,site``.

    Raises
    ------
    TableError
        If the file cannot be read, or two rows name one PatientID.
    DeidentificationError
        If a code is not one of this trial.
    """
    if file is None:
        return SubjectList(pattern)
    complaints = Complaints(file.name)
    listed: dict[str, Subject] = {}
    for row in rows_of(_content(file, complaints), COLUMNS, complaints):
        if not row["patient_id"] or row["patient_id"] in listed:
            complaints.refuse(row, "patient_id", "empty, or listed before", value="")
        listed[row["patient_id"]] = Subject(row["subject"], row["site"])
    if complaints.problems:
        raise TableError(complaints.problems, "Correct the list of subjects.")
    subjects = SubjectList(pattern, listed)
    subjects.refuse_unusable()
    return subjects


def _content(file: Path, complaints: Complaints) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        complaints.refuse(None, "file", f"the list cannot be read: {error.strerror}", file.name)
        return b""
