"""A trial as one person has it open: charter, people, patients, and the record of what was read."""

import datetime as dt

from napari_recist import __version__
from napari_recist.criteria import (
    Event,
    Fact,
    GlobalReviewBegun,
    GlobalReviewSigned,
    LesionAdded,
    LesionCorrected,
    LesionWithdrawn,
    Read,
    Redone,
    Undone,
    VisitAssessment,
    VisitOpened,
    VisitReopened,
    VisitSigned,
    replay,
)
from napari_recist.errors import AccessRefusedError, LockedError
from napari_recist.trial.images.catalogue import ScheduledVisit
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.reads.adjudication_codes import Choice
from napari_recist.trial.reads.assignments import Assignment, assignments_of, shuffled
from napari_recist.trial.reads.cases import CaseRead, case_reads, unnamed
from napari_recist.trial.reads.sequence import (
    Arrival,
    Signatures,
    in_time,
    open_visits,
    signatures,
)
from napari_recist.trial.reads.signing import closed_part, content_hash, signed_figures
from napari_recist.trial.record.chain import ChainHead, VerifiedChain
from napari_recist.trial.record.store import Facts
from napari_recist.trial.record.trial_facts import (
    AdjudicatorAssigned,
    AssignmentWithdrawn,
    CaseAdjudicated,
    FollowUpEnded,
    ReadAssigned,
    ReReadScheduled,
    VisitRegistered,
)
from napari_recist.trial.record.verification import verify_record
from napari_recist.trial.staff.access import Action
from napari_recist.trial.staffed_trial import StaffedTrial


class Trial(StaffedTrial):
    """An open trial: what a person may see of it, and may add to it."""

    # --- the record -----------------------------------------------------------------------------

    def append(self, subject: str, fact: Fact, *, last_known: int | None = None) -> Event:
        """Record one fact the reader who acts states; it is on disk when this returns.

        Parameters
        ----------
        subject : str
            Patient code.
        fact : Fact
            What the reader states.
        last_known : int, optional
            Sequence of the last event of this read that the caller has seen (0 for none): the
            fact is refused when there is a later one.

        Raises
        ------
        AccessRefusedError
            If whoever acts is no reader, or the patient is not theirs.
        LockedError
            If the fact is about a visit that is not open, or is signed.
        RecordError
            If the read went on elsewhere, or the database refuses.
        """
        self._refuse_read(subject)
        self._refuse_closed(subject, fact)
        return self._append(subject, self.actor, fact, last_known)

    def sign(
        self,
        read: Read,
        assessment: VisitAssessment,
        *,
        password: str,
        meaning: str,
        last_known: int | None = None,
    ) -> Event:
        """Record the reader's signature under one visit, as judged by ``assessment``.

        Raises
        ------
        SignatureRefusedError
            If the password is not the reader's.
        AccessRefusedError, LockedError, RecordError
            As :meth:`append`.
        """
        self._refuse_read(read.subject)
        self.check_password(password)
        signature = VisitSigned(
            visit=assessment.visit,
            signer=self.actor,
            meaning=meaning,
            response=assessment.overall or "",
            content_hash=content_hash(read, assessment),
            charter_hash=self.charter_of(self.events(read.subject, self.actor)).charter_hash,
            chain_head="",
            software=__version__,
            figures=signed_figures(assessment),
        )
        return self.append(read.subject, signature, last_known=last_known)

    def events(self, subject: str, reader: str) -> tuple[Event, ...]:
        """Return what this reader stated of this patient, in order."""
        if reader != self.actor:
            self.require(Action.SEE_READS)
        return self._store.events(subject, reader)

    def reads(self) -> tuple[ReadKey, ...]:
        """Return each read that is begun or finished, as far as whoever acts may see it.

        Re-reads stand apart in :meth:`re_reads`; to their reader they are reads like others.
        """
        aliases = self.re_reads() if self.may(Action.SEE_STATUS) else {}
        keys = (ReadKey(*key) for key in self._store.reads())
        return tuple(
            key
            for key in keys
            if key.subject not in aliases
            and (self.may(Action.SEE_STATUS) or key.reader == self.actor)
        )

    def anchor_of(self, event: Event) -> ChainHead:
        """Return number and hash of an event's record, to be noted outside of the database."""
        return self._store.anchor_of(event.sequence)

    def verify(self, anchors: tuple[ChainHead, ...] = ()) -> VerifiedChain:
        """Prove the whole record: every link, every signature, every password.

        Parameters
        ----------
        anchors : tuple of ChainHead
            Heads noted outside of the database, in receipts of signatures or in exports: the
            record must still hold them.

        Raises
        ------
        BrokenChainError
            Naming the first record that was changed, removed, re-ordered or added.
        """
        self.require(Action.SEE_READS)
        places = self._store.places_on_table()
        return verify_record(self._store, self._gate.verifiers(), anchors, places)

    def _refuse_read(self, subject: str) -> None:
        """Refuse unless whoever acts is to read this patient."""
        self.require(Action.READ)
        self._refuse_not_mine(subject)
        if self.may(Action.ADJUDICATE) and not self.charter.read.adjudicator_reads:
            raise AccessRefusedError(
                f"The charter has {self.actor} choose one of the two reads of {subject}.",
                "Adjudicate it.",
            )

    def _refuse_not_mine(self, subject: str) -> None:
        if subject not in self.worklist():
            raise AccessRefusedError(
                f"{subject} is not assigned to {self.actor}.", "Ask for it to be assigned."
            )

    def _refuse_closed(self, subject: str, fact: Fact) -> None:
        """Refuse a fact about a visit that is not open to the reader, or is signed already."""
        if isinstance(fact, _REACHING_BACK):
            self._refuse_to_change_signed(subject, fact)
        visit = getattr(fact, "visit", "")
        if not visit:
            return
        signed = self.signatures(ReadKey(subject, self.actor))
        if visit not in {scheduled.visit for scheduled in self._visits_to_read(subject, signed)}:
            raise LockedError(
                f"{visit} of {subject} is not open to you now.",
                "Finish and sign the visit before it.",
            )
        if visit in signed.visits and not isinstance(fact, VisitOpened):
            raise LockedError(f"{visit} of {subject} is signed.", "Open the visit that follows.")

    def _refuse_to_change_signed(self, subject: str, fact: Fact) -> None:
        """Refuse a fact that would change what is said of a signed visit."""
        before = self._store.events(subject, self.actor)
        number = before[-1].sequence + 1 if before else 1
        now = dt.datetime.now(dt.UTC)
        after = (*before, Event(number, now, subject, self.actor, fact))
        closed = closed_part(replay(before))
        if closed and closed != closed_part(replay(after)):
            raise LockedError(
                f"That would change a signed visit of {subject}.",
                "Have the visit re-opened; that needs a reason.",
            )

    def signatures(self, read: ReadKey) -> Signatures:
        """Return which visits of a read are signed."""
        if read.reader != self.actor and not self.may(Action.SEE_STATUS):
            self.require(Action.SEE_READS)
        return self._fold(_signatures, *_ABOUT_SIGNATURES, subject=read.subject, reader=read.reader)

    # --- the patients ---------------------------------------------------------------------------

    def subjects(self) -> tuple[str, ...]:
        """Return the patient codes of the trial, sorted; a reader gets those assigned.

        The codes of blinded re-reads are a reader's patients like others, and nobody else's.
        """
        if not self.may(Action.SEE_STATUS):
            return tuple(sorted(self.worklist()))
        aliases = self.re_reads()
        subjects = self._store.subjects_of(VisitRegistered)
        return tuple(subject for subject in subjects if subject not in aliases)

    def re_reads(self) -> dict[str, ReReadScheduled]:
        """Return the blinded re-reads by the code under which the patient comes again."""
        return {
            fact.alias: fact
            for _, fact in self.stated(ReReadScheduled)
            if isinstance(fact, ReReadScheduled)
        }

    def worklist(self) -> tuple[str, ...]:
        """Return the patients assigned to whoever acts, in an order of chance of their own.

        An adjudicator gets those to settle and none they once read.
        """
        settles = self.may(Action.ADJUDICATE)
        mine = [
            one.subject
            for one in self._assignments().values()
            if self.actor in ((one.adjudicator,) if settles else one.readers)
        ]
        return shuffled(mine, self.uid, self.actor)

    def assignments(self) -> dict[str, Assignment]:
        """Return who reads and adjudicates which patient."""
        self.require(Action.SEE_STATUS)
        return self._assignments()

    def assignment(self, subject: str) -> Assignment:
        """Return who reads and adjudicates a patient."""
        return self.assignments().get(subject, Assignment(subject))

    def visits(self, subject: str) -> tuple[ScheduledVisit, ...]:
        """Return the visits of a patient by date; a reader gets those open to them now.

        Raises
        ------
        AccessRefusedError
            If whoever acts sees no status and the patient is not theirs.
        """
        if self.may(Action.SEE_STATUS):
            return tuple(arrival.scheduled for arrival in self._arrivals(subject))
        self._refuse_not_mine(subject)
        return self._visits_to_read(subject, self.signatures(ReadKey(subject, self.actor)))

    def visits_of(self, read: ReadKey) -> tuple[ScheduledVisit, ...]:
        """Return the visits that belong to a read: without those whose images came too late for it.

        A reader gets those open to them now, as from :meth:`visits`.
        """
        if not self.may(Action.SEE_STATUS) and read.reader == self.actor:
            return self.visits(read.subject)
        self.require(Action.SEE_STATUS)
        return in_time(self._arrivals(read.subject), self.signatures(read))

    def _visits_to_read(self, subject: str, signed: Signatures) -> tuple[ScheduledVisit, ...]:
        """Return the visits open to whoever reads: all of a finished case to an adjudicator."""
        arrivals = self._arrivals(subject)
        if self.may(Action.ADJUDICATE):
            self._finished_case(subject)  # refuses while a read is not finished
            return tuple(arrival.scheduled for arrival in arrivals)
        sequential = self.charter.read.sequential
        return open_visits(in_time(arrivals, signed), signed, sequential=sequential)

    # --- both reads of a patient ----------------------------------------------------------------

    def case(self, subject: str) -> tuple[CaseRead, ...]:
        """Return the finished reads of a patient as an adjudicator sees them: nobody is named.

        Raises
        ------
        AccessRefusedError
            If whoever acts neither adjudicates nor reviews this patient nor sees all reads, or
            while a read is not finished.
        """
        if not self.may(Action.SEE_READS) and not self.may(Action.REVIEW_CLINICALLY):
            self.require(Action.ADJUDICATE)
            self._refuse_not_mine(subject)
        return self._finished_case(subject)

    def own_read(self, subject: str, adjudicator: str) -> CaseRead:
        """Return the read with which an adjudicator settled a case; raises as :meth:`case`."""
        self.case(subject)
        settled = {
            fact.signer
            for _, fact in self.stated(CaseAdjudicated, subject=subject)
            if isinstance(fact, CaseAdjudicated)
        }
        if adjudicator not in settled:
            raise AccessRefusedError(f"{adjudicator} has not settled {subject}.")
        return CaseRead(Choice.OWN, unnamed(self._store.events(subject, adjudicator), Choice.OWN))

    def case_obstacle(self, subject: str) -> str:
        """Return why the reads of a patient cannot be compared yet, "" where they can.

        Raises
        ------
        AccessRefusedError
            If whoever acts may not know how far others are.
        """
        if not self._looks_at_cases(subject):
            self.require(Action.SEE_STATUS)
        try:
            self._finished_case(subject)
        except AccessRefusedError as refused:
            return refused.problem
        return ""

    def _looks_at_cases(self, subject: str) -> bool:
        """Tell whether whoever acts adjudicates this patient, or reviews what is settled."""
        mine = self.may(Action.ADJUDICATE) and subject in self.worklist()
        return mine or self.may(Action.REVIEW_CLINICALLY)

    def _finished_case(self, subject: str) -> tuple[CaseRead, ...]:
        """Return the reads of a patient with nobody named, once they can be compared.

        A database that names nobody to whoever acts looks itself whether they are finished.
        """
        if not self._fold(bool, FollowUpEnded, subject=subject):
            raise _unready(f"The follow-up of {subject} has not ended.")
        shown = self._store.case_events(subject)
        if shown is not None:
            return tuple(CaseRead(Choice(name), events) for name, events in shown.items())
        readers = self._assignments().get(subject, Assignment(subject)).readers
        events_of = {reader: self._store.events(subject, reader) for reader in readers}
        reads = case_reads(self.uid, subject, events_of)
        if not reads:
            raise _unready(f"Nobody has read {subject}.")
        arrivals = self._arrivals(subject)
        for read in reads:
            signed = signatures((event.sequence, event.fact) for event in read.events)
            if signed.visits != {visit.visit for visit in in_time(arrivals, signed)}:
                raise _unready(f"{read.choice} of {subject} is not finished.")
            if self.charter.read.global_review and not replay(read.events).reviewed:
                raise _unready(f"The global review of {read.choice} of {subject} is not finished.")
        return reads

    def _assignments(self) -> dict[str, Assignment]:
        return self._fold(_assignments, *_ABOUT_ASSIGNMENTS)

    def _arrivals(self, subject: str) -> tuple[Arrival, ...]:
        return self._fold(_arrivals, VisitRegistered, subject=subject)


def _unready(problem: str) -> AccessRefusedError:
    return AccessRefusedError(problem, "Adjudicate it once every read is finished.")


def _assignments(facts: Facts) -> dict[str, Assignment]:
    return assignments_of((record.subject, fact) for record, fact in facts)


def _signatures(facts: Facts) -> Signatures:
    return signatures((record.sequence, fact) for record, fact in facts)


def _arrivals(facts: Facts) -> tuple[Arrival, ...]:
    """Return each visit as last registered, by date, with the number of its first record."""
    found: dict[str, Arrival] = {}
    for record, fact in facts:
        if isinstance(fact, VisitRegistered):
            visit = fact.scheduled.visit
            number = found[visit].number if visit in found else record.sequence
            found[visit] = Arrival(fact.scheduled, number)
    return tuple(sorted(found.values(), key=lambda arrival: arrival.scheduled.date))


_REACHING_BACK = (VisitOpened, LesionAdded, LesionCorrected, LesionWithdrawn, Undone, Redone)
"""Facts that may concern another visit than the one they name."""

_ABOUT_ASSIGNMENTS = (ReadAssigned, AdjudicatorAssigned, AssignmentWithdrawn)
_ABOUT_SIGNATURES = (VisitSigned, VisitReopened, GlobalReviewBegun, GlobalReviewSigned)
