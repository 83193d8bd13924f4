"""Assignments: even, by chance, held back by a query, and re-reads that nobody recognises."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.errors import RecordError
from napari_recist.trial import ReadKey, Trial, TrialRole, assign, assign_waiting, register
from napari_recist.trial.images.queries import close_query, open_queries, raise_query
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.assigning import withdraw_assignment
from napari_recist.trial.reads.assignments import balanced, shuffled
from napari_recist.trial.reads.re_reads import schedule_re_read
from tests.trial.conftest import PASSWORD, scheduled, seated
from tests.trial.reading_by_hand import read_through


@given(st.integers(1, 60), st.integers(2, 6))
def test_readers_and_pairs_are_balanced(patients: int, readers: int) -> None:
    """No reader has more than one patient more than another, and so with pairs of two readers."""
    names = tuple(f"R{number}" for number in range(readers))
    made = balanced([f"P{number}" for number in range(patients)], names, 2)
    load = Counter(reader for one in made for reader in one.readers)
    met = Counter(frozenset(one.readers) for one in made)
    pairs = [met[frozenset(pair)] for pair in combinations(names, 2)]

    assert all(len(set(one.readers)) == 2 for one in made)
    assert max(load.values()) - min(load[name] for name in names) <= 1
    assert max(pairs) - min(pairs) <= 2


@given(st.sets(st.text(min_size=1), min_size=2), st.text(), st.text())
def test_each_reader_has_an_order_of_their_own(subjects: set[str], one: str, other: str) -> None:
    """The order is the same for the same reader, whatever order the patients came in."""
    assert shuffled(subjects, one) == shuffled(sorted(subjects, reverse=True), one)
    assert sorted(shuffled(subjects, other)) == sorted(subjects)


def test_all_that_wait_are_assigned(trial: Trial) -> None:
    """Two readers and an adjudicator each; who may have a name in the image waits."""
    for number in range(4):
        register(trial, scheduled(f"P{number}", "BL", 0))
    for name, role in (("boris", TrialRole.READER), ("jane", TrialRole.ADJUDICATOR)):
        trial.admit(name, role, PASSWORD)
    query = raise_query(trial, "P2", "BL", QueryCode.BURNED_IN_TEXT, "Series 3.")
    first = {one.subject for one in assign_waiting(trial)}
    with pytest.raises(RecordError, match="P2 cannot be assigned: query Q1 is open"):
        assign(trial, "P2", "anna")
    close_query(trial, query, "the text is the scanner's, no name")
    (second,) = assign_waiting(trial)

    assert first == {"P0", "P1", "P3"}
    assert (second.subject, set(second.readers), second.adjudicator) == (
        "P2",
        {"anna", "boris"},
        "jane",
    )
    assert open_queries(trial) == ()


def test_too_few_readers_are_told(trial: Trial) -> None:
    """A charter of two readers needs two."""
    register(trial, scheduled("P1", "BL", 0))
    with pytest.raises(RecordError, match="asks for 2 readers; the trial has 1"):
        assign_waiting(trial)


def test_an_assignment_is_withdrawn_with_a_reason(trial: Trial, anna: Trial) -> None:
    """The patient is gone from the worklist; a blank reason is refused."""
    with pytest.raises(RecordError, match="needs a reason"):
        withdraw_assignment(trial, "P1", "anna", "")
    withdraw_assignment(trial, "P1", "anna", "treated there")

    assert anna.worklist() == ("P2",)


def test_a_re_read_is_a_patient_like_others(trial: Trial, anna: Trial) -> None:
    """The reader meets the same scans under a new code; nobody else counts it as a patient."""
    read_through(anna, "P1", (30, 15))
    with pytest.raises(RecordError, match="anna has not finished P2"):
        schedule_re_read(trial, "P7", "P2", "anna")
    schedule_re_read(trial, "P7", "P1", "anna")
    read_through(anna, "P7", (31, 15))

    assert set(anna.worklist()) == {"P1", "P2", "P7"}
    assert trial.subjects() == ("P1", "P2")
    assert ReadKey("P7", "anna") not in trial.reads()
    assert ReadKey("P7", "anna") in anna.reads()
    assert trial.re_reads()["P7"].of_subject == "P1"
    with pytest.raises(RecordError, match="reads P1 again already"):
        schedule_re_read(trial, "P8", "P1", "anna")
    assert seated(trial, "anna").visits("P7")[0].subject == "P7"
