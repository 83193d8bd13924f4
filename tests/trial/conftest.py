"""A fresh trial on SQLite, with quick passwords."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from napari_recist.trial import (
    ScheduledVisit,
    SeriesEntry,
    Trial,
    TrialRole,
    assign,
    create_trial,
    register,
)
from napari_recist.trial.staff import passwords

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make verifiers that are quick to check: their strength is not what these tests are about."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)


@pytest.fixture
def charter_file(tmp_path: Path) -> Path:
    """Return a charter that names a trial and leaves the rest to its defaults."""
    file = tmp_path / "charter.toml"
    file.write_text('[trial]\nid = "HCC-1"\n', encoding="utf-8")
    return file


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return where the trial's database is."""
    return tmp_path / "trial.db"


@pytest.fixture
def trial(database: Path, charter_file: Path) -> Iterator[Trial]:
    """Return a new trial with the reader anna."""
    with create_trial(str(database), charter_file) as trial:
        trial.admit("anna", TrialRole.READER, PASSWORD)
        yield trial


def scheduled(subject: str, visit: str, week: int, *series: SeriesEntry) -> ScheduledVisit:
    """Return a visit so many weeks after the 6th of January 2025."""
    date = dt.date(2025, 1, 6) + dt.timedelta(weeks=week)
    return ScheduledVisit(subject, visit, week, date, series)


def execute(database: Path, *statements: str) -> None:
    """Run plain SQL on the database, as its owner could."""
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture
def anna(trial: Trial) -> Trial:
    """Return the trial as anna has it open, with P1 and P2 to read: baseline and week 8 each."""
    for subject in ("P1", "P2"):
        for visit, week in (("BL", 0), ("W8", 8)):
            register(trial, scheduled(subject, visit, week))
    return seated(trial, "anna", "P1", "P2")


def seated(trial: Trial, reader: str, *subjects: str) -> Trial:
    """Return the trial as a reader has it open, admitted first and with these patients assigned."""
    if reader not in trial.readers():
        trial.admit(reader, TrialRole.READER, PASSWORD)
    for subject in subjects:
        assign(trial, subject, reader)
    return trial.sign_in(reader, PASSWORD)
