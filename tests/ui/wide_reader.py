"""A reader whose language is English in wide letters: what is seen in narrow ones is untranslated.

Run as ``python -m tests.ui.wide_reader URL READER OUT``: reads a patient by keys and mouse, and
writes every text that the window held or painted.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from napari_recist import translation
from tests.ui.wide_letters import wide


class Wide:
    """A catalogue that knows every text."""

    def gettext(self, text: str) -> str:
        """Return the text in wide letters."""
        return wide(text)


translation._CATALOGUE = Wide()  # before any module of the window asks it

from qtpy.QtGui import QPainter  # noqa: E402 - the language comes first
from qtpy.QtWidgets import QApplication, QComboBox, QTableView, QWidget  # noqa: E402

from napari_recist.criteria import Role  # noqa: E402
from napari_recist.criteria.rule_words import rule_text  # noqa: E402
from napari_recist.criteria.target import limits_of  # noqa: E402
from napari_recist.demo import gestures  # noqa: E402
from napari_recist.reading import ReadingSession  # noqa: E402
from napari_recist.trial import open_trial  # noqa: E402
from napari_recist.ui.lesion_form import NewLesion  # noqa: E402
from napari_recist.ui.quick_look import QuickLook  # noqa: E402
from napari_recist.ui.reading_room import open_reading_room  # noqa: E402
from napari_recist.ui.series_bar import SeriesBar  # noqa: E402
from napari_recist.ui.trial_chooser import TrialChooser  # noqa: E402
from tests.trial.conftest import PASSWORD  # noqa: E402

LINE = ((12, 70.0, 70.0), (12, 70.0, 100.0))
SEEN: set[str] = set()
RECORD: set[str] = set()
"""Words of the record, which stay English: rules, advice, organs, phases, departures."""


def main() -> None:
    """Read, and write down what was seen."""
    url, reader, out = sys.argv[1:]
    listen_to_painters()
    with open_trial(url) as opened:
        trial = opened.sign_in(reader, PASSWORD)
        room = open_reading_room(ReadingSession(trial, trial.worklist()[0]))
        gestures.settle(0.2)
        baseline(room)
        follow_up(room)
        look(*alone(room))
        room.close()
    told = {"seen": sorted(SEEN), "record": sorted(RECORD)}
    Path(out).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def baseline(room: Any) -> None:
    """List lesions, draw, ask, and sign."""
    canvas = room.current.canvas_widget
    for role, organ in (
        (Role.TARGET, "liver"),
        (Role.TARGET, "lymph node"),
        (Role.NON_TARGET, "lung"),
    ):
        room.add_lesion(NewLesion(role, organ, "", node=organ == "lymph node", porta_hepatis=False))
        look(room)
    room.choose_lesion("T1")
    room.current.zoom_to(4.0, LINE[0])
    gestures.settle()
    gestures.drag(canvas, *(room.current.to_screen(point) for point in LINE))
    look(room)
    gestures.hover(canvas, room.current.to_screen((12, 70.0, 85.0)))
    look(room)
    keys(
        room, "Shift+M", "Enter", "N", "M", "M", "K", "K", "R", "S", "Escape", "Shift+T", "Shift+W"
    )
    keys(room, "Q", "A", "Z", "Shift+Z", "Shift+Q", "Shift+A", "W", "E", "?", "D", "PageDown", "I")
    for dialog in (room.series.ask, room.show_keys):
        dialog()
        look(room)
        close_dialogs()
    room.complete_visit()
    look(room)
    close_dialogs()
    room.leaving.ask(room.window, room.session)
    look(room)
    close_dialogs()


def follow_up(room: Any) -> None:
    """Finish baseline, sign, and say statuses at the next visit."""
    canvas = room.current.canvas_widget
    room.lesion_actions.withdraw("T2", "1")
    look(room)
    room.choose_lesion("NT1")
    gestures.click(canvas)
    look(room)
    gestures.press(canvas, "Ctrl+Return")
    gestures.write(room.sign_dialog.password, "wrong")
    gestures.click(room.sign_dialog.sign_button)
    look(room)
    room.sign_dialog.password.clear()
    gestures.write(room.sign_dialog.password, PASSWORD)
    gestures.click(room.sign_dialog.sign_button)
    gestures.settle(0.2)
    look(room)
    for lesion in room.desk.names():
        room.choose_lesion(lesion)
        for key in ("Y", "T", "A", "Q", "Shift+V", "V", "U", "Z"):
            keys(room, key)
            close_prompt(room)
    room.add_lesion(NewLesion(Role.NEW, "bone", "", node=False, porta_hepatis=False))
    keys(room, "Shift+U", "Ctrl+Z", "Ctrl+Shift+Z", "Q")
    close_prompt(room)
    keys(room, "Shift+W", "Shift+T", "O")
    room.toggle_second_window()
    look(room)
    room.current.go_to(0)
    look(room)


def alone(room: Any) -> tuple[Any, ...]:
    """Return widgets of ours that stand outside a room."""
    bar = SeriesBar()
    bar.show_phases(("arterial", "portal venous"), "arterial", "portal venous")
    return TrialChooser(), QuickLook(room.viewer), bar


def keys(room: Any, *pressed: str) -> None:
    """Press keys on the picture and look after each."""
    for key in pressed:
        gestures.press(room.current.canvas_widget, key)
        look(room)
        close_dialogs()


def close_prompt(room: Any) -> None:
    """Leave a question unanswered."""
    look(room)
    room.lesions.prompt.leave()
    room.take_keys()


def close_dialogs() -> None:
    """Close whatever dialog stands open."""
    for widget in QApplication.topLevelWidgets():
        if widget.isWindow() and widget.inherits("QDialog") and widget.isVisible():
            widget.reject()
    QApplication.processEvents()


def look(*places: Any) -> None:
    """Note every text of our widgets, and let them paint theirs."""
    QApplication.processEvents()
    for place in places:
        if isinstance(place, QWidget):
            note_all(place)
            place.grab()
            continue
        for root in (place.bar, place.series.bar, place.lesions, place.response, place.trend):
            note_all(root)
        note_record(place.session)
        for pane in (place.current, place.prior):
            for widget in pane.canvas_widget.findChildren(QWidget):
                if type(widget).__module__.startswith("napari_recist"):
                    note_all(widget)
                    widget.grab()
        for view in place.panes.references:
            view.grab()
            note_all(view)
        SEEN.add(place.window.windowTitle())
    for widget in QApplication.topLevelWidgets():
        if widget.inherits("QDialog") and widget.isVisible():
            note_all(widget)


def note_record(session: Any) -> None:
    """Note the record's own words that may be shown now."""
    limits, visits = limits_of(session.charter), session.assessment.visits
    RECORD.update(one.finding.message for one in session.advice())
    for seen in visits:
        RECORD.update(
            [seen.explanation, str(seen.distance), *seen.settings, *map(str, seen.findings)]
        )
        RECORD.update(map(rule_text, seen.rules))
        if None not in (seen.sum, seen.baseline_sum, seen.nadir_sum):
            RECORD.update(limits.comparisons(seen.sum, seen.baseline_sum, seen.nadir_sum))
    for visit in (session.visit, session.prior):
        volume = session.shown_volume(visit) if visit else None
        RECORD.update([volume.passport.summary] if volume else [])
    for ranked in session.series.ranking(session.visit):
        RECORD.update(departure.words for departure in ranked.departures)


def note_all(root: QWidget) -> None:
    """Note the texts of a widget and of all inside it."""
    for widget in (root, *root.findChildren(QWidget)):
        for name in ("text", "toolTip", "windowTitle", "placeholderText", "title"):
            ask = getattr(widget, name, None)
            if callable(ask):
                SEEN.add(str(ask()))
        if isinstance(widget, QComboBox):
            SEEN.update(widget.itemText(n) for n in range(widget.count()))
        if isinstance(widget, QTableView):
            note_table(widget.model())


def note_table(model: Any) -> None:
    """Note the texts of a table, its headers and its tooltips."""
    from qtpy.QtCore import Qt  # noqa: PLC0415 - after the language

    horizontal, shown, tip = (
        Qt.Orientation.Horizontal,
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
    )
    for column in range(model.columnCount()):
        SEEN.add(str(model.headerData(column, horizontal, shown) or ""))
        for row in range(model.rowCount()):
            for role in (shown, tip):
                SEEN.add(str(model.data(model.index(row, column), role) or ""))


def listen_to_painters() -> None:
    """Note every text that is painted, on whatever widget."""
    painted = QPainter.drawText

    def draw(painter: Any, *given: Any) -> Any:
        SEEN.update(one for one in given if isinstance(one, str))
        return painted(painter, *given)

    QPainter.drawText = draw
    import napari_recist.ui.rimmed_text as rimmed  # noqa: PLC0415 - after the language

    outlined = rimmed.paint_text

    def paint(painter: Any, place: Any, text: str, *more: Any, **named: Any) -> Any:
        SEEN.add(text)
        return outlined(painter, place, text, *more, **named)

    for module in list(sys.modules.values()):
        if getattr(module, "paint_text", None) is outlined:
            module.paint_text = paint


if __name__ == "__main__":
    assert re.fullmatch(r"\D+", wide("ab"))
    main()
