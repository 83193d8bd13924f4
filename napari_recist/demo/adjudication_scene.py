"""The pictures of the adjudication room: a patient of the sample trial whose two readers differ."""

import tempfile
from pathlib import Path

from napari_recist.demo import gestures
from napari_recist.demo.dictated_read import dictate
from napari_recist.demo.scripted_adjudicator import END, RULINGS, ScriptedAdjudicator
from napari_recist.phantom import sample_charter, sample_trial
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import (
    Trial,
    TrialRole,
    assign,
    assign_adjudicator,
    create_trial,
    end_follow_up,
)
from napari_recist.ui.adjudication_room import adjudication_room

PASSWORD = "pictures for the manual"  # noqa: S105 - of a trial that is made and thrown away
CODE = "NRC-003-0001"
ADJUDICATOR = "A1"


def take_adjudication(scans: Path, out: Path) -> None:
    """Take the pictures ``adjudication`` and ``adjudication-decision``."""
    with tempfile.TemporaryDirectory() as scratch:
        charter = Path(scratch) / "charter.toml"
        charter.write_text(sample_charter(), encoding="utf-8")
        with create_trial(str(Path(scratch) / "trial.sqlite"), charter) as trial:
            import_images(trial, scans / CODE)
            _read_by_two(trial)
            room = adjudication_room(trial.sign_in(ADJUDICATOR, PASSWORD))
            adjudicator = ScriptedAdjudicator(room, PASSWORD, out)
            gestures.settle(1.0)
            adjudicator.press("2")
            adjudicator.picture("adjudication")
            adjudicator.press("Ctrl+Return")
            adjudicator.fill_in(RULINGS[CODE])
            adjudicator.picture("adjudication-decision")
            room.close()
            gestures.settle(0.2)


def _read_by_two(trial: Trial) -> None:
    """Let both readers of the script read the patient, and an adjudicator wait for it."""
    subject = sample_trial().subject(CODE)
    for reading in subject.readings:
        trial.admit(reading.reader, TrialRole.READER, PASSWORD)
        assign(trial, CODE, reading.reader)
        session = ReadingSession(trial.sign_in(reading.reader, PASSWORD), CODE)
        dictate(session, subject, reading, PASSWORD)
    trial.admit(ADJUDICATOR, TrialRole.ADJUDICATOR, PASSWORD)
    assign_adjudicator(trial, CODE, ADJUDICATOR)
    end_follow_up(trial, CODE, END)
