"""The oncologist's review: clinical data for one role alone, a settled result, a signature."""

from pathlib import Path

import pytest

from napari_recist.criteria import Response
from napari_recist.errors import (
    AccessRefusedError,
    ReadError,
    RecordError,
    SignatureRefusedError,
    TableError,
)
from napari_recist.trial import ReadKey, Trial, TrialRole, assign, end_follow_up, register, reopen
from napari_recist.trial.reads.clinical import (
    ClinicalVerdict,
    cases_to_review,
    clinical_case,
    clinical_data_of,
    give_clinical_data,
    review_of,
    sign_clinical_review,
)
from tests.trial.conftest import PASSWORD, scheduled
from tests.trial.reading_by_hand import read_visit

ITEMS = (("ECOG", "1"), ("AFP", "420 ng/ml"))
AGREES = ClinicalVerdict(agrees=True)


@pytest.fixture
def settled(trial: Trial) -> Trial:
    """Return a trial with two patients both read alike by anna and boris; P1's is finished."""
    trial.admit("boris", TrialRole.READER, PASSWORD)
    trial.admit("oli", TrialRole.ONCOLOGIST, PASSWORD)
    for subject in ("P1", "P2"):
        for visit, week in (("BL", 0), ("W8", 8)):
            register(trial, scheduled(subject, visit, week))
        for reader in ("anna", "boris"):
            assign(trial, subject, reader)
    for reader in ("anna", "boris"):
        seat = trial.sign_in(reader, PASSWORD)
        read_visit(seat, "P1", "BL", 40)
        read_visit(seat, "P1", "W8", 20)
    end_follow_up(trial, "P1", "progressive disease")
    give_clinical_data(trial, {"P1": ITEMS, "P2": ITEMS})
    return trial


def test_the_case_holds_result_and_data_and_nobody(settled: Trial) -> None:
    """Visits with their responses, the items as given; no reader is named anywhere in it."""
    case = clinical_case(settled.sign_in("oli", PASSWORD), "P1")

    assert [visit.visit for visit in case.visits] == ["BL", "W8"]
    assert case.visits[-1].overall is Response.PR
    assert case.items == ITEMS
    assert "anna" not in repr(case)
    assert "boris" not in repr(case)


def test_only_a_settled_patient_is_reviewed(settled: Trial) -> None:
    """P2 is still being read: it is refused, and not among those that wait."""
    seat = settled.sign_in("oli", PASSWORD)

    assert cases_to_review(seat) == ("P1",)
    with pytest.raises(ReadError, match="follow-up of P2 has not ended"):
        clinical_case(seat, "P2")


def test_a_review_is_signed_once_and_ends_with_the_result(settled: Trial) -> None:
    """It binds result and data; a second is refused; with other data it counts no more."""
    seat = settled.sign_in("oli", PASSWORD)
    case = clinical_case(seat, "P1")
    signed = sign_clinical_review(seat, case, AGREES, PASSWORD).fact
    with pytest.raises(RecordError, match="reviewed already"):
        sign_clinical_review(seat, case, AGREES, PASSWORD)
    counted = review_of(seat, case)
    give_clinical_data(settled, {"P1": (*ITEMS, ("bilirubin", "40"))})
    later = clinical_case(seat, "P1")

    assert counted is not None
    assert (counted.signer, counted.response, counted.agrees) == ("oli", "PR", True)
    assert len(counted.chain_head) == 64
    assert counted == signed or counted.content_hash == case.content_hash
    assert review_of(seat, later) is None
    assert cases_to_review(seat) == ("P1",)
    with pytest.raises(ReadError, match="has changed meanwhile"):
        sign_clinical_review(seat, case, AGREES, PASSWORD)
    settled.verify()


def test_who_does_not_agree_says_what_and_why(settled: Trial) -> None:
    """Without a response or a reason it is refused, and so is a wrong password."""
    seat = settled.sign_in("oli", PASSWORD)
    case = clinical_case(seat, "P1")
    for verdict in (
        ClinicalVerdict(agrees=False, comment="died"),
        ClinicalVerdict(agrees=False, response=Response.PD, comment=" "),
    ):
        with pytest.raises(ReadError, match="which response"):
            sign_clinical_review(seat, case, verdict, PASSWORD)
    differs = ClinicalVerdict(agrees=False, response=Response.PD, comment="symptoms")
    with pytest.raises(SignatureRefusedError):
        sign_clinical_review(seat, case, differs, "a guess")
    sign_clinical_review(seat, case, differs, PASSWORD)

    found = review_of(seat, case)
    assert found is not None
    assert (found.agrees, found.response, found.comment) == (False, "PD", "symptoms")


def test_no_reader_and_no_administrator_sees_clinical_data(settled: Trial) -> None:
    """A reader, an administrator and a monitor are refused the case; a reader gives none either."""
    settled.admit("ada", TrialRole.ADMINISTRATOR, PASSWORD)
    settled.admit("mona", TrialRole.MONITOR, PASSWORD)
    for name in ("anna", "ada", "mona"):
        seat = settled.sign_in(name, PASSWORD)
        with pytest.raises(AccessRefusedError):
            clinical_case(seat, "P1")
        with pytest.raises(AccessRefusedError):
            give_clinical_data(seat, {"P1": ITEMS})


def test_reopening_takes_the_case_from_the_list(settled: Trial) -> None:
    """While a visit is open again there is no accepted result to review."""
    reopen(settled, ReadKey("P1", "anna"), "W8", "wrong series")

    assert cases_to_review(settled.sign_in("oli", PASSWORD)) == ()


def test_a_file_is_taken_whole_or_not_at_all(settled: Trial, tmp_path: Path) -> None:
    """Every fault of the table is told; a patient the trial does not have stops all of it."""
    file = tmp_path / "clinical.csv"
    file.write_text("subject,item,value\nP1,ECOG,2\n,AFP,3\nP1,,4\n", encoding="utf-8")
    with pytest.raises(TableError) as faults:
        clinical_data_of(file)
    file.write_text("subject,item,value\nP1,ECOG,2\nP9,ECOG,0\n", encoding="utf-8")
    before = settled.verify().count
    with pytest.raises(RecordError, match="no patient P9"):
        give_clinical_data(settled, clinical_data_of(file))

    assert [(one.row, one.column) for one in faults.value.problems] == [(3, "subject"), (4, "item")]
    assert settled.verify().count == before
