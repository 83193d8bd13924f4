"""The adjudication room: both reads of a patient on the same images, and the decision."""

from collections.abc import Callable
from typing import Any

import numpy as np
from qtpy.QtWidgets import QApplication

from napari_recist.errors import ReadError, RecistError
from napari_recist.exporting.trend_lines import trend_lines
from napari_recist.reading import ReadingSession
from napari_recist.reading.adjudication import AdjudicationSession, LesionOnTable, waiting_cases
from napari_recist.translation import _
from napari_recist.trial import Trial
from napari_recist.ui import napari_compat
from napari_recist.ui.adjudication_actions import AdjudicationActions
from napari_recist.ui.adjudication_bar import AdjudicationBar
from napari_recist.ui.adjudication_dialog import DecisionDialog
from napari_recist.ui.adjudication_panel import AdjudicationPanel
from napari_recist.ui.adjudication_pictures import AdjudicationPictures, Side
from napari_recist.ui.adjudication_rows import table_rows
from napari_recist.ui.adjudication_table import BothReadsTable
from napari_recist.ui.adjudication_trend import PairTrend
from napari_recist.ui.blinded_room import BlindedRoom
from napari_recist.ui.caliper_state import MEASURING_PX_PER_MM
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.key_list import KeyList
from napari_recist.ui.read_desk import ReadDesk
from napari_recist.ui.reading_room import ReadingRoom, open_reading_room
from napari_recist.ui.room_panes import RoomPanes
from napari_recist.ui.room_window import RoomWindow, new_viewer
from napari_recist.ui.side_panel import SidePanel
from napari_recist.ui.window_watch import WindowWatch

TITLE = _("Adjudication")
"""Title of the window, seen in lists of windows: it tells nothing about the patient."""
PANEL_PX = 700
"""So wide is the panel: the table of four visits of both reads fits."""
NO_LESION = _("One read has no place for this here: both panes show the place of the other.")
EARLIER_PLACE = _("Neither read has a place for this here: this is where it was before.")
NO_CASE = _("No case waits for you.")

Successor = Callable[[], AdjudicationSession | None]
"""Gives the next case, ``None`` when none waits."""


class AdjudicationRoom(BlindedRoom):
    """A case in a napari window: one read a pane, the table of both, why they differ, the form.

    Parameters
    ----------
    viewer : napari.Viewer
        The window's viewer; its own canvas becomes the right pane.
    session : AdjudicationSession
        The case.
    successor : callable, optional
        Asked for the next case when one is decided.

    Notes
    -----
    ``left`` and ``right`` are the panes, ``sides`` which read lies on which; ``bar``, ``panel``,
    ``table`` and ``trend`` what stands around them; ``dialog`` the form while it is open; ``idle``
    locks the room when nobody is at it.
    """

    def __init__(
        self, viewer: Any, session: AdjudicationSession, successor: Successor | None = None
    ) -> None:
        self.viewer, self.session = napari_compat.plain(viewer), session
        self.successor = successor
        self.lesion: LesionOnTable | None = None
        self.dialog: DecisionDialog | None = None
        self.own_room: ReadingRoom | None = None
        self._reason, self._swapped = -1, False
        super().__init__()
        self.panes = RoomPanes(self.viewer, self._furnish, self.say)
        self.left, self.right, self.link = self.panes.prior, self.panes.current, self.panes.link
        self.bar, self.panel = AdjudicationBar(), AdjudicationPanel()
        self.table, self.trend = BothReadsTable(), PairTrend()
        self.pictures = AdjudicationPictures(self, self.go_to_lesion)
        self.actions = AdjudicationActions(self)
        side = SidePanel((self.panel, self.table, self.trend), PANEL_PX)
        self._furnished = RoomWindow(self.viewer, (self.bar,), side, TITLE)
        self.window = self._furnished.widget
        self.idle = IdleLock(session.trial, self.close)
        self._watch = WindowWatch(self.window, self._let_go, self.close, self.actions.hear)
        for pane in (self.left, self.right):
            self._furnish(pane)
        self._wire()
        self._begin()

    def take(self, session: AdjudicationSession) -> None:
        """Go on with another case in the same window."""
        self.session.changed.disconnect(self.refresh)
        self.session = session
        self._begin()

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left and right: the pane and the read that lies there."""
        first, second = self._desks
        on_left, on_right = (second, first) if self._swapped else (first, second)
        return (
            Side(self.left, on_left, self._read_of(on_left)),
            Side(self.right, on_right, self._read_of(on_right)),
        )

    # what panels and keys ask for

    def look_at(self, visit: str) -> None:
        """Look at a visit of both reads, at the lesion that is chosen."""
        if self.guard(lambda: self.session.look_at(visit)):
            self.go_to_lesion()

    def choose(self, lesion: LesionOnTable | None, visit: str = "") -> None:
        """Choose a lesion of the table, and go to it at a visit; by default the one shown."""
        self.lesion = lesion
        for desk, name in zip(self._desks, lesion.names if lesion else ("", ""), strict=True):
            desk.chosen = name
        self.look_at(visit or self.session.visit)

    def go_to_reason(self, number: int) -> None:
        """Go to the lesion and the visit of a reason why the reads differ."""
        self._reason = number
        visit, lesion = self.session.place_of(self.session.reasons[number])
        self.choose(lesion, visit)

    def next_reason(self) -> None:
        """Go to the next reason, and to the first after the last."""
        if self.session.reasons:
            self.go_to_reason((self._reason + 1) % len(self.session.reasons))

    def go_to_lesion(self) -> None:
        """Show the chosen lesion in both panes, each where its own read has it."""
        self.pictures.draw()
        if self.lesion is None:
            self.link.align()
            return
        visit = self.session.visit
        points = [side.desk.point_of(side.desk.chosen, visit) for side in self.sides]
        known = [point for point in points if point is not None]
        self.say(NO_LESION if len(known) == 1 else "")
        if not known:
            before = [side.read.point_before(side.desk.chosen) for side in self.sides]
            known = [np.array(point) for point in before if point is not None]
            self.say(EARLIER_PLACE if known else "")
        with self.link.parted():
            for side, point in zip(self.sides, points, strict=True):
                frame = side.pane.view.frame
                if known and frame is not None and frame.geometry is not None:
                    place = frame.geometry.to_index(known[0] if point is None else point)
                    zoom = max(side.pane.pixels_per_mm, MEASURING_PX_PER_MM)
                    side.pane.zoom_to(zoom, place)

    def swap(self) -> None:
        """Lay the left read at the right and the right one at the left."""
        self._swapped = not self._swapped
        self.pictures.show(self.session)
        self.say(_("{read} is at the left.", read=self.sides[0].read.reader))

    def toggle_both(self) -> None:
        """Draw the calipers of both reads over each picture, or of each read over its own."""
        self.pictures.both = not self.pictures.both
        self.bar.show_both(both=self.pictures.both)
        self.pictures.draw()

    def decide(self) -> None:
        """Open the form of the decision, or take the next case once this one is decided."""
        if self.session.decision is not None:
            self._go_on()
        elif self.dialog is None:
            session = self.session
            form = (session.subject, session.choices, session.decide)
            self.dialog = DecisionDialog(self.window, *form)
            self.dialog.finished.connect(self._answered)
            self.dialog.open()

    def read_too(self) -> None:
        """Open the reading room on the adjudicator's own read, in a window of its own."""
        if self.own_room is None or not self.own_room.is_open:
            self.guard(self._open_own)

    def show_keys(self) -> None:
        """Show the keys and mouse gestures."""
        KeyList(self.window, self.actions.keys).open()

    def say(self, message: str) -> None:
        """Show a hint in the bar."""
        self.bar.say(message)

    def refresh(self) -> None:
        """Show the case as it stands."""
        session = self.session
        self.bar.show_visit(session.visit)
        self.pictures.show(session)
        self.table.show_rows(self._rows, session.visits, session.visit, self.lesion)
        self.panel.show_place(self._reason, self._series_words())
        decided = session.decision is not None
        self.panel.show_decided(_("Decided") if decided else "")

    # building and taking down

    def _wire(self) -> None:
        self.bar.visit_wanted.connect(self.look_at)
        self.bar.link_toggled.connect(self.link.set_part)
        self.bar.swap_wanted.connect(self.swap)
        self.bar.both_wanted.connect(self.toggle_both)
        self.bar.keys_wanted.connect(self.show_keys)
        self.link.changed.connect(self._show_link)
        self.panel.reason_wanted.connect(self.go_to_reason)
        self.panel.decision_wanted.connect(self.decide)
        self.panel.own_read_wanted.connect(self.read_too)
        self.table.chosen.connect(self._take_cell)
        self.trend.visit_wanted.connect(self.look_at)
        self._show_link()

    def _begin(self) -> None:
        """Show the case from its weightiest difference."""
        session = self.session
        self._swapped, self._reason = False, -1
        self._desks = tuple(ReadDesk(read, read.letter) for read in session.reads)
        self._rows = table_rows(session)
        visits = tuple((visit, session.week_label(visit)) for visit in session.visits)
        self.bar.show_case(session.subject, visits)
        self._show_waiting()
        self.panel.show_case(session.discordances, session.reasons, own=session.may_read_too)
        first, second = (
            trend_lines(read.read, read.assessment, read.charter) for read in session.reads
        )
        self.trend.show_pair(first, second)
        self.pictures.forget()
        session.changed.connect(self.refresh)
        self.panes.show_prior(exists=True)
        QApplication.processEvents()  # the panes have their size only now
        self.next_reason()
        if not session.reasons:
            self.choose(session.lesions[0] if session.lesions else None)
        self.right.canvas_widget.setFocus()

    def _furnish(self, pane: ImagePane) -> None:
        pane.bind(self.actions.table(pane), alone=True, table=self.actions.keys)
        self._watch.hear_on(pane.canvas_widget)

    def _read_of(self, desk: ReadDesk) -> Any:
        return next(read for read in self.session.reads if read.letter == desk.of_read)

    def _take_cell(self, lesion: LesionOnTable | None, visit: str) -> None:
        self._reason = -1
        self.choose(lesion or self.lesion, visit)

    def _series_words(self) -> str:
        try:
            return self.session.series_differ(self.session.visit)
        except RecistError:  # told on the pane whose images are gone
            return ""

    def _show_link(self) -> None:
        self.bar.show_link(self.link.parts)

    def _show_waiting(self) -> None:
        count = len(waiting_cases(self.session.trial))
        self.bar.show_waiting(_("cases to decide: {count}", count=count))

    def _open_own(self) -> None:
        session = ReadingSession(self.session.trial, self.session.subject)
        self.own_room = open_reading_room(session)

    def _answered(self, _result: int) -> None:
        self.dialog = None
        if self.session.decision is not None:
            self._show_waiting()
            self._go_on()

    def _go_on(self) -> None:
        following = self.successor() if self.successor else None
        if following is None:
            self.say(NO_CASE)
        else:
            self.take(following)

    def _put_away(self) -> None:
        self.session.changed.disconnect(self.refresh)
        if self.own_room is not None:
            self.own_room.close()
        self.pictures.close()


def adjudication_room(trial: Trial, subject: str = "") -> AdjudicationRoom:
    """Open the adjudication room on a case, and go on to the next one when that is decided.

    Parameters
    ----------
    trial : Trial
        The open trial, signed in to by the adjudicator.
    subject : str
        The case to begin with; by default the first that waits.

    Raises
    ------
    AccessRefusedError
        If whoever acts is no adjudicator, or the patient is not theirs or not ready.
    ReadError
        If no case waits, or the reads of the patient do not differ.
    """

    def successor() -> AdjudicationSession | None:
        following = waiting_cases(trial)
        return AdjudicationSession(trial, following[0]) if following else None

    first = AdjudicationSession(trial, subject) if subject else successor()
    if first is None:
        raise ReadError(
            _("No case waits for {name}.", name=trial.actor), _("Ask how far the reads are.")
        )
    return AdjudicationRoom(new_viewer(), first, successor)
