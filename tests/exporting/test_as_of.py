"""The trial as it stood: every question answered as from a copy of the database cut there."""

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from napari_recist.criteria import VisitOpened
from napari_recist.errors import RecordError
from napari_recist.trial import (
    Trial,
    TrialRole,
    accepted_reader,
    freeze,
    open_trial,
    shifts_of,
    transfers,
)
from napari_recist.trial.reads.charter_change import amend_charter
from napari_recist.trial.reads.clinical import clinical_data
from napari_recist.trial.reads.progress import case_states, reading_progress
from napari_recist.trial.record.trial_facts import SignedIn, VisitRegistered
from tests.exporting.frozen_trials import FIRST, OPEN
from tests.trial.conftest import PASSWORD
from tests.trial.test_tampering import DROP_GUARDS


def cut(built: Path, place: Path, sequence: int) -> Trial:
    """Return a copy of a trial's database without the records after this one."""
    shutil.copy(built, place)
    with closing(sqlite3.connect(place)) as connection:
        for statement in DROP_GUARDS:
            connection.execute(statement)
        connection.execute("DELETE FROM events WHERE sequence > ?", (sequence,))
        last = connection.execute("SELECT max(sequence), hash FROM events").fetchone()
        connection.execute("UPDATE chain_head SET sequence = ?, hash = ?", last)
        connection.commit()
    return open_trial(str(place))


def answers(trial: Trial) -> dict[str, Any]:
    """Return what a trial answers to every question about its data."""
    subjects = trial.subjects()
    reads = trial.reads()
    return {
        "records": list(trial.records()),
        "subjects": subjects,
        "reads": reads,
        "events": [trial.events(*read) for read in reads],
        "signatures": [trial.signatures(read) for read in reads],
        "visits": [trial.visits(subject) for subject in subjects],
        "visits of": [trial.visits_of(read) for read in reads],
        "assignments": trial.assignments(),
        "people": trial.people(),
        "charter": trial.charter_version,
        "obstacles": [trial.case_obstacle(subject) for subject in subjects],
        "accepted": [accepted_reader(trial, subject) for subject in subjects],
        "states": case_states(trial),
        "progress": list(reading_progress(trial)),
        "signed in": trial.stated_when(SignedIn),
        "registered": trial.stated(VisitRegistered),
        "shifts": shifts_of(trial),
        "clinical": clinical_data(trial),
        "transfers": transfers(trial),
    }


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 1.0])
def test_the_past_is_a_copy_cut_there(
    built_trial: Path, frozen_trial: Trial, tmp_path: Path, share: float
) -> None:
    """Records, reads, visits, people, charter, states: all as from a database that ends there."""
    count = frozen_trial.verify().count
    sequence = round(share * count)
    past = frozen_trial.as_of(sequence)
    with cut(built_trial, tmp_path / "cut.db", sequence) as copy:
        assert answers(past) == answers(copy)
        assert past.verify().head == next(r.hash for r in past.records() if r.sequence == sequence)
        assert past.verify().count == sequence


def test_the_past_cannot_be_extended(frozen_trial: Trial) -> None:
    """No fact, no password, no signing in; and the trial itself goes on."""
    past = frozen_trial.as_of(transfers(frozen_trial)[0].anchor.sequence)
    seat = frozen_trial.sign_in(FIRST, PASSWORD)
    before = frozen_trial.verify()
    with pytest.raises(RecordError, match="cannot be extended"):
        freeze(past)
    with pytest.raises(RecordError, match="cannot be extended"):
        past.sign_in(FIRST, PASSWORD)
    with pytest.raises(RecordError, match="cannot be extended"):
        past.admit(FIRST, TrialRole.READER, "another long password")
    assert frozen_trial.verify() == before
    past.close()

    seat.append(OPEN, VisitOpened("W8", seat.visits(OPEN)[1].date))
    assert frozen_trial.verify().count == before.count + 1
    assert past.verify().count == transfers(frozen_trial)[0].anchor.sequence


def test_there_is_no_past_before_the_first_record_or_after_the_last(frozen_trial: Trial) -> None:
    """A number that no record has is refused in words."""
    for number in (0, frozen_trial.verify().count + 1):
        with pytest.raises(RecordError, match=f"There is no record {number}"):
            frozen_trial.as_of(number)


class DayAfterTomorrow(dt.datetime):
    """A clock that is two days ahead."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> "DayAfterTomorrow":
        """Return the moment two days from now."""
        return cls.fromtimestamp(dt.datetime.now(tz).timestamp(), tz) + dt.timedelta(days=2)


def test_the_past_keeps_the_charter_in_force_then(
    frozen_trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version on record that held only from tomorrow never comes into force in the past.

    Asked on the day after tomorrow, a frozen transfer still answers by the charter of then.
    """
    amendment = tmp_path / "amendment.toml"
    text = '[trial]\nid = "NRC-HCC-201"\n[criteria]\nmax_targets = 3\n'
    amendment.write_text(text, encoding="utf-8")
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    amend_charter(frozen_trial, amendment, tomorrow, "amendment 1")
    number = freeze(frozen_trial.again())
    clock = SimpleNamespace(datetime=DayAfterTomorrow, UTC=dt.UTC)
    monkeypatch.setattr("napari_recist.trial.record.store.dt", clock)
    past = frozen_trial.as_of(transfers(frozen_trial)[number - 1].anchor.sequence)

    assert frozen_trial.again().charter_version.adopted.version == 2
    assert [version.adopted.version for version in past.charters] == [1, 2]
    assert past.charter_version.adopted.version == 1
