"""Pictures, sessions and windows for the tests of the room."""

import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import napari
import numpy as np
import pytest
from napari.components import ViewerModel
from napari.plugins import _initialize_plugins
from napari.qt import QtViewer
from qtpy.compat import isalive

from napari_recist.demo.gestures import put_away, settle
from napari_recist.imaging import Geometry, Verdict
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, TrialRole, create_trial
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.reading_room import open_reading_room
from napari_recist.ui.window_level import PRESETS
from tests.reading.conftest import sample_charter_as_they_are
from tests.trial.conftest import PASSWORD, seated

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
SUBJECT = "NRC-003-0002"


def axial(
    slices: int = 20,
    gap: float = 5.0,
    pixel: tuple[float, float] = (0.8, 0.8),
    first_z: float = -50.0,
    shape: tuple[int, int] = (64, 80),
) -> Geometry:
    """Return an axial geometry, head up: x to the left, y to the back, slices towards the head."""
    origins = np.array([[-30.0, -20.0, first_z + gap * n] for n in range(slices)])
    return Geometry(
        slice_origins=origins,
        row_direction=np.array([1.0, 0.0, 0.0]),
        column_direction=np.array([0.0, 1.0, 0.0]),
        row_spacing=pixel[0],
        column_spacing=pixel[1],
        rows=shape[0],
        columns=shape[1],
        frame_of_reference_uid="1.2.3",
    )


def picture(geometry: Geometry | None, shape: tuple[int, int, int] | None = None) -> Any:
    """Return what a pane needs of a volume, with voxels that tell their own index."""
    shape = geometry.shape if geometry is not None else shape or (3, 8, 8)
    voxels = np.arange(np.prod(shape), dtype=np.int32).astype(np.int16).reshape(shape)
    passport = SimpleNamespace(
        verdict=Verdict.GREEN, thickness_mm=5.0, findings=(), summary="green"
    )
    series = SimpleNamespace(modality="CT", phase="portal venous", number=4, description="Dr Who")
    return SimpleNamespace(voxels=voxels, geometry=geometry, passport=passport, series=series)


def pane(geometry: Geometry | None = None, shape: tuple[int, int, int] | None = None) -> PaneView:
    """Return a pane with a picture of this geometry."""
    view = PaneView(ViewerModel())
    view.show(picture(geometry, shape), "W8", PRESETS["soft tissue"])
    return view


@pytest.fixture(scope="session", autouse=True)
def plugins(qapp: Any) -> None:
    """Let napari learn of the plugin before any test: its own fixture forgets what tests add."""
    _initialize_plugins()


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Return a trial with the small patient of ``sample_data``; each test reads as someone new."""
    url = tmp_path_factory.mktemp("ui") / "trial.db"
    with create_trial(str(url), sample_charter_as_they_are(url.parent)) as made:
        import_images(made, SAMPLE / SUBJECT)
        yield made


@pytest.fixture
def session(trial: Trial) -> ReadingSession:
    """Return the session of a new reader at baseline."""
    reader = f"Reader {len(trial.readers()) + 1}"
    trial.admit(reader, TrialRole.READER, PASSWORD)
    return ReadingSession(seated(trial, reader, SUBJECT), SUBJECT)


@pytest.fixture(scope="module")
def window(screen: None, qapp: Any, trial: Trial) -> Iterator[Any]:
    """Return what holds a reading room that a module's tests share: opening one takes seconds.

    After the module no viewer may be left over.
    """
    trial.admit("Opener", TrialRole.READER, PASSWORD)
    viewer = napari.Viewer(show=True, show_welcome_screen=False)
    viewer.window.resize(1400, 800)
    settle()
    room = open_reading_room(ReadingSession(seated(trial, "Opener", SUBJECT), SUBJECT), viewer)
    settle()
    # pytest keeps what a fixture yields: it keeps this and not the room.
    held = SimpleNamespace(room=room)
    yield held
    room.close()
    del room, viewer, held.room
    put_away()

    # PySide6 may keep the Python half of a viewer that Qt has deleted.
    assert [viewer for viewer in QtViewer._instances if isalive(viewer)] == []


@pytest.fixture
def room(window: Any, session: ReadingSession) -> Any:
    """Return the reading room on the session of a new reader."""
    window.room.read(session)
    settle()
    # The last test's arguments outlive its module's window, and must not hold it.
    return weakref.proxy(window.room)
