"""A read that grows, its record before its state: visits opened, facts undone, visits signed."""

from psygnal import Signal

from napari_recist.criteria import (
    Event,
    Fact,
    GlobalReviewBegun,
    GlobalReviewSigned,
    Redone,
    Undone,
    VisitOpened,
    VisitSigned,
)
from napari_recist.errors import LockedError, SignatureRefusedError
from napari_recist.reading.receipts import keep_receipt
from napari_recist.reading.view import ReadingView
from napari_recist.reading.worklist import tasks
from napari_recist.translation import _
from napari_recist.trial import Action, ScheduledVisit, Trial
from napari_recist.trial.reads.global_review import begin_review, sign_review, why_no_review

MAY_OPEN_VISITS = (VisitSigned, GlobalReviewBegun, GlobalReviewSigned)
"""Facts after which other visits may be open to the reader than before."""


class RecordedRead(ReadingView):
    """A read to which facts are appended; it opens where the reader left it, or at baseline.

    Parameters
    ----------
    trial : Trial
        The open trial, signed in to by the reader.
    subject : str
        Patient code.

    Raises
    ------
    AccessRefusedError
        If whoever acts is no reader, or the patient is not theirs.
    ReadError
        If the trial has no images of this patient.
    """

    changed = Signal()
    """Emitted after each command, when the new state can be read."""

    def __init__(self, trial: Trial, subject: str) -> None:
        trial.require(Action.READ)
        super().__init__(trial, subject, trial.actor, trial.events(subject, trial.actor))
        if not self.visit:
            self.open_visit(self.baseline)

    def open_visit(self, visit: str) -> None:
        """Go to a visit: the next one only once the former is signed.

        Raises
        ------
        LockedError
            If an earlier visit is not signed yet.
        """
        scheduled = self._seen(visit)
        if visit == self.visit:
            return
        self.phase = ""
        before = [opened for opened in self._opened if opened.visit == visit]
        # A visit looked at again keeps the date and series under which it was read.
        self._record(before[-1] if before else self._first_look(scheduled))

    def _first_look(self, scheduled: ScheduledVisit) -> VisitOpened:
        series = self.series.proposed(scheduled.visit)
        return VisitOpened(scheduled.visit, scheduled.date, series.series_uid, series.part)

    def undo(self) -> bool:
        """Take back the last fact since the last signature; return whether there was one."""
        if not self.can_undo:
            return False
        event = self._history.done[-1]
        self._record(Undone(event.sequence))
        self._follow(event.fact)
        return True

    def redo(self) -> bool:
        """Bring back what was undone last; return whether there was something."""
        if not self.can_redo:
            return False
        event = self._history.undone[-1]
        self._record(Redone(event.sequence))
        self._follow(event.fact)
        return True

    def sign_visit(self, password: str, meaning: str) -> Event:
        """Sign the current visit: it is locked from then on, and the next may be opened.

        Raises
        ------
        LockedError
            If it is signed already.
        SignatureRefusedError
            If something is still to be said, or the password is not the reader's.
        """
        self._refuse_locked()
        gaps = self.unfinished()
        if gaps:
            raise SignatureRefusedError(
                _(
                    "{visit} of {subject} is not finished: {gaps}",
                    visit=self.visit,
                    subject=self.subject,
                    gaps=" ".join(gaps),
                ),
                _("Complete it, then sign."),
            )
        signature = self.trial.sign(
            self._read,
            self._assessment.visit(self.visit),
            password=password,
            meaning=meaning,
            last_known=self._last_known,
        )
        self._took(signature)
        keep_receipt(self.trial.uid, self.trial.anchor_of(signature))
        return signature

    @property
    def why_no_review(self) -> str:
        """Why no global review can begin now, "" where it can."""
        return why_no_review(self.trial, self._read)

    def begin_review(self) -> None:
        """Open all visits once more, to look at them together.

        Raises
        ------
        ReadError
            If the charter has no such review, or a visit is not signed.
        """
        self._took(begin_review(self.trial, self._read, self._last_known))

    def unfinished_review(self) -> tuple[str, ...]:
        """Return what still has to be said at any visit before the review can be signed."""
        return tuple(
            task.sentence
            for visit in self.visits
            for task in tasks(self._read, visit.visit, at_baseline=visit.visit == self.baseline)
        )

    def sign_review(self, password: str) -> None:
        """Sign every visit again, then the review.

        Raises
        ------
        LockedError
            If no review is open.
        SignatureRefusedError
            If something is still to be said, or the password is not the reader's.
        """
        gaps = self.unfinished_review()
        if gaps:
            raise SignatureRefusedError(
                _(
                    "The review of {subject} is not finished: {gaps}",
                    subject=self.subject,
                    gaps=" ".join(gaps),
                ),
                _("Complete it, then sign."),
            )
        signed = sign_review(self.trial, self._read, password, self._last_known)
        for event in signed:
            self._took(event)
        keep_receipt(self.trial.uid, self.trial.anchor_of(signed[-1]))

    def _say(self, fact: Fact) -> None:
        self._refuse_locked()
        self._record(fact)

    def _record(self, fact: Fact) -> None:
        self._took(self.trial.append(self.subject, fact, last_known=self._last_known))

    def _took(self, event: Event) -> None:
        if isinstance(event.fact, MAY_OPEN_VISITS):
            self._scheduled = self.trial.visits(self.subject)
        self._replay((*self._events, event))
        self.changed.emit()

    def _follow(self, fact: Fact) -> None:
        """Go to the visit of a fact just undone or redone, so that the reader sees it happen."""
        visit = getattr(fact, "visit", self.visit)
        if visit != self.visit:
            self.open_visit(visit)

    def _refuse_locked(self) -> None:
        if self.locked:
            raise LockedError(
                _("{visit} of {subject} is signed.", visit=self.visit, subject=self.subject),
                _("Open the visit that follows."),
            )
