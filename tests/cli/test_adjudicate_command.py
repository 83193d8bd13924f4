"""The command ``trial adjudicate`` without a window: it lists, decides and refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from napari_recist.trial import Trial, accepted_reader
from tests.cli.test_trial_commands import Run, run
from tests.trial.conftest import quick_passwords
from tests.two_reads import ADJUDICATOR, FIRST, SECOND, SUBJECT, trial_of_two

__all__ = ["quick_passwords", "run"]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Trial]:
    """Return a trial in which a case waits."""
    with trial_of_two(tmp_path) as made:
        yield made


def adjudicate(run: Run, *more: str, name: str = ADJUDICATOR) -> tuple[int, str, str]:
    """Run the command in the folder of the trial."""
    return run("trial", "adjudicate", "trial.db", "--name", name, *more)


def test_the_list_tells_what_differs_and_why_and_no_name(case: Trial, run: Run) -> None:
    """The case, the discordance, its reason with its weight; neither reader's name."""
    code, told, _ = adjudicate(run, "--list")

    assert code == 0
    assert told.startswith(f"{SUBJECT}\n")
    assert "Visit of progression: Read A" in told
    assert "new lesion N1" in told
    assert "alone makes the difference" in told
    assert FIRST not in told
    assert SECOND not in told


def test_a_case_is_decided_from_the_command_line(case: Trial, run: Run) -> None:
    """The chosen read is accepted; then no case waits, and it is not decided twice."""
    chosen = ("--subject", SUBJECT, "--choose", "Read A", "--reason", "new-lesion")
    decided = adjudicate(run, *chosen)
    left, again = adjudicate(run, "--list"), adjudicate(run, *chosen)

    said = f"{SUBJECT}: Read A accepted, it is right about the new lesion.\n"
    assert decided == (0, said, "")
    assert accepted_reader(case, SUBJECT) in {FIRST, SECOND}
    assert left[1] == "No case waits.\n"
    assert again[0] == 1
    assert "adjudicated already" in again[2]


def test_wrong_use_is_told(case: Trial, run: Run) -> None:
    """A choice needs a patient and a coded reason, 'other' a comment."""
    of_case = ("--subject", SUBJECT, "--choose", "Read A")
    without_subject = adjudicate(run, "--choose", "Read A", "--reason", "date")
    without_reason = adjudicate(run, *of_case)
    without_comment = adjudicate(run, *of_case, "--reason", "other")

    assert (without_subject[0], without_reason[0], without_comment[0]) == (2, 2, 1)
    assert "--subject" in without_subject[2]
    assert "new_lesion" in without_reason[2]
    assert "comment" in without_comment[2]


def test_a_reader_is_refused(case: Trial, run: Run) -> None:
    """Who read the patient may neither list nor decide."""
    code, _, told = adjudicate(run, "--list", name=FIRST)

    assert code == 1
    assert "may not adjudicate" in told


def test_without_a_screen_the_window_is_refused(
    case: Trial, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No screen: the refusal says so before a password is asked for."""
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    code, _, told = adjudicate(run)

    assert code == 1
    assert "no screen" in told
