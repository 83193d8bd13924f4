"""What the caliper tool asks of whoever keeps the calipers: a reading session, or a quick look."""

from collections.abc import Sequence
from typing import Protocol

from napari_recist.criteria import Lesion
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.drawn_caliper import CaliperKey, DrawnCaliper


class CaliperDesk(Protocol):
    """Where finished calipers go, and what may be measured now."""

    def say(self, message: str) -> None:
        """Show the reader a hint in one line."""
        ...

    def lesion_in_hand(self) -> Lesion | None:
        """Return the lesion the next line measures, or ``None`` after saying why there is none."""
        ...

    def draws_anew(self, lesion: Lesion) -> bool:
        """Tell whether a line drawn now is a first or a further measurement of a lesion.

        Where it is not, a line would replace what is recorded, and the caliper is opened first.
        """
        ...

    def open_calipers(self) -> Sequence[DrawnCaliper]:
        """Return the calipers that may be opened and changed."""
        ...

    def caliper_to_open(self) -> DrawnCaliper | None:
        """Return the caliper that the key opens, the visit's or the list's chosen one."""
        ...

    def take_up(self, caliper: DrawnCaliper) -> None:
        """Choose the lesion of a caliper that was opened."""
        ...

    def value_of(self, hand: CaliperInHand) -> str:
        """Return what stands beside a caliper in hand."""
        ...

    def commit(self, hand: CaliperInHand, pixels_per_mm: float) -> CaliperKey | None:
        """Record what was drawn or changed; return its name, ``None`` if it was refused."""
        ...
