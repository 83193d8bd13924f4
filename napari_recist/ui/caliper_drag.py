"""One drag of the caliper tool: what it began with, and what it makes of the place of the mouse."""

from dataclasses import dataclass, replace

from napari_recist.ui.caliper_hand import CaliperInHand, Screen
from napari_recist.ui.drawn_caliper import IndexPoint


@dataclass(frozen=True, slots=True)
class CaliperDrag:
    """A drag that began at ``pressed`` on the canvas, ``start`` on the picture.

    ``pixels_per_mm`` was the zoom then and ``before`` what was in hand. The drag pulls ``pulled``
    by its grip, or draws a line: across ``crossable`` it is the short axis, elsewhere it is
    ``fresh``, a new long axis, where one may be drawn.
    """

    pressed: Screen
    start: IndexPoint
    pixels_per_mm: float
    before: CaliperInHand | None
    pulled: CaliperInHand | None = None
    crossable: CaliperInHand | None = None
    fresh: CaliperInHand | None = None

    def at(self, place: IndexPoint) -> CaliperInHand | None:
        """Return what is drawn if the button goes up at a place; ``None`` where nothing is."""
        _, row, column = place
        if self.pulled is not None:
            return self.pulled.pulled(row - self.start[1], column - self.start[2])
        line = (self.start, (self.start[0], row, column))
        crossed = self.crossable.crossed(line) if self.crossable else None
        if crossed is not None or self.fresh is None:
            return crossed
        return replace(self.fresh, lines=replace(self.fresh.lines, long_axis=line))

    def shown(self, place: IndexPoint) -> CaliperInHand | None:
        """Return what is shown on the way: a line that may yet cross already stands upright."""
        drawn = self.at(place)
        if drawn is not None or self.crossable is None:
            return drawn
        return self.crossable.with_short((self.start, place))
