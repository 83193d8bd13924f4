"""Time a slice step and a window step of the reading room beside plain napari's, and its memory.

Usage: python benchmarks/reading_room.py SERIES_FOLDER [--rounds 5] [--steps 40]

SERIES_FOLDER holds one series made by dicom_data.py (600 x 512 x 512). Each way runs in a process
of its own, in turns, on a virtual screen: the room with one pane, napari with the same volume in a
canvas of the same size; the room with two linked panes, napari again in a canvas of the size of
one, and for the memory napari with two canvases of that size and two volumes. A step lasts until
every canvas that has to change has been drawn. Memory is what the process holds beyond the voxels,
all of which were touched. The longest hold is the longest time for which the window did not answer
while the scan was being loaded.
"""
# ruff: noqa: PLC0415 - each way imports what it needs, so that memory is its own

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

READER, PASSWORD = "bench", "a password of the benchmark"
CHARTER = '[series]\nphase = "arterial"\n[read]\nreaders = 1\n'
FOLLOW_UP_DATE = "20000527"
MIB = 1024 * 1024
PER_STEP = 7
"""Slices from one step to the next: no two steps show the same."""


def main() -> None:
    """Make the trial, run each way in turns and print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--steps", type=int, default=40)
    arguments.add_argument("--way", choices=("plain", "plain-two", "room"))
    arguments.add_argument("--canvas", default="")
    given = arguments.parse_args()
    if given.way:
        way = room if given.way == "room" else plain
        print(json.dumps(way(given)))
        return
    with tempfile.TemporaryDirectory() as place:
        report(given, *make_trials(given.folder, Path(place)))


def report(given: argparse.Namespace, one: Path, two: Path) -> None:
    """Run the ways in turns and print medians and ratios."""
    for panes, trial in ((1, one), (2, two)):
        rounds, beside = [], []
        for _ in range(given.rounds):
            ours = run("room", trial, given)
            rounds.append((ours, run("plain", given.folder, given, ours["canvas"])))
            if panes > 1:
                two_canvases = run("plain-two", given.folder, given, ours["canvas"])
                beside.append(ours["memory_mib"] / two_canvases["memory_mib"])
        print(f"{panes} pane{'s' * (panes > 1)}, canvas {ours['canvas']}")
        for what in ("slice_ms", "window_ms", "memory_mib"):
            mine, napari = ([pair[n][what] for pair in rounds] for n in (0, 1))
            ratios = [a / b for a, b in zip(mine, napari, strict=True)]
            print(
                f"  {what:12} room {statistics.median(mine):8.1f}  napari "
                f"{statistics.median(napari):8.1f}  ratio {statistics.median(ratios):.2f} "
                f"({min(ratios):.2f} to {max(ratios):.2f})"
            )
        if beside:
            print(
                f"  memory beside napari with two canvases: ratio {statistics.median(beside):.2f} "
                f"({min(beside):.2f} to {max(beside):.2f})"
            )
        held = [pair[0]["longest_hold_ms"] for pair in rounds]
        print(f"  longest hold of the window while loading: {statistics.median(held):.0f} ms")


def run(way: str, place: Path, given: argparse.Namespace, canvas: str = "") -> dict[str, Any]:
    """Run one way in a process of its own and return its figures."""
    command = [sys.executable, __file__, str(place), "--way", way, "--canvas", canvas]
    done = subprocess.run(
        [*command, "--steps", str(given.steps)], capture_output=True, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def make_trials(folder: Path, place: Path) -> tuple[Path, Path]:
    """Return a trial at baseline, and the same with baseline signed and week 8 open."""
    import pydicom
    from pydicom.uid import generate_uid

    from napari_recist.reading import ReadingSession, import_images
    from napari_recist.trial import TrialRole, assign, create_trial

    follow_up, series, study, space = place / "w8", *(generate_uid() for _ in range(3))
    follow_up.mkdir()
    for file in sorted(folder.iterdir()):
        image = pydicom.dcmread(file)
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.FrameOfReferenceUID, image.SOPInstanceUID = space, generate_uid()
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.StudyDate = image.SeriesDate = image.AcquisitionDate = FOLLOW_UP_DATE
        image.save_as(follow_up / file.name)
    (place / "charter.toml").write_text(CHARTER, encoding="utf-8")
    made = []
    for name in ("one", "two"):
        with create_trial(str(place / f"{name}.db"), place / "charter.toml") as trial:
            trial.admit(READER, TrialRole.READER, PASSWORD)
            for images in (folder, follow_up):
                import_images(trial, images)
            assign(trial, trial.subjects()[0], READER)
            session = ReadingSession(trial.sign_in(READER, PASSWORD), trial.subjects()[0])
            if name == "two":
                session.sign_visit(PASSWORD, "read")
                session.open_visit("W8")
        made.append(place / f"{name}.db")
    return made[0], made[1]


def plain(given: argparse.Namespace) -> dict[str, Any]:
    """Time napari alone on the volume, its canvas as large as the room's; or hold two of each."""
    from napari_recist.demo.virtual_screen import use_virtual_screen

    use_virtual_screen()
    import napari

    from napari_recist.imaging import find_series, load_volume
    from napari_recist.ui import napari_compat

    (series,) = find_series(given.folder)
    volume = load_volume(series)
    viewer = napari.Viewer(show=True, show_welcome_screen=False)
    layer = viewer.add_image(
        volume.voxels, contrast_limits=(-160, 240), colormap="gray", interpolation2d="linear"
    )
    canvas = napari_compat.canvas_widget(napari_compat.main_qt_viewer(viewer))
    window, voxels = napari_compat.main_window(viewer), [volume.voxels]
    fit_canvas(window, canvas, given.canvas)
    if given.way == "plain-two":
        model, second = napari_compat.second_viewer()
        napari_compat.central_layout(window).addWidget(second)
        voxels.append(volume.voxels.copy())
        model.add_image(
            voxels[1], contrast_limits=(-160, 240), colormap="gray", interpolation2d="linear"
        )
        window.resize(window.width() + int(given.canvas.split("x")[0]), window.height())
    viewer.reset_view()

    def to_slice(index: int) -> None:
        viewer.dims.set_current_step(0, index)

    def to_window(width: int) -> None:
        layer.contrast_limits = (40 - width / 2, 40 + width / 2)

    figures = timed(given.steps, [canvas], to_slice, to_window, *voxels)
    if given.way == "plain-two":
        napari_compat.close_qt_viewer(second)
    viewer.close()
    return figures | {"canvas": given.canvas, "longest_hold_ms": 0.0}


def room(given: argparse.Namespace) -> dict[str, Any]:
    """Time the reading room on the trial: one pane at baseline, two linked ones at week 8."""
    from napari_recist.demo.virtual_screen import use_virtual_screen

    use_virtual_screen()
    from napari_recist.reading import ReadingSession
    from napari_recist.trial import open_trial
    from napari_recist.ui.reading_room import open_reading_room
    from napari_recist.ui.window_level import WindowLevel

    with open_trial(str(given.folder)) as owned:
        trial = owned.sign_in(READER, PASSWORD)
        opened = open_reading_room(ReadingSession(trial, trial.worklist()[0]))
        until_loaded()
        panes = [opened.current, *([opened.prior] if opened.session.prior else [])]
        canvas = opened.current.canvas_widget

        def to_window(width: int) -> None:
            opened.current.view.window = WindowLevel(width, 40)

        figures = timed(
            given.steps,
            [pane.canvas_widget for pane in panes],
            opened.current.go_to,
            to_window,
            *(pane.volume.voxels for pane in panes),
        )
        size, held = f"{canvas.width()}x{canvas.height()}", longest_hold(opened)
        opened.close()
    return figures | {"canvas": size, "longest_hold_ms": held}


def until_loaded() -> None:
    """Let the window work until nothing is being loaded."""
    from qtpy.QtWidgets import QApplication

    from napari_recist.ui.pane_loading import PaneLoading

    QApplication.processEvents()
    while PaneLoading.busy:
        QApplication.processEvents()


def longest_hold(opened: Any) -> float:
    """Load the visit anew, nothing of it cached, in the open window; return its silence in ms."""
    from qtpy.QtCore import QTimer
    from qtpy.QtWidgets import QApplication

    from napari_recist.imaging.cache_folder import CACHE_VARIABLE
    from napari_recist.reading import ReadingSession

    with tempfile.TemporaryDirectory() as empty:
        os.environ[CACHE_VARIABLE] = empty
        before = opened.session
        session = ReadingSession(before.trial, before.subject)
        beats, timer = [time.perf_counter()], QTimer()
        timer.timeout.connect(lambda: beats.append(time.perf_counter()))
        timer.start(1)
        opened.read(session)
        until_loaded()
        for _ in range(20):
            QApplication.processEvents()
        timer.stop()
    return 1000 * max(after - before for before, after in itertools.pairwise(beats))


def timed(
    steps: int,
    canvases: list[Any],
    to_slice: Callable[[int], object],
    to_window: Callable[[int], object],
    *voxels: Any,
) -> dict[str, float]:
    """Return median times of a step, ms, and the memory beyond the voxels, MiB."""
    from qtpy.QtWidgets import QApplication

    drawn = [0] * len(canvases)

    def count(place: int) -> None:
        drawn[place] += 1

    for place, canvas in enumerate(canvases):
        canvas._vispy_canvas.events.draw.connect(  # noqa: SLF001 - vispy tells nowhere else
            lambda _event, n=place: count(n)
        )

    def once(action: Callable[[], object]) -> float:
        for _ in range(5):
            QApplication.processEvents()
        before, began = list(drawn), time.perf_counter()
        action()
        while any(now == then for now, then in zip(drawn, before, strict=True)):
            QApplication.processEvents()
        return 1000 * (time.perf_counter() - began)

    count_of_slices = len(voxels[0])
    slices = [
        once(lambda n=n: to_slice((n * PER_STEP) % count_of_slices)) for n in range(1, steps + 1)
    ]
    windows = [once(lambda n=n: to_window(300 + 5 * n)) for n in range(steps)]
    for array in voxels:
        array.max()  # every page of it is in memory now
    beyond = psutil.Process().memory_info().rss - sum(array.nbytes for array in voxels)
    return {
        "slice_ms": statistics.median(slices),
        "window_ms": statistics.median(windows),
        "memory_mib": beyond / MIB,
    }


def fit_canvas(window: Any, canvas: Any, wanted: str) -> None:
    """Make the window so large that its canvas has the size wanted ("800x600")."""
    from qtpy.QtWidgets import QApplication

    width, height = map(int, wanted.split("x"))
    for _ in range(20):
        QApplication.processEvents()
        wider, higher = width - canvas.width(), height - canvas.height()
        if not wider and not higher:
            return
        window.resize(window.width() + wider, window.height() + higher)
    sys.exit(f"the canvas is {canvas.width()}x{canvas.height()}, not {wanted}")


if __name__ == "__main__":
    main()
