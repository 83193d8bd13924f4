"""Quality of reading put together from finished reads, counted by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from napari_recist.criteria import Charter, assess_read
from napari_recist.reading.read_agreement import NewLesionsSeen
from napari_recist.reading.reader_quality import FinishedRead, TrialQuality, trial_quality
from napari_recist.statistics.proportions import Proportion
from tests.criteria.places import drawn
from tests.criteria.reads import Said, a_read

PLACES = {"T1": (0.0, 0.0, 0.0), "T2": (60.0, 0.0, 0.0), "N1": (0.0, 70.0, 20.0)}
STABLE, RESPONSE, GROWTH = (50, 50, 50), (50, 30, 30), (50, 50, 65)


def finished(
    subject: str, reader: str, sizes: Sequence[Said], *, month: int = 1, new: Said = None
) -> FinishedRead:
    """Return a read of one target, with a new lesion at the last visit where asked for."""
    news = {"N1": [None, None, new]} if new else None
    read = drawn(a_read({"T1": sizes}, news=news), PLACES)
    read = replace(read, subject=subject, reader=reader)
    return FinishedRead(read, assess_read(read), dt.date(2026, month, 10))


def quality(*reads: FinishedRead, **sided_with: str) -> TrialQuality:
    """Return the quality of reads, adjudicated as told by patient."""
    settled = {subject: frozenset({reader}) for subject, reader in sided_with.items()}
    return trial_quality(reads, settled, Charter(), planned_reads=10)


def test_agreement_and_disagreement_of_a_pair() -> None:
    """Four patients: two agree, two are adjudicated, both times for anna."""
    found = quality(
        *(finished("P1", reader, STABLE) for reader in ("bert", "anna")),
        *(finished("P2", reader, RESPONSE) for reader in ("anna", "bert")),
        finished("P3", "anna", RESPONSE),
        finished("P3", "bert", STABLE),
        finished("P4", "anna", GROWTH),
        finished("P4", "bert", STABLE),
        P3="anna",
        P4="anna",
    )
    anna, bert = found.readers
    (pair,) = found.pairs

    assert (anna.disagreement.index, bert.disagreement.index) == (0, 50)
    assert anna.disagreement.agreed == Proportion(2, 2)
    assert bert.disagreement.adjudicated == Proportion(2, 4)
    assert pair.readers == ("anna", "bert")
    # Best responses SD/SD, PR/PR, PR/SD, SD/SD: 3 of 4 agree; by chance 1/2 x 3/4 + 1/2 x 1/4.
    best = pair.agreement.best_response.kappa
    assert best.agreed == Proportion(3, 4)
    assert best.value == pytest.approx((0.75 - 0.5) / 0.5)
    # Of eight responses after baseline three differ: two of P3, one of P4.
    assert pair.agreement.visit_responses.kappa.agreed == Proportion(5, 8)
    assert found.limits is not None
    assert found.limits.upper == pytest.approx(25 + 35.35533906)
    assert found.limits.outliers == ()


def test_diameters_are_paired_by_place() -> None:
    """T1 of anna is T2 of bert: their diameters are compared, first minus second."""
    anna = finished("P1", "anna", (50, 48, 47))
    swapped = drawn(a_read({"T2": [51, 49, 50]}), {"T2": PLACES["T1"]})
    bert_read = replace(swapped, subject="P1", reader="bert")
    bert = FinishedRead(bert_read, assess_read(bert_read), anna.finished)
    (pair,) = quality(anna, bert).pairs
    diameters = pair.agreement.diameters
    assert diameters is not None

    assert [round(size.difference, 1) for size in pair.agreement.sizes] == [-1, -1, -3]
    assert diameters.bias == pytest.approx(-5 / 3)
    assert (diameters.pairs, diameters.lesions) == (3, 1)


def test_only_measurements_are_paired() -> None:
    """A lesion too small to measure for one reader has no diameter to compare there."""
    found = quality(
        finished("P1", "anna", (50, 6, 5)), finished("P1", "bert", (50, "too_small", 5))
    )

    assert len(found.pairs[0].agreement.sizes) == 2


def test_new_lesions_of_both_and_of_one() -> None:
    """One new lesion is seen by both, one by anna only, one by bert only."""
    sure = "unequivocal"
    found = quality(
        finished("P1", "anna", STABLE, new=sure),
        finished("P1", "bert", STABLE, new=sure),
        finished("P2", "anna", STABLE, new=sure),
        finished("P2", "bert", STABLE),
        finished("P3", "anna", STABLE, new="equivocal"),
        finished("P3", "bert", STABLE, new=sure),
    )

    assert found.pairs[0].agreement.new_lesions == NewLesionsSeen(1, 1, 1)


def test_charts_run_month_by_month() -> None:
    """The month without a case stands between the others; a case counts when both have read."""
    found = quality(
        finished("P1", "anna", STABLE, month=1),
        finished("P1", "bert", STABLE, month=3),
        finished("P2", "anna", RESPONSE, month=1),
        finished("P2", "bert", STABLE, month=1),
        P2="bert",
    )
    assert found.adjudication is not None
    points = [(point.label, point.total, point.share) for point in found.adjudication.points]

    assert points == [("2026-01", 1, 1.0), ("2026-02", 0, None), ("2026-03", 1, 0.0)]
    accepted = [reader.acceptance.centre for reader in found.readers if reader.acceptance]
    assert accepted == [0, 1]


def test_a_case_that_waits_and_one_with_one_read() -> None:
    """Until the adjudicator decides a case is pending; one read alone is no case."""
    found = quality(
        finished("P1", "anna", RESPONSE),
        finished("P1", "bert", STABLE),
        finished("P2", "anna", STABLE),
    )

    assert len(found.cases) == 1
    assert found.readers[0].disagreement.pending == 1
    assert found.readers[0].disagreement.index == 0


def test_an_adjudication_of_reads_that_agree_now_does_not_count() -> None:
    """Where nothing differs any more, an earlier decision disagrees with nobody."""
    found = quality(finished("P1", "anna", STABLE), finished("P1", "bert", STABLE), P1="anna")

    assert [reader.disagreement.index for reader in found.readers] == [0, 0]


def test_re_reads_compare_a_reader_with_oneself() -> None:
    """The re-read of anna differs by 1.0 and 2.0 mm: within-lesion SD and its coefficient."""
    first = finished("P1", "anna", (50, 50, 50))
    again = finished("P1", "anna", (50, 51, 52))
    other = finished("P1", "bert", (50, 50, 50))
    found = trial_quality([first, other], {}, Charter(), planned_reads=10, re_reads=[again])
    anna, bert = found.readers
    assert anna.re_reads is not None
    assert anna.re_reads.repeatability is not None

    assert anna.re_reads.cases == 1
    assert anna.re_reads.repeatability.within_sd == pytest.approx(((0 + 1 + 4) / 6) ** 0.5)
    assert anna.re_reads.visit_responses.kappa.agreed == Proportion(2, 2)
    assert bert.re_reads is None


def test_a_trial_without_reads() -> None:
    """Before anything is read there is nothing to judge, and no error."""
    found = quality()

    assert (found.cases, found.readers, found.pairs, found.limits) == ((), (), (), None)
    assert found.adjudication is None
