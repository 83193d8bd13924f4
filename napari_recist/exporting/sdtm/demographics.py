"""What clinical data tell of a subject for DM: sex, age, arm and last dose, where given."""

from collections.abc import Mapping

from napari_recist.errors import ExportError
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.transfer.frozen import FrozenPatient
from napari_recist.trial.reads.clinical import whole_day
from napari_recist.trial.reads.clinical_items import AGE, ARM, ARM_CODE, SEX, TREATMENT_END

SEXES = ("F", "M", "U")
UNKNOWN_SEX = "U"
OLDEST = 120


def demographics(patient: FrozenPatient) -> Mapping[str, Value]:
    """Return the variables of DM that clinical data tell; sex, which may not be null, else U.

    Raises
    ------
    ExportError
        If a sex, an age or a day is none, or an arm has a code or a name alone.
    """
    told = dict(patient.clinical)
    sex, age = told.get(SEX, UNKNOWN_SEX), told.get(AGE, "")
    code, arm = told.get(ARM_CODE, ""), told.get(ARM, "")
    if sex not in SEXES:
        raise _wrong(patient, SEX, sex, f"one of {', '.join(SEXES)}")
    if age and not (age.isdecimal() and int(age) <= OLDEST):
        raise _wrong(patient, AGE, age, "in whole years")
    end = told.get(TREATMENT_END, "")
    if end and whole_day(end) is None:
        raise _wrong(patient, TREATMENT_END, end, "a day, as YYYY-MM-DD")
    if bool(code) != bool(arm):
        raise _wrong(patient, ARM_CODE, code, f"given together with {ARM!r}")
    return {
        "RFENDTC": end,
        "RFXENDTC": end,
        "SEX": sex,
        "AGE": int(age) if age else None,
        "AGEU": "YEARS" if age else "",
        "ARMCD": code,
        "ARM": arm,
        "ACTARMCD": code,
        "ACTARM": arm,
    }


def _wrong(patient: FrozenPatient, item: str, value: str, due: str) -> ExportError:
    return ExportError(
        f"Nothing was exported: {item} of {patient.subject} is {value!r}; it is {due}.",
        "Give the clinical data again, then freeze a new transfer.",
    )
