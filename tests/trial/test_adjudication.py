"""Adjudication: when it is called for, what the adjudicator sees, and which read counts."""

from pathlib import Path

import pytest

from napari_recist.criteria import VisitReopened, VisitSigned
from napari_recist.errors import (
    AccessRefusedError,
    BrokenChainError,
    ReadError,
    RecordError,
    SignatureRefusedError,
)
from napari_recist.trial import (
    AdjudicationReason,
    Choice,
    ReadKey,
    Trial,
    TrialRole,
    Verdict,
    accepted_reader,
    adjudicate,
    assign_adjudicator,
    create_trial,
    end_follow_up,
    register,
    reopen,
)
from napari_recist.trial.reads import adjudication
from napari_recist.trial.reads.adjudication import standing
from napari_recist.trial.reads.cases import order_on_table
from napari_recist.trial.reads.progress import CaseState, case_states
from tests.trial.conftest import PASSWORD, scheduled, seated
from tests.trial.reading_by_hand import read_through

MEASURED = Verdict(Choice.READ_A, AdjudicationReason.MEASUREMENT, "caliper off the edge")


def opened(tmp_path: Path, charter: str = "") -> Trial:
    """Return a trial where P1 and P2 are read by anna and boris; jane adjudicates."""
    file = tmp_path / "charter.toml"
    file.write_text(charter, encoding="utf-8")
    trial = create_trial(str(tmp_path / "trial.db"), file)
    trial.admit("jane", TrialRole.ADJUDICATOR, PASSWORD)
    for subject in ("P1", "P2"):
        for week in (0, 8):
            register(trial, scheduled(subject, f"W{week}" if week else "BL", week))
        for reader in ("anna", "boris"):
            seated(trial, reader, subject)
        assign_adjudicator(trial, subject, "jane")
    return trial


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """Return such a trial, P1 read with PR by anna and PD by boris."""
    trial = opened(tmp_path)
    differ(trial)
    return trial


def differ(trial: Trial) -> None:
    """Read P1 twice, differently, and end its follow-up."""
    read_through(seated(trial, "anna", "P1"), "P1", (30, 15))
    read_through(seated(trial, "boris", "P1"), "P1", (30, 40))
    end_follow_up(trial, "P1", "progression")


def jane(trial: Trial) -> Trial:
    """Return the adjudicator's seat."""
    return trial.sign_in("jane", PASSWORD)


def test_both_reads_are_shown_and_nobody_is_named(trial: Trial) -> None:
    """The reads stand as Read A and Read B; no name of a reader is left in any event."""
    reads = jane(trial).case("P1")

    assert [read.choice for read in reads] == [Choice.READ_A, Choice.READ_B]
    assert "anna" not in repr(reads)
    assert "boris" not in repr(reads)
    assert {e.fact.signer for r in reads for e in r.events if isinstance(e.fact, VisitSigned)} == {
        "Read A",
        "Read B",
    }


def test_the_order_on_the_table_is_one_of_chance() -> None:
    """Over a thousand patients each reader stands first about as often, always the same way."""
    first = [order_on_table("uid", f"P{n}", ("anna", "boris"))[0] for n in range(1000)]

    assert first == [order_on_table("uid", f"P{n}", ("boris", "anna"))[0] for n in range(1000)]
    assert 440 < first.count("anna") < 560  # four standard deviations of a fair coin


@pytest.mark.parametrize("place", [0, 1])
def test_the_read_chosen_is_the_one_that_counts(trial: Trial, place: int) -> None:
    """Read A is the first reader on the table, Read B the second, for this patient."""
    choice = (Choice.READ_A, Choice.READ_B)[place]
    order = order_on_table(trial.uid, "P1", ("anna", "boris"))
    assert (accepted_reader(trial, "P1"), case_states(trial)["P1"]) == ("", CaseState.DIFFERING)
    adjudicate(jane(trial), "P1", Verdict(choice, AdjudicationReason.NEW_LESION), PASSWORD)

    assert accepted_reader(trial, "P1") == order[place]
    assert case_states(trial)["P1"] is CaseState.SETTLED
    assert trial.verify().count > 0


def test_reads_that_agree_need_nobody(trial: Trial) -> None:
    """Of two reads that agree in what the charter names, the one shown first counts."""
    for reader, last in (("anna", 29), ("boris", 31)):
        read_through(seated(trial, reader, "P2"), "P2", (30, last))
    end_follow_up(trial, "P2", "withdrew")

    first, _ = order_on_table(trial.uid, "P2", ("anna", "boris"))
    assert accepted_reader(trial, "P2") == first
    with pytest.raises(ReadError, match="do not differ"):
        adjudicate(jane(trial), "P2", MEASURED, PASSWORD)


def test_an_unfinished_read_is_not_shown(tmp_path: Path) -> None:
    """Before both reads are signed and no images are to come, an adjudicator sees nothing."""
    trial = opened(tmp_path)
    refusals = []
    for step in (
        lambda: read_through(seated(trial, "anna", "P1"), "P1", (30, 15)),
        lambda: read_through(seated(trial, "boris", "P1"), "P1", (30, 40)),
        lambda: end_follow_up(trial, "P1", "progression"),
    ):
        for look in (jane(trial).case, jane(trial).visits):
            with pytest.raises(AccessRefusedError) as caught:
                look("P1")
            refusals.append(caught.value.problem)
        step()

    assert len(jane(trial).case("P1")) == 2
    assert set(refusals) == {"The follow-up of P1 has not ended."}


def test_a_patient_of_another_is_not_shown(trial: Trial) -> None:
    """An adjudicator sees the patients assigned, and never one that was read by the same person."""
    trial.admit("june", TrialRole.ADJUDICATOR, PASSWORD)
    with pytest.raises(AccessRefusedError, match="P1 is not assigned to june"):
        trial.sign_in("june", PASSWORD).case("P1")
    trial.admit("anna", TrialRole.ADJUDICATOR, PASSWORD)
    with pytest.raises(RecordError, match="anna has read P1"):
        assign_adjudicator(trial, "P1", "anna")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(Choice.READ_A, AdjudicationReason.OTHER, "  "), "needs a comment"),
        (Verdict(Choice.OWN, AdjudicationReason.DATE), "choose one of the two reads"),
    ],
)
def test_a_verdict_needs_its_reason(trial: Trial, verdict: Verdict, words: str) -> None:
    """The reason "other" says why in words; an own read is chosen only where allowed."""
    with pytest.raises(ReadError, match=words):
        adjudicate(jane(trial), "P1", verdict, PASSWORD)


def test_it_is_signed_with_the_password(trial: Trial) -> None:
    """A wrong password decides nothing; a second decision is refused."""
    seat = jane(trial)
    with pytest.raises(SignatureRefusedError):
        adjudicate(seat, "P1", MEASURED, "a guess")
    assert standing(trial, "P1") is None
    adjudicate(seat, "P1", MEASURED, PASSWORD)
    with pytest.raises(RecordError, match="adjudicated already"):
        adjudicate(seat, "P1", MEASURED, PASSWORD)


def test_reopening_withdraws_the_adjudication_first(trial: Trial) -> None:
    """No decision stands on a read that is open again."""
    adjudicate(jane(trial), "P1", MEASURED, PASSWORD)
    reopen(trial, ReadKey("P1", "anna"), "W8", "wrong series")
    last = trial.events("P1", "anna")[-1]

    assert isinstance(last.fact, VisitReopened)
    assert standing(trial, "P1") is None
    assert accepted_reader(trial, "P1") == ""
    with pytest.raises(AccessRefusedError, match="is not finished"):
        jane(trial).case("P1")


def test_a_third_read_where_the_charter_allows_it(tmp_path: Path) -> None:
    """An adjudicator who accepts neither reads alone, and that read counts."""
    trial = opened(tmp_path, "[read]\nadjudicator_reads = true\n")
    differ(trial)
    seat = jane(trial)
    own = Verdict(Choice.OWN, AdjudicationReason.TARGETS)
    with pytest.raises(ReadError, match="own read of P1 is not finished"):
        adjudicate(seat, "P1", own, PASSWORD)
    read_through(seat, "P1", (30, 26))
    adjudicate(seat, "P1", own, PASSWORD)

    assert accepted_reader(trial, "P1") == "jane"


def test_no_reader_is_told_apart_by_asking_for_an_own_read(trial: Trial) -> None:
    """Only the read with which somebody settled the case is shown as that, never a reader's."""
    for name in ("anna", "jane"):
        with pytest.raises(AccessRefusedError, match=f"{name} has not settled P1"):
            jane(trial).own_read("P1", name)


def test_one_reader_alone_counts_at_once(tmp_path: Path) -> None:
    """Where the charter has one reader, that read is the accepted one."""
    file = tmp_path / "charter.toml"
    file.write_text("[read]\nreaders = 1\n", encoding="utf-8")
    trial = create_trial(str(tmp_path / "trial.db"), file)
    register(trial, scheduled("P1", "BL", 0))
    read_through(seated(trial, "anna", "P1"), "P1", (30,))

    assert accepted_reader(trial, "P1") == "anna"


def test_a_decision_on_other_reads_is_named(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify makes the hash of what lay on the table again, and names a decision on other reads."""
    with monkeypatch.context() as patched:
        patched.setattr(adjudication, "case_hash", lambda _reads: "f" * 64)
        event = adjudicate(jane(trial), "P1", MEASURED, PASSWORD)

    with pytest.raises(BrokenChainError, match=f"Record {event.sequence}: jane decided on other"):
        trial.verify()
