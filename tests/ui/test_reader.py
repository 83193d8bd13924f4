"""Images dropped on napari: found among other files, shown at once, filled while one looks."""

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import napari
import numpy as np
import pydicom
import pytest
from napari.qt import QtViewer
from npe2 import PluginManager
from qtpy.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from qtpy.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from qtpy.QtWidgets import QApplication, QDialog, QDialogButtonBox

from napari_recist.demo import gestures
from napari_recist.errors import NoImagesError
from napari_recist.imaging import find_series, load_volume, stream
from napari_recist.imaging.cache_folder import CACHE_VARIABLE
from napari_recist.ui import layer_filling, napari_compat, reader
from napari_recist.ui.layer_filling import LOADING, VOLUME_KEY
from napari_recist.ui.quick_look import QuickLook
from napari_recist.ui.reader import NOTHING, PASSPORT_KEY, read_layers
from tests.reading.conftest import BASELINE as BASELINE_DATE
from tests.reading.tiny_ct import SLICES, write_ct
from tests.ui.conftest import SAMPLE, SUBJECT

SCAN = SAMPLE / SUBJECT / "W8"
PATIENCE_S = 30.0


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what napari is asked to notify of."""
    messages: list[str] = []

    def notify(message: str, *, serious: bool = False) -> None:
        messages.append(message)

    monkeypatch.setattr(napari_compat, "notify", notify)
    return messages


@pytest.fixture
def viewer(screen: None, qapp: Any) -> Iterator[Any]:
    """Return a napari window that leaves nothing behind."""
    shown = napari.Viewer(show=True, show_welcome_screen=False)
    gestures.settle(0.05)
    yield shown
    shown.close()
    del shown
    gestures.settle(0.1)
    gc.collect()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Event]:
    """Hold back every slice but the first until the event is set; nothing is in the cache yet."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "caches"))
    go_on = Event()
    read = stream.VolumeStream._slice

    def slowly(self: Any, index: int, voxels: Any) -> Any:
        if not self._loaded.any() and index == len(voxels) // 2:
            return read(self, index, voxels)
        go_on.wait(PATIENCE_S)
        return read(self, index, voxels)

    monkeypatch.setattr(stream.VolumeStream, "_slice", slowly)
    yield go_on
    go_on.set()


def drop(viewer: Any, *paths: Path) -> None:
    """Drop files and folders on the middle of the canvas, as a file manager does."""
    canvas = napari_compat.main_qt_viewer(viewer)
    window = canvas.window()
    place = QPointF(canvas.mapTo(window, canvas.rect().center()))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton)
    modifiers = Qt.KeyboardModifier.NoModifier
    # As the system hands them to the window, which finds the widget below the mouse.
    for event in (
        QDragEnterEvent(place.toPoint(), *how, modifiers),
        QDragMoveEvent(place.toPoint(), *how, modifiers),
        QDropEvent(place, *how, modifiers),
    ):
        QApplication.sendEvent(window.windowHandle(), event)
    gestures.settle(0.05)


def eventually(what: Callable[[], bool]) -> bool:
    """Let the window work until something is so; tell whether it came about."""
    until = time.monotonic() + PATIENCE_S
    while not what() and time.monotonic() < until:
        gestures.settle(0.02)
    return what()


def complete(viewer: Any) -> bool:
    """Tell whether every layer has all its slices."""
    return all(LOADING not in layer.name for layer in viewer.layers)


def mixed_folder(tmp_path: Path) -> Path:
    """Return a folder with a scan under names without extension, and files that are none."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for number, file in enumerate(sorted(SCAN.iterdir())):
        shutil.copy(file, folder / f"IM{number:06d}")
    (folder / "readme.txt").write_text("no image")
    (folder / "A report.pdf").write_bytes(b"%PDF-1.4")
    return folder


class TestManifest:
    """What napari asks this reader for, by name alone."""

    @pytest.mark.parametrize(
        "name", ["a.dcm", "A.DCM", "x.IMA", "IM000012", "I1", "0001", "DICOMDIR", "1.2.840.1.12"]
    )
    def test_names_of_dicom_files_are_ours(self, name: str) -> None:
        """Names without extension and names that are UIDs too."""
        assert "napari-recist" in plugins_for(name)

    @pytest.mark.parametrize("name", ["a.tif", "a.ome.tiff", "b.png", "c.csv", "1.2.3.nii.gz"])
    def test_other_names_are_left_to_others(self, name: str) -> None:
        """A plugin that claimed every file would make napari ask at every picture."""
        assert "napari-recist" not in plugins_for(name)


def plugins_for(name: str) -> set[str]:
    """Return the plugins napari would ask for a file of this name."""
    plugins = PluginManager()
    plugins.discover()
    return {found.plugin_name for found in plugins.iter_compatible_readers(name)}


class TestWhatIsOpened:
    """A folder gives all, a file its series, a list what it lists."""

    def test_a_single_file_opens_the_series_it_belongs_to(self, told: list[str]) -> None:
        """The files beside it are its series; of others beside it nothing is said."""
        ((voxels, settings, _),) = read_layers(str(sorted(SCAN.iterdir())[3]))

        assert len(voxels) == len(list(SCAN.iterdir()))
        assert settings["axis_labels"] == ("slice", "row", "column")
        assert told == []

    def test_listed_files_are_opened_alone(self, told: list[str]) -> None:
        """Three files chosen by hand are three slices."""
        ((voxels, *_),) = read_layers([str(file) for file in sorted(SCAN.iterdir())[3:6]])

        assert len(voxels) == 3

    def test_a_file_without_preamble_is_known_by_its_content(self, tmp_path: Path) -> None:
        """Old files begin with their first element; they are opened all the same."""
        for file in SCAN.iterdir():
            pydicom.dcmread(file).save_as(tmp_path / file.name)
        bare = tmp_path / "bare"
        image = pydicom.dcmread(min(SCAN.iterdir()))
        del image.file_meta
        image.save_as(bare, implicit_vr=True, little_endian=True)

        assert reader.get_reader(str(bare)) is not None

    def test_a_doubtful_series_says_so(self, tmp_path: Path, told: list[str]) -> None:
        """A missing slice is told when the layer opens and stands in its metadata."""
        write_ct(tmp_path, "P1", BASELINE_DATE)
        (tmp_path / "1.dcm").unlink()
        ((_, settings, _),) = read_layers(str(tmp_path))

        assert settings["metadata"][PASSPORT_KEY]["verdict"] == "amber"
        assert any("slice missing" in one for one in settings["metadata"][PASSPORT_KEY]["findings"])
        assert "amber" in told[0]
        assert "slice missing" in told[0]

    def test_a_blocked_series_opens_in_pixels_with_its_reason(
        self, tmp_path: Path, told: list[str]
    ) -> None:
        """Without pixel spacing there is a picture, no millimetre, and the reason why."""
        write_ct(tmp_path, "P1", BASELINE_DATE, spacing=False)
        ((voxels, settings, _),) = read_layers(str(tmp_path))

        assert voxels.shape[0] == SLICES
        assert set(settings["units"]) == {"pixel"}
        assert "blocked" in told[0]
        assert "No Pixel Spacing" in told[0]

    def test_series_that_cannot_be_read_do_not_stop_the_others(
        self, tmp_path: Path, told: list[str]
    ) -> None:
        """What was cut short is named, what is whole is opened; nothing whole is a refusal."""
        write_ct(tmp_path / "well", "P1", BASELINE_DATE)
        write_ct(tmp_path / "ill", "P1", BASELINE_DATE)
        for file in (tmp_path / "ill").iterdir():
            image = pydicom.dcmread(file)
            image.RescaleSlope = "1e300"
            image.save_as(file)

        assert len(read_layers(str(tmp_path))) == 1
        assert "absurd" in told[-1]
        shutil.rmtree(tmp_path / "well")
        with pytest.raises(Exception, match="absurd"):
            read_layers(str(tmp_path))

    def test_what_memory_does_not_hold_is_left_out_by_name(
        self, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A folder with more than fits opens the largest series and says what is missing."""
        for name in ("a", "b"):
            write_ct(tmp_path / name, "P1", BASELINE_DATE)
        monkeypatch.setattr(reader, "share_of_memory", lambda: 1)

        assert len(read_layers(str(tmp_path))) == 1
        assert "no memory left" in told[0]

    def test_finding_can_be_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Cancel while headers are read opens nothing and is no error."""

        def cancelled(self: Any, *arguments: Any, **settings: Any) -> None:
            started(self, *arguments, **settings)
            self.cancel()

        started = reader.cancelable_progress.__init__
        monkeypatch.setattr(reader.cancelable_progress, "__init__", cancelled)

        assert read_layers(str(SCAN)) is NOTHING


@pytest.mark.ui
class TestDrop:
    """A folder or a file dropped on the window."""

    def test_a_folder_on_our_window_opens_without_a_question(
        self, viewer: Any, tmp_path: Path, told: list[str]
    ) -> None:
        """Names without extension among foreign files: one layer in mm, the rest named."""
        viewer.window.add_dock_widget(QuickLook(viewer), name="Measure", area="right")
        drop(viewer, mixed_folder(tmp_path))
        (layer,) = viewer.layers
        true = load_volume(find_series(SCAN)[0]).voxels

        assert eventually(lambda: complete(viewer))
        assert np.array_equal(layer.data, true)
        assert [str(unit) for unit in layer.units] == ["millimeter"] * 3
        assert viewer.layers.selection.active is layer
        assert told[0].startswith("2 files left out.")

    def test_in_plain_napari_the_question_names_us_first(self, viewer: Any, tmp_path: Path) -> None:
        """Napari's own reader takes any folder, so napari asks; OK alone opens the scan."""

        def accept() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QDialog)
            box = dialog.findChild(QDialogButtonBox)
            box.button(QDialogButtonBox.StandardButton.Ok).click()

        QTimer.singleShot(500, accept)
        drop(viewer, mixed_folder(tmp_path))

        assert len(viewer.layers) == 1
        assert VOLUME_KEY in viewer.layers[0].metadata
        assert eventually(lambda: complete(viewer))

    def test_files_dropped_together_in_plain_napari_open_their_series_once(
        self, viewer: Any, tmp_path: Path
    ) -> None:
        """Napari hands them over one by one: the first opens the scan, the others find it open."""
        folder = mixed_folder(tmp_path)
        drop(viewer, *sorted(folder.glob("IM*"))[2:6])

        assert [len(layer.data) for layer in viewer.layers] == [len(list(SCAN.iterdir()))]
        assert eventually(lambda: complete(viewer))

    def test_a_refusal_is_told_and_nothing_is_opened(
        self, viewer: Any, tmp_path: Path, told: list[str]
    ) -> None:
        """A folder whose images cannot be read says why."""
        viewer.window.add_dock_widget(QuickLook(viewer), name="Measure", area="right")
        file = min(SCAN.iterdir())
        (tmp_path / "cut").mkdir()
        (tmp_path / "cut" / "a").write_bytes(file.read_bytes()[:200])
        drop(viewer, tmp_path / "cut")

        assert len(viewer.layers) == 0
        assert "No DICOM image" in told[0]


@pytest.mark.ui
class TestFilling:
    """The picture is there before the volume is."""

    def open(self, viewer: Any, path: Path) -> Any:
        """Open through napari, as its menu does."""
        (layer,) = viewer.open(str(path), plugin="napari-recist")
        gestures.settle(0.1)
        return layer

    def test_the_middle_slice_is_there_before_the_rest(self, viewer: Any, held: Event) -> None:
        """While all other slices are held back the middle one is shown whole; then all come."""
        layer = self.open(viewer, SCAN)
        true = load_volume(find_series(SCAN)[0]).voxels
        middle = len(true) // 2
        before = layer.data.copy()
        name = layer.name
        held.set()

        assert np.array_equal(before[middle], true[middle])
        assert np.all(before[0] == stream.UNREAD)
        assert name.endswith(LOADING)
        assert eventually(lambda: complete(viewer))
        assert np.array_equal(layer.data, true)

    def test_the_slice_looked_at_is_drawn_when_it_comes(self, viewer: Any, held: Event) -> None:
        """A slice scrolled to before it is read appears without another gesture."""
        layer = self.open(viewer, SCAN)
        viewer.dims.set_current_step(0, 0)
        gestures.settle(0.1)
        unread = layer._slice.image.raw.max()
        held.set()

        assert unread == stream.UNREAD
        assert eventually(lambda: complete(viewer))
        assert np.array_equal(layer._slice.image.raw, layer.data[0])

    def test_cancel_closes_the_layer(
        self, viewer: Any, held: Event, told: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Pressed in the activity dock, Cancel leaves no picture with missing slices."""
        bars = []
        made = layer_filling.cancelable_progress.__init__

        def seen(self: Any, *arguments: Any, **settings: Any) -> None:
            made(self, *arguments, **settings)
            bars.append(self)

        monkeypatch.setattr(layer_filling.cancelable_progress, "__init__", seen)
        self.open(viewer, SCAN)
        assert eventually(lambda: any("Loading" in bar.desc for bar in bars))
        bars[-1].cancel()

        assert eventually(lambda: len(viewer.layers) == 0)
        assert told[-1] == "Loading was stopped, so the layer is closed."

    def test_a_failure_while_loading_closes_the_layer_and_says_why(
        self, viewer: Any, held: Event, tmp_path: Path, told: list[str]
    ) -> None:
        """A file that is cut short meanwhile takes the picture away, and is named."""
        folder = tmp_path / "scan"
        shutil.copytree(SCAN, folder)
        self.open(viewer, folder)
        for file in sorted(folder.iterdir()):
            file.write_bytes(file.read_bytes()[:-4000])
        held.set()

        assert eventually(lambda: len(viewer.layers) == 0)
        assert "slices are missing" in told[-1]
        assert str(folder) in told[-1]

    def test_a_closed_layer_stops_loading(self, viewer: Any, held: Event) -> None:
        """What nobody looks at any more is not read to the end."""
        layer = self.open(viewer, SCAN)
        (filling,) = layer_filling.FILLINGS._waiting
        gestures.settle(0.1)
        viewer.layers.remove(layer)

        assert eventually(lambda: filling.ended)
        held.set()

    def test_hidden_series_come_after_the_visible_one(
        self, viewer: Any, tmp_path: Path, held: Event
    ) -> None:
        """All series get their slices in the end, each in its own layer."""
        for number, name in enumerate(("a", "b")):
            write_ct(tmp_path / name, "P1", BASELINE_DATE, times=1 + number)
        layers = viewer.open(str(tmp_path), plugin="napari-recist")
        held.set()

        assert eventually(lambda: complete(viewer))
        assert [layer.visible for layer in layers].count(True) == 1
        for layer in layers:
            assert stream.UNREAD not in layer.data[:, 0, 0]

    def test_values_beyond_int16_change_the_layer_and_nothing_is_lost(
        self, viewer: Any, tmp_path: Path
    ) -> None:
        """When the stream goes on in float32, so do the layer and whoever measures on it."""
        write_ct(tmp_path, "P1", BASELINE_DATE)
        for file in tmp_path.iterdir():
            image = pydicom.dcmread(file)
            if file.name == "0.dcm":
                image.PixelData = np.full((image.Rows, image.Columns), 30000, np.int16).tobytes()
            image.RescaleSlope = "2"
            image.save_as(file)
        layer = self.open(viewer, tmp_path)

        assert eventually(lambda: complete(viewer))
        assert layer.data.dtype == np.float32
        assert float(layer.data.max()) == 60000.0
        assert layer.metadata[VOLUME_KEY].voxels is layer.data


@pytest.mark.ui
def test_no_viewer_is_left_over(screen: None) -> None:
    """The windows of the tests before this one are gone."""
    gestures.settle(0.1)
    gc.collect()

    assert list(QtViewer._instances) == []


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    """An empty folder is a refusal that names it."""
    with pytest.raises(NoImagesError, match=str(tmp_path)):
        read_layers(str(tmp_path))
