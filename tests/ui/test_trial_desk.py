"""The trial desk: each role sees what it may, and what is done there stands in the record."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from qtpy.QtWidgets import QApplication, QPushButton

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.exporting.csv_files import export_csv
from napari_recist.phantom import sample_trial
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import (
    Action,
    ReadKey,
    Trial,
    TrialRole,
    assign,
    create_trial,
    freeze,
    open_trial,
    reopen,
    transfers,
)
from napari_recist.trial.audit import HIDDEN, audit_rows
from napari_recist.trial.images.queries import all_queries
from napari_recist.trial.record.exported_record import ExportedRecord
from napari_recist.trial.record.trial_facts import ClinicalDataGiven, ImagesAccepted
from napari_recist.ui.trial_desk.desk_window import TrialDesk
from napari_recist.ui.trial_dock import TrialDock
from napari_recist.ui.workplace import open_workplace
from tests.trial.conftest import PASSWORD, execute
from tests.ui.conftest import SAMPLE, SUBJECT

pytestmark = pytest.mark.ui

PEOPLE = {
    "ada": TrialRole.ADMINISTRATOR,
    "ida": TrialRole.IMAGE_MANAGER,
    "R1": TrialRole.READER,
    "R2": TrialRole.READER,
    "zoe": TrialRole.ADJUDICATOR,
    "oli": TrialRole.ONCOLOGIST,
    "mona": TrialRole.MONITOR,
}
OF_RECORD = ["Charter", "Audit", "Quality", "Transfers"]
ALL_TABS = ["Status", "Images", "Assignment", "People", "Re-open", *OF_RECORD]
IMAGE_BUTTONS = [
    "Accept images",
    "Raise query…",
    "Answer query…",
    "Close query…",
    "End follow-up…",
]
ASSIGN_BUTTONS = [
    "Assign all that wait",
    "Assign reader…",
    "Assign adjudicator…",
    "Withdraw…",
]
ADMIN_BUTTONS = ["Admit…", "Role or password…", "Retire…", "Re-open a visit…", "Freeze…"]
RECORD_BUTTONS = ["Verify", "Export…", "Count", "Compare with the one before"]
CHARTER_BUTTONS = ["Adopt a later version…"]
SEEN = {
    "ada": (
        ALL_TABS,
        [*ASSIGN_BUTTONS, *ADMIN_BUTTONS, *CHARTER_BUTTONS, *RECORD_BUTTONS],
    ),
    "ida": (
        ["Status", "Images", "Assignment", "People", "Charter"],
        [*IMAGE_BUTTONS, *ASSIGN_BUTTONS],
    ),
    "mona": (
        ["Status", "Images", "Assignment", "People", *OF_RECORD],
        RECORD_BUTTONS,
    ),
    "": (
        ALL_TABS,
        [*IMAGE_BUTTONS, *ASSIGN_BUTTONS, *ADMIN_BUTTONS, *CHARTER_BUTTONS, *RECORD_BUTTONS],
    ),
}
"""Who sees which tabs and buttons; "" is the owner of the file."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a trial's file with its people and the sample patient, read to week 8 by R1."""
    file = tmp_path_factory.mktemp("desk") / "trial.db"
    with create_trial(str(file), SAMPLE / "charter.toml") as trial:
        import_images(trial, SAMPLE / SUBJECT)
        for name, role in PEOPLE.items():
            trial.admit(name, role, PASSWORD)
        assign(trial, SUBJECT, "R1")
        session = ReadingSession(trial.sign_in("R1", PASSWORD), SUBJECT)
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", ((12.0, 70.0, 70.0), (12.0, 70.0, 100.0)))
        session.undo()
        session.draw_caliper("T1", ((12.0, 70.0, 70.0), (12.0, 70.0, 110.0)))
        session.sign_visit(PASSWORD, "read")
        session.open_visit("W8")
        session.state_status("T1", Status.NOT_EVALUABLE, "motion")
        session.sign_visit(PASSWORD, "read")
    return file


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Any:
    """Return a copy of that trial, open as its owner."""
    file = tmp_path / "trial.db"
    shutil.copy(template, file)
    with open_trial(str(file)) as trial:
        yield trial


@pytest.fixture
def desk_of(made: Trial, screen: None, qapp: Any) -> Any:
    """Return what opens the desk of a person; all are closed afterwards."""
    opened: list[TrialDesk] = []

    def open_desk(name: str) -> Any:
        opened.append(TrialDesk(made.sign_in(name, PASSWORD) if name else made))
        gestures.settle()
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.close()
    gestures.settle()


def press(tab: Any, words: str) -> Any:
    """Click a button of a tab and return the dialog it opened, if any."""
    gestures.click(tab.buttons[words])
    return tab.dialog


def answer(dialog: Any, **said: str) -> None:
    """Fill in the fields of a dialog and click its button."""
    for name, text in said.items():
        field = dialog.fields[name]
        if hasattr(field, "setCurrentText"):
            field.setCurrentText(text)
        else:
            field.clear()
            gestures.write(field, text)
    gestures.click(dialog.do_button)


@pytest.mark.parametrize("name", SEEN)
def test_a_role_sees_what_it_may_and_nothing_else(desk_of: Any, name: str) -> None:
    """Tabs and buttons of the desk are those of the table of access; others are not there."""
    desk = desk_of(name)
    tabs, buttons = SEEN[name]
    shown = [
        button.text() for tab in desk.tabs.tabs.values() for button in tab.findChildren(QPushButton)
    ]

    assert list(desk.tabs.tabs) == tabs
    assert sorted(shown) == sorted(buttons)
    for title in tabs:
        assert desk.tabs.open(title).says.text() == ""


@pytest.mark.parametrize("name", ["R1", "zoe", "oli"])
def test_who_reads_has_no_desk(made: Trial, screen: None, qapp: Any, name: str) -> None:
    """A reader, an adjudicator and an oncologist are refused in words by the dock."""
    dock = TrialDock()
    dock.show()
    gestures.write(dock.form.url, made.url)
    gestures.write(dock.form.name, name)
    gestures.write(dock.form.password, PASSWORD)
    gestures.press(dock.form.password, "Return")

    assert "may not see how far the trial is" in dock.form.says.text()
    assert dock.tabs is None
    dock.close()


@pytest.mark.parametrize("name", ["ada", "ida", "mona"])
def test_signing_in_leads_them_to_the_desk(made: Trial, qapp: Any, name: str) -> None:
    """Administrator, image manager and monitor work at the desk."""
    desk = open_workplace(made.sign_in(name, PASSWORD))
    gestures.settle()

    assert isinstance(desk, TrialDesk)
    assert desk.window.windowTitle() == "Trial desk"
    desk.close()


def test_the_matrix_tells_visits_readers_and_case(desk_of: Any) -> None:
    """A row per patient: where it stands, and for each visit who signed it."""
    matrix = desk_of("mona").tabs.tabs["Status"].matrix

    assert matrix.words() == [[SUBJECT, "being read", "R1 ✓", "R1 ✓", "R1 ○", "R1 ○"]]
    gestures.write(matrix.filter, "no such patient")
    assert matrix.words() == []


def test_images_are_asked_about_and_accepted(desk_of: Any, made: Trial) -> None:
    """A query raised, answered, closed; a visit accepted; the follow-up ended: all recorded."""
    images = desk_of("ida").tabs.open("Images")
    press(images, "Accept images")
    refused = images.says.text()
    images.visits.choose((SUBJECT, "W8"))
    press(images, "Accept images")
    answer(press(images, "Raise query…"), code="slices are missing", text="Slices 3 to 5?")
    images.queries.choose(all_queries(made)[0])
    answer(press(images, "Answer query…"), text="sent again")
    images.queries.choose(all_queries(made)[0])
    empty = press(images, "Close query…")
    answer(empty, outcome="")
    told = empty.refusal.text()
    answer(empty, outcome="complete")
    answer(press(images, "End follow-up…"), reason="died")
    (query,) = all_queries(made)

    assert refused == "Choose a visit first."
    assert made.stated(ImagesAccepted) == ((SUBJECT, ImagesAccepted("W8")),)
    assert (query.text, query.answers, query.outcome) == (
        "Slices 3 to 5?",
        ("sent again",),
        "complete",
    )
    assert "needs words" in told
    assert [row[1:2] + row[7:] for row in images.visits.words()][:2] == [
        ["BL", "", "ended: died"],
        ["W8", "yes", "ended: died"],
    ]


def test_who_may_see_identity_is_told_the_true_dates(desk_of: Any, made: Trial) -> None:
    """The images of the sample patient stand with the days on which they were taken."""
    patient = sample_trial().subject(SUBJECT)
    true = [patient.visit(label).date.isoformat() for label in ("BL", "W8", "W16", "W24")]
    recorded = [visit.date.isoformat() for visit in made.visits(SUBJECT)]

    for name in ("ida", "mona"):
        assert [row[2] for row in desk_of(name).tabs.open("Images").visits.words()] == true
    assert set(true).isdisjoint(recorded)


def test_patients_are_assigned_and_withdrawn(desk_of: Any, made: Trial) -> None:
    """By hand, to an adjudicator, and taken back with a reason; a refusal is told in the dialog."""
    tab = desk_of("ida").tabs.open("Assignment")
    tab.patients.choose(SUBJECT)
    answer(press(tab, "Assign reader…"), reader="R2")
    answer(press(tab, "Assign adjudicator…"), name="zoe")
    both = tab.patients.words()
    dialog = press(tab, "Withdraw…")
    answer(dialog, name="R2", reason="")
    refused = dialog.refusal.text()
    answer(dialog, name="R2", reason="on leave")

    assert both == [[SUBJECT, "R1, R2", "zoe"]]
    assert "needs a reason" in refused
    assert tab.patients.words() == [[SUBJECT, "R1", "zoe"]]
    assert made.assignment(SUBJECT).readers == ("R1",)


def test_people_come_and_go(desk_of: Any, made: Trial) -> None:
    """Two passwords that differ are refused; an admitted reader signs in; a retired one cannot."""
    tab = desk_of("ada").tabs.open("People")
    dialog = press(tab, "Admit…")
    answer(dialog, name="R3", role="reader", password=PASSWORD, again="another one")
    refused = dialog.refusal.text()
    answer(dialog, again=PASSWORD)
    made.sign_in("R3", PASSWORD)
    tab.people.choose("R3")
    answer(press(tab, "Retire…"), reason="moved away")

    assert "differ" in refused
    assert ["R3", "reader", "retired"] in tab.people.words()


def test_reopening_tells_first_what_goes_with_it(desk_of: Any, made: Trial) -> None:
    """The dialog names the later signature that is withdrawn; after it both visits are open."""
    tab = desk_of("ada").tabs.open("Re-open")
    tab.reads.choose((SUBJECT, "R1"))
    dialog = press(tab, "Re-open a visit…")
    dialog.fields["visit"].setCurrentText("BL")
    foretold = dialog.tells.text()
    answer(dialog, reason="wrong series measured")

    assert "Signatures withdrawn first: W8." in foretold
    assert tab.reads.words() == []


def test_a_later_charter_tells_which_reads_it_concerns(
    desk_of: Any, made: Trial, tmp_path: Path
) -> None:
    """R1's read keeps version 1; the new version stands in the table with its reason."""
    later = tmp_path / "later.toml"
    text = (SAMPLE / "charter.toml").read_text(encoding="utf-8")
    later.write_text(text.replace("max_targets = 5", "max_targets = 3"), encoding="utf-8")
    tab = desk_of("ada").tabs.open("Charter")
    tab.adopt(later)
    told = tab.dialog.tells.text()
    answer(tab.dialog, **{"from": "some day"}, reason="amendment 2")
    refused = tab.dialog.refusal.text()
    answer(tab.dialog, **{"from": "2027-03-01"})

    assert f"{SUBJECT} by R1, version 1: another response at no visit" in told
    assert "some day is no day" in refused
    assert [row[:2] for row in tab.versions.words()] == [
        ["1", "the beginning"],
        ["2", "2027-03-01"],
    ]
    assert "max_targets = 3" in made.again().charters[-1].adopted.source


def test_transfers_are_frozen_and_compared(desk_of: Any, made: Trial) -> None:
    """The administrator freezes twice; what was re-opened in between is told value by value."""
    tab = desk_of("ada").tabs.open("Transfers")
    press(tab, "Compare with the one before")
    nothing = tab.says.text()
    dialog = press(tab, "Freeze…")
    foretold = dialog.tells.text()
    answer(dialog, comment="interim analysis")
    tab.transfers.choose(1)
    press(tab, "Compare with the one before")
    first = tab.says.text()
    reopen(made, ReadKey(SUBJECT, "R1"), "W8", "wrong series")
    answer(press(tab, "Freeze…"), comment="")
    tab.transfers.choose(2)
    press(tab, "Compare with the one before")
    changed = {tuple(row) for row in tab.changes.words()}
    rows = tab.transfers.words()
    tab.transfers.choose(1)

    assert nothing == "Choose a transfer first."
    assert "becomes transfer 1" in foretold
    assert first == "The first transfer has none before it."
    assert [(row[0], *row[2:]) for row in rows] == [
        ("1", "ada", "1", "interim analysis", ""),
        ("2", "ada", "1", "", ""),
    ]
    reason = ("observation", SUBJECT, "RADIOLOGIST 1", "W8", "T1", "reason", "motion", "")
    assert reason in changed
    assert {row[3] for row in changed if row[0] != "best response"} == {"W8"}
    assert tab.changes.words() == []
    assert [transfer.comment for transfer in transfers(made)] == ["interim analysis", ""]


def test_who_exported_stands_beside_the_transfer(desk_of: Any, made: Trial, tmp_path: Path) -> None:
    """A monitor sees that tables were exported and by whom, and has no button to freeze."""
    freeze(made)
    export_csv(made.sign_in("ada", PASSWORD), tmp_path / "out")
    tab = desk_of("mona").tabs.open("Transfers")

    assert [row[-1] for row in tab.transfers.words()] == ["csv by ada"]
    assert list(tab.buttons) == ["Compare with the one before"]


def test_the_audit_tells_before_after_and_why(made: Trial) -> None:
    """An undone caliper, a signature, a re-opening: what stood there and what stands there now."""
    rows = list(audit_rows(made.sign_in("mona", PASSWORD)))
    measured = [row for row in rows if row.what == "lesion measured"]
    (undone,) = (row for row in rows if row.what == "undone")
    signed = [row for row in rows if row.what == "visit signed"]
    (added,) = (row for row in rows if row.what == "lesion added")
    (unevaluable,) = (row for row in rows if row.what == "status stated")

    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert {(row.actor, row.subject, row.reader) for row in measured} == {("R1", SUBJECT, "R1")}
    assert (undone.before, undone.after) == (measured[0].after, "")
    assert (measured[1].about, measured[1].before) == ("BL T1", "")
    assert measured[1].after.endswith(" mm")
    assert (added.about, added.after) == ("BL T1", "T1 target liver")
    assert [row.about for row in signed] == ["BL", "W8"]
    assert unevaluable.why == "motion"
    assert rows[0].utc.endswith("+00:00")


def test_the_audit_verifies_and_is_written(desk_of: Any, made: Trial, tmp_path: Path) -> None:
    """Verify gives count and head; the NDJSON is the record itself; a CSV has the table's words."""
    tab = desk_of("mona").tabs.open("Audit")
    press(tab, "Verify")
    verdict = tab.verdict.text()
    tab.export(tmp_path / "audit.ndjson")
    tab.export(tmp_path / "audit.csv")
    tab.run(lambda: tab.export(tmp_path / "audit.csv"))
    lines = (tmp_path / "audit.ndjson").read_text(encoding="utf-8").splitlines()
    gestures.write(tab.record.filter, "visit signed")

    assert verdict.startswith(f"✓ {len(lines)} records verified, head ")
    assert len(tab.record.words()) == 2
    assert ExportedRecord(tmp_path / "audit.ndjson").records[0].sequence == 1
    assert (tmp_path / "audit.csv").read_text(encoding="utf-8").count("visit signed") == 2
    assert "is there already" in tab.says.text()
    assert json.loads(lines[0])["kind"] == "charter_adopted.1"


def test_a_changed_record_is_named_by_the_verify_button(desk_of: Any, made: Trial) -> None:
    """The verdict names the record that was changed."""
    tab = desk_of("mona").tabs.open("Audit")
    execute(
        Path(made.url),
        "DROP TRIGGER events_never_updated",
        "UPDATE events SET subject = 'P9' WHERE sequence = 3",
    )
    press(tab, "Verify")

    assert tab.verdict.text().startswith("✗ The record does not hold: Record 3 was changed.")


def test_clinical_data_is_not_in_the_administrators_audit(made: Trial) -> None:
    """What the oncologist is given is hidden from whoever may not see it."""
    given = ClinicalDataGiven((("ECOG", "2, declining"),))
    made.state(Action.GIVE_CLINICAL_DATA, SUBJECT, given)
    last = list(audit_rows(made.sign_in("ada", PASSWORD)))[-2]

    assert (last.what, last.after) == ("clinical data given", HIDDEN)


def test_quality_is_counted_when_asked_for(desk_of: Any) -> None:
    """With one reader nothing can be told, and that is said."""
    tab = desk_of("mona").tabs.open("Quality")
    press(tab, "Count")

    assert "Nothing can be told yet" in tab.says.text()


def test_the_owner_opens_a_file_in_the_dock(made: Trial, screen: None, qapp: Any) -> None:
    """Without signing in the owner sees the desk of administrator and image manager."""
    dock = TrialDock()
    dock.show()
    gestures.write(dock.form.url, made.url)
    gestures.click(dock.owner_button)
    there = list(dock.tabs.tabs)
    gestures.click(dock.sign_out_button)

    assert there == ALL_TABS
    assert dock.tabs is None
    assert dock.form.isVisible()
    dock.close()


def test_the_desk_locks_by_a_key(desk_of: Any) -> None:
    """Ctrl+L hides the desk; the person's password shows it again."""
    desk = desk_of("ada")
    gestures.press(desk.window, "Ctrl+L")
    gestures.settle()
    hidden = desk.idle.screen is not None and not desk.window.isVisible()
    if desk.idle.screen is None:  # without a window manager shortcuts need an active window
        desk.window.activateWindow()
        QApplication.processEvents()
        gestures.click(desk.lock_button)
        hidden = not desk.window.isVisible()
    gestures.write(desk.idle.screen.password, PASSWORD)
    gestures.press(desk.idle.screen.password, "Return")

    assert hidden
    assert desk.window.isVisible()


def test_a_trial_of_its_own_is_left_as_it_was(made: Trial, desk_of: Any) -> None:
    """Looking at every tab records nothing beyond the sign-in."""
    before = made.verify().count
    desk = desk_of("")
    for title in desk.tabs.tabs:
        desk.tabs.open(title)

    with open_trial(made.url) as other:
        assert other.verify().count == before
