"""What stands in each field of the form: from a read, at any moment of its record."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from napari_recist.criteria import Assessment, Charter, Event, LesionAdded, LesionMeasured, Read
from napari_recist.exporting.lesions_csv import lesion_rows
from napari_recist.exporting.odm.form import ACCEPTED, BEST, LESION, RESPONSE, Form
from napari_recist.exporting.response_tables import subject_rows, timepoint_rows
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead

ADJUDICATORS = 10
"""Repeats of a form from here on are adjudicators'; those before are the radiologists'."""

SETTLED_BY_AGREEMENT = "the reads agree"
SETTLED_BY_ONE = "the only read"


@dataclass(frozen=True, slots=True)
class Place:
    """One filled-in form: at which visit ("" for the patient), of which lesion ("" for none)."""

    form: Form
    visit: str = ""
    lesion: str = ""


Entries: TypeAlias = Mapping[Place, Mapping[str, str]]
"""The value of each item of each filled-in form; a blank one is left out."""


def lesion_entries(read: Read, visits: Collection[str]) -> Entries:
    """Return what a read says of its lesions at these visits."""
    return MappingProxyType(
        {
            Place(LESION, row["visit"], row["lesion"]): _filled(LESION, row)
            for row in lesion_rows(read)
            if row["visit"] in visits
        }
    )


def response_entries(assessment: Assessment, visit: str) -> Entries:
    """Return what the rules answer at one visit."""
    rows = (row for row in timepoint_rows(assessment) if row["visit"] == visit)
    return MappingProxyType({Place(RESPONSE, visit): _filled(RESPONSE, row) for row in rows})


def best_entries(assessment: Assessment, charter: Charter) -> Entries:
    """Return what a whole read comes to."""
    (row,) = subject_rows(assessment)
    row = {**row, "criteria": charter.criteria.name.value}
    return MappingProxyType({Place(BEST): _filled(BEST, row)})


def accepted_entries(patient: FrozenPatient) -> Entries:
    """Return which read of a patient counts, and why; nothing while that is open."""
    accepted = [read.evaluator for read in patient.reads if read.accepted]
    if not accepted:
        return MappingProxyType({})
    reason = SETTLED_BY_AGREEMENT if len(patient.reads) > 1 else SETTLED_BY_ONE
    if patient.adjudication is not None:
        reason = patient.adjudication.reason.value
    row = {"evaluator": accepted[0], "reason_accepted": reason}
    return MappingProxyType({Place(ACCEPTED): row})


def final_entries(frozen: FrozenRead) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Yield what stands in the forms of a read at the end: of its signed visits."""
    visits = [visit.identifier for visit in frozen.read.visits]
    yield from lesion_entries(frozen.read, visits).items()
    for visit in visits:
        yield from response_entries(frozen.assessment, visit).items()
    yield from best_entries(frozen.assessment, frozen.charter).items()


def repeat_of(evaluator: str) -> int:
    """Return which repeat of a form is whose, for systems that only count: RADIOLOGIST 1's is 1."""
    role, _, number = evaluator.rpartition(" ")
    return int(number) + (ADJUDICATORS if role == "ADJUDICATOR" else 0)


def line_numbers(events: Iterable[Event]) -> Mapping[str, int]:
    """Return a number from 1 for each lesion, and fragment of one, that a read ever told of.

    The record only grows, so a lesion keeps its number in every later transfer, also when another
    is withdrawn: a system that is loaded again finds each value in its old place.
    """
    found: dict[str, int] = {}
    for event in events:
        match event.fact:
            case LesionAdded(_, lesion):
                name = lesion.identifier
            case LesionMeasured(_, lesion, fragment=fragment) if fragment:
                name = f"{lesion}.{fragment}"
            case _:
                continue
        found.setdefault(name, len(found) + 1)
    return MappingProxyType(found)


def _filled(form: Form, row: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({item.name: row[item.name] for item in form.items if row[item.name]})
