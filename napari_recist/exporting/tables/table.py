"""The tables of a frozen transfer: the trial's views up to the freeze, and which read counts."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import Trial
from napari_recist.trial.record.chain import WITHHELD, Record
from napari_recist.trial.record.fact_codec import KINDS
from napari_recist.trial.staff.access import may_see
from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.copying import Value, copy_of, rows_of
from napari_recist.trial.views.dictionary import Column, View
from napari_recist.trial.views.making import VIEWS
from napari_recist.trial.views.of_reads import READER, SUBJECT

READS = View(
    "reads",
    "One row for each read with a signed visit, and whether it is the one that counts. In exports "
    "only: that two readers agree is told by the rules, which SQL does not know.",
    ("subject", "evaluator"),
    (
        SUBJECT,
        READER,
        Column("evaluator", ColumnType.TEXT, "What SDTM calls the reader.", required=True),
        Column(
            "accepted",
            ColumnType.FLAG,
            "Whether this read counts: adjudicated, agreed on, or the only one. False for all "
            "while that is open.",
            required=True,
        ),
        Column("ended", ColumnType.FLAG, "Whether the follow-up has ended.", required=True),
        Column("site", ColumnType.TEXT, "Site in the patient's code, where the charter has one."),
    ),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A view and its rows, in the order of its keys."""

    view: View
    rows: tuple[tuple[Value, ...], ...]


def tables(trial: Trial, transfer: Transfer) -> Iterator[Table]:
    """Yield the tables of a transfer, one at a time.

    Dates are true where the transfer's are; what the role of whoever exports may not see is not in
    any of them.
    """
    past = trial.as_of(transfer.anchor.sequence)
    records = (_as_seen(past, record) for record in past.records())
    with closing(copy_of(records, identity_withheld=not transfer.true_dates)) as copy:
        for view in VIEWS:
            yield Table(view, tuple(rows_of(copy, view)))
    yield Table(READS, tuple(_reads(transfer)))


def _as_seen(trial: Trial, record: Record) -> Record:
    """Return a record as a server would give it to this role: of some only the links."""
    if record.kind not in KINDS or may_see(trial.person, KINDS[record.kind]):
        return record
    links = record.previous_hash, record.hash
    return Record(record.sequence, "", 0, "", "", WITHHELD, "", *links)


def _reads(transfer: Transfer) -> Iterator[tuple[Value, ...]]:
    for patient in transfer.patients:
        for read in sorted(patient.reads, key=lambda read: read.evaluator):
            told = read.reader, read.evaluator, read.accepted, patient.ended, patient.site or None
            yield patient.subject, *told
