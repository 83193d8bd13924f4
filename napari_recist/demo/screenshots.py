"""The pictures of ``docs/images``, each made by driving the window: ``make screenshots``."""

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

import napari
import numpy as np

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.demo.adjudication_scene import take_adjudication
from napari_recist.demo.proposal_scene import take_proposals
from napari_recist.demo.scene import Scene, invented, open_dialog, scene_of
from napari_recist.demo.scripted_reader import PIXELS_PER_MM
from napari_recist.demo.trial_screens import take_trial_screens
from napari_recist.imaging.cache_folder import CACHE_VARIABLE
from napari_recist.imaging.pixels.stored import PixelReader
from napari_recist.phantom import sample_trial
from napari_recist.ui import napari_compat
from napari_recist.ui.quick_look import QuickLook
from napari_recist.ui.reading_room import open_reading_room

UNCHANGED, TWO_PHASES = "NRC-003-0003", "NRC-001-0002"
LOADED_SLICES = 12
SLOW_DISK_S = 30.0
"""So long a disk may seem to wait for the picture of a scan that is loaded."""
DRAWN_SHARE = 0.8
"""How much of the longest diameter is drawn when the loupe is shown."""


def take(scans: Path, out: Path) -> None:
    """Take every picture.

    Parameters
    ----------
    scans : Path
        The sample trial's folder, as ``sample_trial_folder`` gives it.
    out : Path
        Where the pictures go; made when missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    with scene_of(scans, UNCHANGED, out) as scene:
        _advice(scene)
    with scene_of(scans, UNCHANGED, out) as scene:
        take_proposals(scene)
    with scene_of(scans, UNCHANGED, out) as scene:
        _follow_up(scene)
    with scene_of(scans, TWO_PHASES, out) as scene:
        _phases(scene)
    _loading(scans, out)
    take_trial_screens(scans, out)
    _quick_look(scans / TWO_PHASES / "BL" / "arterial", out)
    with (
        tempfile.TemporaryDirectory() as scratch,
        scene_of(_only_arterial(scans, Path(scratch)), TWO_PHASES, out) as scene,
    ):
        _departing_series(scene)
    take_adjudication(scans, out)


def _advice(scene: Scene) -> None:
    """At baseline: advice on a lesion that is too small for a target, the third in its organ."""
    scene.say("BL", "T1", "T2")
    small = next(one for one in scene.reading.visit("BL").statements if one.lesion == "NT1")
    small = replace(small, lesion="T3", role=Role.TARGET, status=Status.MEASURED)
    scene.reader.lesion(small, "BL")
    scene.choose("T3")
    scene.picture("advice", scene.room.lesions, scene.room.response)


def _follow_up(scene: Scene) -> None:
    """At week 8 and 16: what is due, the loupe, a node, the signature, the list of keys, trends."""
    room = scene.room
    scene.sign("BL", "W8")
    scene.picture("work-list", room.lesions, room.response)
    _drawing(scene)
    scene.say("W16", "T1")
    scene.press("Ctrl+Return")
    scene.picture("sign-dialog")
    gestures.press(open_dialog(), "Escape")
    scene.say("W16", "T2", "T3")
    _node(scene)
    scene.say("W16", "T5", "NT1", "NT2")
    scene.choose("T1")
    for _ in range(2):
        scene.press("-")
    scene.picture("reading-room")
    scene.press("Up")
    scene.picture("ghosts", scene.canvas)
    scene.press("Down")
    scene.press("R")
    scene.picture("reference-views")
    scene.press("R")
    scene.press("Shift+T")
    scene.picture("trend", room.response, room.trend)
    scene.press("F1")
    scene.picture("keys")
    gestures.press(open_dialog(), "Escape")


def _drawing(scene: Scene) -> None:
    """Show the end that is drawn in the loupe; what was begun is dropped."""
    pane = scene.room.current
    line = scene.reader.index_of(scene.subject.visit("W16").lesion("liver-1").long_axis)
    scene.reader.bring_into_view(line)
    start, end = map(pane.to_screen, line)
    part = (
        start[0] + DRAWN_SHARE * (end[0] - start[0]),
        start[1] + DRAWN_SHARE * (end[1] - start[1]),
    )
    gestures.pull(scene.canvas, start, part)
    scene.picture("loupe", scene.canvas)
    scene.press("Escape")
    gestures.let_go(scene.canvas, part)


def _node(scene: Scene) -> None:
    """Show the short axis of a node, offered where the mouse is: it counts."""
    pane = scene.room.current
    lesion = scene.subject.visit("W16").lesion("node-1")
    long_axis = scene.reader.index_of(lesion.long_axis)
    across = scene.reader.index_of(lesion.short_axis)[1]
    scene.reader.bring_into_view((*long_axis, across))
    start, end = map(pane.to_screen, long_axis)
    gestures.drag(scene.canvas, start, end)
    gestures.hover(scene.canvas, pane.to_screen(across))
    gestures.settle(0.3)
    scene.picture("node", scene.canvas)
    scene.press("Return")


def _phases(scene: Scene) -> None:
    """Show a measured lesion in the other phase of its visit."""
    scene.say("BL")
    scene.choose("T2")
    scene.press("E")
    scene.picture("phases")
    scene.press("E")


def _loading(scans: Path, out: Path) -> None:
    """Show a scan of which some slices are there and the rest is still being read."""
    read, go_on, stored = count(), Event(), PixelReader.stored

    def slowly(reader: PixelReader, piece: Any) -> Any:
        if next(read) >= LOADED_SLICES:
            go_on.wait(SLOW_DISK_S)
        return stored(reader, piece)

    with (
        tempfile.TemporaryDirectory() as empty,
        patch.dict(os.environ, {CACHE_VARIABLE: empty}),
        patch.object(PixelReader, "stored", slowly),
        invented(scans, UNCHANGED) as session,  # its files are compressed: each is decoded
    ):
        room = open_reading_room(session)
        gestures.wait_for(lambda: room.current.volume is not None, SLOW_DISK_S)
        gestures.wait_for(lambda: False, 1.0)
        room.screenshot(out / "loading.png")
        go_on.set()
        gestures.settle(0.2)
        room.close()


def _departing_series(scene: Scene) -> None:
    """Week 8 has an arterial phase only: it departs from baseline, and is flagged."""
    scene.sign("BL")
    scene.picture("series-departs")
    scene.press("W")
    scene.picture("series-list")
    gestures.press(open_dialog(), "Escape")


def _quick_look(scan: Path, out: Path) -> None:
    """Show the dock widget for any napari user on an opened scan, with a scratch caliper."""
    viewer = napari.Viewer(show_welcome_screen=False)
    window = napari_compat.main_window(viewer)
    window.setGeometry(window.screen().availableGeometry())
    viewer.open(str(scan), plugin="napari-recist")
    quick = QuickLook(viewer)
    viewer.window.add_dock_widget(quick, name="Quick look", area="right")
    gestures.settle(0.5)
    pane = quick.pane
    if pane is None or pane.volume is None or pane.volume.geometry is None:
        raise AssertionError("the sample scan can be measured")
    lesion = sample_trial().subject(TWO_PHASES).visit("BL").lesion("liver-2")
    ends = pane.volume.geometry.to_index(np.array(lesion.long_axis))
    pane.zoom_to(PIXELS_PER_MM, ends.mean(axis=0))
    gestures.settle(0.2)
    start, end = map(pane.to_screen, ends)
    gestures.drag(pane.canvas_widget, start, end)
    gestures.settle(0.5)
    window.grab().save(str(out / "quick-look.png"))
    viewer.close()


def _only_arterial(scans: Path, scratch: Path) -> Path:
    """Return a folder of the same patient whose week 8 lacks the portal venous phase."""
    for visit in (scans / TWO_PHASES).iterdir():
        kept = visit / "arterial" if visit.name == "W8" else visit
        shutil.copytree(kept, scratch / TWO_PHASES / visit.name)
    return scratch


if __name__ == "__main__":
    from napari_recist.demo.virtual_screen import use_virtual_screen
    from napari_recist.phantom import sample_trial_folder

    use_virtual_screen()
    take(sample_trial_folder(), Path(sys.argv[1]))
