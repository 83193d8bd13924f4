"""What changed from one transfer to the next: every value that is new, other or gone."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TypeAlias

from napari_recist.criteria import (
    Caliper,
    ImagePlace,
    Observation,
    Point,
    VisitSigned,
    effective,
    show,
)
from napari_recist.exporting.table_files import csv_text
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer

DIFFERENCES = "differences.csv"
"""What the report is called in an export."""

COLUMNS = ("kind", "subject", "evaluator", "visit", "lesion", "item", "before", "after")


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A value that differs between two transfers; "" on the side that does not have it.

    ``kind`` is what it belongs to: transfer, patient, adjudication, images, visit, response,
    lesion, observation or best response. Persons are named by evaluator only.
    """

    kind: str
    subject: str
    evaluator: str
    visit: str
    lesion: str
    item: str
    before: str
    after: str


Place: TypeAlias = tuple[str, str, str, str, str, str]
"""Kind, subject, evaluator, visit, lesion, item."""

Value: TypeAlias = tuple[Place, str]


def differences(before: Transfer, after: Transfer) -> tuple[ChangedValue, ...]:
    """Return every value that differs between two transfers of a trial, in the order of the later.

    What is gone stands at the end.
    """
    then, now = (dict(_values(transfer)) for transfer in (before, after))
    places = dict.fromkeys((*now, *then))
    return tuple(
        ChangedValue(*place, then.get(place, ""), now.get(place, ""))
        for place in places
        if then.get(place, "") != now.get(place, "")
    )


def differences_csv(before: Transfer | None, after: Transfer) -> bytes:
    """Return the report as CSV; only its header for a first transfer."""
    found = () if before is None else differences(before, after)
    rows = ({column: getattr(one, column) for column in COLUMNS} for one in found)
    return csv_text(COLUMNS, rows).encode()


def _values(transfer: Transfer) -> Iterator[Value]:
    """Yield every value of a transfer that a person could look up in an export; no empty one."""
    yield ("transfer", "", "", "", "", "charter"), " ".join(transfer.charter_hashes)
    for patient in transfer.patients:
        for (kind, evaluator, visit, lesion, item), text in _of_patient(patient):
            if text:
                yield (kind, patient.subject, evaluator, visit, lesion, item), text


Local: TypeAlias = tuple[tuple[str, str, str, str, str], str]
"""Kind, evaluator, visit, lesion, item, and the value: of one patient."""


def _of_patient(patient: FrozenPatient) -> Iterator[Local]:
    accepted, adjudicated = patient.accepted, patient.adjudication
    about_patient = {
        "site": patient.site,
        "follow-up": "ended" if patient.ended else "",
        "treatment start": _text(patient.reference_date),
        "accepted read": accepted.evaluator if accepted else "",
    }
    yield from _items("patient", "", "", "", about_patient)
    if adjudicated is not None:
        about = {"reason": adjudicated.reason, "comment": adjudicated.comment}
        yield from _items("adjudication", "", "", "", about)
    for visit in patient.visits:
        series = " ".join(entry.series_uid for entry in visit.series)
        about_images = {"date": _text(visit.date), "week": str(visit.week), "series": series}
        yield from _items("images", "", visit.visit, "", about_images)
    for read in patient.reads:
        yield from _of_read(read)


def _of_read(frozen: FrozenRead) -> Iterator[Local]:
    read, name = frozen.read, frozen.evaluator
    signed_at = {
        event.fact.visit: _text(event.recorded_at.astimezone(dt.UTC))
        for event in effective(frozen.events)
        if isinstance(event.fact, VisitSigned)
    }
    for visit in read.visits:
        label = visit.identifier
        about = {"date": _text(visit.date), "signed": signed_at[label]}
        if label in read.argued:
            argued = read.argued[label]
            about["argued response"] = f"{argued.response}: {argued.argument}"
        if label in read.chosen:
            about["series"] = read.chosen[label].series_uid
        yield from _items("visit", name, label, "", about)
        yield from _items("response", name, label, "", _responses(frozen, label))
    for answer in read.overridden:
        about = {f"advice {answer.rule}": answer.reason}
        yield from _items("visit", name, answer.visit, answer.lesion, about)
    for lesion in read.lesions:
        about = _fields(lesion, "identifier") | {"listed at": read.added_at[lesion.identifier]}
        yield from _items("lesion", name, "", lesion.identifier, about)
    for (visit_label, lesion_name), place in read.places.items():
        about = {"place": _pointed_at(place)}
        yield from _items("observation", name, visit_label, lesion_name, about)
    for prefix, said in (("", read.observations), ("viable ", read.viable)):
        for (visit_label, lesion_name), observation in said.items():
            about = {prefix + item: text for item, text in _observed(observation).items()}
            yield from _items("observation", name, visit_label, lesion_name, about)
    yield from _items("best response", name, "", "", _fields(frozen.assessment.best))


def _items(
    kind: str, evaluator: str, visit: str, lesion: str, about: Mapping[str, str]
) -> Iterator[Local]:
    return (((kind, evaluator, visit, lesion, item), text) for item, text in about.items())


def _responses(frozen: FrozenRead, visit: str) -> dict[str, str]:
    judged = frozen.assessment.visit(visit)
    return {
        "sum mm": "" if judged.sum is None else show(judged.sum),
        "target": judged.target or "",
        "non-target": judged.nontarget or "",
        "new lesion": "yes" if judged.new_lesion else "",
        "overall": judged.overall or "",
    }


def _observed(said: Observation) -> dict[str, str]:
    drawn = (caliper for caliper in said.calipers if caliper is not None)
    return {
        "status": said.status,
        "diameter mm": " ".join(map(show, said.diameters)),
        "caliper": "; ".join(map(_drawn, drawn)),
        "reason": said.reason,
        "into": said.into,
        "date": _text(said.date),
    }


def _drawn(caliper: Caliper) -> str:
    """Return where a caliper lies: end-points in mm (LPS), image and frame, how it came there."""
    axes = (axis for axis in (caliper.long_axis, caliper.short_axis) if axis is not None)
    lines = " and ".join(f"{_point(axis.start)} to {_point(axis.end)}" for axis in axes)
    image = f"{caliper.sop_instance_uid}, frame {caliper.frame}"
    return f"{lines} on {image}, {caliper.provenance}"


def _point(point: Point) -> str:
    return f"({', '.join(map(str, point))})"


def _pointed_at(place: ImagePlace) -> str:
    image = f"{place.sop_instance_uid}, frame {place.frame}"
    return f"row {place.row}, column {place.column} of {image}"


def _fields(value: object, *without: str) -> dict[str, str]:
    """Return the fields of a value, by their names with spaces; what is not set is ""."""
    return {
        field.name.replace("_", " "): _text(getattr(value, field.name))
        for field in fields(value)  # type: ignore[arg-type] # every value here is a dataclass
        if field.name not in without
    }


def _text(value: object) -> str:
    """Return a value as the report shows it; "" for what is not there."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
