"""The views of a whole trial: alike on both databases, for the right eyes, never written to."""

import datetime as dt
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from napari_recist.criteria import (
    Charter,
    Event,
    VisitAssessment,
    VisitSigned,
    assess_read,
    replay,
)
from napari_recist.errors import RecistError
from napari_recist.trial import Trial, TrialRole, accepted_reader, assign
from napari_recist.trial.reads.re_reads import schedule_re_read
from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.copying import rows_of
from napari_recist.trial.views.dialects import Dialect
from napari_recist.trial.views.dictionary import View
from napari_recist.trial.views.examples import EXAMPLES, Example
from napari_recist.trial.views.making import BUILT_UPON, VIEWS
from tests.exporting.frozen_trials import (
    ADJUDICATOR,
    ADMINISTRATOR,
    AGREEING,
    FIRST,
    MONITOR,
    OPEN,
    OWN,
    READINGS,
    SECOND,
    SETTLED,
    SUBJECTS,
    VISITS,
    built_trial,
    frozen_trial,
    quick_passwords,
    read_patient,
    true_date,
)
from tests.trial.conftest import PASSWORD
from tests.trial.record.shared_server import OWNER, ServerTrial

__all__ = ["built_trial", "frozen_trial", "quick_passwords"]

CODE = "NRC-009-0001"
"""Under which a patient comes again."""

by_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)

PYTHON_TYPES: dict[ColumnType, type] = {
    ColumnType.TEXT: str,
    ColumnType.INTEGER: int,
    ColumnType.DECIMAL: Decimal,
    ColumnType.NUMBER: float,
    ColumnType.DATE: dt.date,
    ColumnType.MOMENT: dt.datetime,
    ColumnType.FLAG: bool,
}


def on_server(trial: ServerTrial, name: str, view: View) -> list[tuple[Any, ...]]:
    """Return all rows of a view as a person gets them from the server, sorted as in the file."""
    columns = ", ".join(column.name for column in view.columns)
    keys = [[column.name for column in view.columns].index(key) for key in view.keys]
    rows = [tuple(row) for row in trial.sql(name, f"SELECT {columns} FROM {view.name}")]
    return sorted(rows, key=lambda row: [row[key] for key in keys])


@by_view
def test_both_databases_say_the_same(
    carried: ServerTrial, in_a_file: sqlite3.Connection, view: View
) -> None:
    """Each view has the same rows in a file and, for a monitor, on a server."""
    rows = list(rows_of(in_a_file, view))

    assert on_server(carried, MONITOR, view) == rows
    assert rows or view.name in {"re_reads", "queries", "transfers"}


@by_view
def test_what_the_dictionary_says_holds(carried: ServerTrial, view: View) -> None:
    """Types are those of the dictionary, required columns are full, coded words are allowed ones.

    And a row is known by the view's keys.
    """
    rows = on_server(carried, MONITOR, view)

    for place, column in enumerate(view.columns):
        values = [row[place] for row in rows if row[place] is not None]
        assert {type(value) for value in values} <= {PYTHON_TYPES[column.type]}, column.name
        assert not column.allowed or set(values) <= set(column.allowed), column.name
        assert not column.required or len(values) == len(rows), column.name
    keys = [[column.name for column in view.columns].index(key) for key in view.keys]
    assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)


@by_view
def test_postgresql_tells_types_and_meanings(carried: ServerTrial, view: View) -> None:
    """Names, types and comments of the columns are the dictionary's."""
    told = carried.sql(
        MONITOR,
        """SELECT a.attname, format_type(a.atttypid, a.atttypmod),
            col_description(a.attrelid, a.attnum)
        FROM pg_attribute a WHERE a.attrelid = CAST(:view AS regclass) AND a.attnum > 0
        ORDER BY a.attnum""",
        view=view.name,
    )

    assert [tuple(row)[:2] for row in told] == [(c.name, c.type) for c in view.columns]
    assert all(
        comment.startswith(c.description)
        for (*_, comment), c in zip(told, view.columns, strict=True)
    )


@pytest.mark.parametrize("name", [*BUILT_UPON, *(view.name for view in VIEWS)])
def test_a_view_cannot_be_written_to(
    carried: ServerTrial, in_a_file: sqlite3.Connection, built_trial: Path, name: str
) -> None:
    """INSERT, UPDATE and DELETE are refused on both databases, to the owner too."""
    first = carried.sql(OWNER, f"SELECT * FROM {name} LIMIT 0")
    assert first == []
    column = "name" if name == "people" else "record"
    column = {"subjects": "subject", "visits": "visit", "re_reads": "code"}.get(name, column)
    column = {"transfers": "number", "queries": "query", "read_visits": "visit"}.get(name, column)
    column = column if name not in BUILT_UPON else "subject"
    statements = (
        f"DELETE FROM {name}",
        f"UPDATE {name} SET {column} = {column}",
        f"INSERT INTO {name} ({column}) VALUES (NULL)",
    )
    with sqlite3.connect(built_trial) as writable:
        for statement in statements:
            with pytest.raises(sqlite3.OperationalError, match="view"):
                writable.execute(statement)
            for person in (OWNER, MONITOR):
                with pytest.raises(RecistError):
                    carried.sql(person, statement)


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [FIRST, SECOND])
def test_a_reader_sees_their_own_reads_alone(carried: ServerTrial, reader: str) -> None:
    """To a reader no view has a row of another's read, nor any word of the other reader."""
    other = SECOND if reader == FIRST else FIRST
    for view in VIEWS:
        rows = on_server(carried, reader, view)
        assert other not in repr(rows), view.name
        assert ADJUDICATOR not in repr(rows), view.name
        names = [column.name for column in view.columns]
        if "reader" in names and view.name not in {"audit", "signatures"}:
            assert {row[names.index("reader")] for row in rows} <= {reader}
        if "true_date" in names:
            assert {row[names.index("true_date")] for row in rows} <= {None}
    own = carried.sql(MONITOR, "SELECT subject, reader FROM measurements")
    mine = carried.sql(reader, "SELECT subject, reader FROM measurements")
    assert len(mine) == sum(name == reader for _, name in own) > 0


def test_the_administrator_sees_no_identity(carried: ServerTrial) -> None:
    """The administrator gets every read with dates as recorded, and no true date."""
    rows = carried.sql(ADMINISTRATOR, "SELECT date, true_date FROM measurements")
    everything = carried.sql(MONITOR, "SELECT date, true_date FROM measurements")

    assert {true for _, true in rows} == {None}
    assert sorted(date for date, _ in rows) == sorted(date for date, _ in everything)
    told = carried.sql(ADMINISTRATOR, "SELECT count(*) FROM audit WHERE kind = 'withheld'")
    # Who each patient is, and clinical data of all but one.
    assert told[0][0] == 2 * len(VISITS) - 1


def test_true_dates_are_true(carried: ServerTrial, in_a_file: sqlite3.Connection) -> None:
    """The day of every visit is the one of its images, though the record holds another."""
    query = "SELECT subject, visit, date, true_date FROM visits"
    wanted = {
        (subject, visit): true_date(subject, visit)
        for subject, visits in VISITS.items()
        for visit in visits
    }
    rows = carried.sql(MONITOR, query)

    assert {(subject, visit): true for subject, visit, _, true in rows} == wanted
    assert all(date != true for *_, date, true in rows)
    assert {
        (subject, visit): dt.date.fromisoformat(true)
        for subject, visit, _, true in in_a_file.execute(query)
    } == wanted


# --- what they say --------------------------------------------------------------------------------


def test_responses_are_what_was_signed(frozen_trial: Trial, built_trial: Path) -> None:
    """Sum, change and responses are those that replay and the rules give for each signed visit."""
    with sqlite3.connect(built_trial) as file:
        rows = file.execute(
            """SELECT subject, reader, visit, sum_mm, baseline_sum_mm, nadir_sum_mm,
            change_from_baseline_pct, change_from_nadir_mm, target, nontarget, new_lesion, overall
            FROM responses ORDER BY subject, reader, place"""
        ).fetchall()
    wanted = []
    for subject, reader in sorted(frozen_trial.reads()):
        events = frozen_trial.events(subject, reader)
        charter = frozen_trial.charter_of(events).charter
        read = replay(events)
        for visit in read.visits:
            if visit.signed is None:
                continue
            judged = _judged(events, visit.identifier, charter)
            wanted.append((subject, reader, visit.identifier, *_figures(judged)))

    assert rows == wanted


def _judged(events: tuple[Event, ...], visit: str, charter: Charter) -> VisitAssessment:
    """Return a visit as it was judged when it was signed last."""
    place = max(
        place
        for place, event in enumerate(events)
        if isinstance(event.fact, VisitSigned) and event.fact.visit == visit
    )
    return assess_read(replay(events[:place]), charter).visit(visit)


def _figures(judged: VisitAssessment) -> tuple[Any, ...]:
    millimetres = [
        None if tenths is None else tenths / 10
        for tenths in (judged.sum, judged.baseline_sum, judged.nadir_sum)
    ]
    percent = judged.change_from_baseline_pct
    change = judged.change_from_nadir
    return (
        *millimetres,
        float(percent) if percent else None,
        None if change is None else change / 10,
        *(judged.target, judged.nontarget, judged.new_lesion, judged.overall),
    )


def test_the_accepted_reader_is_the_one_that_counts(
    frozen_trial: Trial, in_a_file: sqlite3.Connection, carried: ServerTrial
) -> None:
    """Whose read an adjudicator accepted is told by plain SQL as the program tells it."""
    query = "SELECT subject, accepted_reader FROM adjudications ORDER BY subject"
    wanted = [(subject, accepted_reader(frozen_trial, subject)) for subject in (SETTLED, OWN)]

    assert in_a_file.execute(query).fetchall() == wanted
    assert [tuple(row) for row in carried.sql(MONITOR, query)] == wanted
    assert [name for _, name in carried.sql(ADJUDICATOR, query)] == [None, ADJUDICATOR]


def test_a_re_read_is_no_patient(frozen_trial: Trial, tmp_path: Path) -> None:
    """A patient read again under another code stands in no view as a patient, and in its own."""
    schedule_re_read(frozen_trial, CODE, AGREEING, FIRST)
    seat = frozen_trial.sign_in(FIRST, PASSWORD)
    read_patient(seat, CODE, READINGS[AGREEING][0])
    with sqlite3.connect(tmp_path / "trial.db") as file:
        for view in VIEWS:
            if view.name in {"re_reads", "signatures", "queries", "audit"}:
                continue
            assert CODE not in repr(list(rows_of(file, view))), view.name
        again = file.execute(
            "SELECT subject, visit, sum_mm = again_sum_mm FROM re_reads"
        ).fetchall()

    assert again == [(AGREEING, visit, 1) for visit in VISITS[AGREEING]]


def test_a_new_assignment_is_told_of(frozen_trial: Trial, tmp_path: Path) -> None:
    """Whoever is assigned later has a place on the table, too."""
    frozen_trial.admit("Nia Owusu", TrialRole.READER, PASSWORD)
    assign(frozen_trial, OPEN, "Nia Owusu")
    with sqlite3.connect(tmp_path / "trial.db") as file:
        count = file.execute("SELECT count(*) FROM reads_on_table").fetchone()
        with pytest.raises(sqlite3.IntegrityError, match="places on the table stay"):
            file.execute("DELETE FROM reads_on_table")

    assert count == (2 * len(SUBJECTS) + 1,)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_examples_answer_alike(
    carried: ServerTrial, in_a_file: sqlite3.Connection, example: Example
) -> None:
    """Each query of the dictionary runs as printed, and both databases give the same answer."""
    file_rows = in_a_file.execute(example.on(Dialect.SQLITE)).fetchall()
    with carried.engine(MONITOR).begin() as connection:
        server_rows = connection.execute(sa.text(example.on(Dialect.POSTGRESQL))).all()

    assert file_rows
    assert _comparable(file_rows) == _comparable(server_rows)


def _comparable(rows: Any) -> list[tuple[str, ...]]:
    """Return rows as text, numbers with three decimals, in an order of their own."""
    return sorted(
        tuple(
            f"{float(value):.3f}" if isinstance(value, int | float | Decimal) else str(value)
            for value in row
        )
        for row in rows
    )
