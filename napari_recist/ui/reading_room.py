"""The reading room: it only wires panes, caliper tool, panels and session together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import napari
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from napari_recist.errors import RecistError
from napari_recist.reading import PriorChoice, ReadingSession
from napari_recist.reading.place import Place
from napari_recist.ui import napari_compat
from napari_recist.ui.caliper_tool import CaliperTool
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.key_list import KeyList
from napari_recist.ui.leaving import Leaving
from napari_recist.ui.lesion_actions import LesionActions
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.lesion_panel import LesionPanel
from napari_recist.ui.memory_label import MemoryLabel
from napari_recist.ui.place_keeper import PlaceKeeper, lead_back, phase_at
from napari_recist.ui.place_tool import PlaceTool
from napari_recist.ui.reading_settings import THEME, reading_settings
from napari_recist.ui.response_panel import ResponsePanel
from napari_recist.ui.room_actions import RoomActions
from napari_recist.ui.room_display import RoomDisplay
from napari_recist.ui.room_panes import RoomPanes
from napari_recist.ui.room_pictures import RoomPictures
from napari_recist.ui.series_guard import SeriesGuard
from napari_recist.ui.session_desk import SessionDesk
from napari_recist.ui.side_panel import SidePanel
from napari_recist.ui.sign_dialog import SignDialog
from napari_recist.ui.trend_plot import TrendPlot
from napari_recist.ui.visit_bar import VisitBar
from napari_recist.ui.visit_completion import VisitCompletion
from napari_recist.ui.window_watch import WindowWatch

TITLE = "Reading room"


Successor = Callable[[], ReadingSession | None]
"""Gives the session of the next patient, ``None`` when every patient is read."""


class ReadingRoom:
    """A reading session in a napari window: ``current`` and ``prior`` panes, panels and keys.

    Parameters
    ----------
    viewer : napari.Viewer
        The window's viewer; its own canvas becomes the current pane.
    session : ReadingSession
        The read.
    successor : callable, optional
        Asked for the next patient when one is read through.

    Notes
    -----
    ``current`` and ``prior`` are :class:`ImagePane`, held by ``panes``; ``tool`` the caliper tool;
    ``bar``, ``lesions``, ``response`` and ``trend`` the panels; ``series`` guards the series
    measured on; ``sign_dialog`` the dialog while it is open.
    """

    def __init__(
        self, viewer: Any, session: ReadingSession, successor: Successor | None = None
    ) -> None:
        self.successor = successor
        self.viewer, self.session = napari_compat.plain(viewer), session
        self.window = napari_compat.main_window(viewer)
        self.panes = RoomPanes(self.viewer, self._furnish, self.say)
        self.current, self.link = self.panes.current, self.panes.link
        self.desk = SessionDesk(session, self.say, self.guard)
        self.tool = CaliperTool(self.current.view, self.desk)
        self.places = PlaceTool(self.current.view, self.desk, self._places)
        self.bar = VisitBar()
        self.series, self.memory = SeriesGuard(self), MemoryLabel()
        self.lesions, self.response, self.trend = LesionPanel(), ResponsePanel(), TrendPlot()
        self._completion = VisitCompletion(self)
        self._side = SidePanel((self.lesions, self.response, self.trend))
        self._open = True
        self._place: Place | None = None
        self._led_back = False  # to where the reader was, which no lesion may draw away from
        self._display, self._actions = RoomDisplay(self), RoomActions(self)
        self.lesion_actions = LesionActions(self)
        self._lay_out()
        self._wire()
        self.keeper = PlaceKeeper(self)
        self._begin()

    def read(self, session: ReadingSession) -> None:
        """Go on with another session in the same window: the next patient, or another reader."""
        self.session.changed.disconnect(self._display.refresh)
        self.session = self.desk.session = session
        self._begin()

    # what the panels and keys ask for

    def open_visit(self, visit: str) -> None:
        """Open a visit, at its first lesion that is due."""
        if self.guard(lambda: self.session.open_visit(visit)):
            self.choose_lesion(self.desk.first_due())

    def choose_prior(self, choice: PriorChoice) -> None:
        """Put another earlier visit beside the current one."""
        self.session.choose_prior(choice)
        self._actions.go_to_lesion()

    def choose_lesion(self, lesion: str) -> None:
        """Choose a lesion and go there in both panes."""
        self.tool.leave_for(lesion)
        self.desk.chosen, self.desk.splitting = lesion, False
        self._led_back = False
        self.say("")
        self._display.refresh()
        self._actions.go_to_lesion()

    def add_lesion(self, wanted: NewLesion) -> None:
        """Put a lesion on the list and choose it, ready to be drawn or marked."""
        self.lesion_actions.add(wanted)

    @property
    def sign_dialog(self) -> SignDialog | None:
        """The dialog to sign in, while it is open."""
        return self._completion.dialog

    def complete_visit(self) -> None:
        """Ask for the signature on the current visit, or go on once all are signed."""
        self._completion.ask()

    @property
    def prior(self) -> ImagePane:
        """The pane of the prior visit."""
        return self.panes.prior

    def use_tool(self, *, on: bool) -> None:
        """Turn the caliper tool on, or off for moving the picture with the left button."""
        self.tool.let_go()
        self.tool.on = on
        self.show_cursor()
        self.bar.show_tool(on=on)

    def take_keys(self) -> None:
        """Give the keyboard to the current pane."""
        self.current.canvas_widget.setFocus()

    def show_cursor(self) -> None:
        """Show what the left button does on the current pane."""
        cursor = Qt.CursorShape.CrossCursor if self.tool.on else Qt.CursorShape.ArrowCursor
        self.current.canvas_widget.setCursor(cursor)

    @property
    def pictures(self) -> RoomPictures:
        """What is on the panes, and what is loaded for them."""
        return self._display.pictures

    def pane_filled(self) -> None:
        """Do what waited for the picture of a pane."""
        self.link.align()
        self._lead_back()
        if not self._led_back:
            self._actions.go_to_lesion()

    def toggle_second_window(self) -> None:
        """Show the prior pane in a window of its own, or bring it back."""
        self.panes.move_prior(self.toggle_second_window)
        self._display.forget("prior")
        self._display.refresh()
        QApplication.processEvents()  # the new pane has its size only now
        self.prior.view.fit()
        self.link.align()
        self.current.canvas_widget.setFocus()

    def show_keys(self) -> None:
        """Show the keys and mouse gestures."""
        KeyList(self.window).open()

    def say(self, message: str) -> None:
        """Show a hint in the bar."""
        self.bar.say(message)

    def refuse(self, refusal: RecistError) -> None:
        """Show a refusal in words, with what to do about it."""
        self.say(refusal.problem)
        napari_compat.notify(str(refusal), serious=True)

    def guard(self, command: Callable[[], object]) -> bool:
        """Run a command; a refusal is shown in words and nothing else happens."""
        try:
            command()
        except RecistError as refusal:
            self.refuse(refusal)
            self._display.refresh()
            return False
        return True

    def screenshot(self, path: Path | str) -> None:
        """Write a picture of the whole window."""
        QApplication.processEvents()
        self.window.grab().save(str(path))

    @property
    def is_open(self) -> bool:
        """Whether the window is there."""
        return self._open

    def close(self) -> None:
        """Close the window and everything in it. The record needs no saving."""
        if self._open:
            self._let_go()
            self.viewer.close()

    # building and taking down

    def _lay_out(self) -> None:
        # The title of a window is seen in lists of windows: it tells nothing about the patient.
        self.viewer.title = TITLE
        if reading_settings().dark_theme:
            napari_compat.use_theme(self.viewer, THEME)
        napari_compat.show_napari_panels(self.window, visible=False)
        napari_compat.show_slice_slider(napari_compat.main_qt_viewer(self.viewer), visible=False)
        napari_compat.show_status_bar(self.window, visible=False)
        self.window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.bar)
        self.bar.addWidget(self.memory)
        self.window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
        self.window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.series.bar)
        napari_compat.add_dock(self.viewer, self._side, TITLE)
        self.use_tool(on=True)

    def _wire(self) -> None:
        self.tool.changed.connect(self._display.refresh_hand)
        self.desk.measured.connect(self._actions.tie_at)
        self.desk.taken_up.connect(self._display.refresh)
        self.current.take_drag(self.places.click)
        self.current.take_tool(self.tool)
        self.lesions.chosen.connect(self.choose_lesion)
        self.lesions.statuses.stated.connect(self.lesion_actions.state)
        self.lesions.form.wanted.connect(self.add_lesion)
        self.lesions.withdrawn.connect(self.lesion_actions.withdraw)
        self.lesions.overridden.connect(self.lesion_actions.override)
        for left in (self.lesions.prompt.closed, self.lesions.form.left):
            left.connect(self.take_keys)
        self.response.completed.connect(self.complete_visit)
        self.response.lesion_wanted.connect(self.choose_lesion)
        self.trend.visit_wanted.connect(self.open_visit)
        self.trend.lesion_wanted.connect(self.choose_lesion)
        self.bar.visit_wanted.connect(self.open_visit)
        self.bar.prior_wanted.connect(self.choose_prior)
        self.bar.sync_wanted.connect(self.link.sync_here)
        self.bar.link_toggled.connect(self.link.set_part)
        self.bar.tool_toggled.connect(self._on_tool_button)
        self.bar.keys_wanted.connect(self.show_keys)
        self.bar.napari_toggled.connect(self._toggle_napari)
        self.link.changed.connect(self._on_link)
        self._on_link()
        self.leaving = Leaving(self.close)
        wish, hears = self._wish_to_close, self._actions.hear
        self._watch = WindowWatch(self.window, self._let_go, wish, hears)
        for pane in (self.current, self.prior):
            self._furnish(pane)

    def _wish_to_close(self) -> None:
        """Close, after telling what is unfinished."""
        self.leaving.ask(self.window, self.session)

    def _furnish(self, pane: ImagePane) -> None:
        """Give a pane the keys of the room."""
        pane.bind(self._actions.table(pane), alone=True)
        self._watch.hear_on(pane.canvas_widget)

    def _places(self) -> bool:
        """Tell whether a click may mark a place: on a caliper it is meant for the caliper."""
        return self.tool.on and self.current.glass.hovered is None

    def _let_go(self) -> None:
        """Take everything of ours out of the window, which is closing; once is enough."""
        if not self._open:
            return
        self._open = False
        self._watch.stop()
        self.session.changed.disconnect(self._display.refresh)
        self.keeper.close()
        self._display.close()
        self.panes.close()
        napari_compat.remove_dock(self.viewer, self._side)
        self.window.removeToolBar(self.bar)
        self.window.removeToolBar(self.series.bar)

    def _begin(self) -> None:
        """Show the session from its beginning, as if no other had been shown before."""
        self.tool.let_go()
        self.desk.chosen = ""
        self.bar.show_reader(self.session.subject, self.session.reader)
        self._display.forget()
        self._place, place = None, self.keeper.recall()
        self.session.prior_choice = place.prior_choice if place else reading_settings().prior
        self.session.phase = phase_at(self.session, place)
        self.pictures.first_slice = place.slice if place else None
        self.session.changed.connect(self._display.refresh)
        self._display.refresh()
        QApplication.processEvents()  # the panes have their size only now
        self.current.view.fit()
        self.link.align()
        listed = [lesion.identifier for lesion in self.session.read.lesions]
        known = place is not None and place.lesion in listed
        self.choose_lesion(place.lesion if place and known else self.desk.first_due())
        self._place = place
        self._lead_back()

    def _lead_back(self) -> None:
        """Go where the reader was, once, as soon as the picture is there."""
        place = self._place
        if place is None or self.current.volume is None:
            return
        self._place = None
        self._led_back = place.visit == self.session.visit
        if self._led_back:
            lead_back(self, place)

    def _on_link(self) -> None:
        self.bar.show_link(self.link.parts, self.link.offset_mm, registered=self.link.registered)

    def _on_tool_button(self, on: bool) -> None:
        self.use_tool(on=on)

    def _toggle_napari(self) -> None:
        shown = napari_compat.napari_panels_visible(self.window)
        napari_compat.show_napari_panels(self.window, visible=not shown)


def open_reading_room(
    session: ReadingSession, viewer: Any = None, successor: Successor | None = None
) -> ReadingRoom:
    """Open a napari window as the reading room of a session.

    Parameters
    ----------
    session : ReadingSession
        The read.
    viewer : napari.Viewer, optional
        A viewer to furnish; a new one when not given.
    successor : callable, optional
        Gives the next patient's session when one is read through.
    """
    if viewer is None:
        viewer = napari.Viewer(title=TITLE, show_welcome_screen=False)
        window = napari_compat.main_window(viewer)
        window.setGeometry(window.screen().availableGeometry())  # where no window manager helps
        window.showMaximized()
    return ReadingRoom(viewer, session, successor)
