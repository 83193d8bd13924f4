"""Signing in: nobody is listed, refusals are words, the role decides what opens."""

import gc
from typing import Any

import pytest

from napari_recist.cli.open import open_window
from napari_recist.demo import gestures
from napari_recist.trial import Trial, TrialRole, assign
from napari_recist.ui import sign_in
from napari_recist.ui.sign_in import SignInDialog
from napari_recist.ui.trial_chooser import TrialChooser
from tests.trial.conftest import PASSWORD
from tests.ui.conftest import SUBJECT
from tests.ui.test_blinded_screen import on_screen

pytestmark = pytest.mark.ui


@pytest.fixture
def chooser(screen: None, qapp: Any) -> Any:
    """Return the dock widget, shown."""
    widget = TrialChooser()
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()


def fill(form: Any, url: str, name: str, password: str) -> None:
    """Type into the form and press Enter in its last field."""
    for field, text in ((form.url, url), (form.name, name), (form.password, password)):
        field.clear()
        gestures.write(field, text)
    gestures.press(form.password, "Return")


def test_nobody_is_listed(trial: Trial, chooser: Any) -> None:
    """With the trial's address typed in, no name of anybody in it is on the screen."""
    trial.admit("Listed nowhere", TrialRole.READER, PASSWORD)
    fill(chooser.form, trial.url, "", "")

    assert "Listed nowhere" not in on_screen()
    assert SUBJECT not in on_screen()


def test_a_refusal_does_not_tell_which_was_wrong(trial: Trial, chooser: Any) -> None:
    """A wrong password and a name nobody has are refused in the same words, the field emptied."""
    trial.admit("Wrongly typed", TrialRole.READER, PASSWORD)
    told = []
    for name, password in (("Wrongly typed", "not this one"), ("Nobody at all", PASSWORD)):
        fill(chooser.form, trial.url, name, password)
        told.append(chooser.form.says.text())

    assert set(told) == {"Name or password is wrong. Type the password again."}
    assert chooser.form.password.text() == ""
    assert chooser.workplace is None


def test_too_many_attempts_say_how_long_to_wait(trial: Trial, chooser: Any) -> None:
    """After the free attempts the form tells the seconds, also for the right password."""
    trial.admit("Guessed at", TrialRole.READER, PASSWORD)
    for _ in range(trial.charter.access.attempts):
        fill(chooser.form, trial.url, "Guessed at", "a guess")
    fill(chooser.form, trial.url, "Guessed at", PASSWORD)

    assert "Wait 30 seconds" in chooser.form.says.text()


def test_who_was_retired_is_told_so(trial: Trial, chooser: Any) -> None:
    """The right password of somebody who left opens nothing and says why."""
    trial.admit("Retired", TrialRole.READER, PASSWORD)
    trial.retire("Retired", "left the hospital")
    fill(chooser.form, trial.url, "Retired", PASSWORD)

    assert "no longer works on this trial" in chooser.form.says.text()
    assert chooser.workplace is None


def test_a_reader_gets_the_reading_room_and_signs_out(trial: Trial, chooser: Any) -> None:
    """The room opens at the next patient; once it is closed, somebody else can sign in."""
    trial.admit("At the form", TrialRole.READER, PASSWORD)
    assign(trial, SUBJECT, "At the form")
    fill(chooser.form, trial.url, "At the form", PASSWORD)
    gestures.settle(0.05)
    room = chooser.workplace
    at_work = (room.session.reader, room.session.subject, chooser.form.isEnabled())
    gestures.click(room.bar.lock_button)
    gestures.click(room.idle.screen.sign_out_button)
    del room
    gestures.settle(0.1)
    gc.collect()
    gestures.settle(0.1)

    assert at_work == ("At the form", SUBJECT, False)
    assert chooser.workplace is None
    assert chooser.form.isEnabled()
    assert chooser.form.name.text() == ""


def test_the_command_line_asks_on_the_screen(
    trial: Trial, screen: None, qapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a password in the environment the same form is shown, the name filled in."""
    monkeypatch.delenv("NAPARI_RECIST_PASSWORD", raising=False)
    trial.admit("On the line", TrialRole.READER, PASSWORD)
    seen: list[tuple[str, str]] = []

    def typed(dialog: SignInDialog) -> int:
        dialog.show()
        seen.append((dialog.form.url.text(), dialog.form.name.text()))
        gestures.write(dialog.form.password, PASSWORD)
        gestures.press(dialog.form.password, "Return")
        return dialog.result()

    monkeypatch.setattr(sign_in.SignInDialog, "exec", typed)
    worked: list[str] = []
    monkeypatch.setattr(
        "napari_recist.ui.workplace.work", lambda seat, _subject: worked.append(seat.actor)
    )
    open_window(trial=trial.url, reader="On the line")

    assert seen == [(trial.url, "On the line")]
    assert worked == ["On the line"]


def test_leaving_the_form_opens_nothing(
    trial: Trial, screen: None, qapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc ends the command quietly."""
    monkeypatch.delenv("NAPARI_RECIST_PASSWORD", raising=False)

    def left(dialog: SignInDialog) -> int:
        dialog.show()
        gestures.press(dialog, "Escape")
        return dialog.result()

    monkeypatch.setattr(sign_in.SignInDialog, "exec", left)
    monkeypatch.setattr("napari_recist.ui.workplace.work", pytest.fail)

    open_window(trial=trial.url)
