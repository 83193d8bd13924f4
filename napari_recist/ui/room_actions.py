"""What keys and buttons do in the reading room; each method is an action of the table of keys."""

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import Qt

from napari_recist.reading import PriorChoice
from napari_recist.ui import keys
from napari_recist.ui.caliper_keys import with_caliper_keys
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.pane_actions import pane_actions
from napari_recist.ui.room_display import NO_PRIOR


class RoomActions:
    """The actions of a reading room.

    Parameters
    ----------
    room : ReadingRoom
        The room they act on.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self._measured_before = False

    def table(self, pane: ImagePane) -> dict[str, Callable[[], None]]:
        """Return the actions of keys pressed on a pane by their names in the table of keys."""
        room = self._room
        measured_on = pane is room.current
        actions = pane_actions(pane) | {"finish_caliper": room.lesion_actions.next_due}
        of_pane = with_caliper_keys(room.tool, actions, arrows=measured_on)
        named = {name for key in keys.KEYS for name in (key.action, key.released) if name}
        return of_pane | {name: self._action(name) for name in named - of_pane.keys()}

    def _action(self, name: str) -> Callable[[], None]:
        owners = (self._room.lesion_actions, self._room.proposals, self)
        found: Callable[[], None] = next(getattr(one, name) for one in owners if hasattr(one, name))
        return found

    def hear(self, text: str) -> bool:
        """Do what a typed character asks for; return whether it asks for something."""
        action = keys.typed(text)
        if action:
            self.table(self._room.panes.active)[action]()
        return bool(action)

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
        zoom = max(room.current.pixels_per_mm, room.desk.measuring_zoom)
        if here:
            self.tie_at(lesion)
            room.current.zoom_to(zoom, here)
        elif there:
            room.prior.zoom_to(zoom, there)
        else:
            self._go_about(lesion, zoom)

    def _go_about(self, lesion: str, zoom: float) -> None:
        """Show about where a lesion was at the latest visit that tells; the visits may differ."""
        point = self._room.desk.last_point_of(lesion)
        if point is not None:
            for pane in (self._room.prior, self._room.current):
                frame = pane.view.frame
                if frame is not None and frame.geometry is not None:
                    pane.zoom_to(zoom, frame.geometry.to_index(point))

    def tie_at(self, lesion: str) -> None:
        """Bring a lesion drawn at both visits to the same spot of both panes."""
        room = self._room
        here = room.desk.point_of(lesion, room.session.visit)
        there = room.desk.point_of(lesion, room.session.prior)
        if here is not None and there is not None:
            room.link.tie(here, there)

    # what stands beside

    def beside_baseline(self) -> None:
        """Put baseline beside the current visit."""
        self._beside(PriorChoice.BASELINE)

    def beside_nadir(self) -> None:
        """Put the visit of the nadir beside the current visit."""
        self._beside(PriorChoice.NADIR)

    def beside_previous(self) -> None:
        """Put the previous visit beside the current visit."""
        self._beside(PriorChoice.PREVIOUS)

    def _beside(self, choice: PriorChoice) -> None:
        self._room.choose_prior(choice)
        if not self._room.session.prior:
            self._room.say(NO_PRIOR)

    # panes

    def toggle_link(self) -> None:
        """Link the panes, or part them."""
        self._room.link.on = not self._room.link.on

    def toggle_slice_link(self) -> None:
        """Link or part the slices."""
        self._toggle_part("scroll")

    def toggle_zoom_link(self) -> None:
        """Link or part zoom and place."""
        self._toggle_part("zoom")

    def toggle_window_link(self) -> None:
        """Link or part the windows."""
        self._toggle_part("window")

    def _toggle_part(self, part: str) -> None:
        link = self._room.link
        link.set_part(part, not getattr(link, part))

    def forget_offset(self) -> None:
        """Forget the offset set by hand, and show the same place in both panes."""
        self._room.link.reset()
        self._room.link.align()

    def sync_here(self) -> None:
        """Take the two places shown for the same place."""
        self._room.link.sync_here()

    def toggle_panes(self) -> None:
        """Show one pane or two."""
        self._room.panes.toggle_prior()

    def other_pane(self) -> None:
        """Give the keys to the other pane."""
        self._room.panes.focus_other()

    def toggle_second_window(self) -> None:
        """Show the prior pane in a window of its own, or bring it back."""
        self._room.toggle_second_window()

    def toggle_references(self) -> None:
        """Show or hide the reference views."""
        self._room.panes.toggle_references()

    def toggle_calipers(self) -> None:
        """Hide or show the calipers."""
        for pane in (self._room.current, self._room.prior):
            pane.glass.hidden_calipers = not pane.glass.hidden_calipers
            pane.glass.update()

    # series

    def next_phase(self) -> None:
        """Show the next phase at the same place."""
        self._room.series.step_phase(1)

    def previous_phase(self) -> None:
        """Show the phase before at the same place."""
        self._room.series.step_phase(-1)

    def choose_series(self) -> None:
        """Show the series of the visit, to choose the one measured on."""
        self._room.series.ask()

    # measuring

    def toggle_tool(self) -> None:
        """Turn the caliper tool on or off."""
        self._room.use_tool(on=not self._room.tool.on)

    def begin_moving(self) -> None:
        """Let the left button move the picture while a key is held; the caliper in hand waits."""
        self._measured_before, self._room.tool.on = self._room.tool.on, False
        self._room.current.canvas_widget.setCursor(Qt.CursorShape.OpenHandCursor)

    def end_moving(self) -> None:
        """Give the left button back to the caliper tool."""
        self._room.tool.on = self._measured_before
        self._room.show_cursor()

    def complete_visit(self) -> None:
        """Ask for the signature."""
        self._room.complete_visit()

    def show_worklist(self) -> None:
        """Show the reader's patients."""
        self._room.show_worklist()

    def lock(self) -> None:
        """Hide everything until the reader is back."""
        self._room.idle.lock()

    def show_keys(self) -> None:
        """Show the table of keys."""
        self._room.show_keys()
