"""Two finished reads of one patient on an adjudicator's table: what differs, why, and the decision.

Nobody is named: the reads are "Read A" and "Read B", in an order of chance. Nothing is drawn.
"""

from dataclasses import dataclass

from psygnal import Signal

from napari_recist.criteria import Charter, Event, Lesion, Role
from napari_recist.criteria.calipers import Point
from napari_recist.criteria.charter import AdjudicationTrigger
from napari_recist.criteria.discordance import NO_SUCH_VISIT, Discordance, discordances
from napari_recist.criteria.same_lesion import same_lesions
from napari_recist.criteria.why_differ import Reason, why_differ
from napari_recist.errors import ReadError, RecordError
from napari_recist.reading.view import ReadingView
from napari_recist.reading.volumes import VolumeShelf
from napari_recist.reading.volumes_on_view import alone
from napari_recist.translation import _
from napari_recist.trial import (
    Action,
    CaseRead,
    Choice,
    SeriesEntry,
    Trial,
    Verdict,
    adjudicate,
)
from napari_recist.trial.reads.adjudication import calls_for_adjudication, standing

TRIGGER_WORDS = {
    AdjudicationTrigger.BEST_RESPONSE: _("Best response"),
    AdjudicationTrigger.PROGRESSION_DATE: _("Visit of progression"),
    AdjudicationTrigger.FIRST_RESPONSE_DATE: _("Visit of first response"),
    AdjudicationTrigger.PROGRESSION: _("Progression"),
    AdjudicationTrigger.OVERALL_RESPONSE: _("Overall response"),
}
"""Each question of the charter as an adjudicator is asked it."""


def waiting_cases(trial: Trial) -> tuple[str, ...]:
    """Return the patients that wait for the adjudicator who acts, in an order of chance.

    Of those assigned to them: both reads are finished, they differ in what the charter names, and
    nothing is decided yet.

    Raises
    ------
    AccessRefusedError
        If whoever acts is no adjudicator.
    """
    trial.require(Action.ADJUDICATE)
    return tuple(
        subject
        for subject in trial.worklist()
        if not trial.case_obstacle(subject)
        and not standing(trial, subject)
        and calls_for_adjudication(trial, trial.case(subject))
    )


class ReadOnTable(ReadingView):
    """One of the reads as it lies on the table: the adjudicator turns its visits, and no more."""

    def __init__(self, trial: Trial, subject: str, read: CaseRead, volumes: VolumeShelf) -> None:
        super().__init__(trial, subject, read.choice.value, read.events, volumes)
        self.looked_at = self.baseline

    @property
    def visit(self) -> str:
        """Label of the visit that is looked at."""
        return self.looked_at

    @property
    def letter(self) -> str:
        """What tells this read from the other: "A" or "B"."""
        return self.reader[-1]

    def point_before(self, lesion: str) -> Point | None:
        """Return where a lesion lay at the latest visit before this one that tells, mm (LPS)."""
        labels = [scheduled.visit for scheduled in self.visits]
        for visit in reversed(labels[: labels.index(self.visit)]):
            said = self.read.observation(visit, lesion)
            drawn = next((one for one in said.calipers if one is not None), None) if said else None
            if drawn is not None:
                start, end = drawn.long_axis.start, drawn.long_axis.end
                return (
                    (start[0] + end[0]) / 2,
                    (start[1] + end[1]) / 2,
                    (start[2] + end[2]) / 2,
                )
            place = self.read.places.get((visit, lesion))
            if place is not None and place.point is not None:
                return place.point
        return None

    def was_read(self, visit: str) -> bool:
        """Tell whether this reader read a visit."""
        return any(read.identifier == visit for read in self.read.visits)


@dataclass(frozen=True, slots=True)
class LesionOnTable:
    """A lesion as each of the two reads lists it, ``None`` where one does not."""

    first: Lesion | None
    second: Lesion | None

    @property
    def names(self) -> tuple[str, str]:
        """What each read calls it, "" where it does not."""
        return (
            self.first.identifier if self.first else "",
            self.second.identifier if self.second else "",
        )

    @property
    def listed(self) -> Lesion:
        """The lesion as the first of those who list it does."""
        listed = self.first or self.second
        if listed is None:
            raise ValueError("a lesion on the table is listed by one read at least")
        return listed


class AdjudicationSession:
    """A case an adjudicator decides: both reads, what differs, why, and the decision.

    Parameters
    ----------
    trial : Trial
        The open trial, signed in to by the adjudicator.
    subject : str
        Patient code.

    Raises
    ------
    AccessRefusedError
        If whoever acts is no adjudicator, the patient is not theirs, or a read is not finished.
    ReadError
        If the reads do not differ in what the charter names.
    RecordError
        If the patient is adjudicated already.
    """

    changed = Signal()
    """Emitted when another visit is looked at, and when the case is decided."""

    def __init__(self, trial: Trial, subject: str) -> None:
        trial.require(Action.ADJUDICATE)
        on_table = trial.case(subject)
        if standing(trial, subject):
            raise RecordError(
                _("{subject} is adjudicated already.", subject=subject), _("Take the next case.")
            )
        if not calls_for_adjudication(trial, on_table):
            raise ReadError(
                _(
                    "The reads of {subject} do not differ in what the charter names.",
                    subject=subject,
                ),
                _("Take the next case."),
            )
        self.trial, self.subject = trial, subject
        self._shelf = VolumeShelf()
        first, second = (ReadOnTable(trial, subject, read, self._shelf) for read in on_table[:2])
        self.reads = first, second
        self.discordances: tuple[Discordance, ...] = discordances(
            first.assessment, second.assessment, self.charter
        )
        self.reasons: tuple[Reason, ...] = why_differ(
            first.read,
            second.read,
            first.charter,
            second_charter=second.charter,
            triggers=self.charter.read.adjudication,
            called=(Choice.READ_A, Choice.READ_B),
        )
        self.lesions = _matched(first, second)
        self.decision: Event | None = None

    @property
    def charter(self) -> Charter:
        """The charter that names what calls for adjudication."""
        return self.trial.charter

    @property
    def may_read_too(self) -> bool:
        """Whether the charter lets the adjudicator accept a read of their own."""
        return self.charter.read.adjudicator_reads

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be accepted."""
        return tuple(Choice) if self.may_read_too else (Choice.READ_A, Choice.READ_B)

    # what is looked at

    @property
    def visits(self) -> tuple[str, ...]:
        """Labels of the patient's visits, by date."""
        return tuple(scheduled.visit for scheduled in self.reads[0].visits)

    @property
    def visit(self) -> str:
        """Label of the visit that is looked at, of both reads."""
        return self.reads[0].visit

    def look_at(self, visit: str) -> None:
        """Look at a visit of both reads.

        Raises
        ------
        LockedError
            If the patient has no such visit.
        """
        for read in self.reads:
            read.scheduled(visit)
            read.looked_at = visit
        self.changed.emit()

    def week_label(self, visit: str) -> str:
        """Return how a visit is called without its date: "Baseline", "Week 8"."""
        return self.reads[0].week_label(visit)

    def first_difference(self) -> Reason | None:
        """Return the weightiest reason, where the case is best opened."""
        return self.reasons[0] if self.reasons else None

    def place_of(self, reason: Reason) -> tuple[str, LesionOnTable | None]:
        """Return the visit a reason leads to, and the lesion it is about if it is about one."""
        found = reason.difference
        visit = found.visit or next((one.visit for one in reason.settles if one.visit), self.visit)
        for lesion in self.lesions:
            first, second = lesion.names
            if first in found.first_lesions or second in found.second_lesions:
                return visit, lesion
        return visit, None

    def series_differ(self, visit: str) -> str:
        """Return in words on which series each read measured a visit, "" where on the same."""
        series = tuple(read.series_read(visit) for read in self.reads)
        if series[0] == series[1]:
            return ""
        return _(
            "{week}: other series measured: Read A on {first}, Read B on {second}",
            week=self.week_label(visit),
            first=series_words(series[0]),
            second=series_words(series[1]),
        )

    def load_ahead(self) -> None:
        """Load in the background what is looked at next: the visits around this one."""
        here = self.visits.index(self.visit)
        beside = (self.visits[here:][:2], self.visits[:here][-1:])
        self._shelf.ahead(
            alone(read.scheduled(visit), read.series_read(visit))
            for visits in beside
            for visit in visits
            for read in self.reads
        )

    # the decision

    def decide(self, verdict: Verdict, password: str) -> Event:
        """Record and sign the decision; raises as :func:`napari_recist.trial.adjudicate`."""
        self.decision = adjudicate(self.trial, self.subject, verdict, password)
        self.changed.emit()
        return self.decision


def discordance_words(one: Discordance) -> str:
    """Return a question and both answers: "Visit of progression: Read A none, Read B W24"."""
    first, second = (
        _("never") if answer == NO_SUCH_VISIT else answer for answer in (one.first, one.second)
    )
    question = TRIGGER_WORDS[one.trigger]
    if one.trigger is AdjudicationTrigger.OVERALL_RESPONSE:
        question = _("{question} at {visit}", question=question, visit=one.visit)
    return _(
        "{question}: Read A {first}, Read B {second}",
        question=question,
        first=first,
        second=second,
    )


def series_words(entry: SeriesEntry) -> str:
    """Return a series as a blinded person may know it: "portal venous (series 4)"."""
    number = entry.profile.number if entry.profile else None
    phase = entry.phase or entry.modality
    if number is None:
        return phase
    return _("{phase} (series {number})", phase=phase, number=number)


def _matched(first: ReadOnTable, second: ReadOnTable) -> tuple[LesionOnTable, ...]:
    """Return the lesions of both reads, the same one once: targets first, then as listed."""
    pairs = {pair.first: pair.second for pair in same_lesions(first.read, second.read).pairs}
    rows = [
        LesionOnTable(
            lesion,
            second.read.lesion(pairs[lesion.identifier]) if lesion.identifier in pairs else None,
        )
        for lesion in first.read.lesions
    ]
    matched = set(pairs.values())
    rows += [
        LesionOnTable(None, lesion)
        for lesion in second.read.lesions
        if lesion.identifier not in matched
    ]
    order = list(Role)
    return tuple(sorted(rows, key=lambda row: order.index(row.listed.role)))
