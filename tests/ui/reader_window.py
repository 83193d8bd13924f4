"""A reader at a real window in a process of its own: works until killed, or reopens and tells.

Run as ``python -m tests.ui.reader_window URL READER (work or tell)``.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from napari_recist.criteria import Role
from napari_recist.demo import gestures
from napari_recist.reading.place import PlaceFolder
from napari_recist.ui import trial_room
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.place_keeper import LOOK_EVERY_MS
from tests.trial.conftest import PASSWORD

TOLD = "place: "


def main() -> None:
    """Open the next patient of a reader in the reading room."""
    from napari_recist.trial import open_trial  # noqa: PLC0415 - the window's modules come first

    url, reader, mode = sys.argv[1:]
    opened = trial_room.open_reading_room

    def watched(*session: Any, **more: Any) -> Any:
        room = opened(*session, **more)
        QTimer.singleShot(0, lambda: (work if mode == "work" else tell)(room))
        return room

    trial_room.open_reading_room = watched
    with open_trial(url) as trial:
        trial_room.read_trial(trial.sign_in(reader, PASSWORD))


def work(room: Any) -> None:
    """Sign baseline, go on to week 8, leave it half done at a chosen place; wait for the end."""
    add(room, ((12, 70.0, 70.0), (12, 70.0, 100.0)))
    add(room, ((9, 60.0, 60.0), (9, 60.0, 90.0)))
    gestures.press(room.current.canvas_widget, "Ctrl+Return")
    gestures.write(room.sign_dialog.password, PASSWORD)
    gestures.click(room.sign_dialog.sign_button)
    gestures.settle(0.1)
    gestures.press(room.current.canvas_widget, "N")
    gestures.press(room.current.canvas_widget, "B")
    gestures.press(room.current.canvas_widget, "4")
    gestures.press(room.current.canvas_widget, "Down")
    room.current.zoom_to(5.25, (5, 101.5, 55.25))
    session = room.session
    folder = PlaceFolder(session.trial.uid, session.reader)
    while folder.recall(session.subject) != room.keeper.place():  # a busy disk takes its time
        gestures.settle(LOOK_EVERY_MS / 1000)
    say(room)
    while True:
        gestures.settle(0.1)


def add(room: Any, line: Any) -> None:
    """Put a target on the list and draw it."""
    room.add_lesion(NewLesion(Role.TARGET, "liver", "", node=False, porta_hepatis=False))
    room.current.zoom_to(4.0, line[0])
    gestures.settle()
    pane = room.current
    gestures.drag(pane.canvas_widget, *(pane.to_screen(point) for point in line))


def tell(room: Any) -> None:
    """Say where the room has opened, and close it."""
    gestures.settle(0.2)
    say(room)
    room.close()
    QApplication.quit()


def say(room: Any) -> None:
    """Print the place, and what of the visit is still to do."""
    told = asdict(room.keeper.place()) | {
        "subject": room.session.subject,
        "prior slice": room.prior.slice,
        "to do": room.session.unfinished(),
    }
    print(TOLD + json.dumps(told, default=str), flush=True)  # noqa: T201 - heard by the test


if __name__ == "__main__":
    main()
