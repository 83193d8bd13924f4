"""People and patients of a trial."""

import datetime as dt
from pathlib import Path

import pytest

from napari_recist.errors import RecordError, SignatureRefusedError, TooManyAttemptsError
from napari_recist.trial import Person, SeriesEntry, Trial, TrialRole, assign, open_trial, register
from napari_recist.trial.reads.progress import ReadProgress, reading_progress
from napari_recist.trial.record.trial_facts import SignInRefused
from napari_recist.trial.staff import attempts
from tests.trial.conftest import PASSWORD, scheduled

SERIES = SeriesEntry("1.2.3", "abdomen", "CT", "portal venous", ("/scans/1.dcm",))


def test_a_password_opens_only_its_own_name(trial: Trial) -> None:
    """The right password passes; a wrong one, a wrong name, an empty one are refused alike."""
    assert trial.sign_in("anna", PASSWORD).person == Person("anna", TrialRole.READER)
    messages = set()
    for name, password in [("anna", "wrong one"), ("nobody", PASSWORD), ("anna", "")]:
        with pytest.raises(SignatureRefusedError) as caught:
            trial.sign_in(name, password)
        messages.add(str(caught.value))

    assert len(messages) == 1


def test_a_new_password_replaces_the_old_one(trial: Trial) -> None:
    """Admitting a reader again gives a new password, and the record tells of both."""
    before = trial.verify().count
    trial.admit("anna", TrialRole.READER, "a newer password")

    assert trial.verify().count == before + 1
    assert trial.readers() == ("anna",)
    with pytest.raises(SignatureRefusedError):
        trial.sign_in("anna", PASSWORD)
    trial.sign_in("anna", "a newer password")


def test_guessing_is_slowed_down_and_recorded(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After five wrong passwords the sixth is not looked at for a while, known or not."""
    for _ in range(trial.charter.access.attempts):
        with pytest.raises(SignatureRefusedError):
            trial.sign_in("anna", "a guess")
    with pytest.raises(TooManyAttemptsError, match=r"Wait (29|30) seconds"):
        trial.sign_in("anna", PASSWORD)

    assert trial.stated(SignInRefused) == (("", SignInRefused("anna")),) * 5
    for _ in range(trial.charter.access.attempts):
        with pytest.raises(SignatureRefusedError, match="wrong"):
            trial.sign_in("no such person", "a guess")
    with pytest.raises(TooManyAttemptsError):
        trial.sign_in("no such person", "a guess")
    monkeypatch.setattr(attempts, "FIRST_WAIT", dt.timedelta())
    trial.sign_in("anna", PASSWORD)
    with pytest.raises(SignatureRefusedError, match="wrong"):
        trial.sign_in("anna", "one more guess")


def test_passwords_are_not_in_the_database(trial: Trial, database: Path) -> None:
    """Neither a password nor anything quickly reversed stands in the database's files."""
    trial.close()
    stored = b"".join(file.read_bytes() for file in database.parent.glob("trial.db*"))

    assert PASSWORD.encode() not in stored
    assert b"$argon2id$" in stored


@pytest.mark.parametrize("name", ["", " anna", "anna\n", "an\x00na", "owner"])
def test_a_doubtful_name_is_refused(trial: Trial, name: str) -> None:
    """A name that would be mistaken on a screen is refused."""
    with pytest.raises(RecordError, match="person's name"):
        trial.admit(name, TrialRole.READER, PASSWORD)


def test_a_short_password_is_refused(trial: Trial) -> None:
    """A password needs eight characters, and a refusal adds nobody."""
    with pytest.raises(RecordError, match="at least 8"):
        trial.admit("boris", TrialRole.READER, "short")

    assert trial.readers() == ("anna",)


def test_visits_are_listed_by_date(trial: Trial, database: Path) -> None:
    """Patients and visits come in order, also for whoever opens the trial later."""
    later, baseline = scheduled("P2", "W8", 8, SERIES), scheduled("P2", "BL", 0, SERIES)
    for visit in (later, baseline, scheduled("P1", "BL", 0, SERIES)):
        register(trial, visit)

    with open_trial(str(database)) as other:
        assert other.subjects() == ("P1", "P2")
        assert other.visits("P2") == (baseline, later)
        assert other.visits("P3") == ()


def test_the_same_visit_again_records_nothing(trial: Trial) -> None:
    """Registering a visit twice changes nothing; with other images it is recorded anew."""
    register(trial, scheduled("P1", "BL", 0))
    before = trial.verify().count
    register(trial, scheduled("P1", "BL", 0))

    assert trial.verify().count == before
    replaced = scheduled("P1", "BL", 0, SERIES)
    register(trial, replaced)
    assert trial.visits("P1") == (replaced,)
    assert trial.verify().count == before + 1


def test_progress_counts_each_patient_and_reader(trial: Trial) -> None:
    """A patient nobody has read yet stands in the list with every reader it is assigned to."""
    register(trial, scheduled("P1", "BL", 0))
    register(trial, scheduled("P1", "W8", 8))
    assert list(reading_progress(trial)) == []
    assign(trial, "P1", "anna")

    assert list(reading_progress(trial)) == [ReadProgress("P1", "anna", 0, 2, "BL")]
