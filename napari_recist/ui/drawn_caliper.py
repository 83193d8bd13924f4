"""A caliper as a pane shows it: where it lies on the picture and what is written beside it."""

from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria import Lesion

IndexPoint: TypeAlias = tuple[float, float, float]
"""A place in a volume: (slice, row, column), row and column may be fractions."""
IndexLine: TypeAlias = tuple[IndexPoint, IndexPoint]
"""A straight line on one slice."""


@dataclass(frozen=True, slots=True)
class DrawnCaliper:
    """One caliper on the picture.

    ``value`` is the reported value as text; ``locked`` calipers are shown and never moved;
    ``chosen`` is the lesion selected in the list; ``in_hand`` is drawn but not yet recorded.
    ``fragment`` counts the pieces of a split lesion from 1; 0 is a whole one.
    """

    lesion: Lesion
    long_axis: IndexLine
    short_axis: IndexLine | None
    value: str
    locked: bool = False
    chosen: bool = False
    in_hand: bool = False
    fragment: int = 0

    @property
    def name(self) -> str:
        """What stands beside it: T1, for a fragment T1.2."""
        identifier = self.lesion.identifier
        return f"{identifier}.{self.fragment}" if self.fragment else identifier

    @property
    def slice(self) -> int:
        """The slice it was drawn on."""
        return round(self.long_axis[0][0])
