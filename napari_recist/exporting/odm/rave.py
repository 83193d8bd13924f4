"""The trial for Medidata Rave: one document for each patient, as Rave Web Services takes it in.

Rave's folders are the visits, and ``SUBJECT`` for the patient as a whole; a form repeats by
evaluator, and lesions are the log lines of theirs. What the study build must name so is told in
``docs/exports.md``.
"""

from collections import defaultdict
from collections.abc import Mapping

from rwslib.builders.clinicaldata import (
    ClinicalData,
    FormData,
    ItemData,
    ItemGroupData,
    StudyEventData,
    SubjectData,
)
from rwslib.builders.constants import GranularityType
from rwslib.builders.core import ODM

from napari_recist.exporting.odm.entries import (
    accepted_entries,
    final_entries,
    line_numbers,
    repeat_of,
)
from napari_recist.exporting.odm.form import LESION, Form
from napari_recist.exporting.transfer.frozen import FrozenPatient, Transfer

SUBJECT_FOLDER = "SUBJECT"


def rave_documents(transfer: Transfer) -> dict[str, bytes]:
    """Return the document of each patient, UTF-8, by patient code."""
    return {
        patient.subject: str(_document(patient, transfer)).encode() for patient in transfer.patients
    }


def _document(patient: FrozenPatient, transfer: Transfer) -> ODM:
    document = ODM(
        transfer.charter.transfer.vendor or "central read",
        creationdatetime=transfer.frozen_at.isoformat(timespec="seconds"),
        fileoid=f"TRANSFER.{transfer.number}.{patient.subject}",
        granularity=GranularityType.SingleSubject,
        source_system="napari-recist",
        source_system_version=transfer.software,
    )
    subject = SubjectData(patient.site, patient.subject, transaction_type="Update")
    for folder, forms in _folders(patient).items():
        event = StudyEventData(folder, transaction_type="Update", study_event_repeat_key="1")
        for form in forms:
            event << form
        subject << event
    clinical = ClinicalData(transfer.charter.trial.id, "Prod")
    clinical << subject
    document << clinical
    return document


def _folders(patient: FrozenPatient) -> dict[str, list[FormData]]:
    folders: defaultdict[str, list[FormData]] = defaultdict(list)
    for read in patient.reads:
        lesions: defaultdict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
        for place, values in final_entries(read):
            if place.form is LESION:
                lesions[place.visit][place.lesion] = values
            else:
                form = _form(place.form, read.evaluator)
                form << _line(place.form, values, read.evaluator)
                folders[place.visit or SUBJECT_FOLDER].append(form)
        lines = line_numbers(read.events)
        for visit, of_visit in lesions.items():
            form = _form(LESION, read.evaluator)
            for lesion, number in lines.items():
                form << _line(LESION, of_visit.get(lesion, {}), read.evaluator, number)
            folders[visit].append(form)
    for place, values in accepted_entries(patient).items():
        form = _form(place.form, "")
        form << _line(place.form, values)
        folders[SUBJECT_FOLDER].append(form)
    return folders


def _form(form: Form, evaluator: str) -> FormData:
    repeat = repeat_of(evaluator) if evaluator else 1
    return FormData(form.name.upper(), transaction_type="Update", form_repeat_key=str(repeat))


def _line(
    form: Form, values: Mapping[str, str], evaluator: str = "", number: int | None = None
) -> ItemGroupData:
    """Return the items of one line, blank ones emptied: Rave may hold what was there before."""
    group = ItemGroupData(transaction_type="Upsert", item_group_repeat_key=number)
    oid = form.name.upper()
    if evaluator:
        group << ItemData(f"{oid}.EVALUATOR", evaluator)
    for item in form.items:
        group << ItemData(f"{oid}.{item.name.upper()}", values.get(item.name, ""))
    return group
