"""The case report form of a central read, once: what ODM, REDCap and Rave each describe their way.

Its items are the columns of LESIONS.csv, timepoints.csv and subjects.csv, so a value has one name
wherever it goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from napari_recist.criteria import LESION_COLUMNS, CriteriaName, Response, Role, Status
from napari_recist.exporting.response_tables import SUBJECT_COLUMNS, TIMEPOINT_COLUMNS


class ItemType(StrEnum):
    """What an item holds; the words are ODM's."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "float"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a form: ``choices`` are all answers it can have, none where it is free.

    ``unit`` is "" for what is counted in none.
    """

    name: str
    label: str
    type: ItemType = ItemType.TEXT
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its items: filled in once per read and visit, or once per lesion of it.

    ``of_visit`` is false for what is said of the patient as a whole.
    """

    name: str
    label: str
    items: tuple[Item, ...]
    repeating: bool = False
    of_visit: bool = True

    def item(self, name: str) -> Item:
        """Return the item of this name."""
        return next(item for item in self.items if item.name == name)


_RESPONSES = tuple(response.value for response in Response)
_KEYS = frozenset({"subject", "reader", "visit"})
"""Columns that say whose and which visit's: they are keys of every system, and items of none."""

_LABELS: Mapping[str, str] = {
    "date": "Date of the scan",
    "lesion": "Lesion",
    "role": "Role of the lesion",
    "node": "Lymph node",
    "organ": "Organ",
    "status": "What became of the lesion",
    "diameter_mm": "Diameter (of a node: short axis)",
    "into": "Lesion it merged with",
    "reason": "Why it is not evaluable",
    "sum_mm": "Sum of diameters",
    "baseline_sum_mm": "Sum of diameters at baseline",
    "nadir_sum_mm": "Smallest sum of diameters before",
    "change_from_baseline_pct": "Change from baseline",
    "change_from_nadir_pct": "Change from the smallest sum",
    "change_from_nadir_mm": "Change from the smallest sum in length",
    "target_response": "Response of target lesions",
    "nontarget_response": "Response of non-target lesions",
    "new_lesion": "New lesion",
    "overall_response": "Overall response",
    "rules": "Rules that decided",
    "explanation": "Why this is the response",
    "best_response": "Best overall response",
    "best_response_date": "Date of the best overall response",
    "confirmed_best_response": "Confirmed best overall response",
    "confirmed_best_response_date": "Date of the confirmed best overall response",
    "first_response_date": "Date of the first response",
    "progression_date": "Date of progression",
    "last_evaluable_date": "Date of the last evaluable visit",
    "not_evaluable_reason": "Why no response can be told",
    "evaluator": "Whose read counts",
    "reason_accepted": "Why this read counts",
    "criteria": "Response criteria",
}

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "role": tuple(role.value for role in Role),
    "node": ("yes", "no"),
    "status": tuple(status.value for status in Status),
    "new_lesion": ("yes", "no"),
    "criteria": tuple(name.value for name in CriteriaName),
    **dict.fromkeys(
        (
            "target_response",
            "nontarget_response",
            "overall_response",
            "best_response",
            "confirmed_best_response",
        ),
        _RESPONSES,
    ),
}


def _item(column: str) -> Item:
    unit = {"mm": "mm", "pct": "%"}.get(column.rpartition("_")[2], "")
    kind = ItemType.TEXT
    if unit:
        kind = ItemType.NUMBER
    elif column.endswith("date"):
        kind = ItemType.DATE
    return Item(column, _LABELS[column], kind, _CHOICES.get(column, ()), unit)


def _items(columns: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(_item(column) for column in columns if column not in _KEYS)


LESION = Form("lesion", "Lesions", _items(LESION_COLUMNS), repeating=True)
"""What was said of each lesion at a visit."""

RESPONSE = Form("response", "Response of the visit", _items(TIMEPOINT_COLUMNS))
"""What the rules answered at a visit, as signed."""

BEST = Form("best", "Best response", _items((*SUBJECT_COLUMNS, "criteria")), of_visit=False)
"""What a whole read comes to."""

ACCEPTED = Form(
    "accepted", "Read that counts", _items(("evaluator", "reason_accepted")), of_visit=False
)
"""Which read of the patient counts, once that is settled."""

FORMS = (LESION, RESPONSE, BEST, ACCEPTED)
"""All forms, in the order in which they are filled in."""
