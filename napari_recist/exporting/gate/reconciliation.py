"""TR beside what was signed: every record back to its statement, every statement forth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from napari_recist.criteria import Axis, Role, Status, VisitAssessment
from napari_recist.exporting.gate.rebuilding import VIABLE, main_test
from napari_recist.exporting.gate.records import Record, Records
from napari_recist.exporting.gate.required_values import TOO_SMALL, decimal_in
from napari_recist.exporting.gate.signed import (
    TENTH,
    Place,
    SignedStatement,
    lesion_key,
    signed_statements,
)
from napari_recist.exporting.gate.terminology import CHANGES, LENGTHS, SUMS, WITHOUT_SIZE
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer

SHOWN_WITHIN = Decimal("0.05")
"""How far a percentage may lie from the one that was shown: half of its one decimal."""

_WORDS: Mapping[Status, frozenset[str]] = MappingProxyType(
    {
        Status.PRESENT: frozenset({"PRESENT", "PATHOLOGICAL"}),
        Status.ABSENT: frozenset({"ABSENT", "NON-PATHOLOGICAL"}),
        Status.PROGRESSED: frozenset({"ENLARGEMENT FROM NADIR"}),
        Status.EQUIVOCAL: frozenset({"EQUIVOCAL"}),
        Status.UNEQUIVOCAL: frozenset({"UNEQUIVOCAL"}),
        Status.RESOLVED: frozenset({"ABSENT"}),
        Status.MERGED: frozenset({WITHOUT_SIZE}),
    }
)
"""What TRSTRESC may say of a statement in words."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A record of TR and the statement it is of: either may be missing.

    ``told`` is what the record says, ``due`` what it has to say, in words or mm; ``axis`` is the
    drawn line whose length that is. Sums and changes have no statement: they follow from a visit.
    """

    place: str
    record: Record | None
    statement: SignedStatement | None
    told: str
    due: str
    equal: bool
    axis: Axis | None = None


class Reconciliation:
    """The datasets of an export beside the transfer they were made from."""

    def __init__(self, records: Records, transfer: Transfer) -> None:
        self.records = records
        self.patients = {patient.subject: patient for patient in transfer.patients}
        self.countries = dict(transfer.charter.transfer.countries)
        self.statements = signed_statements(transfer)
        self._codes = {
            subject: record.text("SUBJID") for subject, record in records.subjects.items()
        }

    @cached_property
    def visits(self) -> Mapping[tuple[str, str], str]:
        """The trial's label of each visit, by USUBJID and VISITNUM: SV has them in their order."""
        held: dict[str, list[Record]] = {}
        for record in self.records.of("SV"):
            if record.text("SVOCCUR") != "N":
                held.setdefault(record.subject, []).append(record)
        found: dict[tuple[str, str], str] = {}
        for subject, of_subject in held.items():
            patient = self.patients.get(self._codes.get(subject, ""))
            if patient is not None:
                found.update(_labels(of_subject, patient))
        return found

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every record of TR with what was signed, then what was signed and has no record."""
        found: list[Pair] = []
        met: set[Place] = set()
        for record in self.records.of("TR"):
            if record.text("--TESTCD") in SUMS or record.text("--TESTCD") in CHANGES:
                found.append(self._derived(record))
                continue
            place = self.place_of(record)
            statement = self.statements.get(place)
            other_axis = statement is not None and _is_other_axis(record, statement)
            found.append(_paired(record, statement, other_axis=other_axis))
            if not other_axis:
                met.add(place)
        for place, statement in self.statements.items():
            if place not in met:
                found.append(
                    Pair(statement.words, None, statement, "", _due(statement), equal=False)
                )
        return tuple(found)

    def read_of(self, record: Record) -> FrozenRead | None:
        """Return the signed read a record is of, ``None`` where the transfer has none such."""
        patient = self.patients.get(self._codes.get(record.subject, ""))
        reads = patient.reads if patient else ()
        return next((read for read in reads if read.evaluator == record.evaluator), None)

    def label_of(self, record: Record) -> str:
        """Return the trial's label of a record's visit: by SV, else by day; "" for none such."""
        label = self.visits.get((record.subject, record.text("VISITNUM")))
        patient = self.patients.get(self._codes.get(record.subject, ""))
        if label is not None or patient is None:
            return label or ""
        day = record.text("--DTC")
        return next((one.visit for one in patient.visits if one.date.isoformat() == day), "")

    def place_of(self, record: Record) -> Place:
        """Return which statement a record has to be of."""
        code = self._codes.get(record.subject, "")
        key, fragment = lesion_key(record.text("--LNKID"))
        viable = record.text("--TESTCD") == VIABLE
        return code, record.evaluator, self.label_of(record), key, fragment, viable

    @cached_property
    def _totals(self) -> Mapping[tuple[str, str, str, str], Decimal]:
        """The sums of what was signed, by subject, evaluator, visit and test."""
        return MappingProxyType(dict(_totals(self.statements)))

    def _derived(self, record: Record) -> Pair:
        test, told = record.text("--TESTCD"), record.amount("--STRESN")
        subject, evaluator, label, *_ = self.place_of(record)
        due = self._totals.get((subject, evaluator, label, test))
        if due is None:
            due = _assessed(self.read_of(record), label, test)
        near = told is not None and due is not None and abs(told - due) <= SHOWN_WITHIN
        equal = near if test in CHANGES else told == due
        words = "" if due is None else str(due)
        return Pair(record.place, record, None, _told(record), words, equal or told is due is None)


def _labels(held: list[Record], patient: FrozenPatient) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the label of each visit of SV: in their order, or by day where their numbers differ."""
    held = sorted(held, key=lambda record: record.amount("VISITNUM") or Decimal(0))
    told = sorted(patient.visits, key=lambda visit: visit.date)
    days = {visit.date.isoformat(): visit.visit for visit in told}
    for place, record in enumerate(held):
        if len(held) == len(told):
            label = told[place].visit
        else:
            label = days.get(record.text("SVSTDTC"), "")
        yield (record.subject, record.text("VISITNUM")), label


def _totals(
    statements: Mapping[Place, SignedStatement],
) -> Iterator[tuple[tuple[str, str, str, str], Decimal]]:
    visits: dict[tuple[str, str, str], list[SignedStatement]] = {}
    for (*visit, _, _, viable), statement in statements.items():
        if statement.lesion.role is Role.TARGET and not viable:
            visits.setdefault((visit[0], visit[1], visit[2]), []).append(statement)
    for place, said in visits.items():
        extranodal = [statement for statement in said if not statement.lesion.node]
        for test, counted in (("SUMDIAM", said), ("SUMNLNLD", extranodal)):
            lengths = [one.length for one in counted if one.status is not Status.MERGED]
            if counted and None not in lengths:
                yield (*place, test), sum((one for one in lengths if one), Decimal(0))


def _assessed(read: FrozenRead | None, label: str, test: str) -> Decimal | None:
    """Return a sum of viable parts, or a change, as the signed read's assessment has it."""
    found = [visit for visit in read.assessment.visits if visit.visit == label] if read else []
    return _of_visit(found[0], test) if found else None


def _of_visit(visit: VisitAssessment, test: str) -> Decimal | None:
    match test:
        case "SUMVDIAM":
            return None if visit.sum is None else visit.sum * TENTH
        case "ACNSD":
            return None if visit.change_from_nadir is None else visit.change_from_nadir * TENTH
        case "PCBSD":
            return decimal_in(visit.change_from_baseline_pct)
        case "PCNSD":
            return decimal_in(visit.change_from_nadir_pct)
    return None


def _is_other_axis(record: Record, statement: SignedStatement) -> bool:
    """Whether a record holds the axis of a target that does not count."""
    test = record.text("--TESTCD")
    counted = {main_test(statement.lesion), "DIAMETER", VIABLE}
    return statement.lesion.role is Role.TARGET and test in LENGTHS and test not in counted


def _paired(record: Record, statement: SignedStatement | None, *, other_axis: bool) -> Pair:
    told = _told(record)
    if statement is None:
        return Pair(record.place, record, None, told, "", equal=False)
    if other_axis:
        due, axis = statement.other_length, statement.other_axis
        words, equal = "" if due is None else str(due), record.amount("--STRESN") == due
        return Pair(record.place, record, statement, told, words, equal, axis)
    equal, axis = _says(record, statement), statement.measured_axis
    return Pair(record.place, record, statement, told, _due(statement), equal, axis)


def _says(record: Record, statement: SignedStatement) -> bool:
    """Whether a record says exactly what was signed: reported mm are the whole tenths, no less."""
    if statement.status is Status.NOT_EVALUABLE:
        return bool(record.text("--STAT"))
    if statement.length is None:
        return record.text("--STRESC") in _WORDS.get(statement.status, frozenset())
    if record.amount("--STRESN") != statement.length:
        return False
    original = record.text("--ORRES")
    if statement.status is Status.TOO_SMALL:
        return original == TOO_SMALL
    return decimal_in(original) == statement.length


def _told(record: Record) -> str:
    standard, original = record.text("--STRESC"), record.text("--ORRES")
    told = standard if original in {standard, TOO_SMALL} else f"{standard} (reported {original})"
    unnumbered = decimal_in(standard) is not None and record.amount("--STRESN") is None
    return record.text("--STAT") or (f"{told} without a number" if unnumbered else told)


def _due(statement: SignedStatement) -> str:
    return str(statement.status) if statement.length is None else str(statement.length)
