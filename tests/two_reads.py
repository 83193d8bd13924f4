"""A patient of the sample trial read by two who differ, for tests of adjudication."""

import dataclasses
from pathlib import Path

from napari_recist.criteria import Role, Status
from napari_recist.demo.dictated_read import dictate
from napari_recist.phantom import ReadingTruth, Statement, SubjectTruth, sample_trial
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import (
    Trial,
    TrialRole,
    assign,
    assign_adjudicator,
    create_trial,
    end_follow_up,
)

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data"
SUBJECT = "NRC-003-0002"
FIRST, SECOND, ADJUDICATOR = "Carla Ferrier", "Odd Lindqvist", "Ines Navarro"
"""Names that nothing on an adjudicator's screen may hold; each is one that no other word has."""
PASSWORD = "a long password"


def truth() -> SubjectTruth:
    """Return the patient: two targets, stable throughout."""
    return sample_trial().subject(SUBJECT)


def second_reading() -> ReadingTruth:
    """Return another read of the patient: targets listed the other way round, a new lesion at W24.

    So T1 of one reader is T2 of the other, and progression is at week 24 for one alone.
    """
    reading = truth().readings[0]
    visits = [
        dataclasses.replace(visit, statements=_turned(visit.statements)) for visit in reading.visits
    ]
    new = Statement("N1", (), Role.NEW, Status.UNEQUIVOCAL, "peritoneum")
    visits[-1] = dataclasses.replace(visits[-1], statements=(*visits[-1].statements, new))
    return dataclasses.replace(reading, visits=tuple(visits))


def _turned(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    first, second = statements
    return (
        dataclasses.replace(second, lesion="T1"),
        dataclasses.replace(first, lesion="T2"),
    )


def trial_of_two(
    folder: Path, readings: tuple[ReadingTruth, ...] | None = None, *, own: bool = False
) -> Trial:
    """Return a trial with the patient read by two and waiting for the adjudicator.

    ``own``: its charter allows a read of the adjudicator's own.
    """
    file = folder / "charter.toml"
    lines = (SAMPLE / "charter.toml").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("adjudicator_reads")]
    place = lines.index("[read]") + 1
    lines.insert(place, f"adjudicator_reads = {str(own).lower()}")
    file.write_text("\n".join(lines), encoding="utf-8")
    trial = create_trial(str(folder / "trial.db"), file)
    import_images(trial, SAMPLE / SUBJECT)
    for name in (FIRST, SECOND):
        trial.admit(name, TrialRole.READER, PASSWORD)
        assign(trial, SUBJECT, name)
    trial.admit(ADJUDICATOR, TrialRole.ADJUDICATOR, PASSWORD)
    assign_adjudicator(trial, SUBJECT, ADJUDICATOR)
    told = readings or (truth().readings[0], second_reading())
    for name, reading in zip((FIRST, SECOND), told, strict=False):
        session = ReadingSession(trial.sign_in(name, PASSWORD), SUBJECT)
        dictate(session, truth(), reading, PASSWORD)
    end_follow_up(trial, SUBJECT, "progressive disease")
    return trial
