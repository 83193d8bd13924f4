"""A SQLite trial of made-up patients, read, signed and frozen through the trial's own doors."""

import random
from pathlib import Path

from made_up_transfer import facts_at, subject_of, visits_of

from napari_recist.criteria import assess_read, replay
from napari_recist.phantom import sample_charter
from napari_recist.trial import (
    Trial,
    TrialRole,
    assign,
    create_trial,
    end_follow_up,
    freeze,
    register,
)

PASSWORD = "demonstration"
READERS = ("Reader 1", "Reader 2")


def written_record(folder: Path, patients: int) -> Path:
    """Write a trial of so many patients, frozen once; return its database."""
    charter = folder / "charter.toml"
    charter.write_text(sample_charter(), encoding="utf-8")
    database = folder / "trial.db"
    with create_trial(str(database), charter) as trial:
        for reader in READERS:
            trial.admit(reader, TrialRole.READER, PASSWORD)
        subjects = [subject_of(number) for number in range(1, patients + 1)]
        for subject in subjects:
            for visit in visits_of(subject):
                register(trial, visit)
            for reader in READERS:
                assign(trial, subject, reader)
        for reader in READERS:
            seat = trial.sign_in(reader, PASSWORD)
            for subject in subjects:
                _read(seat, subject)
        for subject in subjects:
            end_follow_up(trial, subject, "end of treatment")
        freeze(trial)
    return database


def _read(seat: Trial, subject: str) -> None:
    chance = random.Random(f"{subject} {seat.actor}")
    for visit in visits_of(subject):
        for fact in facts_at(subject, visit, chance):
            seat.append(subject, fact)
        events = seat.events(subject, seat.actor)
        read = replay(events)
        assessed = assess_read(read, seat.charter_of(events).charter).visit(visit.visit)
        seat.sign(read, assessed, password=PASSWORD, meaning="I read this visit")
