"""The oncologist's window: one patient's result and data, a form, a signature."""

from pathlib import Path
from typing import Any

import pytest

from napari_recist.demo import gestures
from napari_recist.trial import Trial, TrialRole, assign, create_trial, end_follow_up, register
from napari_recist.trial.reads.clinical import give_clinical_data
from napari_recist.trial.record.trial_facts import ClinicalReviewSigned
from napari_recist.ui.clinical_review import NOTHING_LEFT, ClinicalReview
from napari_recist.ui.workplace import open_workplace
from tests.trial.conftest import PASSWORD, quick_passwords, scheduled
from tests.trial.reading_by_hand import read_visit
from tests.ui.test_blinded_screen import on_screen

__all__ = ["quick_passwords"]

pytestmark = pytest.mark.ui


@pytest.fixture
def settled(tmp_path: Path) -> Any:
    """Return a trial with one settled patient that has clinical data."""
    charter = tmp_path / "charter.toml"
    charter.write_text('[trial]\nid = "HCC-1"\n\n[read]\nreaders = 1\n', encoding="utf-8")
    with create_trial(str(tmp_path / "trial.db"), charter) as trial:
        trial.admit("annabella", TrialRole.READER, PASSWORD)
        trial.admit("oli", TrialRole.ONCOLOGIST, PASSWORD)
        register(trial, scheduled("P1", "BL", 0))
        register(trial, scheduled("P1", "W8", 8))
        assign(trial, "P1", "annabella")
        seat = trial.sign_in("annabella", PASSWORD)
        read_visit(seat, "P1", "BL", 40)
        read_visit(seat, "P1", "W8", 20)
        end_follow_up(trial, "P1", "died")
        give_clinical_data(trial, {"P1": (("ECOG", "2, declining"),)})
        yield trial


@pytest.fixture
def review(settled: Trial, screen: None, qapp: Any) -> Any:
    """Return the window that opens when the oncologist signs in."""
    opened = open_workplace(settled.sign_in("oli", PASSWORD))
    gestures.settle()
    yield opened
    opened.close()
    gestures.settle()


def test_the_form_shows_result_and_data_and_nobody(review: Any) -> None:
    """Coded patient, visits with sums and responses, the data; no reader's name, no date."""
    assert isinstance(review, ClinicalReview)
    assert review.patients.item(0).text() == "P1"
    assert [row[0] for row in review.result.words()] == ["BL", "W8"]
    assert review.result.words()[1][-1] == "PR"
    assert review.data.words() == [["ECOG", "2, declining"]]
    assert "annabella" not in on_screen()
    assert "2025" not in on_screen()


def test_a_refusal_is_told_and_the_signature_recorded(review: Any, settled: Trial) -> None:
    """Not agreeing needs a reason; with one and the password it is signed."""
    gestures.click(review.differs, (8, review.differs.height() / 2))
    review.response.setCurrentText("PD")
    gestures.write(review.password, PASSWORD)
    gestures.click(review.sign_button)
    refused = review.says.text()
    gestures.write(review.comment, "clinical deterioration")
    gestures.write(review.password, PASSWORD)
    gestures.press(review.password, "Return")
    ((subject, fact),) = settled.stated(ClinicalReviewSigned)

    assert "which response" in refused
    assert subject == "P1"
    assert isinstance(fact, ClinicalReviewSigned)
    assert (fact.agrees, fact.response, fact.comment) == (False, "PD", "clinical deterioration")
    assert review.says.text() == NOTHING_LEFT
    assert not review.sign_button.isEnabled()
