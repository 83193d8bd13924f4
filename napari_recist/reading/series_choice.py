"""Which series each visit of a read is measured on, what it departs in, and what choosing does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from napari_recist.criteria import (
    Fact,
    ObservationWithdrawn,
    Read,
    Role,
    SeriesChosen,
    SeriesSettings,
    StatusStated,
    VisitOpened,
    WhyNotEvaluable,
)
from napari_recist.errors import NoImagesError, ReadError, UnmeasurableError
from napari_recist.reading.series_departures import Departure
from napari_recist.reading.series_ranking import RankedSeries, departures, ranked
from napari_recist.reading.statements import given
from napari_recist.translation import _
from napari_recist.trial import ScheduledVisit, SeriesEntry

JUDGED = frozenset({Role.TARGET, Role.NON_TARGET})
"""Lesions that can be not evaluable: of a new one it is only said whether it is there."""


@dataclass(frozen=True, slots=True)
class SeriesChoices:
    """The series of one read's visits, as the record and the images stand.

    ``opened`` and ``chosen`` map a visit to the fact that says on which series it is read.
    """

    scheduled: tuple[ScheduledVisit, ...]
    opened: Mapping[str, VisitOpened]
    chosen: Mapping[str, SeriesChosen]
    wanted: SeriesSettings

    def ranking(self, visit: str) -> tuple[RankedSeries, ...]:
        """Return the series of a visit, the proposed one first.

        At baseline the order registered stands: images that arrive later do not change what was
        proposed to another reader.
        """
        scheduled = self._scheduled(visit)
        baseline = self._baseline_of(visit)
        if baseline is not None:
            return ranked(scheduled.series, baseline, self.wanted)
        return tuple(
            RankedSeries(entry, departures(entry, None, self.wanted), proposed=not place)
            for place, entry in enumerate(scheduled.series)
        )

    def proposed(self, visit: str) -> SeriesEntry:
        """Return the series proposed for a visit.

        Raises
        ------
        NoImagesError
            If the visit has no series.
        """
        for found in self.ranking(visit):
            return found.entry
        raise NoImagesError(_("{visit} has no images.", visit=visit), _("Import them."))

    def read_on(self, visit: str) -> SeriesEntry:
        """Return the series a visit is measured on: chosen, else opened on, else proposed."""
        said = self.chosen.get(visit) or self.opened.get(visit)
        if said is None or not said.series_uid:
            return self.proposed(visit)
        series = self._scheduled(visit).series
        same = [entry for entry in series if entry.series_uid == said.series_uid]
        exact = [entry for entry in same if entry.part == said.part]
        for entry in (*exact, *same):
            return entry
        raise NoImagesError(
            _("{visit} no longer has the series it was read on.", visit=visit),
            _("Import the original images again."),
        )

    def departures(self, visit: str, series: SeriesEntry) -> tuple[Departure, ...]:
        """Return in what a series of a visit departs from what is asked for there."""
        return departures(series, self._baseline_of(visit), self.wanted)

    def unanswered(self, visit: str) -> tuple[Departure, ...]:
        """Return the departures of the series read about which the reader has not said yet."""
        series = self.read_on(visit)
        found, said = self.departures(visit, series), self.chosen.get(visit)
        if said is None or (said.series_uid, said.part) != (series.series_uid, series.part):
            return found
        return tuple(departure for departure in found if departure.words not in said.departures)

    def _baseline_of(self, visit: str) -> SeriesEntry | None:
        first = self.scheduled[0].visit
        return None if visit == first else self.read_on(first)

    def _scheduled(self, visit: str) -> ScheduledVisit:
        return next(scheduled for scheduled in self.scheduled if scheduled.visit == visit)


def choosing(
    read: Read, visit: str, before: SeriesEntry, series: RankedSeries, reason: str = ""
) -> tuple[ObservationWithdrawn | SeriesChosen, ...]:
    """Return the facts that a visit is measured on this series instead of the one before.

    Measurements made on another series at this visit are withdrawn with the same reason: a caliper
    belongs to the voxels it was drawn on. What was said in words stands.

    Raises
    ------
    ReadError
        If there is a departure, or a measurement to withdraw, and no reason.
    UnmeasurableError
        If the series gives no millimetres.
    """
    entry = series.entry
    if not series.measurable:
        raise UnmeasurableError(
            _(
                "{subject}, {visit}: this series gives no millimetres.",
                subject=read.subject,
                visit=visit,
            ),
            _("Choose another, or say that the visit is not evaluable."),
        )
    lost = drawn_at(read, visit) if entry != before else ()
    words = tuple(departure.words for departure in series.departures)
    if lost:
        reason = given(reason, _("Withdrawing {lesions} with the series", lesions=", ".join(lost)))
    elif words:
        reason = given(reason, _("Measuring on this series"))
    chosen = SeriesChosen(visit, entry.series_uid, entry.part, words, reason)
    return (*(ObservationWithdrawn(visit, lesion, reason) for lesion in lost), chosen)


def drawn_at(read: Read, visit: str) -> tuple[str, ...]:
    """Return the lesions with a caliper at a visit: they go when its series does."""
    return tuple(
        lesion.identifier
        for lesion in read.lesions
        if (said := read.observation(visit, lesion.identifier)) is not None and any(said.calipers)
    )


def not_evaluable(read: Read, why: StatusStated, *, at_baseline: bool) -> tuple[Fact, ...]:
    """Return the facts that no listed lesion can be judged at this visit: its images do not do.

    ``why`` tells visit, reason and code, of no lesion yet. What was said already stands.

    Raises
    ------
    ReadError
        At baseline, where there is nothing to compare with, or without a reason.
    """
    if at_baseline:
        raise ReadError(
            _(
                "{subject}: a baseline that cannot be evaluated gives no read.",
                subject=read.subject,
            ),
            _("Choose another series, or query the site."),
        )
    if why.code in {None, WhyNotEvaluable.OTHER}:
        given(why.reason, _("{visit} not evaluable", visit=why.visit))
    return tuple(
        replace(why, lesion=lesion.identifier)
        for lesion in read.lesions
        if lesion.role in JUDGED and read.observation(why.visit, lesion.identifier) is None
    )
