"""A trial on PostgreSQL from its making to its adjudication, through the program's own doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    assess_read,
    replay,
)
from napari_recist.errors import (
    AccessRefusedError,
    BrokenChainError,
    LockedError,
    RecordError,
    SignatureRefusedError,
    TooManyAttemptsError,
)
from napari_recist.trial import Action, Trial, assign, assign_adjudicator, create_trial, open_trial
from napari_recist.trial.images.arrivals import end_follow_up, register
from napari_recist.trial.opening import open_seat
from napari_recist.trial.reads.adjudication import Verdict, accepted_reader, adjudicate
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice
from napari_recist.trial.reads.clinical import (
    ClinicalVerdict,
    cases_to_review,
    clinical_case,
    give_clinical_data,
    sign_clinical_review,
)
from napari_recist.trial.reads.progress import reading_progress
from napari_recist.trial.reads.re_reads import schedule_re_read
from napari_recist.trial.record.chain import ChainHead
from napari_recist.trial.record.postgres_database import PASSWORD_VARIABLE
from napari_recist.trial.record.trial_facts import ReReadScheduled, VisitRegistered
from tests.trial.conftest import scheduled
from tests.trial.record.shared_server import OWNER, PEOPLE, Server, ServerTrial, password_of


@pytest.fixture
def made(
    server: Server, charter_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServerTrial]:
    """Return a trial made by its owner with create_trial, to which all people are admitted."""
    place = ServerTrial(server, server.new_database())
    monkeypatch.setenv(PASSWORD_VARIABLE, password_of(OWNER))
    for name in PEOPLE:
        server.run(f"DROP ROLE IF EXISTS {name}_2")
    with create_trial(place.url(OWNER), charter_file) as trial:
        for name, role in PEOPLE.items():
            trial.admit(f"{name}_2", role, password_of(name))
    monkeypatch.delenv(PASSWORD_VARIABLE)
    yield place
    place.close()


def opened(place: ServerTrial, name: str, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Return the trial as a person opens it, the password coming from the surroundings."""
    with monkeypatch.context() as patched:
        patched.setenv(PASSWORD_VARIABLE, password_of(name))
        return open_trial(place.url(f"{name}_2"))


def read_all(trial: Trial, size: int) -> None:
    """Read and sign both visits of P1; at the second the lesion has this size (tenths of mm)."""
    for visit in ("BL", "W8"):
        (now,) = [one for one in trial.visits("P1") if one.visit == visit]
        trial.append("P1", VisitOpened(visit, now.date))
        if visit == "BL":
            trial.append("P1", LesionAdded("BL", Lesion("T1", Role.TARGET, "liver")))
        trial.append("P1", LesionMeasured(visit, "T1", 300 if visit == "BL" else size))
        read = replay(trial.events("P1", trial.actor))
        judged = assess_read(read, trial.charter).visit(visit)
        with pytest.raises(SignatureRefusedError):
            trial.sign(read, judged, password="a wrong password", meaning="I read this")
        name = trial.actor.removesuffix("_2")
        trial.sign(read, judged, password=password_of(name), meaning="I read this")


def test_a_shared_trial_from_end_to_end(made: ServerTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images in, assigned, read by two, settled by a third, proved by the monitor: all in roles."""
    with opened(made, "ida", monkeypatch) as images:
        for visit, week in (("BL", 0), ("W8", 8)):
            register(images, scheduled("P1", visit, week))
        for reader in ("anna_2", "boris_2"):
            assign(images, "P1", reader)
        assign_adjudicator(images, "P1", "zoe_2")
        with pytest.raises(AccessRefusedError):
            images.events("P1", "anna_2")

    for name, size in (("anna", 150), ("boris", 400)):
        with opened(made, name, monkeypatch) as reader:
            assert [visit.visit for visit in reader.visits("P1")] == ["BL"]
            assert reader.worklist() == ("P1",)
            with pytest.raises(LockedError):
                reader.append("P1", StatusStated("W8", "T1", Status.ABSENT))
            read_all(reader, size)
            assert reader.reads() == (("P1", f"{name}_2"),)

    unready = pytest.raises(AccessRefusedError, match="follow-up of P1 has not ended")
    with opened(made, "zoe", monkeypatch) as settling, unready:
        settling.case("P1")
    with opened(made, "ida", monkeypatch) as images:
        end_follow_up(images, "P1", "died")
        assert {(one.reader, one.signed) for one in reading_progress(images)} == {
            ("anna_2", 2),
            ("boris_2", 2),
        }
    with opened(made, "zoe", monkeypatch) as settling:
        assert not [event for read in settling.case("P1") for event in read.events if event.actor]
        verdict = Verdict(Choice.READ_A, AdjudicationReason.MEASUREMENT)
        adjudicate(settling, "P1", verdict, password_of("zoe"))

    with opened(made, "ada", monkeypatch) as administrator:
        assert accepted_reader(administrator, "P1") in {"anna_2", "boris_2"}
        proved = administrator.verify()
    with opened(made, "mona", monkeypatch) as monitor:
        assert monitor.verify() == proved
        head = ChainHead(proved.count, proved.head)
        assert monitor.verify((head,)) == proved
        with pytest.raises(BrokenChainError, match="written anew"):
            monitor.verify((ChainHead(5, "0" * 64),))
        with pytest.raises(AccessRefusedError):
            monitor.admit("mallory", PEOPLE["anna"], "a long password")


def test_the_same_case_on_a_file_and_on_a_server(
    made: ServerTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database shuffles the two reads of a patient as the program does on a file."""
    test_a_shared_trial_from_end_to_end(made, monkeypatch)
    with opened(made, "zoe", monkeypatch) as settling, opened(made, "mona", monkeypatch) as monitor:
        assert [
            (read.choice, [(event.sequence, event.fact) for event in read.events])
            for read in settling.case("P1")
        ] == [
            (read.choice, [(event.sequence, event.fact) for event in read.events])
            for read in monitor.case("P1")
        ]


def test_a_re_read_on_a_server(made: ServerTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator brings a patient to a reader again, who cannot tell it from others."""
    test_a_shared_trial_from_end_to_end(made, monkeypatch)
    with opened(made, "ada", monkeypatch) as administrator:
        with pytest.raises(AccessRefusedError, match="P7, which is no re-read"):
            administrator.state(
                Action.SCHEDULE_RE_READ, "P7", VisitRegistered(scheduled("P7", "BL", 0))
            )
        schedule_re_read(administrator, "P7", "P1", "anna_2")
        assert administrator.subjects() == ("P1",)
    with opened(made, "anna", monkeypatch) as reader:
        assert set(reader.worklist()) == {"P1", "P7"}
        assert [visit.visit for visit in reader.visits("P7")] == ["BL"]
        assert reader._store.facts_of(ReReadScheduled) == ()


def test_a_clinical_review_on_a_server(made: ServerTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oncologist sees the settled result and the clinical data, and no name; and signs."""
    test_a_shared_trial_from_end_to_end(made, monkeypatch)
    with opened(made, "ida", monkeypatch) as images:
        give_clinical_data(images, {"P1": (("AFP", "400 ng/mL"),)})
    with opened(made, "oli", monkeypatch) as oncologist:
        case = clinical_case(oncologist, "P1")
        assert cases_to_review(oncologist) == ("P1",)
        verdict = ClinicalVerdict(agrees=True)
        sign_clinical_review(oncologist, case, verdict, password_of("oli"))
        assert cases_to_review(oncologist) == ()
        with pytest.raises(AccessRefusedError):
            oncologist.events("P1", "anna_2")

    assert [visit.visit for visit in case.visits] == ["BL", "W8"]
    assert case.items == (("AFP", "400 ng/mL"),)


def test_signing_in_from_another_seat(made: ServerTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in opens a connection of one's own; a wrong password opens nothing."""
    with opened(made, "ida", monkeypatch) as images:
        with images.sign_in("anna_2", password_of("anna")) as seat:
            assert seat.actor == "anna_2"
            assert seat.people().present == (seat.person,)
        for name, password in (("anna_2", "wrong one"), ("nobody", "a password"), ("anna_2", "")):
            with pytest.raises(SignatureRefusedError):
                images.sign_in(name, password)


def test_a_seat_is_taken_by_name_and_password(made: ServerTrial) -> None:
    """The sign-in dialog needs no URL with a name in it; a wrong name or password opens nothing."""
    nobodys = made.url("nobody").replace("nobody@", "")
    with open_seat(nobodys, "anna_2", password_of("anna")) as seat:
        assert seat.actor == "anna_2"
    for name, password in (
        ("anna_2", "a guess"),
        ("nobody", "a password"),
        ("", ""),
        ("ida_2", ""),
    ):
        with pytest.raises(SignatureRefusedError, match="Name or password is wrong"):
            open_seat(nobodys, name, password)


def test_guessing_in_an_open_session_is_slowed_down(
    made: ServerTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the attempts the charter allows, the next password of a session has to wait."""
    with opened(made, "anna", monkeypatch) as seat:
        for _ in range(seat.charter.access.attempts):
            with pytest.raises(SignatureRefusedError):
                seat.check_password("a guess")
        with pytest.raises(TooManyAttemptsError, match="Wait"):
            seat.check_password(password_of("anna"))


def test_who_retires_is_out_at_once(made: ServerTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retired person can neither log in again nor go on in an open session."""
    with opened(made, "anna", monkeypatch) as seat, opened(made, "ada", monkeypatch) as staff:
        staff.retire("anna_2", "moved")
        with pytest.raises(AccessRefusedError):
            seat.append("P1", VisitOpened("BL", scheduled("P1", "BL", 0).date))
        with pytest.raises(RecordError, match="server cannot be used"):
            opened(made, "anna", monkeypatch)
        with pytest.raises(SignatureRefusedError):
            staff.sign_in("anna_2", password_of("anna"))
        staff.admit("anna_2", PEOPLE["anna"], "another long password")
        staff.sign_in("anna_2", "another long password").close()


@pytest.fixture
def other_role(server: Server) -> Iterator[str]:
    """Return the name of a role of the server that has nothing to do with the trial."""
    server.run("CREATE ROLE backup_2 LOGIN")
    yield "backup_2"
    server.run("DROP ROLE backup_2")


def test_other_roles_are_left_alone(
    made: ServerTrial, other_role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator can neither take over nor shut out a role that is not of the trial."""
    with opened(made, "ada", monkeypatch) as staff:
        with pytest.raises(RecordError, match="server knows another"):
            staff.admit(other_role, PEOPLE["mona"], "a long password")
        staff.retire(other_role, "never here")
    query = "SELECT rolcanlogin FROM pg_roles WHERE rolname = :name"

    assert made.sql(OWNER, query, name=other_role) == [(True,)]


@pytest.mark.parametrize("verifier", ["a long password", "md5abc"])
def test_passwords_reach_the_server_hashed(made: ServerTrial, verifier: str) -> None:
    """A new password is sent as its SCRAM verifier; a plain one is refused."""
    with pytest.raises(RecordError, match="not hashed"):
        made.sql(OWNER, "SELECT set_login('anna_2', :verifier)", verifier=verifier)


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"ada"}))
def test_only_the_administrator_sets_passwords(under_way: ServerTrial, name: str) -> None:
    """Nobody else gives anybody a password, not even themselves."""
    with pytest.raises(AccessRefusedError, match="may not set passwords"):
        under_way.sql(name, "SELECT set_login(:name, 'SCRAM-SHA-256$x')", name=name)


def test_a_stranger_is_named(
    made: ServerTrial, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role of the server that is nobody of this trial does not even get to its charter."""
    monkeypatch.setenv(PASSWORD_VARIABLE, password_of("carla"))
    with pytest.raises(RecordError, match="server cannot be used"):
        open_trial(made.url("carla"))
