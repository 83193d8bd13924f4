"""What keys and buttons do in the reading room; each method is an action of the table of keys."""

from collections.abc import Callable
from typing import Any

from napari_recist.ui import keys
from napari_recist.ui.pane_actions import pane_actions

MEASURING_PX_PER_MM = 4.0
"""Going to a lesion zooms in at least so far that an end can be placed."""


class RoomActions:
    """The actions of a reading room.

    Parameters
    ----------
    room : ReadingRoom
        The room they act on.
    """

    def __init__(self, room: Any) -> None:
        self._room = room

    def table(self) -> dict[str, Callable[[], None]]:
        """Return the actions by the names they have in the table of keys."""
        of_pane = pane_actions(self._room.current)
        names = {key.action for key in keys.KEYS if key.action} - of_pane.keys()
        return of_pane | {name: getattr(self, name) for name in names}

    # visits

    def previous_visit(self) -> None:
        """Open the visit before the current one."""
        self._step_visit(-1)

    def next_visit(self) -> None:
        """Open the visit after the current one, once it may be seen."""
        self._step_visit(1)

    def _step_visit(self, step: int) -> None:
        labels = [visit.visit for visit in self._room.session.visits]
        place = labels.index(self._room.session.visit) + step
        if 0 <= place < len(labels):
            self._room.open_visit(labels[place])

    # lesions

    def next_lesion(self) -> None:
        """Choose the next lesion and go there."""
        self._room.choose_lesion(self._room.desk.neighbour(1))

    def previous_lesion(self) -> None:
        """Choose the lesion before and go there."""
        self._room.choose_lesion(self._room.desk.neighbour(-1))

    def go_to_lesion(self) -> None:
        """Show the chosen lesion in both panes: where it was drawn, here or at the prior visit."""
        room, lesion = self._room, self._room.desk.chosen
        if not lesion:
            return
        here = room.desk.place_of(lesion, room.session.visit)
        there = room.desk.place_of(lesion, room.session.prior)
        zoom = max(room.current.pixels_per_mm, MEASURING_PX_PER_MM)
        if here:
            self.tie_at(lesion)
            room.current.zoom_to(zoom, here)
        elif there:
            room.prior.zoom_to(zoom, there)

    def tie_at(self, lesion: str) -> None:
        """Bring a lesion drawn at both visits to the same spot of both panes."""
        room = self._room
        here = room.desk.point_of(lesion, room.session.visit)
        there = room.desk.point_of(lesion, room.session.prior)
        if here is not None and there is not None:
            room.link.tie(here, there)

    # panes

    def toggle_link(self) -> None:
        """Link the panes, or part them."""
        self._room.link.on = not self._room.link.on

    def sync_here(self) -> None:
        """Take the two places shown for the same place."""
        self._room.link.sync_here()

    def toggle_panes(self) -> None:
        """Show one pane or two."""
        self._room.toggle_prior_pane()

    def toggle_calipers(self) -> None:
        """Hide or show the calipers."""
        for pane in (self._room.current, self._room.prior):
            pane.glass.hidden_calipers = not pane.glass.hidden_calipers
            pane.glass.update()

    # measuring

    def toggle_tool(self) -> None:
        """Turn the caliper tool on or off."""
        self._room.use_tool(on=not self._room.tool.on)

    def cancel(self) -> None:
        """Drop the caliper in hand."""
        if self._room.tool.cancel():
            self._room.bar.say("")

    def undo(self) -> None:
        """Undo the last fact."""
        self._room.guard(self._room.session.undo)

    def redo(self) -> None:
        """Redo what was undone last."""
        self._room.guard(self._room.session.redo)

    def complete_visit(self) -> None:
        """Ask for the signature."""
        self._room.complete_visit()

    def show_keys(self) -> None:
        """Show the table of keys."""
        self._room.show_keys()
