"""One row of LESIONS.csv: its cells checked one by one and against each other."""

import datetime as dt
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from napari_recist.criteria.charter import CriteriaSettings
from napari_recist.criteria.csv_rows import Complaints, Row, date_of
from napari_recist.criteria.lesions import STATUSES_OF_ROLE, Role, Status
from napari_recist.criteria.tenths import parse, show

LESION_COLUMNS = (
    "subject",
    "reader",
    "visit",
    "date",
    "lesion",
    "role",
    "node",
    "organ",
    "status",
    "diameter_mm",
    "into",
    "reason",
)
"""The columns of LESIONS.csv."""

_LARGEST_PLAUSIBLE = 5000  # half a metre: a longer lesion is a slip of the unit or the point
_NEEDS_DIAMETER = frozenset({Status.MEASURED, Status.SPLIT})

WordT = TypeVar("WordT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LesionRow:
    """A row whose cells make sense by themselves; lengths in tenths of a millimetre.

    ``lesion`` is the lesion's own name also where the row is of a fragment: ``fragment`` is then
    its number, else 0.
    """

    row: Row
    subject: str
    reader: str
    visit: str
    date: dt.date
    lesion: str
    fragment: int
    role: Role
    node: bool
    organ: str
    status: Status
    diameter: int | None
    into: str
    reason: str


def lesion_row(row: Row, settings: CriteriaSettings, complaints: Complaints) -> LesionRow | None:
    """Return the row's meaning, or ``None`` after complaining of everything wrong in it."""
    before = len(complaints.problems)
    for column in ("subject", "lesion"):
        if not row[column]:
            complaints.refuse(row, column, f"a {column} is needed")
    date = date_of(row, "date", complaints)
    role = _word(row, "role", Role, complaints)
    node = _node(row, role, complaints)
    status = _word(row, "status", Status, complaints)
    diameter = _diameter(row, settings, complaints)
    name, fragment = row["lesion"], 0
    if role is not None and status is not None:
        _role_admits(row, role, status, complaints)
        _cells_agree(row, role, status, settings, complaints)
    if status is Status.SPLIT:
        name, fragment = _fragment(row, complaints)
    if len(complaints.problems) > before or date is None or role is None or status is None:
        return None
    return LesionRow(
        row=row,
        subject=row["subject"],
        reader=row["reader"],
        visit=row["visit"],
        date=date,
        lesion=name,
        fragment=fragment,
        role=role,
        node=node,
        organ=row["organ"],
        status=status,
        diameter=diameter,
        into=row["into"],
        reason=row["reason"],
    )


def _word(row: Row, column: str, words: type[WordT], complaints: Complaints) -> WordT | None:
    text = row[column]
    try:
        return words(text)
    except ValueError:
        near = get_close_matches(text.lower().replace(" ", "_"), [str(word) for word in words], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        known = ", ".join(words)
        complaints.refuse(row, column, f"not a {column}; known are {known}{hint}")
        return None


def _node(row: Row, role: Role | None, complaints: Complaints) -> bool:
    text = row["node"]
    # Only of a target does it change what is measured and when it is normal; there it must be said.
    if text not in ("yes", "no") and (text or role is Role.TARGET):
        complaints.refuse(row, "node", "say yes or no: a node is measured by its short axis (R-11)")
    return text == "yes"


def _diameter(row: Row, settings: CriteriaSettings, complaints: Complaints) -> int | None:
    text = row["diameter_mm"]
    if not text:
        return None
    try:
        exact, value = parse(text), parse(text, settings.precision_tenths)
    except ValueError:
        rule = "not a plain decimal number of millimetres, such as 46.0: no comma, unit or sign"
        complaints.refuse(row, "diameter_mm", rule)
        return None
    if exact != value or len(text.partition(".")[2].rstrip("0")) > 1:
        rule = f"finer than the charter's {settings.measurement_precision_mm} mm: read as "
        complaints.warn(row, "diameter_mm", f"{rule}{show(value)} (N-1)")
    if value > _LARGEST_PLAUSIBLE:
        complaints.warn(row, "diameter_mm", "longer than half a metre: is the unit millimetres?")
    return value


def _role_admits(row: Row, role: Role, status: Status, complaints: Complaints) -> None:
    admitted = STATUSES_OF_ROLE[role]
    if status not in admitted:
        known = ", ".join(sorted(admitted))
        complaints.refuse(row, "status", f"not a status of a {role} lesion; known are {known}")


def _cells_agree(
    row: Row, role: Role, status: Status, settings: CriteriaSettings, complaints: Complaints
) -> None:
    text = row["diameter_mm"]
    if status in _NEEDS_DIAMETER and not text:
        complaints.refuse(row, "diameter_mm", f"a {status} lesion needs its diameter (N-9)")
    if role is Role.TARGET and text and not _diameter_may_stand(status, text, settings):
        rule = f"a lesion that is {status} has no diameter; if it was measured, say so (N-9, R-14)"
        complaints.refuse(row, "diameter_mm", rule)
    if role is Role.TARGET and status is Status.NOT_EVALUABLE and not row["reason"]:
        complaints.refuse(row, "reason", "say why the lesion is not evaluable (R-17)")
    if status is Status.MERGED and not row["into"]:
        complaints.refuse(row, "into", "name the target it merged with (R-16)")
    if status is not Status.MERGED and row["into"]:
        complaints.refuse(row, "into", f"only a merged lesion has this; the status is {status}")


def _diameter_may_stand(status: Status, text: str, settings: CriteriaSettings) -> bool:
    """Return whether a diameter beside the status repeats what the status says anyway."""
    if status in _NEEDS_DIAMETER:
        return True
    says = {Status.ABSENT: 0, Status.TOO_SMALL: settings.too_small_tenths}
    try:
        return parse(text) == says.get(status)
    except ValueError:
        return True  # already complained of


def _fragment(row: Row, complaints: Complaints) -> tuple[str, int]:
    name, point, number = row["lesion"].rpartition(".")
    if not point or not name or not (number.isascii() and number.isdigit()) or int(number) < 1:
        complaints.refuse(row, "lesion", "a fragment is named T01.1, T01.2 after its lesion (R-15)")
        return row["lesion"], 0
    return name, int(number)
