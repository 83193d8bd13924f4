"""A reader who follows the script of the sample trial, with mouse and keys on the real window."""

import math
from collections.abc import Callable, Iterable

import numpy as np
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QWidget

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.demo.counted_hand import CountedHand, Gestures
from napari_recist.demo.effort import LesionEffort, VisitEffort, is_unchanged
from napari_recist.imaging import Geometry
from napari_recist.phantom import (
    LesionTruth,
    ReadingTruth,
    Statement,
    SubjectTruth,
    VisitTruth,
)
from napari_recist.ui.drawn_caliper import IndexPoint
from napari_recist.ui.pane_mouse import FAST_SLICES, ZOOM_PER_STEP
from napari_recist.ui.reading_room import ReadingRoom
from napari_recist.ui.status_row import STATUS_KEYS

PIXELS_PER_MM = 6.0
"""Zoom at which the script measures, set at baseline; the room goes on with it."""
NEAR_SLICES = 7
"""So far the wheel is turned notch by notch; further, with Shift first."""
IN_VIEW_PX = 12
"""An end nearer to the edge of the pane is not well in view."""
OFFER_S = 2.0
"""The short axis is offered once the window has seen the mouse; longer means it is not."""
ROLE_LETTERS = {Role.TARGET: "T", Role.NON_TARGET: "N", Role.NEW: "N"}

Seen = Callable[[ReadingRoom, str], None]
"""Called with the room and a visit's label when the visit is complete and not signed yet."""


class ScriptedReader:
    """Reads one patient as the truth says a reader does; ``efforts`` is what it cost the hand.

    It knows where the lesions lie and looks at what the window shows; what it does to the window,
    it does by mouse and keys.

    Parameters
    ----------
    room : ReadingRoom
        The reading room, opened on this patient at baseline.
    subject : SubjectTruth
        The patient, with the true place of every lesion.
    reading : ReadingTruth
        What this reader says.
    password : str
        The reader's password, typed at every signature.
    """

    def __init__(
        self, room: ReadingRoom, subject: SubjectTruth, reading: ReadingTruth, password: str
    ) -> None:
        self.room, self.subject, self.reading = room, subject, reading
        self.password = password
        self.hand = CountedHand()
        self.efforts: list[VisitEffort] = []

    def read(self, seen: Seen) -> None:
        """Read and sign every visit, in the liver window."""
        gestures.press(self.room.current.canvas_widget, "2")
        for visit in self.reading.visits:
            lesions = tuple(self.lesion(said, visit.label) for said in visit.statements)
            self._look(seen, visit.label)
            names = (self.subject.code, self.reading.reader, visit.label)
            at_baseline = visit is self.reading.visits[0]
            self.efforts.append(VisitEffort(*names, at_baseline, lesions, self.sign()))

    def lesion(self, statement: Statement, visit: str) -> LesionEffort:
        """Say of one lesion at one visit what the script says."""
        before, begun = self._before(statement.lesion, visit), self.hand.made
        self._state(statement, self.subject.visit(visit), first=before is None)
        unchanged = is_unchanged(statement, before)
        return LesionEffort(statement.lesion, unchanged, self.hand.made - begun)

    def _before(self, lesion: str, visit: str) -> Statement | None:
        """Return what was said of a lesion at the visit before, ``None`` if it is new."""
        place = [one.label for one in self.reading.visits].index(visit)
        said = self.reading.visits[place - 1].statements if place else ()
        return next((statement for statement in said if statement.lesion == lesion), None)

    def _look(self, seen: Seen, visit: str) -> None:
        """Show the finished visit, at its first lesion; this is for the picture and not counted."""
        gestures.click(self.room.lesions.table.viewport(), self._row(0))
        seen(self.room, visit)

    def _state(self, statement: Statement, visit: VisitTruth, *, first: bool) -> None:
        if first:
            self._add(statement)
        else:
            self._go_to(statement.lesion)
        if statement.status is Status.MEASURED:
            self._measure(visit.lesion(statement.truth[0]), both=first)
        else:
            if first:
                self._point_at(statement, visit)
            self.hand.press(self._canvas, STATUS_KEYS[statement.status])

    @property
    def _canvas(self) -> QWidget:
        return self.room.current.canvas_widget

    @property
    def _geometry(self) -> Geometry:
        geometry = self.room.session.volume(self.room.session.visit).geometry
        if geometry is None:
            raise AssertionError("the sample trial has a trustworthy geometry throughout")
        return geometry

    def _row(self, row: int) -> tuple[int, int]:
        table = self.room.lesions.table
        place = table.visualRect(table.model().index(row, 0)).center()
        return place.x(), place.y()

    def _go_to(self, lesion: str) -> None:
        """Go to a lesion: the room is there by itself, or by a click on its row."""
        desk = self.room.desk
        if desk.chosen != lesion:
            place = self._row(desk.names().index(lesion))
            self.hand.click(self.room.lesions.table.viewport(), place)

    def _add(self, statement: Statement) -> None:
        """Fill in the form by keys alone; each goes to where the window's keyboard is."""
        form = self.room.lesions.form
        self.hand.press(self._canvas, "Shift+A")
        if form.role.count() > 1:
            while form.role.currentData() is not statement.role:
                self.hand.write(self._focus, ROLE_LETTERS[statement.role])
            self.hand.press(self._focus, "Tab")
        self.hand.write(self._focus, statement.organ)
        self.hand.press(self._focus, "Tab")
        self.hand.write(self._focus, statement.site.removeprefix("segment "))
        self.hand.press(self._focus, "Return")

    @property
    def _focus(self) -> QWidget:
        widget = self.room.window.focusWidget()
        if widget is None:
            raise AssertionError("no part of the window has the keyboard")
        return widget

    def _point_at(self, statement: Statement, visit: VisitTruth) -> None:
        """Click on the lesion; on one that has no one place, such as ascites, in the middle."""
        place = (self._canvas.width() / 2, self._canvas.height() / 2)
        if statement.truth:
            lesion = visit.lesion(statement.truth[0])
            ends = self.index_of(lesion.long_axis)
            self.bring_into_view(ends)
            place = self.room.current.to_screen(np.mean(np.array(ends), axis=0))
        self.hand.click(self._canvas, place)

    def _measure(self, lesion: LesionTruth, *, both: bool) -> None:
        """Drag along the longest diameter, give a short axis that counts, and go on by Enter.

        ``both``: give the short axis of a lesion that is no node too.
        """
        pane = self.room.current
        long_axis, short_axis = self.index_of(lesion.long_axis), self.index_of(lesion.short_axis)
        self.bring_into_view((*long_axis, *short_axis))
        self.hand.drag(self._canvas, *map(pane.to_screen, long_axis))
        across = pane.to_screen(short_axis[1])
        if lesion.node:  # the short axis is offered where the mouse is, and Enter takes it
            gestures.hover(self._canvas, across)
            gestures.wait_for(lambda: self.room.tool.offer is not None, OFFER_S)
        elif both:
            self.hand.click(self._canvas, across)
        self.hand.press(self._canvas, "Return")

    def index_of(self, line: Iterable[tuple[float, float, float]]) -> tuple[IndexPoint, ...]:
        """Return places of the patient (mm, LPS) as indices of the current visit's volume."""
        points = self._geometry.to_index(np.array(list(line)))
        return tuple((float(s), float(r), float(c)) for s, r, c in points)

    def bring_into_view(self, points: tuple[IndexPoint, ...]) -> None:
        """Turn to the slice; where the place is not large in view, fit the slice and zoom there."""
        pane, canvas = self.room.current, self._canvas
        self._scroll(round(points[0][0]) - pane.slice)
        if pane.pixels_per_mm > 0.99 * PIXELS_PER_MM and self._in_view(points):
            return
        self.hand.press(canvas, "F")
        notches = math.log(PIXELS_PER_MM / pane.pixels_per_mm, ZOOM_PER_STEP)
        place = pane.to_screen(np.mean(np.array(points), axis=0))
        self.hand.turn(canvas, place, math.ceil(notches), Qt.KeyboardModifier.ControlModifier)
        gestures.settle()

    def _in_view(self, points: tuple[IndexPoint, ...]) -> bool:
        width, height = self._canvas.width(), self._canvas.height()
        return all(
            IN_VIEW_PX <= x <= width - IN_VIEW_PX and IN_VIEW_PX <= y <= height - IN_VIEW_PX
            for x, y in map(self.room.current.to_screen, points)
        )

    def _scroll(self, slices: int) -> None:
        middle = (self._canvas.width() / 2, self._canvas.height() / 2)
        far = round(slices / FAST_SLICES) if abs(slices) > NEAR_SLICES else 0
        self.hand.turn(self._canvas, middle, far, Qt.KeyboardModifier.ShiftModifier)
        self.hand.turn(self._canvas, middle, slices - far * FAST_SLICES)

    def sign(self) -> Gestures:
        """Sign the current visit; return what that took."""
        begun = self.hand.made
        self.hand.press(self._canvas, "Ctrl+Return")
        dialog = self.room.sign_dialog
        if dialog is None:
            raise AssertionError("the dialog to sign did not open")
        self.hand.write(dialog.password, self.password)
        self.hand.press(dialog.password, "Return")
        gestures.settle(0.05)
        if self.room.sign_dialog is not None:
            raise AssertionError(f"the visit was not signed: {dialog.text()}")
        return self.hand.made - begun
