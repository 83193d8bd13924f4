"""A caliper as a pane shows it: where it lies on the picture and what is written beside it."""

from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria import Lesion

IndexPoint: TypeAlias = tuple[float, float, float]
"""A place in a volume: (slice, row, column), row and column may be fractions."""
IndexLine: TypeAlias = tuple[IndexPoint, IndexPoint]
"""A straight line on one slice."""
CaliperKey: TypeAlias = tuple[str, int]
"""What names a caliper of one visit: its lesion, and the fragment of a split one; a proposal by no
lesion and its number."""


@dataclass(frozen=True, slots=True)
class DrawnCaliper:
    """One caliper on the picture.

    ``value`` is the reported value as text and ``source`` what it came from, line by line;
    ``locked`` calipers are shown and never moved, because their visit is signed or not the current
    one; ``chosen`` is the lesion selected in the list; ``in_hand`` is drawn but not yet recorded;
    ``opened`` may be changed, and ``held`` is the place of it that the arrow keys move;
    ``offered`` is the short axis that a click would add.
    ``fragment`` counts the pieces of a split lesion from 1; 0 is a whole one. ``of_read`` tells
    the two reads of an adjudication apart by their letter, "" in a read of one's own.
    ``proposal`` is the number of a proposal, which is no measurement; 0 for a caliper of the read.
    """

    lesion: Lesion
    long_axis: IndexLine
    short_axis: IndexLine | None
    value: str
    locked: bool = False
    chosen: bool = False
    in_hand: bool = False
    fragment: int = 0
    source: tuple[str, ...] = ()
    opened: bool = False
    held: IndexPoint | None = None
    offered: IndexLine | None = None
    of_read: str = ""
    proposal: int = 0

    @property
    def key(self) -> CaliperKey:
        """What names it among the calipers of its visit."""
        return ("", self.proposal) if self.proposal else (self.lesion.identifier, self.fragment)

    @property
    def name(self) -> str:
        """What stands beside it: T1, a fragment T1.2, of one of two reads A T1, proposed T1?."""
        if self.proposal:
            return f"{self.lesion.identifier}?"
        identifier = f"{self.of_read} {self.lesion.identifier}".strip()
        return f"{identifier}.{self.fragment}" if self.fragment else identifier

    @property
    def slice(self) -> int:
        """The slice it was drawn on."""
        return round(self.long_axis[0][0])

    @property
    def middle(self) -> IndexPoint:
        """The middle of its long axis."""
        return middle_of(self.long_axis)

    @property
    def lines(self) -> tuple[IndexLine, ...]:
        """Its axes, the long one first."""
        return (self.long_axis, self.short_axis) if self.short_axis else (self.long_axis,)

    @property
    def counting_axis(self) -> IndexLine:
        """The axis whose length is reported: a node's short axis, else the long one (R-11)."""
        return self.short_axis if self.lesion.node and self.short_axis else self.long_axis


def middle_of(line: IndexLine) -> IndexPoint:
    """Return the middle of a line, on its slice."""
    (home, row, column), (_, other_row, other_column) = line
    return (home, (row + other_row) / 2, (column + other_column) / 2)
