"""The caliper tool: turns drags on a pane into the lines a lesion is measured by.

napari's own line tool loses the end of a fast line, so the place of the button's release is what
counts here. The tool records nothing: it hands finished lines to the desk, and what is then drawn
is what the record says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from psygnal import Signal

from napari_recist.criteria import Lesion
from napari_recist.ui.caliper_lines import CaliperLines, crosses_steeply
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexLine, IndexPoint
from napari_recist.ui.pane_view import PaneView

CLICK_PX = 3.0
"""A drag shorter than this is a click, and a click measures nothing."""
GRAB_PX = 8.0
"""How near to an end the button must go down to take hold of it."""
CROSSING_DEGREES = 45.0
"""A second line that crosses the first at more than this is the short axis."""
LEFT_BUTTON = 1


class CaliperDesk(Protocol):
    """Where finished calipers go, and what may be measured now."""

    def lesion_in_hand(self) -> Lesion | None:
        """Return the lesion the next line measures, or ``None`` after saying why there is none."""
        ...

    def open_calipers(self) -> Sequence[DrawnCaliper]:
        """Return the calipers that may still be changed."""
        ...

    def same_lesion(self, drawn: Lesion, in_hand: Lesion) -> bool:
        """Tell whether a line drawn for one may complete the caliper of the other."""
        ...

    def commit(
        self,
        lesion: Lesion,
        long_axis: IndexLine,
        short_axis: IndexLine | None,
        replaces: DrawnCaliper | None,
    ) -> None:
        """Record a caliper: a new one, or one that was moved or completed."""
        ...


@dataclass(frozen=True, slots=True)
class CaliperInHand:
    """What is being drawn: not yet in any record.

    ``waits`` when a node's short axis is due; ``replaces`` is the recorded caliper that is moved
    or completed.
    """

    lesion: Lesion
    lines: CaliperLines
    waits: bool = False
    replaces: DrawnCaliper | None = None


@dataclass(frozen=True, slots=True)
class _Grip:
    """How the mouse moves the caliper: by an end of a line, or by drawing the short axis."""

    short: bool
    end: int = 1
    drawn_from: IndexPoint | None = None

    def moved(self, lines: CaliperLines, place: IndexPoint) -> CaliperLines:
        if self.drawn_from is not None:
            return lines.with_short_drawn(self.drawn_from, place)
        if self.short:
            return lines.with_short_end(self.end, place)
        return lines.with_long_end(self.end, place)


class CaliperTool:
    """Draws, edits and cancels calipers on one pane.

    Parameters
    ----------
    pane : PaneView
        The pane drawn on.
    desk : CaliperDesk
        Where lines go.
    """

    changed = Signal()
    """The caliper in hand began, moved or ended."""

    def __init__(self, pane: PaneView, desk: CaliperDesk) -> None:
        self.pane, self.desk = pane, desk
        self.on = True
        self.hand: CaliperInHand | None = None
        self._dragging = False

    def cancel(self) -> bool:
        """Drop the caliper in hand; ``False`` if there was none."""
        had = self.hand is not None
        self._dragging = False
        self._hold(None)
        return had

    def drag(self, _viewer: Any, event: Any) -> Iterator[None]:
        """Follow one drag; a generator as napari's drag callbacks are."""
        if not self.on or event.button != LEFT_BUTTON or event.modifiers:
            return
        event.handled = True  # on press: later is too late, the camera would move
        pressed, before = np.array(event.pos, dtype=float), self.hand
        grip = self._take_hold(pressed, self.pane.index_at(event.position))
        if grip is None or self.hand is None:
            return
        begun = self.hand
        self._dragging = True
        yield
        while event.type == "mouse_move" and self._dragging:
            event.handled = True
            self._hold(self._followed(begun, grip, event))
            yield
        if not self._dragging:  # cancelled on the way
            return
        self._dragging = False
        event.handled = True
        if np.hypot(*(np.array(event.pos, dtype=float) - pressed)) < CLICK_PX:
            self._hold(before)
        else:
            self._finish(self._followed(begun, grip, event))

    def _hold(self, hand: CaliperInHand | None) -> None:
        if hand != self.hand:
            self.hand = hand
            self.changed.emit()

    def _take_hold(self, pressed: Any, place: IndexPoint) -> _Grip | None:
        geometry = self.pane.frame.geometry if self.pane.frame else None
        if geometry is None:
            self.desk.lesion_in_hand()  # says why nothing can be measured here
            return None
        grabbed = self._grabbed(pressed)
        if grabbed is not None:
            caliper, grip = grabbed
            lines = CaliperLines(geometry, caliper.long_axis, caliper.short_axis)
            self._hold(CaliperInHand(caliper.lesion, lines, replaces=caliper))
            return grip
        lesion, waiting = self.desk.lesion_in_hand(), self.hand
        if lesion is None:
            return None
        if waiting and waiting.lesion == lesion and waiting.lines.long_axis[0][0] == place[0]:
            return _Grip(short=True, drawn_from=place)
        self._hold(CaliperInHand(lesion, CaliperLines(geometry, (place, place))))
        return _Grip(short=False)

    def _grabbed(self, pressed: Any) -> tuple[DrawnCaliper, _Grip] | None:
        best, nearest = None, GRAB_PX
        for caliper in self.desk.open_calipers():
            if caliper.slice != self.pane.slice:
                continue
            for short, line in ((False, caliper.long_axis), (True, caliper.short_axis)):
                for end, point in enumerate(line or ()):
                    away = float(np.hypot(*(np.array(self.pane.to_screen(point)) - pressed)))
                    if away <= nearest:
                        best, nearest = (caliper, _Grip(short, end)), away
        return best

    def _followed(self, begun: CaliperInHand, grip: _Grip, event: Any) -> CaliperInHand:
        # The caliper stays on its slice, whatever slice the wheel has brought up meanwhile.
        home = begun.lines.long_axis[0][0]
        _, row, column = self.pane.index_at(event.position)
        return replace(begun, lines=grip.moved(begun.lines, (home, row, column)))

    def _finish(self, hand: CaliperInHand) -> None:
        if hand.lesion.node and hand.lines.short_axis is None:
            self._hold(replace(hand, waits=True))
            return
        whole = self._joined(hand)
        lines = whole.lines.by_length()
        self._hold(None)
        self.desk.commit(whole.lesion, lines.long_axis, lines.short_axis, whole.replaces)

    def _joined(self, hand: CaliperInHand) -> CaliperInHand:
        """Make a line that crosses a lone long axis of the same lesion its short axis."""
        drawn = hand.lines
        for caliper in self.desk.open_calipers():
            lone = caliper.short_axis is None and self.desk.same_lesion(caliper.lesion, hand.lesion)
            if not lone or drawn.short_axis is not None:
                continue
            first, second = caliper.long_axis, drawn.long_axis
            if crosses_steeply(drawn.geometry, first, second, CROSSING_DEGREES):
                lines = CaliperLines(drawn.geometry, first).with_short_drawn(*second)
                return CaliperInHand(caliper.lesion, lines, replaces=caliper)
        return hand
