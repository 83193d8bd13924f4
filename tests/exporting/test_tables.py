"""The views of a frozen transfer as Parquet and CSV: whole, exact, and the same again."""

import csv
import datetime as dt
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from napari_recist.cli import app, export_tables
from napari_recist.errors import RecordError
from napari_recist.exporting.tables.export import TableFormat
from napari_recist.exporting.tables.export import export_tables as export
from napari_recist.exporting.tables.table import READS
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import Trial, freeze, open_trial
from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.copying import rows_of
from napari_recist.trial.views.dialects import Dialect
from napari_recist.trial.views.dictionary import View
from napari_recist.trial.views.examples import EXAMPLES, Example
from napari_recist.trial.views.making import VIEWS
from tests.exporting.frozen_trials import (
    ADMINISTRATOR,
    FIRST,
    MONITOR,
    OPEN,
    PATIENT_ID,
    sign,
)
from tests.trial.conftest import PASSWORD

TABLES = (*VIEWS, READS)
by_view = pytest.mark.parametrize("view", TABLES, ids=lambda view: view.name)


@pytest.fixture(scope="module")
def exported(built_shifted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tables of transfer 1, of a trial that shifts dates."""
    folder = tmp_path_factory.mktemp("tables")
    copy = folder / "trial.db"
    copy.write_bytes(built_shifted.read_bytes())
    with open_trial(str(copy)) as trial:
        export(trial, folder / "out")
    return folder / "out"


def of_csv(folder: Path, view: View) -> list[tuple[Any, ...]]:
    """Return the rows of a CSV, each cell read as its column's type."""
    read = {
        ColumnType.TEXT: str,
        ColumnType.INTEGER: int,
        ColumnType.DECIMAL: Decimal,
        ColumnType.NUMBER: float,
        ColumnType.DATE: dt.date.fromisoformat,
        ColumnType.MOMENT: dt.datetime.fromisoformat,
        ColumnType.FLAG: {"true": True, "false": False}.__getitem__,
    }
    with (folder / f"{view.name}.csv").open(encoding="utf-8", newline="") as text:
        header, *rows = list(csv.reader(text))
    assert header == [column.name for column in view.columns]
    kinds = [read[column.type] for column in view.columns]
    return [
        tuple(kind(cell) if cell else None for kind, cell in zip(kinds, row, strict=True))
        for row in rows
    ]


@by_view
def test_parquet_and_csv_hold_the_same(exported: Path, view: View) -> None:
    """Both files of a table give the same values, to the last digit of every coordinate."""
    table = parquet.read_table(exported / f"{view.name}.parquet")
    rows = [tuple(row.values()) for row in table.to_pylist()]

    assert rows == of_csv(exported, view)


@by_view
def test_a_view_is_exported_as_the_database_has_it(
    exported: Path, built_shifted: Path, view: View
) -> None:
    """All that was frozen was all there is: the table is the view of the live database."""
    if view == READS:
        return
    with closing(sqlite3.connect(built_shifted)) as live:
        # The record of the freeze itself is not among what it froze.
        rows = [row for row in rows_of(live, view) if "transfer_frozen.1" not in row]

    assert of_csv(exported, view) == ([] if view.name == "transfers" else rows)


def test_parquet_tells_types_and_meanings(exported: Path) -> None:
    """Reported lengths are exact decimals, days are days, and each field says what it means."""
    schema = parquet.read_schema(exported / "measurements.parquet")
    told = schema.field("diameter_mm").metadata

    assert str(schema.field("diameter_mm").type) == "decimal128(9, 1)"
    assert str(schema.field("true_date").type) == "date32[day]"
    assert str(schema.field("recorded_at_utc").type) == "timestamp[us]"
    assert told[b"unit"] == b"mm"
    assert told[b"description"].startswith(b"The reported diameter")
    assert b"too_small" in schema.field("status").metadata[b"allowed"]


def test_pandas_reads_the_tables(exported: Path) -> None:
    """A waterfall in pandas from Parquet is the one from CSV, and of the numbers that were read."""
    frames = [
        pd.read_parquet(exported / "responses.parquet"),
        pd.read_csv(exported / "responses.csv"),
    ]
    best = [
        frame[frame["place"] > 1]
        .assign(change=lambda rows: rows["change_from_baseline_pct"].astype(float))
        .groupby(["subject", "reader"])["change"]
        .min()
        .dropna()
        for frame in frames
    ]

    pd.testing.assert_series_equal(*best)
    assert len(best[0]) > 5


@by_view
def test_duckdb_reads_the_parquet_files(exported: Path, view: View) -> None:
    """A reader that shares no code with the writer gets the same values of the same types."""
    columns = ", ".join(column.name for column in view.columns)
    file = exported / f"{view.name}.parquet"
    rows = duckdb.sql(f"SELECT {columns} FROM read_parquet('{file}')").fetchall()

    assert rows == of_csv(exported, view)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_the_examples_run_on_the_files(
    exported: Path, built_shifted: Path, example: Example
) -> None:
    """The queries of the data dictionary give in DuckDB, on the files, what the database gives."""
    with duckdb.connect() as files, closing(sqlite3.connect(built_shifted)) as live:
        for view in VIEWS:
            file = exported / f"{view.name}.parquet"
            files.execute(f"CREATE VIEW {view.name} AS SELECT * FROM read_parquet('{file}')")
        rows = files.execute(example.on(Dialect.POSTGRESQL)).fetchall()
        wanted = live.execute(example.on(Dialect.SQLITE)).fetchall()

    assert rounded(rows) == rounded(wanted)


def rounded(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Return rows in an order of their own, numbers with three decimals."""
    return sorted(
        [f"{float(x):.3f}" if isinstance(x, int | float | Decimal) else str(x) for x in row]
        for row in rows
    )


def test_no_identity_is_in_any_table(exported: Path) -> None:
    """What the site calls a patient is in no file, nor any path or verifier of a password."""
    for file in exported.iterdir():
        content = file.read_bytes()
        if file.suffix == ".parquet":
            content = repr(parquet.read_table(file).to_pylist()).encode()
        for canary in (PATIENT_ID, "verifier_hash", "argon2", "shift_days"):
            assert canary.encode() not in content, (file.name, canary)


def test_the_same_transfer_is_the_same_bytes(frozen_trial: Trial, tmp_path: Path) -> None:
    """Signed since or not: transfer 1 exports the same files again, byte for byte."""
    export(frozen_trial, tmp_path / "first")
    seat = frozen_trial.sign_in(FIRST, PASSWORD)
    sign(seat, OPEN, "W8")
    freeze(frozen_trial)
    export(frozen_trial, tmp_path / "again", 1)
    export(frozen_trial, tmp_path / "second")
    files = sorted(path.name for path in (tmp_path / "first").iterdir())

    assert len(files) == 2 * len(TABLES) + 3
    for name in files:
        first, again = (tmp_path / folder / name for folder in ("first", "again"))
        assert first.read_bytes() == again.read_bytes(), name
    later = pd.read_parquet(tmp_path / "second" / "responses.parquet")
    before = pd.read_parquet(tmp_path / "first" / "responses.parquet")
    assert len(later) == len(before) + 1


def test_who_may_not_see_identity_gets_no_true_date(shifted_trial: Trial, tmp_path: Path) -> None:
    """An administrator's tables have dates as recorded; a monitor's have true ones, too."""
    for name, sees in ((ADMINISTRATOR, False), (MONITOR, True)):
        with shifted_trial.sign_in(name, PASSWORD) as seat:
            export(seat, tmp_path / name)
        visits = pd.read_parquet(tmp_path / name / "visits.parquet")
        assert visits["true_date"].notna().all() == sees
        assert visits["date"].notna().all()
        assert visits["true_date"].notna().any() == sees


def test_the_read_that_counts_is_marked(transfer: Transfer, exported: Path) -> None:
    """Reads tells of each read whether it is the accepted one, as the frozen transfer does."""
    wanted = {
        (patient.subject, read.reader): read.accepted
        for patient in transfer.patients
        for read in patient.reads
    }

    assert {(row[0], row[1]): row[3] for row in of_csv(exported, READS)} == wanted


def test_the_command_writes_what_is_asked_for(built_trial: Path, tmp_path: Path) -> None:
    """One format alone, a second kind refused in words, and nothing without frozen data."""
    assert export_tables.__doc__
    copy = tmp_path / "trial.db"
    copy.write_bytes(built_trial.read_bytes())
    asked = ["export", "tables", "--trial", str(copy), "--out", str(tmp_path / "out")]
    wrong = CliRunner().invoke(app, [*asked, "--format", "xlsx"])
    right = CliRunner().invoke(app, [*asked, "--format", "csv"])

    assert wrong.exit_code == 2
    assert right.exit_code == 0
    assert {file.suffix for file in (tmp_path / "out").iterdir()} == {".csv", ".json"}


def test_nothing_leaves_that_is_not_frozen(trial: Trial, tmp_path: Path) -> None:
    """Without a frozen transfer the export refuses and says how one is made."""
    with pytest.raises(RecordError, match="trial freeze"):
        export(trial, tmp_path / "out", formats=(TableFormat.CSV,))
    assert not (tmp_path / "out").exists()
