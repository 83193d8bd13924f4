"""Finds the images of a registered series again, and proves that they are still the same."""

from collections.abc import Callable
from typing import TypeAlias

from napari_recist.errors import ImageError, NoImagesError
from napari_recist.imaging import HeaderIndex, Scan, Series, scan
from napari_recist.trial import ScheduledVisit, SeriesEntry

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how much is done and how much there is; may raise to cancel."""

IMPORT_AGAIN = "Import the folder again."


def registered_entry(visit: ScheduledVisit, series_uid: str) -> SeriesEntry:
    """Return what was registered of a series of a visit.

    Raises
    ------
    NoImagesError
        If the visit has no such series (any more).
    """
    for entry in visit.series:
        if entry.series_uid == series_uid:
            return entry
    raise NoImagesError(
        f"{visit.visit} of {visit.subject} no longer has the series it was read on.",
        "Import the original images again.",
    )


def registered_series(
    visit: ScheduledVisit, entry: SeriesEntry, progress: Progress | None = None
) -> Series:
    """Return a registered series from its files, with geometry and passport.

    Raises
    ------
    NoImagesError
        If a file is gone, cannot be read any more, or holds other images than were registered: a
        volume with a slice less is another volume. The message names patient code and visit.
    """
    gone = [path for path in entry.paths if not path.is_file()]
    if gone:
        raise NoImagesError(
            f"{_images(len(gone))} of {visit.visit} of {visit.subject}"
            f" {'is' if len(gone) == 1 else 'are'} gone: {gone[0]} first.",
            "Import the folder where they are now.",
        )
    found = scan(entry.paths, progress, HeaderIndex())
    series = _same(found, entry)
    if series is None or set(series.files) != set(entry.paths):
        raise NoImagesError(
            f"The images of {visit.visit} of {visit.subject} changed since they were"
            f" registered{_first_left_out(found)}.",
            IMPORT_AGAIN,
        )
    return series


def of_visit(error: ImageError, visit: ScheduledVisit) -> ImageError:
    """Return an image's error with the patient code and the visit in front."""
    place = f"{visit.visit} of {visit.subject}"
    if place in error.problem:
        return error
    return type(error)(f"{place}: {error.problem}", error.remedy)


def _same(found: Scan, entry: SeriesEntry) -> Series | None:
    same = [series for series in found.series if series.series_uid == entry.series_uid]
    for series in same:
        # Alone among its files, a part of a split series needs no words to be told apart.
        if series.part == entry.part or len(same) == 1:
            return series
    return None


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"


def _first_left_out(found: Scan) -> str:
    if not found.skipped:
        return ""
    first = found.skipped[0]
    return f" ({_images(len(found.skipped))} unreadable; {first.file}: {first.reason.rstrip('.')})"
