"""A reader who follows the script of the sample trial, with mouse and keys on the real window."""

from collections.abc import Callable

import numpy as np
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QComboBox

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.phantom import LesionTruth, ReadingTruth, Statement, SubjectTruth, VisitTruth
from napari_recist.ui.pane_mouse import FAST_SLICES
from napari_recist.ui.reading_room import ReadingRoom

PIXELS_PER_MM = 5.0
"""Zoom at which the script measures."""

Seen = Callable[[ReadingRoom, str], None]
"""Called with the room and a visit's label when the visit is complete and not signed yet."""


class ScriptedReader:
    """Reads one patient as the truth says a reader does.

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

    def read(self, seen: Seen) -> None:
        """Read and sign every visit, in the liver window."""
        gestures.press(self.room.current.canvas_widget, "2")
        for visit in self.reading.visits:
            for statement in visit.statements:
                self._state(statement, self.subject.visit(visit.label))
            self._click_row(0)
            seen(self.room, visit.label)
            self._sign()

    def _state(self, statement: Statement, visit: VisitTruth) -> None:
        known = [lesion.identifier for lesion in self.room.session.read.lesions]
        if statement.lesion in known:
            self._click_row(known.index(statement.lesion))
        else:
            self._add(statement)
            if statement.status is not Status.MEASURED:
                self._point_at(statement, visit)
        if statement.status is Status.MEASURED:
            self._measure(visit.lesion(statement.truth[0]))
        else:
            gestures.click(self.room.lesions.status_buttons[statement.status])

    def _click_row(self, row: int) -> None:
        table = self.room.lesions.table
        place = table.visualRect(table.model().index(row, 0)).center()
        gestures.click(table.viewport(), (place.x(), place.y()))

    def _add(self, statement: Statement) -> None:
        form = self.room.lesions.form
        _choose(form.role, statement.role)
        form.organ.setFocus()
        form.organ.lineEdit().selectAll()
        gestures.write(form.organ.lineEdit(), statement.organ)
        gestures.write(form.site.lineEdit(), statement.site)
        if statement.porta_hepatis:
            gestures.tick(form.porta_hepatis)
        gestures.click(form.add_button)

    def _point_at(self, statement: Statement, visit: VisitTruth) -> None:
        """Click on the lesion; on one that has no one place, such as ascites, in the middle."""
        pane = self.room.current
        geometry = self.room.session.volume(self.room.session.visit).geometry
        if geometry is None:
            raise AssertionError("the sample trial has a trustworthy geometry throughout")
        place = (np.array(geometry.shape) - 1) / 2
        if statement.truth:
            place = geometry.to_index(np.array(visit.lesion(statement.truth[0]).long_axis)).mean(0)
        self._scroll(int(place[0]) - pane.slice)
        pane.zoom_to(PIXELS_PER_MM, place)
        gestures.settle()
        gestures.click(pane.canvas_widget, pane.to_screen(place))

    def _measure(self, lesion: LesionTruth) -> None:
        pane = self.room.current
        geometry = self.room.session.volume(self.room.session.visit).geometry
        if geometry is None:
            raise AssertionError("the sample trial has a trustworthy geometry throughout")
        long_axis = geometry.to_index(np.array(lesion.long_axis))
        short_axis = geometry.to_index(np.array(lesion.short_axis))
        self._scroll(int(long_axis[0][0]) - pane.slice)
        pane.zoom_to(PIXELS_PER_MM, long_axis.mean(axis=0))
        gestures.settle()
        for line in (long_axis, short_axis):
            start, end = (pane.to_screen(point) for point in line)
            gestures.drag(pane.canvas_widget, start, end)

    def _scroll(self, slices: int) -> None:
        """Turn the wheel: with Shift for five slices at once, then one by one."""
        canvas = self.room.current.canvas_widget
        middle = (canvas.width() / 2, canvas.height() / 2)
        far = round(slices / FAST_SLICES)
        gestures.wheel(canvas, middle, far, Qt.KeyboardModifier.ShiftModifier)
        gestures.wheel(canvas, middle, slices - far * FAST_SLICES)

    def _sign(self) -> None:
        gestures.press(self.room.current.canvas_widget, "Ctrl+Return")
        dialog = self.room.sign_dialog
        if dialog is None:
            raise AssertionError("the dialog to sign did not open")
        gestures.write(dialog.password, self.password)
        gestures.click(dialog.sign_button)
        gestures.settle(0.05)


def _choose(box: QComboBox, role: Role) -> None:
    """Choose a role with the arrow keys."""
    box.setFocus()
    gestures.press(box, "Home")
    for _ in range(box.findData(role)):
        gestures.press(box, "Down")
