"""Reading in order: what is open, what a direct call may not do, re-opening, the global review."""

import datetime as dt
from pathlib import Path

import pytest

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionCorrected,
    LesionMeasured,
    LesionWithdrawn,
    Read,
    Role,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
    assess_read,
    replay,
)
from napari_recist.errors import LockedError, ReadError, RecordError, SignatureRefusedError
from napari_recist.trial import ReadKey, Trial, create_trial, register, reopen
from napari_recist.trial.images.queries import all_queries, close_query
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.global_review import (
    begin_review,
    originals,
    sign_review,
    why_no_review,
)
from napari_recist.trial.reads.progress import (
    CaseState,
    case_states,
    overdue_reads,
    reading_progress,
)
from tests.trial.conftest import PASSWORD, scheduled, seated
from tests.trial.reading_by_hand import read_through, read_visit, sign

ANNA = ReadKey("P1", "anna")


def made(tmp_path: Path, charter: str = "") -> Trial:
    """Return a trial by this charter where P1 has a baseline and weeks 8, 16 and 24."""
    file = tmp_path / "charter.toml"
    file.write_text(charter, encoding="utf-8")
    trial = create_trial(str(tmp_path / "trial.db"), file)
    for week in (0, 8, 16, 24):
        register(trial, scheduled("P1", f"W{week}" if week else "BL", week))
    return trial


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """Return such a trial by the suggested charter."""
    return made(tmp_path)


@pytest.fixture
def anna(trial: Trial) -> Trial:
    """Return anna's seat in it."""
    return seated(trial, "anna", "P1")


def labels(seat: Trial) -> list[str]:
    """Return the visits of P1 that are open to whoever has this seat."""
    return [visit.visit for visit in seat.visits("P1")]


def responses(read: Read) -> list[str]:
    """Return what was signed at each visit."""
    return [visit.signed.response for visit in read.visits if visit.signed]


class TestOrder:
    """The next visit opens only when the former is signed."""

    def test_the_number_of_visits_to_come_is_not_told(self, trial: Trial, anna: Trial) -> None:
        """A reader sees one visit more with each signature; whoever runs the trial sees all."""
        seen = [labels(anna)]
        for visit in ("BL", "W8"):
            read_visit(anna, "P1", visit, 30)
            seen.append(labels(anna))

        assert seen == [["BL"], ["BL", "W8"], ["BL", "W8", "W16"]]
        assert labels(trial) == ["BL", "W8", "W16", "W24"]

    def test_no_direct_call_looks_ahead(self, anna: Trial) -> None:
        """A visit that is not open takes no fact, whatever the caller knows of it."""
        read_visit(anna, "P1", "BL", 30)
        for fact in (VisitOpened("W16", dt.date(2025, 4, 28)), LesionMeasured("W16", "T1", 90)):
            with pytest.raises(LockedError, match="W16 of P1 is not open to you now"):
                anna.append("P1", fact)

    @pytest.mark.parametrize(
        "fact",
        [
            LesionMeasured("BL", "T1", 200),
            LesionWithdrawn("T1", "no lesion"),
            LesionAdded("W8", Lesion("T1", Role.NEW, "lung")),
            LesionCorrected("W8", Lesion("T1", Role.TARGET, "lung"), "lung it is"),
            VisitOpened("BL", dt.date(2024, 1, 1)),
            Undone(0),
        ],
        ids=lambda fact: type(fact).__name__,
    )
    def test_a_signed_visit_does_not_change(self, anna: Trial, fact: object) -> None:
        """Neither measured anew nor withdrawn, dated otherwise or undone by a direct call."""
        read_visit(anna, "P1", "BL", 30)
        events = anna.events("P1", "anna")
        measured = next(e.sequence for e in events if isinstance(e.fact, LesionMeasured))
        if isinstance(fact, Undone):
            fact = Undone(measured)

        with pytest.raises(LockedError, match="signed"):
            anna.append("P1", fact)  # type: ignore[arg-type]
        assert anna.events("P1", "anna") == events

    def test_a_wrong_password_signs_nothing(self, anna: Trial) -> None:
        """What was refused leaves the visit open; the attempt is on record."""
        anna.append("P1", VisitOpened("BL", dt.date(2025, 1, 6)))
        read = replay(anna.events("P1", "anna"))
        assessed = assess_read(read, anna.charter).visit("BL")
        with pytest.raises(SignatureRefusedError):
            anna.sign(read, assessed, password="a guess", meaning="mine")

        assert anna.signatures(ANNA).visits == frozenset()


class TestReopening:
    """Opened again from the last visit backwards, by an administrator, with a reason."""

    def test_what_depends_on_it_goes_first(self, trial: Trial, anna: Trial) -> None:
        """Re-opening week 8 opens weeks 24 and 16 before it; each tells why, and by whom."""
        read_through(anna, "P1", (30, 25, 20, 20))
        opened = reopen(trial, ANNA, "W8", "wrong series measured")
        last = trial.events("P1", "anna")[-3:]

        assert opened == ("W24", "W16", "W8")
        assert [event.fact for event in last] == [
            VisitReopened("W24", "W8 before it was re-opened: wrong series measured"),
            VisitReopened("W16", "W8 before it was re-opened: wrong series measured"),
            VisitReopened("W8", "wrong series measured"),
        ]
        assert {event.actor for event in last} == {"owner"}
        assert labels(anna) == ["BL", "W8"]

    def test_old_signatures_stay_on_record(self, trial: Trial, anna: Trial) -> None:
        """After a correction both signatures are there, and everything verifies."""
        read_through(anna, "P1", (30, 25))
        reopen(trial, ANNA, "W8", "measured again")
        anna.append("P1", LesionMeasured("W8", "T1", 150))
        sign(anna, "P1", "W8")
        signed = [e.fact for e in trial.events("P1", "anna") if isinstance(e.fact, VisitSigned)]

        assert [(fact.visit, fact.response) for fact in signed] == [
            ("BL", ""),
            ("W8", "SD"),
            ("W8", "PR"),
        ]
        assert trial.verify().count > 0

    @pytest.mark.parametrize(
        ("visit", "reason", "words"),
        [("W16", "why", "W16 of P1 by anna is not signed"), ("W8", "  ", "needs a reason")],
    )
    def test_it_takes_a_signed_visit_and_a_reason(
        self, trial: Trial, anna: Trial, visit: str, reason: str, words: str
    ) -> None:
        """Neither an open visit nor a blank reason is accepted."""
        read_through(anna, "P1", (30, 25))
        with pytest.raises(RecordError, match=words):
            reopen(trial, ANNA, visit, reason)


class TestLateImages:
    """Images that come after the read has gone on follow the charter's policy, never silently."""

    @pytest.mark.parametrize(
        ("policy", "still_signed", "open_now"),
        [
            ("record", {"BL", "W8", "W16"}, ["BL", "W8", "W16", "W24"]),
            ("reopen", {"BL", "W8"}, ["BL", "W8", "W12"]),
        ],
    )
    def test_the_policy_is_followed_and_asked_about(
        self, tmp_path: Path, policy: str, still_signed: set[str], open_now: list[str]
    ) -> None:
        """An unscheduled week 12 after a signed week 16: the read stands, or opens from there."""
        trial = made(tmp_path, f'[read]\nlate_images = "{policy}"\n')
        anna = seated(trial, "anna", "P1")
        read_through(anna, "P1", (30, 28, 26))
        register(trial, scheduled("P1", "W12", 12))

        assert anna.signatures(ANNA).visits == still_signed
        assert labels(anna) == open_now
        assert [query.code for query in all_queries(trial)] == [QueryCode.LATE_IMAGES]

    def test_a_read_without_the_late_visit_is_whole(self, tmp_path: Path) -> None:
        """A visit that came too late for a read is not waited for, in progress or in a case."""
        trial = made(tmp_path)
        anna = seated(trial, "anna", "P1")
        read_through(anna, "P1", (30, 28, 26, 26))
        register(trial, scheduled("P1", "W12", 12))
        close_query(trial, "Q1", "the read stands")
        (progress,) = reading_progress(trial)

        assert (progress.signed, progress.visits, progress.next_visit) == (4, 4, "")
        assert [visit.visit for visit in trial.visits_of(ANNA)] == ["BL", "W8", "W16", "W24"]
        assert case_states(trial)["P1"] is CaseState.WAITING
        assert overdue_reads(trial, dt.date(2099, 1, 1)) == ()

    def test_images_in_time_are_not_late(self, trial: Trial, anna: Trial) -> None:
        """A visit that arrives while the reader is before it raises no question."""
        read_through(anna, "P1", (30, 28))
        register(trial, scheduled("P1", "W32", 32))

        assert all_queries(trial) == ()


class TestGlobalReview:
    """All visits once more, with a lock of its own, the originals kept."""

    CHARTER = "[read]\nglobal_review = true\n"

    def test_a_review_changes_and_locks_and_keeps_the_originals(self, tmp_path: Path) -> None:
        """In the review week 8 is measured anew: one password, both states on record."""
        trial = made(tmp_path, self.CHARTER)
        anna = seated(trial, "anna", "P1")
        read_through(anna, "P1", (30, 25, 25, 25))
        read = replay(anna.events("P1", "anna"))
        begin_review(anna, read, anna.events("P1", "anna")[-1].sequence)
        anna.append("P1", LesionMeasured("W8", "T1", 150))
        events = anna.events("P1", "anna")
        sign_review(anna, replay(events), PASSWORD, events[-1].sequence)
        after = replay(anna.events("P1", "anna"))
        before = originals(anna.events("P1", "anna"))
        responses = [
            [visit.signed.response for visit in r.visits if visit.signed] for r in (before, after)
        ]

        assert responses == [["", "SD", "SD", "SD"], ["", "PR", "PD", "PD"]]
        assert after.reviewed is not None
        assert after.reviewed.signer == "anna"
        with pytest.raises(LockedError, match="signed"):
            anna.append("P1", LesionMeasured("W8", "T1", 100))
        assert trial.verify().count > 0

    def test_it_waits_for_every_signature(self, tmp_path: Path) -> None:
        """With a visit unsigned, or a charter without it, no review begins."""
        trial = made(tmp_path, self.CHARTER)
        anna = seated(trial, "anna", "P1")
        read_through(anna, "P1", (30, 25, 25))
        read = replay(anna.events("P1", "anna"))

        assert why_no_review(anna, read) == "Not every visit of P1 is signed."
        with pytest.raises(ReadError, match="Not every visit"):
            begin_review(anna, read, 0)
