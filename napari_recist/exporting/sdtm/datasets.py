"""From a frozen transfer to its SDTM datasets: what was stated, of whom, and how it is related."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from napari_recist.exporting.sdtm.dataset import Dataset, Value
from napari_recist.exporting.sdtm.reads import one_read
from napari_recist.exporting.sdtm.relationships import (
    of_lesion,
    of_statement,
    qualifiers,
    relrec_records,
)
from napari_recist.exporting.sdtm.rs import Answered, rs_records
from napari_recist.exporting.sdtm.tr import Stated, tr_records
from napari_recist.exporting.sdtm.trial_domains import dm_records, sv_records, tv_records
from napari_recist.exporting.sdtm.tu import Identified, tu_records
from napari_recist.exporting.sdtm.variables import dataset, domain_of
from napari_recist.exporting.transfer.frozen import FrozenPatient, Transfer

Record = dict[str, Value]
MadeT = TypeVar("MadeT", Identified, Stated, Answered)

_FINDINGS = ("TU", "TR", "RS", "SUPPTU", "SUPPTR", "SUPPRS")


def sdtm_datasets(transfer: Transfer) -> tuple[Dataset, ...]:
    """Return the datasets of a transfer: TU, TR, RS, their qualifiers, RELREC, DM, SV and TV.

    Each read has records of its own, with its evaluator and never its reader. Records are in the
    order of their dataset's keys and numbered within the subject. A dataset without any record is
    left out.
    """
    found: dict[str, list[Record]] = {name: [] for name in _FINDINGS}
    for patient in transfer.patients:
        for name, record in _of_patient(transfer, patient):
            found[name].append(record)
    others = {
        "RELREC": relrec_records(transfer.charter.trial.id, found),
        "DM": dm_records(transfer),
        "SV": sv_records(transfer),
        "TV": tv_records(transfer),
    }
    made = (dataset(name, records) for name, records in {**found, **others}.items())
    return tuple(one for one in made if one.rows)


def _of_patient(transfer: Transfer, patient: FrozenPatient) -> Iterator[tuple[str, Record]]:
    tumours: list[Identified] = []
    results: list[Stated] = []
    responses: list[Answered] = []
    for frozen in patient.reads:
        one = one_read(transfer, patient, frozen)
        of_read = list(tr_records(one))
        tumours.extend(tu_records(one))
        results.extend(of_read)
        groups = frozenset(str(stated.record["TRLNKGRP"]) for stated in of_read)
        responses.extend(rs_records(one, groups))
    yield from _numbered("TU", tumours, _of_tumour)
    yield from _numbered("TR", results, _of_result)
    yield from _numbered("RS", responses, _of_response)


def _numbered(
    name: str, made: Iterable[MadeT], told_of: Callable[[MadeT], Iterable[Record]]
) -> Iterator[tuple[str, Record]]:
    """Yield records in their order and numbered, each with its supplemental qualifiers."""
    ordered = sorted(made, key=lambda one: _place(name, one.record))
    for number, one in enumerate(ordered, start=1):
        one.record[f"{name}SEQ"] = number
        yield name, one.record
        for qualifier in told_of(one):
            yield f"SUPP{name}", qualifier


def _of_tumour(made: Identified) -> Iterable[Record]:
    return of_lesion(made.record, made.lesion)


def _of_result(made: Stated) -> Iterable[Record]:
    done = made.said is None or not made.record.get("TRSTAT")
    return () if made.said is None or done else of_statement(made.record, made.said)


def _of_response(made: Answered) -> Iterable[Record]:
    derived = "RSARGUED" not in made.qualifiers
    return qualifiers(made.record, made.qualifiers, derived=derived)


def _place(name: str, record: Record) -> tuple[tuple[bool, Value], ...]:
    """Return where a record stands among those of its subject: by the keys of its dataset."""
    keys = (record.get(key) for key in domain_of(name).keys)
    return tuple((isinstance(key, str), 0 if key is None else key) for key in keys)
