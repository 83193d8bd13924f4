"""The order of reading, held by the database against a client that keeps to no order."""

import datetime as dt

import pytest

from napari_recist.criteria import (
    Charter,
    GlobalReviewBegun,
    GlobalReviewSigned,
    Lesion,
    LesionAdded,
    LesionCorrected,
    LesionMeasured,
    LesionWithdrawn,
    Redone,
    Role,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
)
from napari_recist.criteria.charter import ReadSettings
from napari_recist.errors import AccessRefusedError, LockedError, RecordError
from napari_recist.trial.charter_file import charter_hash
from napari_recist.trial.record.trial_facts import (
    AdjudicationWithdrawn,
    AdjudicatorAssigned,
    AnyFact,
    AssignmentWithdrawn,
    CharterAdopted,
    PersonAdmitted,
    ReadAssigned,
    VisitRegistered,
)
from napari_recist.trial.staff.roles import TrialRole
from tests.trial.record.shared_server import CHARTER_HASH, OWNER, ServerTrial
from tests.trial.record.shared_trial import (
    FINISHED,
    SETTLED,
    UNDER_WAY,
    adjudicated,
    read_visit,
    scheduled,
    signature,
)

BL, W8, W16 = (scheduled(UNDER_WAY, visit).date for visit in ("BL", "W8", "W16"))


def state(trial: ServerTrial, fact: AnyFact, name: str = "anna", subject: str = UNDER_WAY) -> int:
    """Have a reader state a fact of a patient, and return its number."""
    return trial.store(name).append(subject, name, name, fact).sequence


def of_trial(trial: ServerTrial, fact: AnyFact, subject: str = "", name: str = "ada") -> None:
    """Have an administrator, or who is named, state a fact of the trial."""
    trial.store(name).append(subject, "", name, fact)


@pytest.mark.parametrize(
    "fact",
    [
        VisitOpened("W16", W16),
        LesionAdded("W16", Lesion("T2", Role.NEW, "lung")),
        LesionMeasured("W16", "T1", 250),
        signature("W16", "anna"),
        VisitOpened("W24", W16),
    ],
)
def test_no_look_ahead(under_way: ServerTrial, fact: AnyFact) -> None:
    """Nothing is stated of a visit before the one before it is signed, nor of one unknown."""
    with pytest.raises(LockedError, match="is not open to you now"):
        state(under_way, fact)


@pytest.mark.parametrize(
    "fact",
    [
        LesionAdded("BL", Lesion("T2", Role.TARGET, "lung")),
        LesionMeasured("BL", "T1", 300),
        LesionWithdrawn("T1", "no lesion"),
        LesionCorrected("W8", Lesion("T1", Role.TARGET, "lung"), "misclicked"),
        signature("BL", "anna"),
    ],
)
def test_a_signed_visit_is_closed(under_way: ServerTrial, fact: AnyFact) -> None:
    """What is signed changes by no fact of its reader, not even by withdrawing a lesion of it."""
    with pytest.raises(LockedError, match="BL of P1 is signed"):
        state(under_way, fact)


@pytest.mark.parametrize(
    "fact",
    [
        VisitOpened("BL", W16),
        VisitOpened("W8", dt.date(2024, 1, 1)),
        LesionAdded("W8", Lesion("T1", Role.NON_TARGET, "lung")),
    ],
    ids=["dated otherwise", "before baseline", "put on the list again"],
)
def test_nothing_reaches_back_into_a_signed_visit(under_way: ServerTrial, fact: AnyFact) -> None:
    """A fact at the open visit changes neither the order of visits nor the list of a signed one."""
    with pytest.raises(LockedError, match=r"has another date|on the list of a signed visit"):
        state(under_way, fact)


def test_a_withdrawn_lesion_is_not_brought_back_into_a_signed_visit(going_on: ServerTrial) -> None:
    """Once a visit is signed without a lesion, undoing its withdrawal is refused, its name free."""
    state(going_on, LesionAdded("W8", Lesion("N1", Role.NEW, "lung")))
    withdrawn = state(going_on, LesionWithdrawn("N1", "a vessel"))
    state(going_on, signature("W8", "anna"))
    state(going_on, VisitOpened("W16", W16))
    with pytest.raises(LockedError, match="W8 of P1 is signed"):
        state(going_on, Undone(withdrawn))
    state(going_on, LesionAdded("W16", Lesion("N1", Role.NEW, "bone")))


def test_what_is_signed_is_not_undone(under_way: ServerTrial) -> None:
    """Neither a signature nor a gesture under one is undone or redone; nor one of another read."""
    events = under_way.store("anna").events(UNDER_WAY, "anna")
    others = under_way.store(OWNER).events(FINISHED, "boris")
    for event in [*(event for event in events if event.fact != VisitOpened("W8", W8)), others[0]]:
        for fact in (Undone(event.sequence), Redone(event.sequence)):
            with pytest.raises(LockedError):
                state(under_way, fact)


def test_a_gesture_of_the_open_visit_is_undone(going_on: ServerTrial) -> None:
    """At the open visit a reader states, undoes and redoes freely; a signed one is looked at."""
    number = state(going_on, LesionMeasured("W8", "T1", 300))
    state(going_on, Undone(number))
    state(going_on, Redone(number))
    state(going_on, VisitOpened("BL", BL))
    state(going_on, signature("W8", "anna"))
    state(going_on, VisitOpened("W16", W16))


def test_a_visit_never_opened_is_not_signed(going_on: ServerTrial) -> None:
    """A signature needs a visit that its signer opened."""
    with pytest.raises(LockedError, match="never opened"):
        state(going_on, signature("BL", "boris"), "boris")


@pytest.mark.parametrize(
    "wrong",
    [
        VisitSigned("W8", "boris", "I read this", "SD", "c0", CHARTER_HASH, "", "0.1"),
        VisitSigned("W8", "anna", "", "SD", "c0", CHARTER_HASH, "", "0.1"),
        VisitSigned("W8", "anna", "I read this", "SD", "c0", "another", "", "0.1"),
        VisitSigned("W8", "anna", "I read this", "SD", "c0", CHARTER_HASH, "0" * 64, "0.1"),
    ],
    ids=["signer", "meaning", "charter", "head"],
)
def test_a_signature_is_ones_own(under_way: ServerTrial, wrong: VisitSigned) -> None:
    """Nobody signs for another, without a meaning, under no charter, or on a head of their own."""
    with pytest.raises(AccessRefusedError, match="in one's own name"):
        state(under_way, wrong)


def test_a_signature_names_the_head_it_was_given_on(going_on: ServerTrial) -> None:
    """The database fills in the hash of the record before a signature, and tells it."""
    record = going_on.store("anna").append(UNDER_WAY, "anna", "anna", signature("W8", "anna"))

    assert f'"chain_head":"{record.previous_hash}"' in record.payload


def test_reopening_from_the_end(going_on: ServerTrial) -> None:
    """A visit is re-opened once nothing rests on it: later visits first, and the adjudication."""
    owner = going_on.store("ada")

    def reopen(subject: str, visit: str) -> None:
        owner.append(subject, "anna", "ada", VisitReopened(visit, "an error"))

    with pytest.raises(LockedError, match="rest on W8"):
        reopen(SETTLED, "W8")
    of_trial(going_on, AdjudicationWithdrawn("an error"), SETTLED)
    with pytest.raises(LockedError, match="rest on BL"):
        reopen(SETTLED, "BL")
    reopen(SETTLED, "W8")
    with pytest.raises(LockedError, match="is not signed"):
        reopen(SETTLED, "W8")
    reopen(SETTLED, "BL")
    with pytest.raises(LockedError, match="W8 of P3 is not open"):
        state(going_on, LesionMeasured("W8", "T1", 300), subject=SETTLED)
    state(going_on, LesionMeasured("BL", "T1", 300), subject=SETTLED)


def test_an_unfinished_case_is_not_settled(going_on: ServerTrial) -> None:
    """Once a visit is re-opened the adjudicator neither sees the case nor decides it."""
    going_on.store("ada").append(FINISHED, "boris", "ada", VisitReopened("W8", "an error"))
    with pytest.raises(AccessRefusedError, match="not finished"):
        going_on.store("zoe").append(FINISHED, "", "zoe", adjudicated("zoe"))
    with pytest.raises(AccessRefusedError, match="not finished"):
        going_on.store("zoe").case_events(FINISHED)


def test_late_images_stay_out_of_a_read(going_on: ServerTrial) -> None:
    """A visit that came after a later one was signed is neither shown nor open in that read."""
    late = scheduled(FINISHED, "W16")
    early = type(late)(FINISHED, "W4", 4, dt.date(2025, 2, 3), ())
    for visit in (early, late):
        of_trial(going_on, VisitRegistered(visit), FINISHED, "ida")

    with pytest.raises(LockedError, match="W4 of P2 is not open"):
        state(going_on, VisitOpened("W4", early.date), subject=FINISHED)
    state(going_on, VisitOpened("W16", late.date), subject=FINISHED)
    shown = going_on.sql("anna", "SELECT count(*) FROM events WHERE subject = 'P2' AND reader = ''")
    assert shown == [(4,)]


def test_a_withdrawn_assignment_ends_at_once(going_on: ServerTrial) -> None:
    """Whoever no longer reads a patient states nothing more of it; given back, they go on."""
    of_trial(going_on, AssignmentWithdrawn("anna", "ill"), UNDER_WAY)
    with pytest.raises(AccessRefusedError, match="not assigned to anna"):
        state(going_on, LesionMeasured("W8", "T1", 300))
    of_trial(going_on, ReadAssigned("anna"), UNDER_WAY)
    state(going_on, LesionMeasured("W8", "T1", 300))


@pytest.mark.parametrize(
    "fact",
    [
        ReadAssigned("zoe"),
        ReadAssigned("ida"),
        ReadAssigned("nobody"),
        AdjudicatorAssigned("anna"),
        AdjudicatorAssigned("mona"),
    ],
)
def test_who_may_not_be_assigned(under_way: ServerTrial, fact: AnyFact) -> None:
    """A patient is read by readers and settled by adjudicators, whatever the client asks for."""
    with pytest.raises(AccessRefusedError, match=r"is no reader of|cannot adjudicate"):
        of_trial(under_way, fact, UNDER_WAY)


def test_no_adjudicator_has_read_the_patient(going_on: ServerTrial) -> None:
    """A former reader of a patient never settles it, in whatever role they are now."""
    of_trial(going_on, AssignmentWithdrawn("anna", "promoted"), UNDER_WAY)
    of_trial(going_on, PersonAdmitted("anna", TrialRole.ADJUDICATOR))
    with pytest.raises(AccessRefusedError, match="anna cannot adjudicate P1"):
        of_trial(going_on, AdjudicatorAssigned("anna"), UNDER_WAY)


def adopt(trial: ServerTrial, **settings: bool) -> str:
    """Have the trial read by another charter from now on, and return its hash."""
    charter = Charter(read=ReadSettings(**settings))
    digest = charter_hash(charter)
    of_trial(trial, CharterAdopted("1a2b", charter, digest, "", 2, None, "amended"))
    return digest


def test_a_charter_without_sequence_opens_all_visits(going_on: ServerTrial) -> None:
    """Where the charter does not read in sequence every registered visit is open."""
    adopt(going_on, sequential=False)
    state(going_on, VisitOpened("W16", W16))
    state(going_on, VisitOpened("BL", BL), "boris")


def test_a_charter_of_tomorrow_changes_nothing_today(going_on: ServerTrial) -> None:
    """A charter holds from its day on, not from when it is recorded."""
    charter = Charter(read=ReadSettings(sequential=False))
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    adopted = CharterAdopted("1a2b", charter, charter_hash(charter), "", 2, day, "amended")
    of_trial(going_on, adopted)
    with pytest.raises(LockedError):
        state(going_on, VisitOpened("W16", W16))


def test_the_global_review_opens_and_closes_a_finished_read(going_on: ServerTrial) -> None:
    """All visits open once the read is finished, are signed anew, and then stay closed."""
    signed = GlobalReviewSigned("anna", "I reviewed this", "c0", CHARTER_HASH, "", "0.1")
    with pytest.raises(LockedError, match="cannot be reviewed"):
        state(going_on, GlobalReviewBegun(), subject=FINISHED)
    adopt(going_on, global_review=True)
    with pytest.raises(LockedError, match="cannot be reviewed"):
        state(going_on, GlobalReviewBegun())
    with pytest.raises(LockedError, match="cannot be reviewed"):
        state(going_on, signed, subject=FINISHED)

    state(going_on, GlobalReviewBegun(), subject=FINISHED)
    state(going_on, LesionMeasured("W8", "T1", 200), subject=FINISHED)
    state(going_on, LesionMeasured("BL", "T1", 200), subject=FINISHED)
    with pytest.raises(LockedError, match="cannot be reviewed"):
        state(going_on, signed, subject=FINISHED)
    for visit in ("BL", "W8"):
        state(going_on, signature(visit, "anna"), subject=FINISHED)
    state(going_on, signed, subject=FINISHED)
    with pytest.raises(LockedError, match="BL of P2 is signed"):
        state(going_on, LesionMeasured("BL", "T1", 200), subject=FINISHED)
    with pytest.raises(LockedError, match="cannot be reviewed"):
        state(going_on, GlobalReviewBegun(), subject=FINISHED)


def test_an_adjudicator_reads_where_the_charter_lets_them(going_on: ServerTrial) -> None:
    """With leave from the charter, and of a finished case, an adjudicator reads every visit."""
    with pytest.raises(AccessRefusedError, match="choose one of the reads"):
        read_visit(going_on, FINISHED, "zoe", "BL")
    adopt(going_on, adjudicator_reads=True)
    read_visit(going_on, FINISHED, "zoe", "BL")
    with pytest.raises(AccessRefusedError, match="follow-up of P1 has not ended"):
        read_visit(going_on, UNDER_WAY, "zoe", "BL")


def test_a_window_that_fell_behind_is_refused(going_on: ServerTrial) -> None:
    """A client that has not seen the last event of its read is refused and told what to do."""
    store = going_on.store("anna")
    last = store.events(UNDER_WAY, "anna")[-1].sequence
    fact = LesionMeasured("W8", "T1", 300)
    store.append(UNDER_WAY, "anna", "anna", fact, last_known=last)
    with pytest.raises(RecordError, match="continued in another window"):
        store.append(UNDER_WAY, "anna", "anna", fact, last_known=last)
