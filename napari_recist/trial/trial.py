"""A trial as one person has it open: charter, people, patients, and the record of what was read."""

import datetime as dt
from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from napari_recist import __version__
from napari_recist.criteria import (
    Charter,
    Event,
    Fact,
    GlobalReviewBegun,
    GlobalReviewSigned,
    Read,
    VisitAssessment,
    VisitOpened,
    VisitReopened,
    VisitSigned,
    replay,
)
from napari_recist.errors import AccessRefusedError, LockedError, RecordError
from napari_recist.trial.charters import Begun, CharterVersion, charter_versions, in_force
from napari_recist.trial.images.catalogue import ScheduledVisit
from napari_recist.trial.reads.assignments import Assignment, assignments_of, shuffled
from napari_recist.trial.reads.cases import READ_NAMES, CaseRead, order_on_table, unnamed
from napari_recist.trial.reads.sequence import (
    Arrival,
    Signatures,
    in_time,
    open_visits,
    signatures,
)
from napari_recist.trial.reads.signing import content_hash
from napari_recist.trial.record.chain import ChainHead, VerifiedChain
from napari_recist.trial.record.store import EventStore, Facts, as_event
from napari_recist.trial.record.trial_facts import (
    AdjudicatorAssigned,
    AnyFact,
    AssignmentWithdrawn,
    CharterAdopted,
    FollowUpEnded,
    PersonAdmitted,
    PersonRetired,
    ReadAssigned,
    ReaderAdded,
    TrialFact,
    VisitRegistered,
)
from napari_recist.trial.record.verification import verify_record
from napari_recist.trial.staff.access import Action, may, refuse_unless_allowed, refuse_unseen
from napari_recist.trial.staff.gate import Gate
from napari_recist.trial.staff.passwords import refuse_unusable
from napari_recist.trial.staff.people import Staff, staff_of
from napari_recist.trial.staff.roles import OWNER, Person, TrialRole

FoldedT = TypeVar("FoldedT")


class ReadKey(NamedTuple):
    """Whose read of which patient."""

    subject: str
    reader: str


class Trial:
    """An open trial, acting as one person; use it as a context manager, or call :meth:`close`.

    What the person's role does not allow is refused here, and on PostgreSQL by the database too.

    Parameters
    ----------
    store : EventStore
        The record.
    gate : Gate
        What knows passwords.
    url : str
        Where it is, for messages.
    person : Person, optional
        Who acts; the owner of an embedded trial's file where it is not given.
    """

    def __init__(
        self, store: EventStore, gate: Gate, url: str, person: Person | None = None
    ) -> None:
        self.url = url
        self.person = person
        self._store, self._gate = store, gate
        self.charters: tuple[CharterVersion, ...] = charter_versions(
            record for record, _ in store.facts_of(CharterAdopted)
        )
        if not self.charters:
            raise RecordError(f"{url} holds no charter.", "Make the trial with trial init.")
        self.uid: str = self.charters[0].adopted.trial_uid
        self._folded: dict[object, tuple[tuple[int, int], Any]] = {}

    def __enter__(self) -> Self:
        """Return the trial itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the database."""
        self.close()

    def close(self) -> None:
        """Close the database; nothing needs saving, for every fact already is."""
        self._store.close()

    # --- who acts -------------------------------------------------------------------------------

    @property
    def actor(self) -> str:
        """How the record names who acts."""
        return self.person.name if self.person else OWNER

    def may(self, action: Action) -> bool:
        """Return whether whoever acts may do this."""
        return may(self.person, action)

    def require(self, action: Action) -> None:
        """Raise :class:`AccessRefusedError` unless whoever acts may do this."""
        refuse_unless_allowed(self.person, action)

    def sign_in(self, name: str, password: str) -> "Trial":
        """Return the trial as a person of it has it open; on a file, closing one closes both.

        Raises
        ------
        SignatureRefusedError
            If name or password is wrong (which of the two is not told), or too many were.
        """
        store = self._gate.seat(name, password, self.charter.access)
        person = _staff(store.facts_of(*_ABOUT_PEOPLE)).named(name)
        if person is None:
            raise AccessRefusedError(f"{name} no longer works on this trial.", "Ask for access.")
        return Trial(store, self._gate, self.url, person)

    def check_password(self, password: str) -> None:
        """Return quietly when the password is that of whoever acts; raises as :meth:`sign_in`."""
        self._gate.prove(self.actor, password, self.charter.access)

    def again(self) -> "Trial":
        """Return the trial with what was recorded of its charter meanwhile."""
        return Trial(self._store, self._gate, self.url, self.person)

    # --- the charter ----------------------------------------------------------------------------

    @property
    def charter_version(self) -> CharterVersion:
        """The version by which a read begun now is read."""
        last = self.charters[-1].number
        return in_force(self.charters, Begun(last, dt.datetime.now(dt.UTC).date()))

    @property
    def charter(self) -> Charter:
        """The settings of :attr:`charter_version`."""
        return self.charter_version.charter

    def charter_of(self, events: tuple[Event, ...]) -> CharterVersion:
        """Return the version by which the read of these events is read."""
        opened = next((e for e in events if isinstance(e.fact, VisitOpened)), None)
        if opened is None or not isinstance(opened.fact, VisitOpened):
            return self.charter_version
        anew = [
            event
            for event in events
            if isinstance(event.fact, VisitReopened) and event.fact.visit == opened.fact.visit
        ]
        begun = (anew or [opened])[-1]
        return in_force(
            self.charters, Begun(begun.sequence, begun.recorded_at.astimezone(dt.UTC).date())
        )

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
        )
        return self.append(read.subject, signature, last_known=last_known)

    def state(self, action: Action, subject: str, fact: TrialFact) -> Event:
        """Record a fact of the trial itself, if whoever acts may do this."""
        self.require(action)
        return self._append(subject, "", fact)

    def state_in_read(self, action: Action, read: ReadKey, fact: Fact) -> Event:
        """Record a fact in another's read, if whoever acts may do this."""
        self.require(action)
        return self._append(read.subject, read.reader, fact)

    def stated(self, *kinds: type[TrialFact]) -> tuple[tuple[str, TrialFact], ...]:
        """Return facts of the trial itself in order, each with its patient ("" for none).

        Raises
        ------
        AccessRefusedError
            If whoever acts may not see one of these kinds.
        """
        refuse_unseen(self.person, kinds)
        return tuple((record.subject, fact) for record, fact in self._store.facts_of(*kinds))  # type: ignore[misc] # these kinds are of the trial

    def events(self, subject: str, reader: str) -> tuple[Event, ...]:
        """Return what this reader stated of this patient, in order."""
        if reader != self.actor:
            self.require(Action.SEE_READS)
        return self._store.events(subject, reader)

    def reads(self) -> tuple[ReadKey, ...]:
        """Return each read that is begun or finished, as far as whoever acts may see it."""
        every = tuple(ReadKey(*key) for key in self._store.reads())
        if self.may(Action.SEE_READS) or self.may(Action.SEE_STATUS):
            return every
        return tuple(key for key in every if key.reader == self.actor)

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
        return verify_record(self._store, self._gate.verifiers(), anchors)

    def _append(
        self, subject: str, reader: str, fact: AnyFact, last_known: int | None = None
    ) -> Event:
        return as_event(
            self._store.append(subject, reader, self.actor, fact, last_known=last_known)
        )

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
        visit = getattr(fact, "visit", "")
        if not visit:
            return
        if visit not in {scheduled.visit for scheduled in self.visits(subject)}:
            raise LockedError(
                f"{visit} of {subject} is not open to you now.",
                "Finish and sign the visit before it.",
            )
        signed = self.signatures(ReadKey(subject, self.actor)).visits
        if visit in signed and not isinstance(fact, VisitOpened):
            raise LockedError(f"{visit} of {subject} is signed.", "Open the visit that follows.")

    def signatures(self, read: ReadKey) -> Signatures:
        """Return which visits of a read are signed."""
        if read.reader != self.actor and not self.may(Action.SEE_STATUS):
            self.require(Action.SEE_READS)
        return self._fold(_signatures, *_ABOUT_SIGNATURES, subject=read.subject, reader=read.reader)

    # --- the people -----------------------------------------------------------------------------

    def admit(self, name: str, role: TrialRole, password: str) -> None:
        """Let a person work in a role; a known person gets a new password, or another role.

        Raises
        ------
        RecordError
            If the name or the password is unusable, or the person has read and would adjudicate.
        """
        self.require(Action.ADMIT_PEOPLE)
        refuse_unusable(name, password)
        known = self.people().named(name)
        if known is None or known.role is not role:
            self._append("", "", PersonAdmitted(name, role))
        self._gate.set_password(self.actor, name, password)

    def retire(self, name: str, reason: str) -> None:
        """End a person's work on the trial; what was stated and signed stays."""
        self.require(Action.ADMIT_PEOPLE)
        if self.people().named(name) is None:
            raise RecordError(f"{name!r} does not work on this trial.")
        if not reason.strip():
            raise RecordError(f"Retiring {name} needs a reason.", "Give one in a few words.")
        self._append("", "", PersonRetired(name, reason.strip()))

    def people(self) -> Staff:
        """Return who works on the trial; who sees no status sees only themselves."""
        staff = self._fold(_staff, *_ABOUT_PEOPLE)
        if self.may(Action.SEE_STATUS):
            return staff
        return Staff(tuple(one for one in staff.present if one == self.person), ())

    def readers(self) -> tuple[str, ...]:
        """Return the names of the trial's readers, in the order in which they were admitted."""
        return self.people().of_role(TrialRole.READER)

    # --- the patients ---------------------------------------------------------------------------

    def register_visit(self, scheduled: ScheduledVisit) -> None:
        """Record that the images of a visit are here; the same again records nothing."""
        self.require(Action.IMPORT_IMAGES)
        if scheduled not in self.visits(scheduled.subject):
            self._append(scheduled.subject, "", VisitRegistered(scheduled))

    def subjects(self) -> tuple[str, ...]:
        """Return the patient codes of the trial, sorted; a reader gets those assigned."""
        if not self.may(Action.SEE_STATUS):
            return tuple(sorted(self.worklist()))
        return self._store.subjects_of(VisitRegistered)

    def worklist(self) -> tuple[str, ...]:
        """Return the patients assigned to whoever acts, in an order of chance of their own."""
        mine = [
            one.subject
            for one in self._assignments().values()
            if self.actor in {*one.readers, one.adjudicator}
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
        arrivals = self._arrivals(subject)
        if self.may(Action.SEE_STATUS):
            return tuple(arrival.scheduled for arrival in arrivals)
        self._refuse_not_mine(subject)
        if self.may(Action.ADJUDICATE):
            self._refuse_unready(subject)
            return tuple(arrival.scheduled for arrival in arrivals)
        signed = self.signatures(ReadKey(subject, self.actor))
        return open_visits(
            in_time(arrivals, signed),
            signed.visits,
            sequential=self.charter.read.sequential,
            reviewing=self._reviewing(subject, self.actor),
        )

    # --- both reads of a patient ----------------------------------------------------------------

    def case(self, subject: str) -> tuple[CaseRead, ...]:
        """Return the finished reads of a patient as an adjudicator sees them: nobody is named.

        Raises
        ------
        AccessRefusedError
            If whoever acts neither adjudicates this patient nor sees all reads, or while a read
            is not finished.
        """
        if not self.may(Action.SEE_READS):
            self.require(Action.ADJUDICATE)
            self._refuse_not_mine(subject)
        self._refuse_unready(subject)
        return self._case(subject)

    def case_obstacle(self, subject: str) -> str:
        """Return why the reads of a patient cannot be compared yet, "" where they can."""
        if not self._fold(bool, FollowUpEnded, subject=subject):
            return f"The follow-up of {subject} has not ended."
        reads = self._case(subject)
        expected = {arrival.scheduled.visit for arrival in self._arrivals(subject)}
        for read in reads:
            signed = signatures((event.sequence, event.fact) for event in read.events)
            kept = {one.visit for one in in_time(self._arrivals(subject), signed)}
            if signed.visits != expected & kept:
                return f"{read.choice} of {subject} is not finished."
            if self.charter.read.global_review and not replay(read.events).reviewed:
                return f"The global review of {read.choice} of {subject} is not finished."
        return "" if reads else f"Nobody has read {subject}."

    def _case(self, subject: str) -> tuple[CaseRead, ...]:
        readers = self._assignments().get(subject, Assignment(subject)).readers
        return tuple(
            CaseRead(choice, unnamed(self._store.events(subject, reader), choice))
            for choice, reader in zip(
                READ_NAMES, order_on_table(self.uid, subject, readers), strict=False
            )
        )

    def _refuse_unready(self, subject: str) -> None:
        obstacle = self.case_obstacle(subject)
        if obstacle:
            raise AccessRefusedError(obstacle, "Adjudicate it once every read is finished.")

    def _reviewing(self, subject: str, reader: str) -> bool:
        kinds = (GlobalReviewBegun, GlobalReviewSigned)
        return self._fold(_reviewing, *kinds, subject=subject, reader=reader)

    def _assignments(self) -> dict[str, Assignment]:
        return self._fold(_assignments, *_ABOUT_ASSIGNMENTS)

    def _arrivals(self, subject: str) -> tuple[Arrival, ...]:
        return self._fold(_arrivals, VisitRegistered, subject=subject)

    def _fold(
        self,
        fold: Callable[[Facts], FoldedT],
        *kinds: type[AnyFact],
        subject: str | None = None,
        reader: str | None = None,
    ) -> FoldedT:
        """Return what facts of these kinds add up to, folded once for as long as none is added."""
        key, last = (
            (kinds, subject, reader),
            self._store.extent_of(*kinds, subject=subject, reader=reader),
        )
        if key not in self._folded or self._folded[key][0] != last:
            facts = self._store.facts_of(*kinds, subject=subject, reader=reader)
            self._folded[key] = last, fold(facts)
        folded: FoldedT = self._folded[key][1]
        return folded


def _staff(facts: Facts) -> Staff:
    return staff_of(fact for _, fact in facts)


def _assignments(facts: Facts) -> dict[str, Assignment]:
    return assignments_of((record.subject, fact) for record, fact in facts)


def _signatures(facts: Facts) -> Signatures:
    return signatures((record.sequence, fact) for record, fact in facts)


def _reviewing(facts: Facts) -> bool:
    return bool(facts) and isinstance(facts[-1][1], GlobalReviewBegun)


def _arrivals(facts: Facts) -> tuple[Arrival, ...]:
    """Return each visit as last registered, by date, with the number of its first record."""
    found: dict[str, Arrival] = {}
    for record, fact in facts:
        if isinstance(fact, VisitRegistered):
            visit = fact.scheduled.visit
            number = found[visit].number if visit in found else record.sequence
            found[visit] = Arrival(fact.scheduled, number)
    return tuple(sorted(found.values(), key=lambda arrival: arrival.scheduled.date))


_ABOUT_PEOPLE = (ReaderAdded, PersonAdmitted, PersonRetired)
_ABOUT_ASSIGNMENTS = (ReadAssigned, AdjudicatorAssigned, AssignmentWithdrawn)
_ABOUT_SIGNATURES = (VisitSigned, VisitReopened, GlobalReviewBegun)
