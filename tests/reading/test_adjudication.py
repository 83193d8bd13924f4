"""A case on the adjudicator's table: what is on it, who is refused, and what a decision leaves."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from napari_recist.criteria.why_differ import WhyDiffer
from napari_recist.errors import AccessRefusedError, ReadError, RecordError, SignatureRefusedError
from napari_recist.reading.adjudication import (
    AdjudicationSession,
    discordance_words,
    waiting_cases,
)
from napari_recist.trial import (
    AdjudicationReason,
    Choice,
    ReadKey,
    Trial,
    TrialRole,
    Verdict,
    accepted_reader,
    assign_adjudicator,
    reopen,
)
from tests.two_reads import (
    ADJUDICATOR,
    FIRST,
    PASSWORD,
    SECOND,
    SUBJECT,
    trial_of_two,
    truth,
)

NEW_LESION = AdjudicationReason.NEW_LESION


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """Return a trial in which a case waits."""
    with trial_of_two(tmp_path) as made:
        yield made


@pytest.fixture
def seat(trial: Trial) -> Trial:
    """Return the trial as the adjudicator has it open."""
    return trial.sign_in(ADJUDICATOR, PASSWORD)


def letter_of(session: AdjudicationSession, *, progressed: bool) -> str:
    """Return which read says that the disease progressed, or which does not."""
    (found,) = (
        read.letter
        for read in session.reads
        if bool(read.assessment.best.progression_date) is progressed
    )
    return found


def test_the_table_names_nobody_and_tells_why(seat: Trial) -> None:
    """Both reads lie there unnamed; the new lesion alone makes the difference, at week 24."""
    session = AdjudicationSession(seat, SUBJECT)
    events = repr([read.events for read in session.reads])
    words = [discordance_words(one) for one in session.discordances]
    words += [one.difference.words for one in session.reasons]
    progressed = letter_of(session, progressed=True)
    answers = {"A": "never", "B": "never"} | {progressed: "W24"}

    assert waiting_cases(seat) == (SUBJECT,)
    assert all(name not in events + repr(words) for name in (FIRST, SECOND))
    assert "reader" not in repr(words)
    assert words[0] == f"Visit of progression: Read A {answers['A']}, Read B {answers['B']}"
    assert session.reasons[0].code is WhyDiffer.NEW_LESION
    assert session.reasons[0].decisive
    assert words[1] == f"W24: new lesion N1 of Read {progressed} only"
    assert session.place_of(session.reasons[0])[0] == "W24"


def test_a_lesion_is_matched_by_its_place_and_not_by_its_name(seat: Trial) -> None:
    """T1 of one read and T2 of the other are one row; the new lesion is of one read alone."""
    session = AdjudicationSession(seat, SUBJECT)

    names = {row.names for row in session.lesions}
    assert {("T1", "T2"), ("T2", "T1")} < names
    assert names & {("N1", ""), ("", "N1")}
    assert len(names) == 3


def test_both_reads_are_on_the_same_images_loaded_once(seat: Trial) -> None:
    """At each visit both reads share one volume in memory, and weeks stand for dates."""
    session = AdjudicationSession(seat, SUBJECT)
    for visit in session.visits:
        session.look_at(visit)
        first, second = (read.volume(visit) for read in session.reads)
        assert first is second
        assert session.series_differ(visit) == ""

    assert [session.week_label(visit) for visit in session.visits] == [
        "Baseline",
        "Week 8",
        "Week 16",
        "Week 24",
    ]


def test_the_place_of_before_is_that_of_the_last_visit_that_tells(seat: Trial) -> None:
    """At week 24 it is where week 16 has the lesion, in mm; at baseline nothing was before."""
    read = AdjudicationSession(seat, SUBJECT).reads[0]
    read.looked_at = "W24"
    before = read.point_before("T1")
    read.looked_at = "BL"
    lesions = truth().visit("W16").lesions

    assert read.point_before("T1") is None
    assert min(math.dist(before or (0, 0, 0), lesion.centre) for lesion in lesions) < 1.5


@pytest.mark.parametrize("progressed", [True, False])
def test_a_decision_accepts_one_whole_read(trial: Trial, seat: Trial, progressed: bool) -> None:
    """Whichever read is chosen by its letter, that reader's counts; the case waits no longer."""
    session = AdjudicationSession(seat, SUBJECT)
    choice = Choice(f"Read {letter_of(session, progressed=progressed)}")
    told: list[bool] = []
    session.changed.connect(lambda: told.append(session.decision is not None))

    session.decide(Verdict(choice, NEW_LESION, "see week 24"), PASSWORD)

    assert told == [True]
    assert accepted_reader(trial, SUBJECT) == (SECOND if progressed else FIRST)
    assert waiting_cases(seat) == ()
    with pytest.raises(RecordError, match="adjudicated already"):
        AdjudicationSession(seat, SUBJECT)


def test_what_is_missing_or_wrong_refuses_and_records_nothing(trial: Trial, seat: Trial) -> None:
    """A wrong password, 'other' without a comment, an own read the charter does not allow."""
    session = AdjudicationSession(seat, SUBJECT)
    with pytest.raises(SignatureRefusedError):
        session.decide(Verdict(Choice.READ_A, NEW_LESION), "a wrong password")
    with pytest.raises(ReadError, match="comment"):
        session.decide(Verdict(Choice.READ_A, AdjudicationReason.OTHER, "  "), PASSWORD)
    with pytest.raises(ReadError, match="choose one of the two"):
        session.decide(Verdict(Choice.OWN, NEW_LESION), PASSWORD)

    assert session.choices == (Choice.READ_A, Choice.READ_B)
    assert session.decision is None
    assert accepted_reader(trial, SUBJECT) == ""


def test_a_primary_reader_neither_sees_nor_settles_the_case(trial: Trial) -> None:
    """Who read the patient may not adjudicate it, nor once given the other role."""
    reader = trial.sign_in(FIRST, PASSWORD)
    with pytest.raises(AccessRefusedError):
        AdjudicationSession(reader, SUBJECT)
    with pytest.raises(AccessRefusedError):
        waiting_cases(reader)
    trial.admit(FIRST, TrialRole.ADJUDICATOR, PASSWORD)
    turned = trial.sign_in(FIRST, PASSWORD)
    with pytest.raises(RecordError, match="has read"):
        assign_adjudicator(trial, SUBJECT, FIRST)
    with pytest.raises(AccessRefusedError, match="not assigned"):
        AdjudicationSession(turned, SUBJECT)

    assert waiting_cases(turned) == ()


def test_an_adjudicator_of_other_patients_is_refused(trial: Trial) -> None:
    """A case is for the adjudicator to whom the patient is assigned."""
    trial.admit("another", TrialRole.ADJUDICATOR, PASSWORD)
    other = trial.sign_in("another", PASSWORD)

    assert waiting_cases(other) == ()
    with pytest.raises(AccessRefusedError, match="not assigned"):
        AdjudicationSession(other, SUBJECT)


def test_an_unfinished_read_refuses(trial: Trial, seat: Trial) -> None:
    """With one visit opened again nothing of the case is shown."""
    reopen(trial, ReadKey(SUBJECT, SECOND), "W24", "wrong series measured")

    assert waiting_cases(seat) == ()
    with pytest.raises(AccessRefusedError, match="not finished"):
        AdjudicationSession(seat, SUBJECT)


def test_reads_that_agree_are_no_case(tmp_path: Path) -> None:
    """Two readers with the same answers leave nothing to settle."""
    agreed = truth().readings
    with trial_of_two(tmp_path, readings=agreed) as trial:
        seat = trial.sign_in(ADJUDICATOR, PASSWORD)

        assert waiting_cases(seat) == ()
        with pytest.raises(ReadError, match="do not differ"):
            AdjudicationSession(seat, SUBJECT)


def test_the_order_on_the_table_is_stable(trial: Trial, seat: Trial) -> None:
    """Opened again, by whomever may see reads, the same read is A; nothing in it tells whose."""
    orders = [
        [read.assessment.best.progression_date for read in AdjudicationSession(seat, SUBJECT).reads]
        for _ in range(3)
    ]

    assert orders[0] == orders[1] == orders[2]
    assert [read.choice for read in trial.case(SUBJECT)] == [Choice.READ_A, Choice.READ_B]
