"""napari's way in: DICOM files and folders become image layers in mm, with their passport.

This is the quick look: any napari user may open a scan and measure on it without a trial.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

from napari.utils import cancelable_progress

from napari_recist.errors import ImageError, NoImagesError
from napari_recist.imaging import HeaderIndex, Scan, Series, Skipped, Verdict, Volume, scan
from napari_recist.reading.at_hand import expected_memory, share_of_memory
from napari_recist.translation import _
from napari_recist.ui import napari_compat
from napari_recist.ui.layer_filling import FILLINGS, LOADING, VOLUME_KEY, LayerFilling
from napari_recist.ui.pane_frame import PaneFrame
from napari_recist.ui.pane_view import SMOOTH
from napari_recist.ui.window_level import opening_window

PASSPORT_KEY = "napari_recist_passport"
"""Under this key a layer's metadata holds its passport in words."""
AXES = ("slice", "row", "column")
PREAMBLE, MAGIC = 128, b"DICM"
FILES_TRIED = 1000
"""So many files of a folder are looked at before it is left to other readers."""
REASONS_SHOWN = 3
STEPS_SHOWN = 100
"""A progress bar is drawn anew so often at most: drawing it costs more than reading a header."""

LayerData = tuple[Any, dict[str, Any], str]
Paths = str | Sequence[str]
NOTHING: list[Any] = [(None,)]
"""What napari takes for "read, but no layer"."""


class _StoppedError(Exception):
    """Somebody pressed Cancel."""


def get_reader(path: Paths) -> Callable[[Paths], list[LayerData]] | None:
    """Return the reader for a path, paths or a folder with DICOM in it; ``None`` for others."""
    paths = [Path(one) for one in ([path] if isinstance(path, str) else path)]
    return read_layers if any(_holds_dicom(one) for one in paths) else None


def read_layers(path: Paths) -> list[LayerData]:
    """Return an image layer for every volume found, the largest one visible.

    A folder gives all its series. One file gives the whole series it belongs to, from the files
    beside it: a radiologist who opens an image expects the scan. A list of files gives what is in
    just these files. A single file whose series is open already gives nothing new.

    A layer is there with its middle slice; the others arrive while one looks, and until then its
    name says "(loading)".

    Raises
    ------
    NoImagesError
        If there is no image; the reasons are named.
    """
    paths = [Path(one) for one in ([path] if isinstance(path, str) else path)]
    alone = paths[0] if isinstance(path, str) and paths[0].is_file() else None
    if alone is not None and _shown_already(alone):
        return NOTHING
    try:
        found = _found(paths if alone is None or _is_directory(alone) else [alone.parent])
    except _StoppedError:
        return NOTHING
    if alone is not None and not _is_directory(alone):
        found = _of_file(found, alone)
    if not found.series:
        reasons = "; ".join(f"{skip.file.name}: {skip.reason}" for skip in found.skipped[:9])
        raise NoImagesError(
            _("No DICOM image at {paths}. {reasons}", paths=paths[0], reasons=reasons),
            _("Choose another folder."),
        )
    _tell_left_out(found.skipped)
    return _opened(found.series)


def layer_of(volume: Volume, *, visible: bool = True, shown: int | None = None) -> LayerData:
    """Return a volume as a napari image layer in mm (in pixels where no mm can be trusted).

    ``shown`` is the one slice from which a window is made while the others are still coming.
    """
    frame = PaneFrame.of(volume)
    passport = volume.passport
    voxels = volume.voxels if shown is None else volume.voxels[shown : shown + 1]
    words = {
        "verdict": str(passport.verdict),
        "summary": passport.summary,
        "findings": [finding.message for finding in passport.findings],
    }
    settings = {
        "name": layer_name(volume.series),
        "scale": tuple(frame.scale),
        "translate": tuple(frame.translate),
        "units": (frame.unit,) * 3,
        "axis_labels": AXES,
        "colormap": "gray",
        "interpolation2d": SMOOTH,
        "contrast_limits": opening_window(volume.series.modality, voxels).limits,
        "visible": visible,
        "metadata": {VOLUME_KEY: volume, PASSPORT_KEY: words},
    }
    return (volume.voxels, settings, "image")


def layer_name(series: Series) -> str:
    """Return a name for a layer: how it was taken, never of whom or when."""
    words = [
        series.modality,
        series.phase,
        series.part,
        _("{slices} slices", slices=series.shape[0]),
    ]
    number = f"{series.number}: " if series.number is not None else ""
    return number + " ".join(word for word in words if word)


def _found(paths: list[Path]) -> Scan:
    """Look for series; the window answers meanwhile, and Cancel stops it."""
    with cancelable_progress(desc=_("Looking for series")) as bar:

        def tell(done: int, total: int) -> None:
            if bar.is_canceled:
                raise _StoppedError
            bar.total = total
            if done == total or (done - bar.n) * STEPS_SHOWN >= total:
                bar.update(done - bar.n)

        return scan(paths, tell, HeaderIndex())


def _of_file(found: Scan, file: Path) -> Scan:
    """Return what a file belongs to; of the files beside it nothing is told."""
    series = tuple(one for one in found.series if file in one.files)
    return Scan(series, tuple(skip for skip in found.skipped if skip.file == file))


def _opened(found: Sequence[Series]) -> list[LayerData]:
    largest = max(found, key=lambda series: series.shape[0])
    fillings, trouble = _begun(sorted(found, key=lambda series: series is not largest))
    if not fillings:
        raise trouble[0]
    FILLINGS.begin(fillings)
    _tell_passports([filling.series for filling in fillings], trouble)
    return [_layer(f, visible=f is fillings[0]) for f in _as_found(fillings, found)]


def _begun(ordered: Sequence[Series]) -> tuple[list[LayerFilling], list[ImageError]]:
    """Begin to read the series, the first one first, as far as they go into memory."""
    fillings: list[LayerFilling] = []
    trouble: list[ImageError] = []
    room = share_of_memory()
    for series in ordered:
        room -= expected_memory(series)
        if fillings and room < 0:
            name = layer_name(series)
            trouble.append(
                ImageError(_("{name}: no memory left.", name=name), _("Open its folder by itself."))
            )
            continue
        try:
            fillings.append(LayerFilling(series, Event()))
        except ImageError as error:
            trouble.append(error)
    return fillings, trouble


def _as_found(fillings: list[LayerFilling], found: Sequence[Series]) -> Iterator[LayerFilling]:
    for series in found:
        yield from (filling for filling in fillings if filling.series is series)


def _layer(filling: LayerFilling, *, visible: bool) -> LayerData:
    shown = None if filling.complete else filling.middle
    voxels, settings, kind = layer_of(filling.volume, visible=visible, shown=shown)
    if not filling.complete:
        settings["name"] += LOADING
    return (voxels, settings, kind)


def _shown_already(file: Path) -> bool:
    """Choose the layer that shows a file, if any: files dropped together come one by one."""
    for viewer in napari_compat.viewers():
        for layer in viewer.layers:
            volume = layer.metadata.get(VOLUME_KEY)
            if isinstance(volume, Volume) and file in volume.series.files:
                viewer.layers.selection.active = layer
                return True
    return False


def _tell_left_out(skipped: tuple[Skipped, ...]) -> None:
    if skipped:
        first = "; ".join(f"{skip.file.name}: {skip.reason}" for skip in skipped[:REASONS_SHOWN])
        more = (
            ""
            if len(skipped) <= REASONS_SHOWN
            else _("; and {count} more", count=len(skipped) - REASONS_SHOWN)
        )
        files = _("1 file") if len(skipped) == 1 else _("{count} files", count=len(skipped))
        napari_compat.notify(
            _("{files} left out. {first}{more}", files=files, first=first, more=more)
        )


def _tell_passports(opened: Sequence[Series], trouble: Sequence[ImageError]) -> None:
    """Say which series may not be measured freely, and why, and which could not be opened."""
    doubtful = [one for one in opened if one.passport.verdict is not Verdict.GREEN]
    lines = [str(error) for error in trouble]
    lines += [
        f"{layer_name(one)}: {one.passport.verdict}. "
        + " ".join(finding.message for finding in one.passport.findings[:REASONS_SHOWN])
        for one in doubtful
    ]
    blocked = any(one.passport.verdict is Verdict.BLOCKED for one in doubtful)
    if lines:
        napari_compat.notify("\n".join(lines), serious=blocked or bool(trouble))


def _holds_dicom(path: Path) -> bool:
    if path.is_file():
        return _is_dicom(path) or _is_directory(path) or bool(scan([path]).series)
    return any(map(_is_dicom, islice(_files_below(path), FILES_TRIED)))


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(files))


def _is_directory(file: Path) -> bool:
    return file.name.upper() == "DICOMDIR"


def _is_dicom(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(PREAMBLE + len(MAGIC))[PREAMBLE:] == MAGIC
    except OSError:
        return False
