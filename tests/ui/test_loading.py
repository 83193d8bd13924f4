"""A scan is seen while it is loaded: what is there is shown, what is not is covered and refused."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from napari_recist.criteria import Role
from napari_recist.demo import gestures
from napari_recist.imaging import load_volume
from napari_recist.imaging.cache_folder import CACHE_VARIABLE
from napari_recist.imaging.pixels.stored import PixelReader
from napari_recist.reading import ReadingSession
from napari_recist.trial import Trial, TrialRole
from tests.trial.conftest import seated
from tests.ui.conftest import PASSWORD, SUBJECT

pytestmark = pytest.mark.ui

SLOW_AFTER = 3
"""So many slices are read; the rest waits until the test lets it."""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[threading.Event]:
    """Return what lets reading go on: after a few slices every read waits for it."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))  # nothing is cached: all is really read
    go_on, read, stored = threading.Event(), [], PixelReader.stored

    def slowly(reader: PixelReader, piece: Any) -> Any:
        read.append(piece)
        if len(read) > SLOW_AFTER:
            go_on.wait(30)
        return stored(reader, piece)

    monkeypatch.setattr(PixelReader, "stored", slowly)
    yield go_on
    go_on.set()


@pytest.fixture
def loading(window: Any, room: Any, trial: Trial, held: threading.Event) -> ReadingSession:
    """Return the session of a new reader whose baseline is being loaded, shown in the room."""
    reader = f"Reader {len(trial.readers()) + 1}"
    trial.admit(reader, TrialRole.READER, PASSWORD)
    session = ReadingSession(seated(trial, reader, SUBJECT), SUBJECT)
    room.read(session)
    until(lambda: room.current.volume is not None)
    return session


def until(happened: Any) -> None:
    """Let the window work until something has happened."""
    for _ in range(3000):
        QApplication.processEvents()
        if happened():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never happened")


def sheet(room: Any) -> Any:
    """Return the sheet that covers what is not there."""
    return room.pictures.loadings["current"].sheet


def test_the_middle_slice_is_there_before_the_rest(loading: ReadingSession, room: Any) -> None:
    """With three slices read of twenty the middle one is seen as it is; the bar tells how far."""
    middle = room.current.view.slices // 2
    shown = np.asarray(room.current.view.layer.data[middle])

    assert room.current.slice == middle
    assert shown.min() > -2000
    assert not sheet(room).covers
    assert sheet(room).words.startswith("loading ")
    assert sheet(room).words.endswith("/ 20")


def test_a_slice_not_there_is_covered_and_cannot_be_measured(
    loading: ReadingSession, room: Any
) -> None:
    """Missing slices are never black tissue: the pane says loading, and a line is refused."""
    loading.add_lesion(Role.TARGET, "liver")
    room.choose_lesion("T1")
    room.current.go_to(0)
    QApplication.processEvents()
    canvas = room.current.canvas_widget
    covered = sheet(room).covers
    value = room.current.view.value_at(room.current.view.frame.to_world((0, 60, 60)))
    loading_words = _drag_and_hear(room, canvas)

    assert covered
    assert value is None
    assert "still being loaded" in loading_words
    assert loading.read.observation("BL", "T1") is None


def test_the_rest_arrives_where_the_reader_looks(
    loading: ReadingSession, room: Any, held: threading.Event
) -> None:
    """When the rest is read the cover goes, the slice is the file's own, and it can be measured."""
    room.current.go_to(0)
    held.set()
    gestures.settle()
    whole = load_volume(room.current.volume.series).voxels

    assert not sheet(room).isVisible()
    assert np.array_equal(room.current.view.layer.data, whole)
    loading.add_lesion(Role.TARGET, "liver")
    room.choose_lesion("T1")
    _drag_and_hear(room, room.current.canvas_widget)
    assert loading.read.observation("BL", "T1") is not None


def test_reference_views_cover_what_is_still_loading(
    loading: ReadingSession, room: Any, held: threading.Event
) -> None:
    """A slice not there is hatched in the other planes, with words; when it comes it is shown."""
    room.panes.toggle_references()
    try:
        view = room.panes.references[0]
        QApplication.processEvents()
        there = sheet(room)._there.copy()
        known, values = view.cut.known.any(axis=1)[::-1], view.cut.values
        hatched = view._loads
        held.set()
        gestures.settle()

        assert 0 < there.sum() < len(there)
        assert known.tolist() == there.tolist()
        assert values.min() > -2000
        assert hatched
        assert view.cut.known.all()
        assert not view._loads
    finally:
        room.panes.toggle_references()


def test_leaving_stops_the_loading(
    loading: ReadingSession, room: Any, session: ReadingSession, held: threading.Event
) -> None:
    """Another patient is opened while the first is loaded: only the other one appears."""
    former = room.current.volume
    room.read(session)
    held.set()
    gestures.settle()

    assert room.current.volume is not former
    assert not sheet(room).isVisible()


def test_memory_is_shown(session: ReadingSession, room: Any) -> None:
    """The bar tells what the scans at hand take and may take."""
    taken, limit = session.memory

    assert 0 <= taken < limit
    assert room.memory.text().startswith("scans ")


def test_picture_of_loading(loading: ReadingSession, room: Any, tmp_path: Path) -> None:
    """A covered slice and the bar, for the eye."""
    room.current.go_to(0)
    QApplication.processEvents()
    room.screenshot(tmp_path / "loading.png")

    assert (tmp_path / "loading.png").stat().st_size > 0


def _drag_and_hear(room: Any, canvas: Any) -> str:
    """Drag a line by real mouse events without waiting for pictures; return what the bar says."""
    left, middle = Qt.MouseButton.LeftButton, QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, left, pos=middle)
    QTest.mouseMove(canvas, middle + QPoint(60, 0))
    QTest.mouseRelease(canvas, left, pos=middle + QPoint(60, 0))
    QApplication.processEvents()
    return str(room.bar.message.text())
