"""The place tool: a click marks where a lesion lies that no caliper measures.

It works beside the caliper tool, which takes a click for nothing: what moves is a caliper, what
does not is a place. It records nothing itself.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from napari_recist.ui.caliper_tool import CLICK_PX, LEFT_BUTTON
from napari_recist.ui.drawn_caliper import IndexPoint
from napari_recist.ui.pane_view import PaneView

ANY_LESION = "Shift"
"""Held, a click marks the place of a target too."""


class PlaceDesk(Protocol):
    """Where places go, and which lesion a click is about."""

    def lesion_to_place(self, *, any_role: bool) -> str:
        """Return the lesion whose place a click marks, "" where it marks none."""
        ...

    def locate(self, lesion: str, place: IndexPoint) -> None:
        """Record where a lesion lies."""
        ...


class PlaceTool:
    """Marks places on one pane.

    Parameters
    ----------
    pane : PaneView
        The pane clicked on.
    desk : PlaceDesk
        Where places go.
    enabled : callable
        Tells whether the left button measures now; it may move the picture instead.
    """

    def __init__(self, pane: PaneView, desk: PlaceDesk, enabled: Callable[[], bool]) -> None:
        self.pane, self.desk, self._enabled = pane, desk, enabled

    def click(self, _viewer: Any, event: Any) -> Iterator[None]:
        """Follow one press of the button; a generator as napari's drag callbacks are."""
        others = [key for key in event.modifiers if key != ANY_LESION]
        if event.button != LEFT_BUTTON or not self._enabled() or others:
            return
        lesion = self.desk.lesion_to_place(any_role=ANY_LESION in event.modifiers)
        if not lesion or self.pane.frame is None:
            return
        event.handled = True
        pressed = np.array(event.pos, dtype=float)
        place = self.pane.index_at(event.position)
        yield
        while event.type == "mouse_move":
            yield
        if np.hypot(*(np.array(event.pos, dtype=float) - pressed)) < CLICK_PX:
            self.desk.locate(lesion, place)
