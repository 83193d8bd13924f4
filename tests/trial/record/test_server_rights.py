"""Each role against each kind of fact in plain SQL: staff/access.py is what the database holds."""

import datetime as dt

import pytest
import sqlalchemy as sa

from napari_recist.criteria import (
    AdviceOverridden,
    Axis,
    Caliper,
    GlobalReviewBegun,
    Lesion,
    LesionAdded,
    LesionMeasured,
    MeasurementProposed,
    ProposalDismissed,
    Provenance,
    Role,
    SeriesChosen,
    VisitOpened,
    VisitReopened,
)
from napari_recist.errors import AccessRefusedError, RecordError
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.record.fact_codec import KIND_OF, KINDS, encode
from napari_recist.trial.record.trial_facts import (
    AdjudicationWithdrawn,
    AdjudicatorAssigned,
    AnyFact,
    AssignmentWithdrawn,
    CharterAdopted,
    ClinicalDataGiven,
    FollowUpEnded,
    ImagesAccepted,
    PasswordSet,
    PersonAdmitted,
    PersonRetired,
    QueryAnswered,
    QueryClosed,
    QueryRaised,
    ReadAssigned,
    ReReadScheduled,
    SignedIn,
    SignInRefused,
    TransferFrozen,
    TrialFact,
    VisitRegistered,
)
from napari_recist.trial.staff.access import SEEN_BY, Action, may
from napari_recist.trial.staff.roles import Person, TrialRole
from tests.trial.record.shared_server import CHARTER, CHARTER_HASH, OWNER, PEOPLE, ServerTrial
from tests.trial.record.shared_trial import (
    FINISHED,
    SETTLED,
    UNDER_WAY,
    adjudicated,
    reviewed,
    scheduled,
)

ANYBODY = [*PEOPLE, OWNER]

OF_TRIAL: list[tuple[Action, str, AnyFact]] = [
    (Action.AMEND_CHARTER, "", CharterAdopted("1a2b", CHARTER, CHARTER_HASH, "")),
    (Action.ADMIT_PEOPLE, "", PersonAdmitted("dora", TrialRole.READER)),
    (Action.ADMIT_PEOPLE, "", PersonRetired("carla", "moved")),
    (Action.ADMIT_PEOPLE, "", PasswordSet("carla", "00")),
    (Action.IMPORT_IMAGES, "P4", VisitRegistered(scheduled("P4", "BL"))),
    (Action.ASK_SITES, UNDER_WAY, ImagesAccepted("BL")),
    (Action.ASK_SITES, UNDER_WAY, QueryRaised("Q1", "BL", QueryCode.OTHER, "which arm?")),
    (Action.ASK_SITES, UNDER_WAY, QueryAnswered("Q1", "the left one")),
    (Action.ASK_SITES, UNDER_WAY, QueryClosed("Q1", "answered")),
    (Action.ASK_SITES, UNDER_WAY, FollowUpEnded("died")),
    (Action.ASSIGN, UNDER_WAY, ReadAssigned("carla")),
    (Action.ASSIGN, "P4", AdjudicatorAssigned("zoe")),
    (Action.ASSIGN, UNDER_WAY, AssignmentWithdrawn("boris", "ill")),
    (Action.SCHEDULE_RE_READ, "P8", ReReadScheduled("P8", SETTLED, "boris")),
    (Action.REOPEN, SETTLED, AdjudicationWithdrawn("an error")),
    (Action.FREEZE, "", TransferFrozen(1, "interim", "")),
    (Action.GIVE_CLINICAL_DATA, UNDER_WAY, ClinicalDataGiven((("weight", "80 kg"),))),
]

LINE = Axis((0.0, 0.0, 0.0), (20.0, 0.0, 0.0), 20.0)
PROPOSED = Caliper(LINE, None, "1.3", "1.4", 1, "1.5", "green", Provenance.PROPOSED)

OF_READS: list[AnyFact] = [
    VisitOpened("W8", dt.date(2025, 3, 3)),
    SeriesChosen("W8", "1.2.3"),
    LesionAdded("W8", Lesion("N1", Role.NEW, "lung")),
    LesionMeasured("W8", "T1", 200),
    AdviceOverridden("W8", "T-1", "", "five targets", "as agreed"),
    MeasurementProposed("W8", "T1", PROPOSED, "SR 1.2 of OHIF"),
    ProposalDismissed("W8", 1),
]


def state(trial: ServerTrial, name: str, subject: str, reader: str, fact: AnyFact) -> None:
    """Append a fact as a person by plain SQL, and take it back."""
    kind, payload = encode(fact)
    with trial.engine(name).connect() as connection:
        connection.execute(
            sa.text("SELECT append_event(:subject, :reader, :kind, :payload, 60)"),
            {"subject": subject, "reader": reader, "kind": kind, "payload": payload},
        )
        connection.rollback()


def person(name: str) -> Person | None:
    """Return a person of the tests; the owner of the database is none."""
    return Person(name, PEOPLE[name]) if name in PEOPLE else None


def check(
    trial: ServerTrial, name: str, subject: str, reader: str, fact: AnyFact, *, allowed: bool
) -> None:
    """Append a fact as a person, and see it taken or refused."""
    if allowed:
        state(trial, name, subject, reader, fact)
        return
    with pytest.raises(AccessRefusedError, match=name):
        state(trial, name, subject, reader, fact)


@pytest.mark.parametrize("name", ANYBODY)
@pytest.mark.parametrize(
    ("action", "subject", "fact"), OF_TRIAL, ids=lambda one: type(one).__name__
)
def test_facts_of_the_trial(
    under_way: ServerTrial, name: str, action: Action, subject: str, fact: TrialFact
) -> None:
    """The database takes a fact of the trial from those whom the table of access allows it."""
    check(under_way, name, subject, "", fact, allowed=may(person(name), action))


@pytest.mark.parametrize("name", [name for name in ANYBODY if name != "boris"])
@pytest.mark.parametrize("fact", OF_READS, ids=lambda one: type(one).__name__)
def test_facts_of_a_read(under_way: ServerTrial, name: str, fact: AnyFact) -> None:
    """Only a reader to whom the patient is assigned states anything of it.

    The adjudicator might read, but the charter has them choose one of the reads.
    """
    assert may(person("anna"), Action.READ)
    assert not may(person(OWNER), Action.READ)

    check(under_way, name, UNDER_WAY, name, fact, allowed=name == "anna")


@pytest.mark.parametrize("name", ANYBODY)
def test_nobody_states_for_another(under_way: ServerTrial, name: str) -> None:
    """Nobody, whoever they are, puts a fact into the read of somebody else."""
    other = "boris" if name == "anna" else "anna"
    with pytest.raises(AccessRefusedError, match=name):
        state(under_way, name, UNDER_WAY, other, OF_READS[3])


@pytest.mark.parametrize("name", ANYBODY)
def test_adjudicating(under_way: ServerTrial, name: str) -> None:
    """Only an adjudicator decides, only of their patients, and only once the reads are finished."""
    allowed = may(person(name), Action.ADJUDICATE)
    check(under_way, name, FINISHED, "", adjudicated(name), allowed=allowed)
    with pytest.raises(AccessRefusedError):
        state(under_way, name, UNDER_WAY, "", adjudicated(name))


@pytest.mark.parametrize("name", ANYBODY)
def test_reviewing_clinically(under_way: ServerTrial, name: str) -> None:
    """Only an oncologist signs a clinical review."""
    allowed = may(person(name), Action.REVIEW_CLINICALLY)

    check(under_way, name, SETTLED, "", reviewed(name), allowed=allowed)


@pytest.mark.parametrize("name", ANYBODY)
def test_reopening(under_way: ServerTrial, name: str) -> None:
    """Only an administrator re-opens a visit, in the reader's stream."""
    allowed = may(person(name), Action.REOPEN)
    fact = VisitReopened("BL", "an error")
    if name == "anna":
        with pytest.raises(AccessRefusedError):
            state(under_way, name, UNDER_WAY, "anna", fact)
    check(under_way, name, UNDER_WAY, "anna", fact, allowed=allowed)


@pytest.mark.parametrize("name", PEOPLE)
def test_who_signs_in_says_so(under_way: ServerTrial, name: str) -> None:
    """Everybody tells of their own signing in, nobody of another's."""
    for fact in (SignedIn(name), SignInRefused(name)):
        state(under_way, name, "", "", fact)
    other = next(one for one in PEOPLE if one != name)
    with pytest.raises(AccessRefusedError):
        state(under_way, name, "", "", SignedIn(other))


TABLES = (
    "events",
    "chain_head",
    "passwords",
    "alembic_version",
    "registered_visits",
    "may_state",
    "may_see",
    "people",
    "reading_progress",
    "withheld_links",
    "visible_events",
)
NO_RIGHT = (
    r"permission denied|must be owner|not a table|cannot (insert into|delete from) (view|column)"
)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO {} SELECT * FROM {}", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"],
)
def test_nobody_writes_a_table(under_way: ServerTrial, name: str, statement: str) -> None:
    """No person has any right to write, empty or drop a table or view, by whatever statement."""
    for table in TABLES:
        with pytest.raises((AccessRefusedError, RecordError), match=NO_RIGHT):
            under_way.sql(name, statement.format(table, table))


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET reader = reader",
        "UPDATE chain_head SET sequence = 1",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "ALTER TABLE events DISABLE ROW LEVEL SECURITY",
        "DROP POLICY people_see ON events",
        "CREATE TABLE mine (number integer)",
        "CREATE FUNCTION my_role() RETURNS text LANGUAGE sql RETURN 'monitor'",
        "SELECT role_of('anna')",
        "SELECT signatures('P1', 'anna')",
        "SELECT case_obstacle('P1')",
        "SELECT * FROM passwords",
        "SELECT * FROM registered_visits",
        "SET ROLE keeper",
        "SET SESSION AUTHORIZATION keeper",
    ],
)
def test_nobody_steps_outside(under_way: ServerTrial, name: str, statement: str) -> None:
    """No person changes the guards, makes things of their own, or becomes another role."""
    with pytest.raises(AccessRefusedError, match=r"permission denied|must be owner"):
        under_way.sql(name, statement)


EVERY_KIND = {kind for kind in KINDS if kind != "reader_added.1"} | {"identity_registered.1"}
_READ_KINDS = {"visit_opened.1", "lesion_added.1", "lesion_measured.1", "visit_signed.1"}
_OWN = {"charter_adopted.1", "person_admitted.1"}

SHOWN = {
    "anna": _OWN | _READ_KINDS | {"read_assigned.1", "visit_registered.1"},
    "carla": _OWN,
    "zoe": _OWN
    | {"adjudicator_assigned.1", "visit_registered.1", "follow_up_ended.1", "case_adjudicated.1"},
    "oli": _OWN
    | {"clinical_data_given.1", "clinical_review_signed.1", "case_adjudicated.1"}
    | {"follow_up_ended.1"},
}
"""Kinds of rows shown to those who see no status, of the kinds that are there."""


def kinds_shown(trial: ServerTrial, name: str) -> set[object]:
    """Return the kinds of rows a person gets, as the table itself shows them."""
    return {kind for (kind,) in trial.sql(name, "SELECT DISTINCT kind FROM events")}


@pytest.mark.parametrize("name", SHOWN)
def test_kinds_shown_to_the_blinded(under_way: ServerTrial, name: str) -> None:
    """Who sees no status sees the charter, themselves, and the rows of their own work."""
    assert kinds_shown(under_way, name) == SHOWN[name]


@pytest.mark.parametrize("name", ["ada", "ida", "mona"])
def test_kinds_shown_to_those_who_see_status(under_way: ServerTrial, name: str) -> None:
    """Facts of the trial are shown as the table of access says; the monitor sees everything."""
    there = kinds_shown(under_way, OWNER)
    assert kinds_shown(under_way, "mona") == there
    shown = kinds_shown(under_way, name)
    for kind in there & set(KINDS):
        fact = KINDS[kind]
        if kind in _READ_KINDS:
            assert (kind in shown) == may(person(name), Action.SEE_READS)
        elif name != "mona":
            needed = SEEN_BY.get(fact, frozenset({Action.SEE_STATUS}))  # type: ignore[call-overload]
            assert (kind in shown) == any(may(person(name), action) for action in needed), kind
    assert ("identity_registered.1" in shown) == may(person(name), Action.SEE_IDENTITY)


def test_the_table_of_rights_names_every_kind(under_way: ServerTrial) -> None:
    """A kind of fact that this version writes is known to the database: else nobody states it."""
    known = {kind for (kind,) in under_way.sql(OWNER, "SELECT DISTINCT kind FROM may_state")}

    assert known == EVERY_KIND
    assert KIND_OF[GlobalReviewBegun] in known


@pytest.mark.parametrize("name", ["anna", "zoe", "oli"])
def test_rows_of_others_are_not_shown(under_way: ServerTrial, name: str) -> None:
    """A reader gets no row of another's read and no name of another person."""
    rows = under_way.sql(name, "SELECT reader, actor, payload FROM visible_events")
    if name != "oli":
        assert {reader for reader, _, _ in rows} <= {"", name}
        others = set(PEOPLE) - {name, "ada", "ida"}
        assert not [other for other in others for row in rows if other in "".join(map(str, row))]
    people = under_way.sql(name, "SELECT name FROM people")
    assert people == [(name,)]


def test_the_image_manager_sees_that_not_what(under_way: ServerTrial) -> None:
    """Progress tells the image manager which visits are signed, and no response, ever."""
    rows = under_way.sql("ida", "SELECT kind, payload FROM visible_events WHERE reader <> ''")

    assert {kind for kind, _ in rows} == {"visit_opened.1", "visit_signed.1"}
    assert not [payload for _, payload in rows if '"SD"' in str(payload)]
    assert under_way.store("ida").events(UNDER_WAY, "anna")


def test_visits_to_come_are_not_shown(under_way: ServerTrial) -> None:
    """A reader gets the visits up to the first unsigned one, not how many follow."""
    query = (
        "SELECT payload::json #>> '{scheduled,visit}' FROM events"
        " WHERE subject = :subject AND kind = 'visit_registered.1' ORDER BY sequence"
    )

    def visits(name: str, subject: str) -> list[object]:
        return [visit for (visit,) in under_way.sql(name, query, subject=subject)]

    assert visits("anna", UNDER_WAY) == ["BL", "W8"]
    assert visits("boris", UNDER_WAY) == ["BL"]
    assert visits("carla", UNDER_WAY) == []
    assert visits("zoe", UNDER_WAY) == []
    assert visits("zoe", FINISHED) == ["BL", "W8"]
    assert visits("ida", UNDER_WAY) == ["BL", "W8", "W16"]


def test_a_case_is_shown_unnamed(under_way: ServerTrial) -> None:
    """An adjudicator gets both finished reads as Read A and Read B, and nobody's name in them."""
    case = under_way.store("zoe").case_events(FINISHED)
    rows = under_way.sql("zoe", "SELECT * FROM case_events(:subject)", subject=FINISHED)

    assert case is not None
    assert list(case) == ["Read A", "Read B"]
    assert [len(events) for events in case.values()] == [7, 7]
    assert not [row for row in rows if "anna" in str(row) or "boris" in str(row)]


@pytest.mark.parametrize(
    ("name", "subject"),
    [("zoe", UNDER_WAY), ("anna", FINISHED), ("ida", FINISHED), ("oli", UNDER_WAY), ("zoe", "P7")],
)
def test_a_case_is_refused(under_way: ServerTrial, name: str, subject: str) -> None:
    """Only who settles or reviews a patient gets its case, and none that is not finished."""
    with pytest.raises(AccessRefusedError):
        under_way.sql(name, "SELECT * FROM case_events(:subject)", subject=subject)
