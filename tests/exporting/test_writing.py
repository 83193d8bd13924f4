"""Exports are written all or nothing, on record, and the same again whatever was stated since."""

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_recist.errors import AccessRefusedError, ExportError, RecistError, RecordError
from napari_recist.exporting.csv_files import csv_tables, export_csv
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.manifest import MANIFEST, check_manifest, manifest_hash
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import (
    ReadKey,
    Trial,
    TrialRole,
    end_follow_up,
    freeze,
    open_trial,
    register_identity,
    reopen,
    transfers,
)
from napari_recist.trial.reads.adjudication import withdraw_adjudication
from napari_recist.trial.reads.charter_change import amend_charter
from napari_recist.trial.reads.clinical import give_clinical_data
from napari_recist.trial.transfers import exports
from tests.exporting.frozen_trials import (
    ADMINISTRATOR,
    AGREEING,
    FIRST,
    MONITOR,
    OPEN,
    SECOND,
    SETTLED,
    T1,
    UNREAD,
    copied,
    open_visit,
    sign,
    state,
)
from tests.trial.conftest import PASSWORD
from tests.trial.test_tampering import DROP_GUARDS


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def exported(trial: Trial, number: int | None = None) -> dict[str, bytes]:
    """Return the files of an export into a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        export_csv(trial, Path(folder), number)
        return contents(Path(folder))


def _amend(trial: Trial) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "c.toml"
        file.write_text(f'[trial]\nid = "NRC-HCC-201"\ntitle = "{len(trial.charters)}"\n')
        amend_charter(trial.again(), file, dt.datetime.now(dt.UTC).date(), "amendment")


def _sign_week_8(trial: Trial) -> None:
    seat = trial.sign_in(FIRST, PASSWORD)
    state(seat, OPEN, "W8", {T1: 12.3})
    sign(seat, OPEN, "W8")


def _read_anew(trial: Trial) -> None:
    reopen(trial, ReadKey(SETTLED, FIRST), "W16", "wrong series")
    seat = trial.sign_in(FIRST, PASSWORD)
    open_visit(seat, SETTLED, "W16")
    state(seat, SETTLED, "W16", {T1: 99.9})
    sign(seat, SETTLED, "W16")


GROWTH: dict[str, Callable[[Trial], object]] = {
    "a visit signed": _sign_week_8,
    "a visit re-opened and read anew": _read_anew,
    "a visit re-opened": lambda t: reopen(t, ReadKey(AGREEING, SECOND), "W24", "wrong series"),
    "an adjudication withdrawn": lambda t: withdraw_adjudication(t, SETTLED, "late images"),
    "other clinical data": lambda t: give_clinical_data(
        t, {AGREEING: (("treatment start", "1999-01-01"),)}
    ),
    "another identity": lambda t: register_identity(t, AGREEING, "another", 77),
    "a new charter": _amend,
    "follow-up ended": lambda t: end_follow_up(t, UNREAD, "death"),
    "a person admitted": lambda t: t.admit("Zora", TrialRole.READER, PASSWORD),
    "a person retired": lambda t: t.retire(FIRST, "left"),
    "another freeze": lambda t: freeze(t.again(), "again"),
    "another export": lambda t: exported(t, 1),
}
"""Whatever can be stated after a freeze; an act that is not possible a second time is refused."""


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(sorted(GROWTH)), min_size=1, max_size=6))
def test_whatever_is_stated_after_a_freeze_changes_no_byte(
    built_trial: Path, quick_passwords: None, acts: list[str]
) -> None:
    """After any acts in any order transfer 1 is exported the same, byte for byte."""
    with tempfile.TemporaryDirectory() as folder, copied(built_trial, Path(folder) / "t.db") as t:
        before, count = exported(t, 1), t.verify().count
        for act in acts:
            try:
                GROWTH[act](t)
            except RecistError:
                continue
        with open_trial(t.url) as again:
            assert exported(again, 1) == before
            assert again.verify().count > count


@pytest.mark.parametrize("act", GROWTH)
def test_each_act_grows_the_record(frozen_trial: Trial, act: str) -> None:
    """The acts above do state something: otherwise nothing would be proven by them."""
    before = frozen_trial.verify().count
    GROWTH[act](frozen_trial)

    assert frozen_trial.verify().count > before


def test_an_export_is_on_record(frozen_trial: Trial, tmp_path: Path) -> None:
    """Who exported which transfer as what stands in the record with the hash of its manifest."""
    export_csv(frozen_trial.sign_in(MONITOR, PASSWORD), tmp_path / "out")
    (written,) = exports(frozen_trial)

    assert (written.number, written.export, written.written_by) == (1, "csv", MONITOR)
    assert written.manifest_hash == manifest_hash(tmp_path / "out")


def test_a_transfer_is_known_by_its_number(frozen_trial: Trial) -> None:
    """The next freeze is number 2, ends later, and is the one exported when none is named."""
    number = freeze(frozen_trial, "second\ninterim")
    first, second = transfers(frozen_trial)

    assert (number, second.number, second.comment) == (2, 2, "second interim")
    assert second.anchor.sequence > first.anchor.sequence
    assert exported(frozen_trial) == exported(frozen_trial, 2) != exported(frozen_trial, 1)
    with pytest.raises(RecordError, match=r"has no transfer 3\. It has 1 to 2"):
        exported(frozen_trial, 3)


# --- a check that fails ---------------------------------------------------------------------------


def _change_a_record(trial: Trial, _out: Path) -> None:
    with closing(sqlite3.connect(trial.url)) as connection:
        for statement in DROP_GUARDS:
            connection.execute(statement)
        connection.execute("UPDATE events SET recorded_at = 'x' WHERE sequence = 9")
        connection.commit()


def _change_the_freeze(trial: Trial, _out: Path) -> None:
    with closing(sqlite3.connect(trial.url)) as connection:
        for statement in DROP_GUARDS:
            connection.execute(statement)
        connection.execute("DELETE FROM events WHERE kind = 'transfer_frozen.1'")
        connection.commit()


def _of_another_kind(_trial: Trial, out: Path) -> None:
    text = (out / MANIFEST).read_text(encoding="utf-8").replace('"kind": "csv"', '"kind": "odm"')
    (out / MANIFEST).write_text(text, encoding="utf-8")


def _no_manifest_at_all(_trial: Trial, out: Path) -> None:
    (out / MANIFEST).write_text("{}", encoding="utf-8")


def _in_the_way(_trial: Trial, out: Path) -> None:
    (out / "LESIONS.csv").unlink()
    (out / "LESIONS.csv").mkdir()
    (out / "LESIONS.csv" / "mine.txt").write_text("mine", encoding="utf-8")


FAULTS: dict[str, tuple[Callable[[Trial, Path], None], str]] = {
    "a record was changed": (_change_a_record, "Nothing was exported. Record 9 was changed"),
    "the freeze was removed": (_change_the_freeze, "Nothing was exported. Record .* was removed"),
    "the folder holds another kind": (_of_another_kind, r"holds an export of another kind \(odm\)"),
    "the folder holds no true manifest": (_no_manifest_at_all, "it is no manifest"),
    "a folder is in the way": (_in_the_way, "Nothing was written"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_check_that_fails_writes_nothing(frozen_trial: Trial, tmp_path: Path, fault: str) -> None:
    """An older export stays as it was to the byte, and no export is put on record."""
    out = tmp_path / "out"
    export_csv(frozen_trial, out)
    seed, words = FAULTS[fault]
    seed(frozen_trial, out)
    before, told = contents(out), exports(frozen_trial)
    with pytest.raises(ExportError, match=words):
        export_csv(frozen_trial, out)

    assert contents(out) == before
    assert exports(frozen_trial) == told


def test_a_check_of_the_export_itself_writes_nothing(frozen_trial: Trial, tmp_path: Path) -> None:
    """What refuses while the files are made leaves no file, no folder and no record."""

    def refuses(transfer: Transfer) -> Mapping[str, bytes]:
        raise ExportError(f"A value of transfer {transfer.number} is wrong.")

    before = frozen_trial.verify().count
    with pytest.raises(ExportError, match="A value of transfer 1 is wrong"):
        export_transfer(frozen_trial, "csv", refuses, tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert frozen_trial.verify().count == before


def test_what_cannot_be_put_on_record_is_not_written(frozen_trial: Trial, tmp_path: Path) -> None:
    """An export that the database refuses to note leaves nothing behind."""
    with closing(sqlite3.connect(frozen_trial.url)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        connection.commit()
    (tmp_path / "out").mkdir()
    with pytest.raises(RecordError, match="full"):
        export_csv(frozen_trial, tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


def test_files_of_an_older_export_do_not_stay(frozen_trial: Trial, tmp_path: Path) -> None:
    """What the older manifest lists and the new one does not is removed; other files stay."""

    def with_more(transfer: Transfer) -> Mapping[str, bytes]:
        return {**csv_tables(transfer), "more/old.csv": b"old"}

    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    export_transfer(frozen_trial, "csv", with_more, tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    text = (tmp_path / "out" / MANIFEST).read_text(encoding="utf-8")
    reaching = text.replace("more/old.csv", "../mine.txt", 1)
    export_csv(frozen_trial, tmp_path / "out")

    assert not (tmp_path / "out" / "more" / "old.csv").exists()
    assert (tmp_path / "out" / "mine.txt").exists()
    (tmp_path / "out" / MANIFEST).write_text(reaching, encoding="utf-8")
    export_csv(frozen_trial, tmp_path / "out")
    assert (tmp_path / "mine.txt").exists()


def test_only_who_may_export_does(frozen_trial: Trial, tmp_path: Path) -> None:
    """A reader is refused; administrator and monitor export the tables they may see."""
    with pytest.raises(AccessRefusedError, match="may not export"):
        export_csv(frozen_trial.sign_in(FIRST, PASSWORD), tmp_path / "reader")
    for name in (MONITOR, ADMINISTRATOR):
        export_csv(frozen_trial.sign_in(name, PASSWORD), tmp_path / name)
        dates = check_manifest(tmp_path / name).dates
        assert dates == ("true" if name == MONITOR else "shifted")


def test_a_treatment_start_that_is_no_date_stops_the_export(
    frozen_trial: Trial, tmp_path: Path
) -> None:
    """The patient and what was given are named."""
    give_clinical_data(frozen_trial, {AGREEING: (("treatment start", "last week"),)})
    freeze(frozen_trial)
    with pytest.raises(ExportError, match=f"treatment start of {AGREEING} is 'last week'"):
        export_csv(frozen_trial, tmp_path / "out")

    assert frozen_transfer(frozen_trial, 1).patients[0].reference_date == dt.date(2025, 1, 9)
