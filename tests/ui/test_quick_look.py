"""Any napari user opens a scan through the reader and measures on it in mm, without a trial."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import napari
import numpy as np
import pydicom
import pytest
from napari.qt import QtViewer

from napari_recist.demo import gestures
from napari_recist.errors import NoImagesError
from napari_recist.imaging import distance_mm, find_series, load_volume
from napari_recist.ui.layer_filling import VOLUME_KEY
from napari_recist.ui.quick_look import QuickLook
from napari_recist.ui.reader import get_reader, read_layers
from tests.ui.conftest import SAMPLE, SUBJECT

SCAN = SAMPLE / SUBJECT / "W8"
ZOOM = 4.0


def test_the_reader_takes_dicom_and_leaves_other_files_to_others(tmp_path: Path) -> None:
    """Folders and files with DICOM inside are ours, by content and not by name."""
    (tmp_path / "notes.dcm").write_text("not an image")

    assert get_reader(str(SCAN)) is not None
    assert get_reader(str(next(SCAN.iterdir()))) is not None
    assert get_reader(str(tmp_path)) is None
    assert get_reader(str(tmp_path / "notes.dcm")) is None
    assert get_reader(str(tmp_path / "missing")) is None


def test_a_layer_lies_in_millimetres_and_names_nobody() -> None:
    """Scale and units are those of the geometry; the name tells kind and number of slices."""
    ((voxels, settings, kind),) = read_layers(str(SCAN))
    geometry = settings["metadata"][VOLUME_KEY].geometry

    assert kind == "image"
    assert settings["units"] == ("mm", "mm", "mm")
    assert settings["scale"][1:] == (geometry.row_spacing, geometry.column_spacing)
    assert f"{len(voxels)} slices" in settings["name"]
    assert SUBJECT not in settings["name"]


def test_a_folder_without_images_is_refused_in_words(tmp_path: Path) -> None:
    """The refusal names the file and why it is no image."""
    (tmp_path / "notes.txt").write_text("not an image")

    with pytest.raises(NoImagesError, match=r"notes\.txt"):
        read_layers(str(tmp_path))


@pytest.fixture
def quick(screen: None, qapp: Any) -> Iterator[QuickLook]:
    """Return the dock widget on the sample scan, in a window that leaves nothing behind."""
    viewer = napari.Viewer(show=True, show_welcome_screen=False)
    viewer.window.resize(1200, 800)
    ((voxels, settings, _),) = read_layers(str(SCAN))
    viewer.add_image(voxels, **settings)
    widget = QuickLook(viewer)
    viewer.window.add_dock_widget(widget, name="Measure", area="right")
    gestures.settle(0.05)
    yield widget
    viewer.close()
    del viewer, widget
    gestures.settle(0.1)
    gc.collect()


def drag(quick: QuickLook, line: Any) -> None:
    """Drag along a line of indices."""
    pane = quick.pane
    gestures.drag(pane.canvas_widget, pane.to_screen(line[0]), pane.to_screen(line[1]))


@pytest.mark.ui
def test_scratch_calipers_are_drawn_measured_undone_and_removed(quick: QuickLook) -> None:
    """A line and one across it are one measurement in mm; undo and remove take it away."""
    slice_ = 8
    long_axis = ((slice_, 60.0, 50.0), (slice_, 60.0, 90.0))
    short_axis = ((slice_, 50.0, 70.0), (slice_, 70.0, 70.0))
    quick.pane.zoom_to(ZOOM, (slice_, 60.0, 70.0))
    gestures.settle()
    drag(quick, long_axis)
    alone = quick.desk.measurements()
    drag(quick, short_axis)
    both = quick.desk.measurements()
    gestures.press(quick.pane.canvas_widget, "Ctrl+Z")
    undone = quick.desk.measurements()
    quick.desk.remove("M1")
    geometry = load_volume(find_series(SCAN)[0]).geometry
    true = distance_mm(*geometry.to_patient(np.array(long_axis)))

    assert float(alone[0].long_mm) == pytest.approx(true, abs=1 / ZOOM + 0.05)
    assert (alone[0].short_mm, both[0].long_mm) == ("", alone[0].long_mm)
    assert float(both[0].short_mm) == pytest.approx(true / 2, abs=1 / ZOOM + 0.05)
    assert undone == alone
    assert quick.desk.measurements() == ()
    assert quick.table.rowCount() == 0


@pytest.mark.ui
def test_a_blocked_series_is_shown_and_never_measured(quick: QuickLook, tmp_path: Path) -> None:
    """Without pixel spacing a drag says why nothing is measured, and draws nothing."""
    for file in SCAN.iterdir():
        image = pydicom.dcmread(file)
        del image.PixelSpacing
        image.save_as(tmp_path / file.name)
    ((voxels, settings, _),) = read_layers(str(tmp_path))
    layer = quick.viewer.add_image(voxels, **settings)
    gestures.settle(0.05)
    quick.viewer.layers.selection.active = layer
    drag(quick, ((8, 60.0, 50.0), (8, 60.0, 90.0)))

    assert set(settings["units"]) == {"pixel"}
    assert "no millimetres" in quick.hint.text()
    assert quick.desk.measurements() == ()


@pytest.mark.ui
def test_leaving_gives_the_viewer_back_as_it_was(quick: QuickLook) -> None:
    """After the panel closes napari's own mouse and keys are there again, and no glass."""
    viewer, canvas = quick.viewer, quick.pane.canvas_widget
    ours = list(viewer.mouse_wheel_callbacks)
    quick.let_go()
    gestures.settle(0.05)

    assert viewer.mouse_wheel_callbacks != ours
    assert len(viewer.mouse_double_click_callbacks) == 1
    assert not any(type(child).__name__ == "PaneGlass" for child in canvas.children())


@pytest.mark.ui
def test_no_viewer_is_left_over(screen: None) -> None:
    """The windows of the tests before this one are gone."""
    gestures.settle(0.1)
    gc.collect()

    assert list(QtViewer._instances) == []
