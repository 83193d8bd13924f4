"""The reconciliation as a table: each value of TR back to the caliper it was drawn with."""

from collections.abc import Iterable

from napari_recist.criteria import Point
from napari_recist.exporting.gate.reconciliation import Pair, Reconciliation
from napari_recist.exporting.gate.records import Records
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.transfer.frozen import Transfer

RECONCILIATION_COLUMNS = (
    "subject",
    "evaluator",
    "visit",
    "lesion",
    "test",
    "exported",
    "signed",
    "equal",
    "sop_instance_uid",
    "frame",
    "start_mm_lps",
    "end_mm_lps",
    "raw_mm",
    "provenance",
    "signature",
)
"""``exported`` and ``signed`` in mm or in words; end-points as "x y z"; ``signature`` is the
SHA-256 of what was signed at the visit."""


def reconciliation_rows(
    datasets: Iterable[Dataset], transfer: Transfer
) -> tuple[dict[str, str], ...]:
    """Return a row for each record of TR, and for each signed statement that has no record."""
    return tuple(_row(pair) for pair in Reconciliation(Records(datasets), transfer).pairs)


def _row(pair: Pair) -> dict[str, str]:
    record, statement = pair.record, pair.statement
    row = dict.fromkeys(RECONCILIATION_COLUMNS, "")
    row |= {"exported": pair.told, "signed": pair.due, "equal": "Y" if pair.equal else "N"}
    if statement is not None:
        subject, evaluator, visit, *_ = statement.place
        row |= {"subject": subject, "evaluator": evaluator, "visit": visit}
        row |= {"lesion": statement.lesion.identifier, "signature": _hash(pair)}
    if record is not None:
        row |= {
            "subject": record.subject,
            "evaluator": record.evaluator,
            "visit": record.text("VISIT") or record.text("VISITNUM"),
            "lesion": record.text("--LNKID"),
            "test": record.text("--TESTCD"),
        }
    return row | _caliper(pair)


def _hash(pair: Pair) -> str:
    signature = pair.statement.signature if pair.statement else None
    return signature.content_hash if signature else ""


def _caliper(pair: Pair) -> dict[str, str]:
    caliper = pair.statement.caliper if pair.statement else None
    axis = pair.axis
    if caliper is None or axis is None:
        return {}
    return {
        "sop_instance_uid": caliper.sop_instance_uid,
        "frame": str(caliper.frame),
        "start_mm_lps": _point(axis.start),
        "end_mm_lps": _point(axis.end),
        "raw_mm": repr(axis.raw_mm),
        "provenance": str(caliper.provenance),
    }


def _point(point: Point) -> str:
    return " ".join(map(repr, point))
