"""What keys do in the adjudication room; each method is an action of the table of keys."""

from collections.abc import Callable
from typing import Any

from napari_recist.ui import keys
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.pane_actions import pane_actions


class AdjudicationActions:
    """The actions of an adjudication room.

    Parameters
    ----------
    room : AdjudicationRoom
        The room they act on.
    """

    def __init__(self, room: Any) -> None:
        self._room = room

    def table(self, pane: ImagePane) -> dict[str, Callable[[], None]]:
        """Return the actions of keys pressed on a pane by their names in the table of keys."""
        room, link = self._room, self._room.link
        return pane_actions(pane) | {
            "previous_visit": lambda: self._step_visit(-1),
            "next_visit": lambda: self._step_visit(1),
            "next_lesion": lambda: self._step_lesion(1),
            "previous_lesion": lambda: self._step_lesion(-1),
            "go_to_lesion": room.go_to_lesion,
            "next_reason": room.next_reason,
            "swap_reads": room.swap,
            "toggle_both": room.toggle_both,
            "decide": room.decide,
            "show_keys": room.show_keys,
            "lock": room.idle.lock,
            "toggle_link": lambda: setattr(link, "on", not link.on),
            "toggle_slice_link": lambda: link.set_part("scroll", not link.scroll),
            "toggle_zoom_link": lambda: link.set_part("zoom", not link.zoom),
            "toggle_window_link": lambda: link.set_part("window", not link.window),
            "toggle_calipers": self._toggle_calipers,
            "other_pane": room.panes.focus_other,
            "toggle_references": room.panes.toggle_references,
        }

    @property
    def keys(self) -> tuple[keys.Key, ...]:
        """The table of keys of the room."""
        return keys.table_with(keys.ADJUDICATION_KEYS, self.table(self._room.right))

    def hear(self, text: str) -> bool:
        """Do what a typed character asks for; return whether it asks for something."""
        action = keys.typed(text)
        if action:
            self.table(self._room.panes.active)[action]()
        return bool(action)

    def _step_visit(self, step: int) -> None:
        session = self._room.session
        place = session.visits.index(session.visit) + step
        if 0 <= place < len(session.visits):
            self._room.look_at(session.visits[place])

    def _step_lesion(self, step: int) -> None:
        lesions = self._room.session.lesions
        if not lesions:
            return
        chosen = self._room.lesion
        before = lesions.index(chosen) if chosen in lesions else -1
        self._room.choose(lesions[(before + step) % len(lesions)])

    def _toggle_calipers(self) -> None:
        for pane in (self._room.left, self._room.right):
            pane.glass.hidden_calipers = not pane.glass.hidden_calipers
            pane.glass.update()
