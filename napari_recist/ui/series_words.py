"""A visit's series in words a blinded reader may see: how it was taken, never its description."""

from dataclasses import dataclass

from napari_recist.imaging import Verdict
from napari_recist.reading.series_ranking import RankedSeries
from napari_recist.translation import _, coded
from napari_recist.trial import SeriesEntry

COLUMNS = (
    "",
    _("series"),
    _("phase"),
    _("plane"),
    _("thick"),
    _("slices"),
    _("passport"),
    _("departs from baseline"),
)
"""Of the list of a visit's series."""
AT_BASELINE = (*COLUMNS[:-1], _("departs from the charter"))

REASONS = (
    _("the only series acquired"),
    _("the matching series is incomplete"),
    _("the matching series has artefacts"),
    _("lesions are better delineated here"),
)
"""Reasons offered for measuring on a series that departs; any other is typed."""


PLANE_WORDS = {"axial": _("axial"), "coronal": _("coronal"), "sagittal": _("sagittal")}
"""Planes as a visit registers them."""


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One line of the list; ``marks`` tells the series read (●) and the one proposed (○)."""

    cells: tuple[str, ...]
    why: str


def series_row(found: RankedSeries, read_on: SeriesEntry) -> SeriesRow:
    """Return a series as a line of the list, and all its departures in sentences."""
    entry, profile = found.entry, found.entry.profile
    mark = "●" if entry == read_on else "○" if found.proposed else ""
    number = str(profile.number) if profile and profile.number is not None else ""
    thick = (
        _("{thickness_mm:.1f} mm", thickness_mm=profile.thickness_mm)
        if profile and profile.thickness_mm
        else ""
    )
    cells = (
        mark,
        " ".join(word for word in (number, entry.modality, entry.part) if word),
        entry.phase or _("not told"),
        PLANE_WORDS.get(profile.plane, "") if profile else "",
        thick,
        str(profile.slices) if profile else str(len(entry.files)),
        coded(Verdict(profile.verdict)) if profile else "",
        ", ".join(coded(departure.aspect) for departure in found.departures) or _("no"),
    )
    return SeriesRow(cells, " ".join(departure.words for departure in found.departures))


def warning(words: tuple[str, ...], visit: str) -> str:
    """Return what stands in the bar while a departure waits for the reader's word."""
    return _(
        "{visit}: {departures} Say how to go on (W): until then nothing is measured.",
        visit=visit,
        departures=" ".join(words),
    )
