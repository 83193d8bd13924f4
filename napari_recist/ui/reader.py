"""napari's way in: DICOM files and folders become image layers in mm, with their passport.

This is the quick look: any napari user may open a scan and measure on it without a trial.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from napari.utils import progress

from napari_recist.errors import NoImagesError
from napari_recist.imaging import HeaderIndex, Series, Skipped, Volume, load_volume, scan
from napari_recist.ui import napari_compat
from napari_recist.ui.pane_frame import PaneFrame
from napari_recist.ui.pane_view import SMOOTH
from napari_recist.ui.window_level import opening_window

VOLUME_KEY = "napari_recist_volume"
"""Under this key a layer's metadata holds the volume it shows."""
PREAMBLE, MAGIC = 128, b"DICM"
FILES_TRIED = 40
"""So many files of a folder are looked at before it is left to other readers."""
REASONS_SHOWN = 3

LayerData = tuple[Any, dict[str, Any], str]
Paths = str | Sequence[str]


def get_reader(path: Paths) -> Callable[[Paths], list[LayerData]] | None:
    """Return the reader for a path, paths or a folder with DICOM in it; ``None`` for others."""
    paths = [Path(one) for one in ([path] if isinstance(path, str) else path)]
    return read_layers if any(_holds_dicom(one) for one in paths) else None


def read_layers(path: Paths) -> list[LayerData]:
    """Return an image layer for every volume found, the largest one visible.

    Raises
    ------
    NoImagesError
        If there is no image; the reasons are named.
    """
    paths = [path] if isinstance(path, str) else list(path)
    with progress(desc="Looking for series") as bar:
        found = scan(paths, lambda done, total: _tell(bar, done, total), HeaderIndex())
    if not found.series:
        reasons = "; ".join(f"{skip.file.name}: {skip.reason}" for skip in found.skipped)
        raise NoImagesError(f"No DICOM image at {paths[0]}. {reasons}", "Choose another folder.")
    _tell_left_out(found.skipped)
    largest = max(found.series, key=lambda series: series.shape[0])
    return [layer_of(_loaded(series), visible=series is largest) for series in found.series]


def layer_of(volume: Volume, *, visible: bool = True) -> LayerData:
    """Return a volume as a napari image layer in mm (in pixels where no mm can be trusted)."""
    frame = PaneFrame.of(volume)
    window = opening_window(volume.series.modality, volume.voxels)
    settings = {
        "name": layer_name(volume.series),
        "scale": tuple(frame.scale),
        "translate": tuple(frame.translate),
        "units": (frame.unit,) * 3,
        "colormap": "gray",
        "interpolation2d": SMOOTH,
        "contrast_limits": window.limits,
        "visible": visible,
        "metadata": {VOLUME_KEY: volume},
    }
    return (volume.voxels, settings, "image")


def layer_name(series: Series) -> str:
    """Return a name for a layer: how it was taken, never of whom or when."""
    words = [series.modality, series.phase, series.part, f"{series.shape[0]} slices"]
    number = f"{series.number}: " if series.number is not None else ""
    return number + " ".join(word for word in words if word)


def _loaded(series: Series) -> Volume:
    with progress(desc="Loading slices") as bar:
        return load_volume(series, lambda done, total: _tell(bar, done, total))


def _tell(bar: Any, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)


def _tell_left_out(skipped: tuple[Skipped, ...]) -> None:
    if skipped:
        first = "; ".join(f"{skip.file.name}: {skip.reason}" for skip in skipped[:REASONS_SHOWN])
        more = "" if len(skipped) <= REASONS_SHOWN else f"; and {len(skipped) - REASONS_SHOWN} more"
        files = "1 file" if len(skipped) == 1 else f"{len(skipped)} files"
        napari_compat.notify(f"{files} left out. {first}{more}")


def _holds_dicom(path: Path) -> bool:
    if path.is_dir():
        files = (file for file in sorted(path.rglob("*")) if file.is_file())
        return any(_is_dicom(file) for file, _ in zip(files, range(FILES_TRIED), strict=False))
    return path.is_file() and _is_dicom(path)


def _is_dicom(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(PREAMBLE + len(MAGIC))[PREAMBLE:] == MAGIC
    except OSError:
        return False
