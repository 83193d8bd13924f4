"""Which series of a visit is proposed for reading, and why: pure ranking, best first.

At baseline the charter decides: measurable, a volume, its phase, within its thickness, more slices.
Later the series read at baseline does: the one most alike comes first, compared in the order of
``_likeness``. Ties fall to the charter's order, then to series number and UID, so that the proposal
does not depend on the order in which files were found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any

from napari_recist.criteria import SeriesSettings
from napari_recist.imaging import Kind, Verdict
from napari_recist.reading.series_departures import (
    Departure,
    covers_less,
    from_baseline,
    from_charter,
)
from napari_recist.trial import SeriesEntry, SeriesProfile

VERDICTS = (Verdict.GREEN, Verdict.AMBER, Verdict.BLOCKED)
KINDS = (Kind.VOLUME, Kind.STACK, Kind.SINGLE, Kind.NOT_AN_IMAGE)


@dataclass(frozen=True, slots=True)
class RankedSeries:
    """A series of a visit with its departures; ``proposed`` is true of one of them."""

    entry: SeriesEntry
    departures: tuple[Departure, ...]
    proposed: bool

    @property
    def measurable(self) -> bool:
        """Whether it can give millimetres at all."""
        profile = self.entry.profile
        return profile is None or profile.verdict != Verdict.BLOCKED


def ranked(
    series: Iterable[SeriesEntry], baseline: SeriesEntry | None, wanted: SeriesSettings
) -> tuple[RankedSeries, ...]:
    """Return the series of a visit, the proposed one first.

    Parameters
    ----------
    series : iterable of SeriesEntry
        What the visit has. Where one holds no profile (registered by an earlier version), the
        order given stands.
    baseline : SeriesEntry or None
        The series read at baseline; ``None`` at baseline itself.
    wanted : SeriesSettings
        The charter's ``[series]``. Without continuity checks nothing departs.
    """
    entries = tuple(series)
    if all(entry.profile is not None for entry in entries):
        entries = tuple(sorted(entries, key=lambda entry: _order(entry, baseline, wanted)))
    return tuple(
        RankedSeries(entry, departures(entry, baseline, wanted), proposed=not place)
        for place, entry in enumerate(entries)
    )


def departures(
    entry: SeriesEntry, baseline: SeriesEntry | None, wanted: SeriesSettings
) -> tuple[Departure, ...]:
    """Return how a series departs from baseline's, at baseline from the charter."""
    if not wanted.continuity_checks:
        return ()
    return from_charter(entry, wanted) if baseline is None else from_baseline(entry, baseline)


def by_charter(series: Iterable[SeriesEntry], wanted: SeriesSettings) -> tuple[SeriesEntry, ...]:
    """Return the series of a visit in the charter's order of preference."""
    return tuple(found.entry for found in ranked(series, None, wanted))


def _order(
    entry: SeriesEntry, baseline: SeriesEntry | None, wanted: SeriesSettings
) -> tuple[Any, ...]:
    profile = entry.profile
    assert profile is not None  # noqa: S101 - asked for above
    preference = _preference(entry, profile, wanted)
    if baseline is None or baseline.profile is None:
        return preference
    return (*_likeness(entry, profile, baseline, baseline.profile), *preference)


def _preference(
    entry: SeriesEntry, profile: SeriesProfile, wanted: SeriesSettings
) -> tuple[Any, ...]:
    thickness = profile.thickness_mm
    return (
        profile.verdict == Verdict.BLOCKED,
        profile.kind != Kind.VOLUME,
        entry.phase.casefold() != wanted.phase.casefold(),
        thickness is None or thickness > wanted.max_thickness_mm,
        -profile.slices,
        profile.number or 0,
        entry.series_uid,
        entry.part,
    )


def _likeness(
    entry: SeriesEntry, now: SeriesProfile, baseline: SeriesEntry, then: SeriesProfile
) -> tuple[Any, ...]:
    """Return how far a series is from baseline's, in the order that matters; zeros when alike."""
    blocked = now.verdict == Verdict.BLOCKED and then.verdict != Verdict.BLOCKED
    return (
        blocked,
        entry.modality != baseline.modality,
        KINDS.index(Kind(now.kind)) > KINDS.index(Kind(then.kind)),
        entry.phase.casefold() != baseline.phase.casefold(),
        now.plane != then.plane,
        bool(now.contrast) != bool(then.contrast),
        covers_less(now, then),
        _apart(now.thickness_mm, then.thickness_mm),
        now.kernel.casefold() != then.kernel.casefold(),
        VERDICTS.index(Verdict(now.verdict)) > VERDICTS.index(Verdict(then.verdict)),
        _apart(now.field_of_view_mm, then.field_of_view_mm),
    )


def _apart(now: float | None, then: float | None) -> float:
    """Return the distance of two lengths in mm; an unknown one is far from any other."""
    if now is None or then is None:
        return 0.0 if now is then else inf
    return abs(now - then)
