"""LESIONS.csv: lesions by patient, reader and visit, checked and made into reads for the rules."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from napari_recist.criteria.charter import Charter
from napari_recist.criteria.csv_rows import Complaints, Row, date_of, natural_order, rows_of
from napari_recist.criteria.lesion_row import LESION_COLUMNS, LesionRow, lesion_row
from napari_recist.criteria.lesions import Lesion, Role, Status
from napari_recist.criteria.read import Observation, Read
from napari_recist.criteria.visit_rows import RowsOfVisit, visits_of
from napari_recist.errors import Problem, TableError

_ROLE_ORDER = (Role.TARGET, Role.NON_TARGET, Role.NEW)


@dataclass(frozen=True, slots=True)
class LesionsTable:
    """All reads of a LESIONS.csv, by patient and reader, and what deserves a look."""

    reads: tuple[Read, ...]
    warnings: tuple[Problem, ...]


def parse_lesions(
    content: bytes | str, charter: Charter | None = None, file: str = "LESIONS.csv"
) -> LesionsTable:
    """Read the content of a LESIONS.csv; the order of its rows does not matter.

    Diameters are rounded to the charter's precision (N-1). A lesion without a row at a visit is
    simply not observed there; the assessment calls it not evaluable.

    Raises
    ------
    TableError
        With every problem of the file, each with its line, column, value and rule.
    """
    charter = charter or Charter()
    complaints = Complaints(file)
    groups: dict[tuple[str, str], list[LesionRow]] = {}
    refused: dict[tuple[str, str], list[Row]] = {}
    for raw in rows_of(content, LESION_COLUMNS, complaints):
        row = lesion_row(raw, charter.criteria, complaints)
        if row is not None:
            groups.setdefault((row.subject, row.reader), []).append(row)
        else:
            refused.setdefault((raw["subject"], raw["reader"]), []).append(raw)
    _readers_named(groups, complaints)
    reads = [
        _read(rows, refused.get((subject, reader), ()), charter, complaints)
        for (subject, reader), rows in sorted(
            groups.items(), key=lambda item: tuple(map(natural_order, item[0]))
        )
    ]
    if complaints.problems:
        raise TableError(sorted(complaints.problems, key=lambda problem: problem.row))
    return LesionsTable(tuple(reads), tuple(complaints.warnings))


def _readers_named(
    groups: Mapping[tuple[str, str], Sequence[LesionRow]], complaints: Complaints
) -> None:
    """Refuse a blank reader beside a named one: blank means the only one (L-5)."""
    for (subject, reader), rows in groups.items():
        named = sorted(other for patient, other in groups if patient == subject and other)
        if not reader and named:
            rule = f"blank, but other rows of {subject} name {', '.join(named)} (L-5)"
            for row in rows:
                complaints.refuse(row.row, "reader", rule)


def _read(
    rows: Sequence[LesionRow], refused: Sequence[Row], charter: Charter, complaints: Complaints
) -> Read:
    """Return the read the rows of one patient and reader add up to.

    ``refused`` are rows already complained of: what they would have said is not complained of
    again as missing.
    """
    visits = visits_of(rows, charter.schedule, complaints)
    lesions = _lesions(rows, complaints)
    doubtful = {name for row in refused for name in _names(row)}
    if all(_has_date(row) for row in refused):
        _baseline_fits(visits[0], rows, doubtful, complaints)
    observations: dict[tuple[str, str], Observation] = {}
    added_at: dict[str, str] = {}
    for visit in visits:
        for name, of_lesion in _by_lesion(visit.rows).items():
            added_at.setdefault(name, visit.visit.identifier)
            said = _observation(of_lesion, visit, complaints)
            observations[visit.visit.identifier, name] = said
        _merged_into_known(visit, lesions, doubtful, complaints)
    return Read(
        subject=rows[0].subject,
        reader=rows[0].reader,
        visits=tuple(visit.visit for visit in visits),
        lesions=lesions,
        observations=MappingProxyType(observations),
        added_at=MappingProxyType(added_at),
    )


def _names(row: Row) -> tuple[str, str]:
    """Return what the lesion of a refused row may be called: its name, or that of the whole."""
    return row["lesion"], row["lesion"].rpartition(".")[0]


def _has_date(row: Row) -> bool:
    return date_of(row, "date", Complaints("")) is not None


def _by_lesion(rows: Iterable[LesionRow]) -> dict[str, list[LesionRow]]:
    found: dict[str, list[LesionRow]] = {}
    for row in rows:
        found.setdefault(row.lesion, []).append(row)
    return found


def _lesions(rows: Sequence[LesionRow], complaints: Complaints) -> tuple[Lesion, ...]:
    """Return the lesion list; what a lesion is does not change from row to row (L-5)."""
    found = []
    for name, of_lesion in _by_lesion(sorted(rows, key=lambda row: row.date)).items():
        first = of_lesion[0]
        organ = next((row.organ for row in of_lesion if row.organ), "")
        for row in of_lesion[1:]:
            line = f"{name} in line {first.row.line}"
            if row.role is not first.role:
                rule = f"{line} is {first.role}: a lesion keeps its role (L-5)"
                complaints.refuse(row.row, "role", rule)
            if row.role is Role.TARGET and row.node != first.node:
                rule = f"{line} says otherwise: a lesion is a node or it is not (R-11)"
                complaints.refuse(row.row, "node", rule)
            if row.organ and row.organ.casefold() != organ.casefold():
                complaints.refuse(row.row, "organ", f"{name} is in {organ!r} elsewhere (L-5)")
        node = any(row.node for row in of_lesion)
        found.append(Lesion(name, first.role, organ=organ, node=node))
    return tuple(
        sorted(
            found,
            key=lambda one: (_ROLE_ORDER.index(one.role), natural_order(one.identifier)),
        )
    )


def _baseline_fits(
    baseline: RowsOfVisit,
    rows: Sequence[LesionRow],
    doubtful: Collection[str],
    complaints: Complaints,
) -> None:
    label = baseline.visit.identifier
    for row in baseline.rows:
        if row.role is Role.NEW:
            rule = f"{label} is this reader's first visit: nothing can be new at baseline (W-1)"
            complaints.refuse(row.row, "role", rule)
        elif row.role is Role.NON_TARGET and row.status is not Status.PRESENT:
            rule = "a non-target lesion at baseline is present (L-4)"
            complaints.refuse(row.row, "status", rule)
        elif row.role is Role.TARGET and row.status is not Status.MEASURED:
            rule = "a target lesion at baseline is measured (M-1)"
            complaints.refuse(row.row, "status", rule)
        elif row.role is Role.TARGET and not row.diameter:
            rule = "a target lesion at baseline has a size (M-1)"
            complaints.refuse(row.row, "diameter_mm", rule)
    complained = {*doubtful, *(row.lesion for row in baseline.rows)}
    for row in sorted(rows, key=lambda row: row.date):
        if row.role is not Role.NEW and row.lesion not in complained:
            complained.add(row.lesion)
            rule = f"{row.lesion} is not on the list of the baseline {label}, which is fixed (L-5)"
            complaints.refuse(row.row, "lesion", rule)


def _observation(
    rows: Sequence[LesionRow], visit: RowsOfVisit, complaints: Complaints
) -> Observation:
    """Return what the rows of one lesion at one visit say together."""
    first, *others = sorted(rows, key=lambda row: row.fragment)
    fragments = [row.fragment for row in rows]
    for place, row in enumerate(rows):
        earlier = rows[:place]
        if row.fragment in fragments[:place]:
            line = next(one.row.line for one in earlier if one.fragment == row.fragment)
            rule = f"line {line} already says something of it at {visit.visit.identifier} (L-6)"
            complaints.refuse(row.row, "lesion", rule)
        elif earlier and (row.fragment == 0 or 0 in fragments[:place]):
            rule = f"{row.lesion} is either whole or in fragments at one visit (R-15)"
            complaints.refuse(row.row, "lesion", rule)
    ordered = (first, *others)
    return Observation(
        status=first.status,
        diameters=tuple(row.diameter for row in ordered if row.diameter is not None),
        reason=first.reason,
        into=first.into,
        date=max(row.date for row in ordered),
    )


def _merged_into_known(
    visit: RowsOfVisit,
    lesions: Sequence[Lesion],
    doubtful: Collection[str],
    complaints: Complaints,
) -> None:
    """Refuse a merger into anything but a target that in the end holds the mass (R-16)."""
    targets = {lesion.identifier for lesion in lesions if lesion.role is Role.TARGET}
    into = {row.lesion: row.into for row in visit.rows if row.status is Status.MERGED}
    for row in visit.rows:
        if row.status is not Status.MERGED:
            continue
        if row.into not in targets and row.into not in doubtful:
            complaints.refuse(row.row, "into", "not a target lesion of this read (R-16)")
            continue
        end, steps = row.lesion, 0
        while end in into and steps <= len(into):
            end, steps = into[end], steps + 1
        if end in into:
            rule = "the mass must stand under one lesion: this one merges back into itself (R-16)"
            complaints.refuse(row.row, "into", rule)
