"""What one reader sees of one patient now: the replayed record, and nothing from visits to come."""

from napari_recist.criteria import (
    Advice,
    Assessment,
    Caliper,
    Charter,
    Event,
    Read,
    VisitOpened,
    advice_at,
    assess_read,
    effective,
    replay,
)
from napari_recist.errors import LockedError, ReadError
from napari_recist.imaging import Geometry, Volume
from napari_recist.reading.caliper_facts import Index, IndexAxis, index_axes
from napari_recist.reading.phases import phase_steps
from napari_recist.reading.place_facts import place_index
from napari_recist.reading.registered import Progress
from napari_recist.reading.scanned import scanned
from napari_recist.reading.sequence import PriorChoice, prior_visit
from napari_recist.reading.series_choice import SeriesChoices
from napari_recist.reading.undo import history
from napari_recist.reading.volumes import VolumeShelf, Wanted
from napari_recist.reading.volumes_on_view import VolumesOnView, alone
from napari_recist.reading.worklist import Task, tasks
from napari_recist.translation import _
from napari_recist.trial import ScheduledVisit, SeriesEntry, Trial


class ReadingView:
    """The state of a read, replayed from the record; it changes only through the session.

    Parameters
    ----------
    trial : Trial
        The open trial, acting as whoever looks.
    subject : str
        Patient code.
    reader : str
        Whose read it is, as it is shown.
    events : tuple of Event
        What was stated so far.
    volumes : VolumeShelf, optional
        Where volumes are kept, to share them with another view of the patient.

    Raises
    ------
    ReadError
        If the trial has no images of this patient.
    AccessRefusedError
        If the patient is not theirs to look at.
    """

    def __init__(
        self,
        trial: Trial,
        subject: str,
        reader: str,
        events: tuple[Event, ...],
        volumes: VolumeShelf | None = None,
    ) -> None:
        self.trial = trial
        self.reader = reader
        self.subject = subject
        self.prior_choice = PriorChoice.PREVIOUS
        self._scheduled = trial.visits(subject)
        if not self._scheduled:
            raise ReadError(
                _("The trial has no images of {subject}.", subject=subject),
                _("Use trial import."),
            )
        self._volumes = volumes or VolumeShelf()
        self.on_view = VolumesOnView(self._volumes)
        self.phase = ""
        self._replay(events)

    @property
    def events(self) -> tuple[Event, ...]:
        """All that this reader stated of this patient, in order, also what was undone."""
        return self._events

    @property
    def read(self) -> Read:
        """The replayed read."""
        return self._read

    @property
    def assessment(self) -> Assessment:
        """What follows from the read by the charter."""
        return self._assessment

    @property
    def visits(self) -> tuple[ScheduledVisit, ...]:
        """The visits that may be seen now: for a reader up to the first that is not signed."""
        return self._scheduled

    @property
    def visit(self) -> str:
        """Label of the current visit."""
        return self._opened[-1].visit if self._opened else ""

    @property
    def baseline(self) -> str:
        """Label of the patient's first visit."""
        return self._scheduled[0].visit

    @property
    def at_baseline(self) -> bool:
        """Whether the current visit is the patient's first."""
        return self.visit == self.baseline

    @property
    def next_visit(self) -> str:
        """Label of the visit after the current one, "" while that may not be seen."""
        labels = [scheduled.visit for scheduled in self.visits]
        return (labels[labels.index(self.visit) + 1 :] or [""])[0]

    @property
    def locked(self) -> bool:
        """Whether the current visit is signed."""
        return self._read.visit(self.visit).signed is not None

    @property
    def prior(self) -> str:
        """Label of the visit beside the current one, "" at baseline."""
        return prior_visit(self.visits, self.visit, self.prior_choice, self._assessment)

    def week_label(self, visit: str) -> str:
        """Return how a visit is called without its date: "Baseline", "Week 8"."""
        scheduled = self._seen(visit)
        return _("Baseline") if visit == self.baseline else _("Week {week}", week=scheduled.week)

    def volume(self, visit: str, progress: Progress | None = None) -> Volume:
        """Return the voxels of the series read at a visit; loaded once, then kept at hand.

        Raises
        ------
        LockedError
            If the visit may not be seen yet.
        ImageError
            If its files are gone or cannot be read.
        """
        return self._volumes.volume(*self._wanted(visit), progress)

    def series_read(self, visit: str) -> SeriesEntry:
        """Return the series a visit is measured on.

        Raises
        ------
        LockedError
            If the visit may not be seen yet.
        NoImagesError
            If the visit no longer has it.
        """
        self._seen(visit)
        return self.series.read_on(visit)

    def series_shown(self, visit: str) -> SeriesEntry:
        """Return the series of a visit that is looked at: of the phase stepped to, or as read."""
        in_phase = (entry for entry in self.phases(visit) if entry.phase == self.phase)
        return next(in_phase, self.series_read(visit))

    def phases(self, visit: str) -> tuple[SeriesEntry, ...]:
        """Return one series per phase of a visit, in order; raises as ``series_read``."""
        return phase_steps(self._seen(visit).series, self.series_read(visit))

    def shown_volume(self, visit: str) -> Volume | None:
        """Return the volume of a visit that is looked at, as far as it is loaded.

        ``None`` while the first of it is on its way; raises as ``volume``.
        """
        return self.on_view.so_far(self._seen(visit), self.series_shown(visit))

    def load_ahead(self) -> None:
        """Load in the background what will be looked at next: baseline, nadir, prior, phases."""
        wanted = [self._wanted(visit) for visit in self._visits_beside()]
        for visit in (self.visit, self.prior):
            wanted += [self._wanted(visit, step) for step in self.phases(visit)] if visit else []
        self._volumes.ahead(wanted)

    @property
    def memory(self) -> tuple[int, int]:
        """Bytes that the volumes at hand take, and that they may take."""
        return self._volumes.bytes_at_hand, self._volumes.limit_bytes

    def scheduled(self, visit: str) -> ScheduledVisit:
        """Return a visit the reader may see, as registered; else raise :class:`LockedError`."""
        return self._seen(visit)

    def _visits_beside(self) -> tuple[str, ...]:
        """Return the visits that may stand beside the current one, each once, prior first."""
        others = (
            prior_visit(self.visits, self.visit, choice, self._assessment)
            for choice in (self.prior_choice, *PriorChoice)
        )
        return tuple(dict.fromkeys(visit for visit in others if visit))

    def _wanted(self, visit: str, series: SeriesEntry | None = None) -> Wanted:
        return alone(self._seen(visit), series or self.series_read(visit))

    def caliper_index(
        self, visit: str, lesion: str
    ) -> list[tuple[Caliper, IndexAxis, IndexAxis | None]]:
        """Return a lesion's calipers at a visit with their axes as indices of its volume.

        An earlier visit's calipers are kept back where the charter says so.
        """
        hidden = visit != self.visit and not self.charter.blinding.prior_calipers
        volume = self.shown_volume(visit)
        geometry = volume.geometry if volume else None
        return [] if hidden or geometry is None else self.calipers_in(visit, lesion, geometry)

    def calipers_in(
        self, visit: str, lesion: str, geometry: Geometry
    ) -> list[tuple[Caliper, IndexAxis, IndexAxis | None]]:
        """Return a lesion's calipers at a visit as indices of any volume of the same space."""
        said = self._read.observation(visit, lesion)
        if said is None:
            return []
        space = geometry.frame_of_reference_uid
        return [
            (caliper, *index_axes(caliper, geometry))
            for caliper in said.calipers
            if caliper is not None and caliper.frame_of_reference_uid == space
        ]

    def place_index(self, visit: str, lesion: str) -> Index | None:
        """Return where a reader pointed to a lesion at a visit, as an index of its volume.

        An earlier visit's places are kept back where the charter keeps back its calipers.
        """
        place = self._read.places.get((visit, lesion))
        hidden = visit != self.visit and not self.charter.blinding.prior_calipers
        volume = self.shown_volume(visit)
        return None if place is None or hidden or not volume else place_index(place, volume)

    def tasks(self) -> tuple[Task, ...]:
        """Return what still has to be said at the current visit, by lesion."""
        return tasks(self._read, self.visit, at_baseline=self.at_baseline)

    def unfinished(self) -> tuple[str, ...]:
        """Return what still has to be said at the current visit, a sentence each."""
        return tuple(task.sentence for task in self.tasks())

    def advice(self) -> tuple[Advice, ...]:
        """Return what the rules advise at the current visit, with the reader's answers."""
        scan = scanned(self.series_read(self.visit))
        return advice_at(self._read, self._assessment, self.charter, self.visit, scan)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo since the last signature."""
        return bool(self._history.done)

    @property
    def can_redo(self) -> bool:
        """Whether something undone can be brought back."""
        return bool(self._history.undone)

    def _replay(self, events: tuple[Event, ...]) -> None:
        self._events = events
        self.charter: Charter = self.trial.charter_of(events).charter
        self._read: Read = replay(events)
        self._assessment: Assessment = assess_read(self._read, self.charter)
        self._history = history(events)
        facts = (event.fact for event in effective(events))
        self._opened = tuple(fact for fact in facts if isinstance(fact, VisitOpened))
        opened = {fact.visit: fact for fact in self._opened}
        self.series = SeriesChoices(self._scheduled, opened, self._read.chosen, self.charter.series)

    @property
    def _last_known(self) -> int:
        return self._events[-1].sequence if self._events else 0

    def _seen(self, visit: str) -> ScheduledVisit:
        for scheduled in self.visits:
            if scheduled.visit == visit:
                return scheduled
        raise LockedError(
            _("{visit} of {subject} is not open to you now.", visit=visit, subject=self.subject),
            _("Finish and sign the visit before it."),
        )
