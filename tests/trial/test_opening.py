"""Making and opening a trial database, and refusing what is none."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from napari_recist.errors import CharterError, RecordError
from napari_recist.trial import Trial, create_trial, open_trial
from napari_recist.trial.charter_file import charter_hash, load_charter
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.migrations.versions import v0001_record
from napari_recist.trial.record.reads_on_table import reads_on_table
from napari_recist.trial.record.schema import metadata
from tests.trial.conftest import execute


def test_the_migrations_make_the_schema(trial: Trial, database: Path) -> None:
    """A migrated database has exactly the tables that the program expects."""
    engine = connect(str(database))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, [metadata, reads_on_table.metadata])
    engine.dispose()

    assert differences == []


def test_the_charter_is_bound_to_the_trial(
    trial: Trial, database: Path, charter_file: Path
) -> None:
    """The charter is in the database: the file may change or go, the trial's charter stays."""
    charter = load_charter(charter_file)
    charter_file.unlink()

    with open_trial(f"sqlite:///{database}") as again:
        assert again.charter == trial.charter == charter
        assert again.charter_version.charter_hash == charter_hash(charter)


def test_two_trials_never_share_a_record(tmp_path: Path, charter_file: Path) -> None:
    """Trials made from one charter have different chains from the first record on."""
    with (
        create_trial(str(tmp_path / "one.db"), charter_file) as one,
        create_trial(str(tmp_path / "other.db"), charter_file) as other,
    ):
        assert one.verify().head != other.verify().head


def test_a_trial_is_not_made_over_another(trial: Trial, database: Path, charter_file: Path) -> None:
    """Making a trial where one is refuses, and leaves the old one as it was."""
    before = trial.verify()
    with pytest.raises(RecordError, match="already holds a database"):
        create_trial(str(database), charter_file)

    assert trial.verify() == before


def test_a_wrong_charter_makes_no_trial(tmp_path: Path) -> None:
    """With a malformed charter no database is left behind."""
    charter = tmp_path / "bad.toml"
    charter.write_text("[criteria]\nmax_targets = 0\n", encoding="utf-8")
    with pytest.raises(CharterError, match="max_targets"):
        create_trial(str(tmp_path / "t.db"), charter)

    assert not (tmp_path / "t.db").exists()


@pytest.mark.parametrize("url", ["mysql://x", "", "sqlite://"])
def test_another_kind_of_url_is_refused(url: str) -> None:
    """A URL this version cannot open is refused by name."""
    with pytest.raises(RecordError, match="not a trial database this version can open"):
        open_trial(url)


def test_a_missing_trial_is_named(tmp_path: Path, charter_file: Path) -> None:
    """A path without a database, or in no folder, is refused and nothing is made there."""
    with pytest.raises(RecordError, match="no trial at"):
        open_trial(str(tmp_path / "none.db"))
    with pytest.raises(RecordError, match="no folder"):
        create_trial(str(tmp_path / "none" / "t.db"), charter_file)

    assert not (tmp_path / "none.db").exists()


def test_what_is_no_trial_is_refused(tmp_path: Path, charter_file: Path) -> None:
    """A text file, or somebody else's database, is refused and left as it was."""
    with pytest.raises(RecordError, match="file is not a database"):
        open_trial(str(charter_file))
    with pytest.raises(RecordError, match="file is not a database"):
        create_trial(str(charter_file), charter_file)
    foreign = tmp_path / "foreign.db"
    execute(foreign, "CREATE TABLE notes (text)")
    with pytest.raises(RecordError, match="not a trial database"):
        open_trial(str(foreign))
    with pytest.raises(RecordError, match="already holds a database"):
        create_trial(str(foreign), charter_file)
    with closing(sqlite3.connect(foreign)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()

    assert tables == [("notes",)]


def test_a_later_schema_is_refused(trial: Trial, database: Path) -> None:
    """A database of a later version is not touched."""
    execute(database, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(RecordError, match="later version"):
        open_trial(str(database))


def test_a_trial_without_charter_is_refused(trial: Trial, database: Path) -> None:
    """A database that was left half-made is refused with what to do."""
    execute(database, "DROP TRIGGER events_never_deleted", "DELETE FROM events")

    with pytest.raises(RecordError, match="holds no charter"):
        open_trial(str(database))


def test_a_record_is_never_taken_apart(trial: Trial, database: Path) -> None:
    """There is no way back to a database without the record."""
    with pytest.raises(NotImplementedError, match="never taken apart"):
        v0001_record.downgrade()

    assert trial.verify().count == 3
