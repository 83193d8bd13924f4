"""Whether a caliper may be drawn on what is shown of the current visit, and on which volume."""

import math

from napari_recist.errors import UnmeasurableError
from napari_recist.imaging import Volume
from napari_recist.reading.caliper_facts import HALF_PIXEL
from napari_recist.reading.view import ReadingView
from napari_recist.translation import _


def why_not_measured(view: ReadingView) -> tuple[str, str]:
    """Return why nothing can be drawn on what is shown now, and what to do; blank if it can."""
    read_on = view.series_read(view.visit)
    if view.series_shown(view.visit) != read_on:
        phase = read_on.phase or _("its own series")
        return (
            _(
                "{visit} of {subject} is measured on {phase}, not on what is shown.",
                visit=view.visit,
                subject=view.subject,
                phase=phase,
            ),
            _(
                "Step back to {phase} (E), or choose the series shown for measuring (W).",
                phase=phase,
            ),
        )
    open_questions = view.series.unanswered(view.visit)
    if open_questions:
        words = " ".join(departure.words for departure in open_questions)
        return (
            _(
                "The series of {visit} of {subject} departs: {words}",
                visit=view.visit,
                subject=view.subject,
                words=words,
            ),
            _("Say first whether to measure on it (W)."),
        )
    return "", ""


def refuse_unmeasured(view: ReadingView) -> None:
    """Raise :class:`UnmeasurableError` where nothing can be drawn on what is shown now."""
    problem, remedy = why_not_measured(view)
    if problem:
        raise UnmeasurableError(problem, remedy)


def volume_seen(view: ReadingView, place: float) -> Volume:
    """Return the volume shown, if the slice at ``place`` is there; what is not seen is not said.

    Raises
    ------
    UnmeasurableError
        If the slice is still being loaded.
    """
    volume, series = view.shown_volume(view.visit), view.series_shown(view.visit)
    # A place that is no number is refused by whoever looks where it lies.
    index = math.floor(place + HALF_PIXEL) if math.isfinite(place) else 0
    there = view.on_view.has_slice(view.scheduled(view.visit), series, index)
    if volume is None or not there:
        raise UnmeasurableError(
            _(
                "Slice {index} of {visit} of {subject} is still being loaded.",
                index=index + 1,
                visit=view.visit,
                subject=view.subject,
            ),
            _("Draw it once it is seen."),
        )
    return volume
