"""The trial for REDCap: its records, and the project that takes them in, as REDCap's CSV files.

REDCap's project is longitudinal, with one arm: an event for each visit and one for the patient.
Forms repeat by evaluator, the lesions' by evaluator and lesion; what repeats says so in a field.
"""

import re
from collections.abc import Iterator, Mapping

from napari_recist.exporting.odm.entries import (
    Place,
    accepted_entries,
    final_entries,
    line_numbers,
    repeat_of,
)
from napari_recist.exporting.odm.form import FORMS, Form, Item, ItemType
from napari_recist.exporting.table_files import csv_text
from napari_recist.exporting.transfer.frozen import FrozenPatient, Transfer

RECORD = "record_id"
PATIENT_FORM, PATIENT_EVENT, SITE, EVALUATOR = "patient", "Patient", "site", "evaluator"
ARM = "1"
COMPLETE = "2"
"""What REDCap's own status field of a form says of one that is finished."""

LINES = 1_000
"""More lesions than anybody lists: lesion 3 of the second evaluator is instance 2003."""

EVENT_COLUMN = "redcap_event_name"
REPEAT_COLUMNS = ("redcap_repeat_instrument", "redcap_repeat_instance")

DICTIONARY_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
"""The columns of a data dictionary, as REDCap names them."""

_VALIDATION = {ItemType.DATE: "date_ymd", ItemType.NUMBER: "number"}

Row = dict[str, str]


def redcap_files(transfer: Transfer) -> dict[str, str]:
    """Return REDCap's files of a transfer by name, in the order in which REDCap takes them.

    ``data_dictionary.csv``, ``events.csv``, ``instruments.csv`` (which form at which event),
    ``repeating.csv`` (as its API takes it: those forms repeat) and ``records.csv``.
    """
    events = _events(transfer)
    designated = [
        (unique_event_name(event), form) for event, forms in events.items() for form in forms
    ]
    return {
        "data_dictionary.csv": csv_text(DICTIONARY_COLUMNS, _dictionary()),
        "events.csv": csv_text(
            ("event_name", "arm_num", "unique_event_name"),
            (
                {"event_name": name, "arm_num": ARM, "unique_event_name": unique_event_name(name)}
                for name in events
            ),
        ),
        "instruments.csv": csv_text(
            ("arm_num", "unique_event_name", "form"),
            ({"arm_num": ARM, "unique_event_name": e, "form": form} for e, form in designated),
        ),
        "repeating.csv": csv_text(
            ("event_name", "form_name", "custom_form_label"),
            (
                {"event_name": e, "form_name": form, "custom_form_label": _label(form)}
                for e, form in designated
                if form in _REPEATING
            ),
        ),
        "records.csv": csv_text(
            _record_columns(), (row for patient in transfer.patients for row in _rows(patient))
        ),
    }


def field_name(form: Form, item: Item) -> str:
    """Return the name of a field, which is unique in a REDCap project: lower case letters and _."""
    return f"{form.name}_{item.name}"


def unique_event_name(name: str) -> str:
    """Return the name by which records name an event: as REDCap makes it from the event's own."""
    return f"{re.sub('[^a-z0-9]+', '_', name.lower()).strip('_')}_arm_{ARM}"


def choice_code(item: Item, value: str) -> str:
    """Return the number that stands for an answer in a drop-down field."""
    return str(item.choices.index(value) + 1)


_REPEATING = {form.name for form in FORMS if form.name != "accepted"}


def _events(transfer: Transfer) -> dict[str, tuple[str, ...]]:
    """Return the forms of each event: the patient's first, then visits by week and label."""
    weeks = {visit.visit: visit.week for patient in transfer.patients for visit in patient.visits}
    of_patient = tuple(form.name for form in FORMS if not form.of_visit)
    of_visit = tuple(form.name for form in FORMS if form.of_visit)
    visits = sorted(weeks, key=lambda visit: (weeks[visit], visit))
    return {PATIENT_EVENT: (PATIENT_FORM, *of_patient)} | dict.fromkeys(visits, of_visit)


def _label(form: str) -> str:
    """Return how REDCap titles one of the repeated forms: by what tells it from the others."""
    lesion = f" [{form}_lesion]" if form == "lesion" else ""
    return f"[{form}_{EVALUATOR}]{lesion}"


def _dictionary() -> Iterator[Row]:
    yield _field(RECORD, PATIENT_FORM, "Patient code")
    yield _field(SITE, PATIENT_FORM, "Site")
    for form in FORMS:
        if form.name in _REPEATING:
            yield _field(f"{form.name}_{EVALUATOR}", form.name, "Evaluator")
        for item in form.items:
            row = _field(field_name(form, item), form.name, item.label)
            row["Field Note"] = item.unit
            row["Text Validation Type OR Show Slider Number"] = _VALIDATION.get(item.type, "")
            if item.choices:
                row["Field Type"] = "dropdown"
                row["Choices, Calculations, OR Slider Labels"] = " | ".join(
                    f"{choice_code(item, choice)}, {choice}" for choice in item.choices
                )
            yield row


def _field(name: str, form: str, label: str) -> Row:
    return {
        "Variable / Field Name": name,
        "Form Name": form,
        "Field Type": "text",
        "Field Label": label,
    }


def _record_columns() -> tuple[str, ...]:
    columns = [RECORD, EVENT_COLUMN, *REPEAT_COLUMNS, SITE, f"{PATIENT_FORM}_complete"]
    for form in FORMS:
        if form.name in _REPEATING:
            columns.append(f"{form.name}_{EVALUATOR}")
        columns += [field_name(form, item) for item in form.items]
        columns.append(f"{form.name}_complete")
    return tuple(columns)


def _rows(patient: FrozenPatient) -> Iterator[Row]:
    of_patient = {RECORD: patient.subject, EVENT_COLUMN: unique_event_name(PATIENT_EVENT)}
    row = of_patient | {SITE: patient.site, f"{PATIENT_FORM}_complete": COMPLETE}
    for place, values in accepted_entries(patient).items():
        row |= _cells(place, values)
    yield row
    for read in patient.reads:
        whose = repeat_of(read.evaluator)
        lines = line_numbers(read.events)
        for place, values in final_entries(read):
            event = unique_event_name(place.visit or PATIENT_EVENT)
            form = place.form.name
            instance = whose * LINES + lines[place.lesion] if place.lesion else whose
            where = (form, str(instance))
            yield (
                {RECORD: patient.subject, EVENT_COLUMN: event}
                | dict(zip(REPEAT_COLUMNS, where, strict=True))
                | {f"{form}_{EVALUATOR}": read.evaluator}
                | _cells(place, values)
            )


def _cells(place: Place, values: Mapping[str, str]) -> Row:
    form = place.form
    cells = {f"{form.name}_complete": COMPLETE}
    for name, value in values.items():
        item = form.item(name)
        cells[field_name(form, item)] = choice_code(item, value) if item.choices else value
    return cells
