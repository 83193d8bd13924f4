"""Who may do what: every role against every action, through the API."""

from collections.abc import Callable
from pathlib import Path

import pytest

from napari_recist.criteria import VisitOpened
from napari_recist.errors import AccessRefusedError
from napari_recist.trial import (
    Action,
    AdjudicationReason,
    Choice,
    ReadKey,
    Trial,
    TrialRole,
    Verdict,
    accept_images,
    adjudicate,
    assign,
    assign_adjudicator,
    end_follow_up,
    freeze,
    register,
    reopen,
    transfers,
)
from napari_recist.trial.images.queries import raise_query
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.charter_change import amend_charter
from napari_recist.trial.reads.re_reads import schedule_re_read
from napari_recist.trial.record.trial_facts import (
    ClinicalDataGiven,
    ClinicalReviewSigned,
    ReadAssigned,
    SignedIn,
)
from tests.trial.conftest import PASSWORD, scheduled, seated
from tests.trial.reading_by_hand import read_through

ADMIN, IMAGES, READER, JUDGE, DOCTOR, MONITOR = (
    TrialRole.ADMINISTRATOR,
    TrialRole.IMAGE_MANAGER,
    TrialRole.READER,
    TrialRole.ADJUDICATOR,
    TrialRole.ONCOLOGIST,
    TrialRole.MONITOR,
)
OWNER = None
EVERYBODY = {OWNER, *TrialRole}

VERDICT = Verdict(Choice.READ_A, AdjudicationReason.MEASUREMENT)

ACTS: dict[str, tuple[Callable[[Trial, Path], object], set[TrialRole | None]]] = {
    "admit": (lambda t, _: t.admit("carla", READER, PASSWORD), {OWNER, ADMIN}),
    "retire": (lambda t, _: t.retire("anna", "left"), {OWNER, ADMIN}),
    "amend charter": (
        lambda t, file: amend_charter(t, file, scheduled("P1", "W8", 8).date, "amendment"),
        {OWNER, ADMIN},
    ),
    "reopen": (
        lambda t, _: reopen(t, ReadKey("P1", "anna"), "W8", "wrong series"),
        {OWNER, ADMIN},
    ),
    "schedule re-read": (
        lambda t, _: schedule_re_read(t, "P9", "P1", "anna"),
        {OWNER, ADMIN},
    ),
    "assign": (lambda t, _: assign(t, "P2", "boris"), {OWNER, ADMIN, IMAGES}),
    "assign adjudicator": (
        lambda t, _: assign_adjudicator(t, "P2", "jane"),
        {OWNER, ADMIN, IMAGES},
    ),
    "register": (lambda t, _: register(t, scheduled("P3", "BL", 0)), {OWNER, IMAGES}),
    "accept images": (lambda t, _: accept_images(t, "P1", "BL"), {OWNER, IMAGES}),
    "raise query": (
        lambda t, _: raise_query(t, "P1", "BL", QueryCode.OTHER, "why?"),
        {OWNER, IMAGES},
    ),
    "end follow-up": (lambda t, _: end_follow_up(t, "P2", "death"), {OWNER, IMAGES}),
    "read": (
        lambda t, _: t.append("P2", VisitOpened("BL", scheduled("P2", "BL", 0).date)),
        {READER},
    ),
    "adjudicate": (lambda t, _: adjudicate(t, "P1", VERDICT, PASSWORD), {JUDGE}),
    "see reads": (lambda t, _: t.events("P1", "anna"), {OWNER, ADMIN, READER, MONITOR}),
    "see another's reads": (lambda t, _: t.events("P1", "boris"), {OWNER, ADMIN, MONITOR}),
    "see both reads": (lambda t, _: t.case("P1"), {OWNER, ADMIN, JUDGE, DOCTOR, MONITOR}),
    "see how far others are": (
        lambda t, _: t.case_obstacle("P1"),
        {OWNER, ADMIN, IMAGES, JUDGE, DOCTOR, MONITOR},
    ),
    "see status": (lambda t, _: t.assignments(), {OWNER, ADMIN, IMAGES, MONITOR}),
    "see who signed in": (lambda t, _: t.stated(SignedIn), {OWNER, ADMIN, IMAGES, MONITOR}),
    "see who reads": (lambda t, _: t.stated(ReadAssigned), {OWNER, ADMIN, IMAGES, MONITOR}),
    "see clinical data": (
        lambda t, _: t.stated(ClinicalDataGiven),
        {OWNER, IMAGES, DOCTOR, MONITOR},
    ),
    "see clinical reviews": (
        lambda t, _: t.stated(ClinicalReviewSigned),
        {OWNER, ADMIN, DOCTOR, MONITOR},
    ),
    "see identity": (lambda t, _: t.require(Action.SEE_IDENTITY), {OWNER, IMAGES, MONITOR}),
    "freeze a transfer": (lambda t, _: freeze(t, "first"), {OWNER, ADMIN}),
    "see transfers": (lambda t, _: transfers(t), {OWNER, ADMIN, IMAGES, MONITOR}),
    "see the past": (lambda t, _: t.as_of(1), {OWNER, ADMIN, MONITOR}),
    "export": (lambda t, _: t.require(Action.EXPORT), {OWNER, ADMIN, MONITOR}),
    "verify": (lambda t, _: t.verify(), {OWNER, ADMIN, MONITOR}),
    "see the charter": (lambda t, _: t.charter, EVERYBODY),
}
"""What can be done, and who may do it; everybody else is refused."""


@pytest.fixture
def as_role(trial: Trial, charter_file: Path) -> Callable[[TrialRole | None], Trial]:
    """Return the trial, where P1 is read twice and differs, as somebody of a role has it open."""
    for subject in ("P1", "P2"):
        for visit, week in (("BL", 0), ("W8", 8)):
            register(trial, scheduled(subject, visit, week))
    people = {ADMIN: "ada", IMAGES: "ida", JUDGE: "jane", DOCTOR: "otto", MONITOR: "mona"}
    for role, name in people.items():
        trial.admit(name, role, PASSWORD)
    read_through(seated(trial, "anna", "P1", "P2"), "P1", (30, 15))
    read_through(seated(trial, "boris", "P1"), "P1", (30, 40))
    assign_adjudicator(trial, "P1", "jane")
    end_follow_up(trial, "P1", "progression")
    charter_file.write_text('[trial]\nid = "HCC-1"\n[criteria]\nmax_targets = 3\n', "utf-8")

    def opened(role: TrialRole | None) -> Trial:
        return trial if role is None else trial.sign_in(people.get(role, "anna"), PASSWORD)

    return opened


@pytest.mark.parametrize("role", [OWNER, *TrialRole], ids=str)
@pytest.mark.parametrize("act", ACTS)
def test_each_role_may_do_what_the_table_says(
    as_role: Callable[[TrialRole | None], Trial],
    charter_file: Path,
    act: str,
    role: TrialRole | None,
) -> None:
    """Whoever may do it does it; whoever may not is refused in words, and nothing is recorded."""
    do, allowed = ACTS[act]
    seat = as_role(role)
    before = as_role(OWNER).verify().count
    if role in allowed:
        do(seat, charter_file)
        return

    with pytest.raises(AccessRefusedError):
        do(seat, charter_file)
    assert as_role(OWNER).verify().count == before


def test_a_reader_sees_no_other_person(as_role: Callable[[TrialRole | None], Trial]) -> None:
    """The names of other readers, the adjudicator and whoever runs the trial stay unknown."""
    reader = as_role(READER)

    assert [person.name for person in reader.people().everybody] == ["anna"]
    assert reader.readers() == ("anna",)
    assert reader.reads() == (ReadKey("P1", "anna"),)
    assert set(reader.subjects()) == {"P1", "P2"}


def test_nobody_has_two_roles(as_role: Callable[[TrialRole | None], Trial]) -> None:
    """A reader admitted as adjudicator is a reader no longer."""
    trial = as_role(OWNER)
    trial.admit("anna", JUDGE, PASSWORD)

    assert trial.readers() == ("boris",)
    with pytest.raises(AccessRefusedError, match="P2 is not assigned to anna"):
        trial.sign_in("anna", PASSWORD).append(
            "P2", VisitOpened("BL", scheduled("P2", "BL", 0).date)
        )
