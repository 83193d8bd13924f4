"""A difference between what two readers said: its code, its words, and what one would take over.

Lengths are tenths of a millimetre.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from napari_recist.criteria.taken_over import Exchange


class WhyDiffer(StrEnum):
    """Why two reads differ: the closed list that an adjudicator sees and statistics count by.

    The order is that in which reasons of equal weight are told: causes before what follows from
    them, one lesion in another role before the whole choice of targets.
    """

    VISIT = "visit read by one reader only, or dated otherwise"
    SERIES = "other series measured"
    ROLE = "same lesion in another role"
    NODE = "lymph node for one reader only: short axis against longest diameter"
    TARGETS = "other target lesions chosen"
    NUMBER_OF_TARGETS = "other number of target lesions"
    NEW_LESION = "new lesion seen by one reader only"
    NEW_LESION_CALL = "new lesion called otherwise, or at another visit"
    NON_TARGET_LIST = "non-target lesion listed by one reader only"
    NON_TARGET_CALL = "non-target lesion called otherwise"
    NOT_EVALUABLE = "lesion not evaluable for one reader only"
    STATE = "target gone, too small, split or merged for one reader only"
    NADIR = "other nadir"
    MEASUREMENT = "same lesion, other diameter"
    ARGUED = "response argued by one reader only"
    CHARTER = "the charter: another version, or a setting that decided for one reader only"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing two readers said differently.

    ``visit`` is where it begins, "" where it concerns the whole read. Lesions have the names each
    reader gave them. ``first_tenths`` and ``second_tenths`` are what is compared (a diameter, a
    sum, a nadir), ``None`` where there is no number. ``exchange`` is what one reader would take
    over from the other. ``aside``: a narrower or wider cut of a difference that is told anyway,
    worth telling only where it settles something by itself.
    """

    code: WhyDiffer
    visit: str
    words: str
    first_lesions: tuple[str, ...] = ()
    second_lesions: tuple[str, ...] = ()
    first_tenths: int | None = None
    second_tenths: int | None = None
    exchange: Exchange = field(default_factory=Exchange)
    aside: bool = False


def counted(number: int, thing: str) -> str:
    """Return a number of things in words: "1 day", "2 days"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
