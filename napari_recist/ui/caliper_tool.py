"""The caliper tool: turns drags and clicks on a pane into the lines a lesion is measured by.

napari's own line tool loses the end of a fast line, so the place of the button's release is what
counts here.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from napari_recist.ui import caliper_words as words
from napari_recist.ui.caliper_drag import CaliperDrag
from napari_recist.ui.caliper_hand import CaliperInHand, Grip, Part, Screen, grabbed, offered, under
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.caliper_state import CaliperState
from napari_recist.ui.drawn_caliper import IndexPoint
from napari_recist.ui.mouse_watch import late

CLICK_PX = 3.0
"""A drag shorter than this is a click, and a click draws no line."""
LEFT_BUTTON = 1


class CaliperTool(CaliperState):
    """Draws, opens and changes calipers on one pane by the mouse.

    Parameters
    ----------
    pane : PaneView
        The pane drawn on.
    desk : CaliperDesk
        Where lines go.
    """

    def move(self, _viewer: Any, event: Any) -> None:
        """Offer the short axis under the mouse while one is due."""
        if self._drag is not None:  # a late move from before the button went down
            return
        due = self.short_axis_due() if self.on else None
        self.make_offer(offered(self.pane, due, _screen(event)) if due else None)

    def double_click(self, _viewer: Any, event: Any) -> None:
        """Open the caliper under the mouse."""
        if not self.on or event.button != LEFT_BUTTON or event.modifiers or self.hand:
            return
        event.handled = True
        caliper = under(self.pane, self._calipers, _screen(event))
        if caliper is not None:
            self.open(caliper)

    def drag(self, _viewer: Any, event: Any) -> Iterator[None]:
        """Follow one drag; a generator as napari's drag callbacks are."""
        if not self.on or event.button != LEFT_BUTTON or event.modifiers:
            return
        event.handled = True  # on press: later is too late, the camera would move
        self.interrupt()  # a drag whose release never came
        drag = self._begin(_screen(event), self.pane.index_at(event.position))
        if drag is None or not self.fine_enough(self.pane.pixels_per_mm, drag.start):
            return
        self._drag = drag
        self.make_offer(None)
        self.hold(drag.shown(drag.start))
        yield
        while event.type == "mouse_move" and self._drag is drag:
            event.handled = True
            if not late(event):
                self.hold(drag.shown(self._home(drag, event)))
            yield
        if self._drag is not drag:  # dropped on the way
            return
        event.handled = True
        if event.button != LEFT_BUTTON:  # napari ends every drag when any button is released
            self.interrupt()
            return
        self._drag = None
        self.hold(drag.before)
        self._release(drag, _screen(event), self._home(drag, event))

    def _begin(self, pressed: Screen, start: IndexPoint) -> CaliperDrag | None:
        if self._geometry is None:
            self.desk.lesion_in_hand()  # says why nothing can be measured here
            return None
        drag = CaliperDrag(pressed, start, self.pane.pixels_per_mm, self.hand)
        pulled = self._grabbed(pressed)
        if pulled is not None:
            return replace(drag, pulled=pulled)
        due = self.short_axis_due()
        fresh = None if due and due.waits else self._fresh(start, alone=due is None)
        return replace(drag, crossable=due, fresh=fresh) if due or fresh else None

    def _grabbed(self, pressed: Screen) -> CaliperInHand | None:
        caliper = self.open_caliper
        if self.opened is None or caliper is None or caliper.slice != self.pane.slice or self.hand:
            return None
        lines = self.lines_of(caliper)
        # Through the middle of a lone long axis its short axis may begin: that comes first.
        whole = caliper.short_axis is not None or self.opened.anew
        grip = grabbed(self.pane, lines, pressed, whole=whole)
        return CaliperInHand(caliper.lesion, lines, replaces=caliper, grip=grip) if grip else None

    def _fresh(self, start: IndexPoint, *, alone: bool) -> CaliperInHand | None:
        """Return a new line of the lesion in hand, where the lesion is not measured yet."""
        lesion = self.desk.lesion_in_hand()
        if lesion is None or self._geometry is None:
            return None
        caliper, replaces = self.open_caliper, None
        if not self.desk.draws_anew(lesion):
            opened = self.opened is not None and self.opened.anew
            if not opened or caliper is None or caliper.lesion != lesion:
                if alone:
                    self.desk.say(words.TO_OPEN.format(lesion.identifier))
                return None
            replaces = caliper
        lines = CaliperLines(self._geometry, (start, start))
        return CaliperInHand(lesion, lines, replaces=replaces, grip=Grip(Part.LONG, 1))

    def _release(self, drag: CaliperDrag, at: Screen, place: IndexPoint) -> None:
        zoom = min(drag.pixels_per_mm, self.pane.pixels_per_mm)
        if np.hypot(at[0] - drag.pressed[0], at[1] - drag.pressed[1]) < CLICK_PX:
            self._click(drag, at)
            return
        drawn = drag.at(place)
        if drawn is None and drag.crossable is not None:
            self.desk.say(words.TO_OPEN.format(drag.crossable.lesion.identifier))
        elif not self.pane.shows(place):
            self.desk.say(words.LEFT_PICTURE)
        elif drawn is not None and self.fine_enough(zoom, place):
            self._draw(drawn, zoom, held=drag.pulled is not None)

    def _click(self, drag: CaliperDrag, at: Screen) -> None:
        """Hold the end under the mouse, or place the short axis that is offered."""
        due = drag.crossable
        placed = offered(self.pane, due, at) if due else None
        if drag.pulled is not None and self.opened is not None:
            self.opened = replace(self.opened, grip=drag.pulled.grip)
            self.changed.emit()
        elif placed is not None:
            self.record(placed, self.pane.pixels_per_mm)

    def _draw(self, drawn: CaliperInHand, zoom: float, *, held: bool) -> None:
        if drawn.lesion.node and drawn.lines.short_axis is None:
            self.hold(replace(drawn, waits=True, grip=None))
            self.desk.say(words.SHORT_AXIS_DUE.format(drawn.lesion.identifier))
        else:
            self.record(drawn, zoom, held=held)

    def _home(self, drag: CaliperDrag, event: Any) -> IndexPoint:
        """Return the place of the mouse on the slice the drag began on."""
        _, row, column = self.pane.index_at(event.position)
        return (drag.start[0], row, column)


def _screen(event: Any) -> Screen:
    right, down = event.pos
    return (float(right), float(down))
