"""The reading room: it only wires panes, caliper tool, panels and session together."""

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from napari_recist.reading import PriorChoice, ReadingSession
from napari_recist.reading.my_patients import my_patients
from napari_recist.ui import napari_compat
from napari_recist.ui.blinded_room import BlindedRoom
from napari_recist.ui.caliper_tool import CaliperTool
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.key_list import KeyList
from napari_recist.ui.leaving import Leaving
from napari_recist.ui.lesion_actions import LesionActions
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.lesion_panel import LesionPanel
from napari_recist.ui.memory_label import MemoryLabel
from napari_recist.ui.originals_dialog import OriginalsDialog
from napari_recist.ui.place_keeper import PlaceKeeper
from napari_recist.ui.place_tool import PlaceTool
from napari_recist.ui.proposal_actions import ProposalActions
from napari_recist.ui.response_panel import ResponsePanel
from napari_recist.ui.review_bar import ReviewBar
from napari_recist.ui.room_actions import RoomActions
from napari_recist.ui.room_display import RoomDisplay
from napari_recist.ui.room_panes import RoomPanes
from napari_recist.ui.room_pictures import RoomPictures
from napari_recist.ui.room_window import RoomWindow, new_viewer
from napari_recist.ui.room_wiring import wire
from napari_recist.ui.series_guard import SeriesGuard
from napari_recist.ui.session_desk import SessionDesk
from napari_recist.ui.side_panel import SidePanel
from napari_recist.ui.sign_dialog import SignDialog
from napari_recist.ui.trend_plot import TrendPlot
from napari_recist.ui.visit_bar import VisitBar
from napari_recist.ui.visit_completion import VisitCompletion
from napari_recist.ui.way_back import WayBack
from napari_recist.ui.window_watch import WindowWatch
from napari_recist.ui.worklist_dialog import WorklistDialog

Successor = Callable[[], ReadingSession | None]
"""Gives the session of the next patient, ``None`` when every patient is read."""


class ReadingRoom(BlindedRoom):
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
    measured on; ``sign_dialog`` the dialog while it is open; ``idle`` locks the room when its
    reader is away.
    """

    def __init__(
        self, viewer: Any, session: ReadingSession, successor: Successor | None = None
    ) -> None:
        self.successor = successor
        self.viewer, self.session = napari_compat.plain(viewer), session
        self.panes = RoomPanes(self.viewer, self._furnish, self.say)
        self.current, self.link = self.panes.current, self.panes.link
        self.desk = SessionDesk(session, self.say, self.guard)
        self.tool = CaliperTool(self.current.view, self.desk)
        self.places = PlaceTool(self.current.view, self.desk, self._places)
        self.bar, self.memory = VisitBar(), MemoryLabel()
        self.series, self.review = SeriesGuard(self), ReviewBar()
        self.lesions, self.response, self.trend = LesionPanel(), ResponsePanel(), TrendPlot()
        self._completion = VisitCompletion(self)
        super().__init__()
        self.display, self.actions = RoomDisplay(self), RoomActions(self)
        self.lesion_actions, self.proposals = LesionActions(self), ProposalActions(self)
        self._furnished = self._set_up()
        self.window = self._furnished.widget
        self.leaving, self._watch = Leaving(self.close), self._watched()
        self.idle = IdleLock(session.trial, self.close)
        wire(self)
        for pane in (self.current, self.prior):
            self._furnish(pane)
        self.keeper, self._way_back = PlaceKeeper(self), WayBack(self)
        self._begin()

    def read(self, session: ReadingSession) -> None:
        """Go on with another session in the same window: the next patient, or another reader."""
        self.session.changed.disconnect(self.display.refresh)
        self.session = self.desk.session = session
        self.idle.trial = session.trial
        self._begin()

    # what the panels and keys ask for

    def open_visit(self, visit: str) -> None:
        """Open a visit, at its first lesion that is due."""
        if self.guard(lambda: self.session.open_visit(visit)):
            self.choose_lesion(self.desk.first_due())

    def choose_prior(self, choice: PriorChoice) -> None:
        """Put another earlier visit beside the current one."""
        self.session.choose_prior(choice)
        self.actions.go_to_lesion()

    def choose_lesion(self, lesion: str) -> None:
        """Choose a lesion and go there in both panes."""
        self.tool.leave_for(lesion)
        self.proposals.forget_new_lesion()
        self.desk.chosen, self.desk.splitting = lesion, False
        self._way_back.taken = False
        self.say("")
        self.display.refresh()
        self.actions.go_to_lesion()

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

    def on_tool_button(self, on: bool) -> None:
        """Do what the button of the caliper tool says."""
        self.use_tool(on=on)

    def show_cursor(self) -> None:
        """Show what the left button does on the current pane."""
        cursor = Qt.CursorShape.CrossCursor if self.tool.on else Qt.CursorShape.ArrowCursor
        self.current.canvas_widget.setCursor(cursor)

    @property
    def pictures(self) -> RoomPictures:
        """What is on the panes, and what is loaded for them."""
        return self.display.pictures

    def pane_filled(self) -> None:
        """Do what waited for the picture of a pane."""
        self.link.align()
        self._way_back.follow()
        if not self._way_back.taken:
            self.actions.go_to_lesion()

    def toggle_second_window(self) -> None:
        """Show the prior pane in a window of its own, or bring it back."""
        self.panes.move_prior(self.toggle_second_window)
        self.display.forget("prior")
        self.display.refresh()
        QApplication.processEvents()  # the new pane has its size only now
        self.prior.view.fit()
        self.link.align()
        self.current.canvas_widget.setFocus()

    def show_link(self) -> None:
        """Show in the bar what is linked."""
        self.bar.show_link(self.link.parts, self.link.offset_mm, registered=self.link.registered)

    def toggle_napari(self) -> None:
        """Show or hide napari's own panels."""
        self._furnished.toggle_napari()

    def show_worklist(self) -> None:
        """Show the reader's own patients, to go on with one of them."""
        patients = my_patients(self.session.trial)
        WorklistDialog(self.window, patients, self.session.subject, self._go_to_patient).open()

    def show_originals(self) -> None:
        """Show the read as it was signed before its global review."""
        OriginalsDialog(self.window, self.session).open()

    def _go_to_patient(self, subject: str) -> None:
        if subject != self.session.subject:
            self.guard(lambda: self.read(ReadingSession(self.session.trial, subject)))

    def show_keys(self) -> None:
        """Show the keys and mouse gestures."""
        KeyList(self.window).open()

    def say(self, message: str) -> None:
        """Show a hint in the bar."""
        self.bar.say(message)

    def guard(self, command: Callable[[], object]) -> bool:
        """Run a command; a refusal is shown in words, and the room as it stands."""
        done = super().guard(command)
        if not done:
            self.display.refresh()
        return done

    # building and taking down

    def _set_up(self) -> RoomWindow:
        self.bar.addWidget(self.memory)
        side = SidePanel((self.lesions, self.response, self.trend))
        furnished = RoomWindow(self.viewer, (self.bar, self.series.bar, self.review), side)
        self.use_tool(on=True)
        return furnished

    def _watched(self) -> WindowWatch:
        return WindowWatch(self.window, self._let_go, self._wish_to_close, self.actions.hear)

    def _wish_to_close(self) -> None:
        """Close, after telling what is unfinished."""
        self.leaving.ask(self.window, self.session)

    def _furnish(self, pane: ImagePane) -> None:
        """Give a pane the keys of the room."""
        pane.bind(self.actions.table(pane), alone=True)
        self._watch.hear_on(pane.canvas_widget)

    def _places(self) -> bool:
        """Tell whether a click may mark a place: on a caliper it is meant for the caliper."""
        return self.tool.on and self.current.glass.hovered is None

    def _put_away(self) -> None:
        self.session.changed.disconnect(self.display.refresh)
        self.keeper.close()
        self.display.close()

    def _begin(self) -> None:
        """Show the session from its beginning, as if no other had been shown before."""
        self.tool.let_go()
        self.desk.chosen = ""
        self.bar.show_reader(self.session.subject, self.session.reader)
        self.display.forget()
        place = self.keeper.recall()
        self._way_back.set_out(place)
        self.session.changed.connect(self.display.refresh)
        self.display.refresh()
        QApplication.processEvents()  # the panes have their size only now
        self.current.view.fit()
        self.link.align()
        self.choose_lesion(self._way_back.lesion(place) or self.desk.first_due())
        self._way_back.take(place)


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
    return ReadingRoom(new_viewer() if viewer is None else viewer, session, successor)
