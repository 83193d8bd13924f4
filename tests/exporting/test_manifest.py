"""Exports and receipts as anchors: what changed in them, or in the record behind them, is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from napari_recist.errors import BrokenChainError, ExportError, RecordError
from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.transfer.manifest import MANIFEST, check_manifest
from napari_recist.reading import ReadingSession
from napari_recist.reading.receipts import keep_receipt, receipts_of
from napari_recist.trial import ChainHead, Trial, freeze, open_trial
from napari_recist.trial.record.exported_record import ExportedRecord, record_lines
from napari_recist.trial.record.verification import verify_record
from tests.trial.test_tampering import DROP_GUARDS, rewrite


def forged(url: str) -> None:
    """Rewrite the whole chain as the owner of the database could, so that every link fits."""
    with closing(sqlite3.connect(url)) as connection:
        for statement in DROP_GUARDS:
            connection.execute(statement)
        rewrite(connection, 2, "anna", "anne")
        rows = connection.execute(
            "SELECT sequence, payload, previous_hash FROM events WHERE kind = 'visit_signed.1'"
        ).fetchall()
        for sequence, payload, head in rows:
            old = payload.split('"chain_head":"')[1][:64]
            rewrite(connection, sequence, old, head)
        connection.commit()


def test_the_same_data_is_exported_alike(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """Exported twice, every file is the same byte for byte, and the manifest proves them."""
    freeze(trial)
    for name in ("first", "second"):
        export_csv(trial, tmp_path / name)
    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}
        for name in ("first", "second")
    )
    manifest = check_manifest(tmp_path / "first")

    assert first == second
    assert set(manifest.files) == {
        "LESIONS.csv",
        "differences.csv",
        "subjects.csv",
        "timepoints.csv",
    }
    assert trial.verify((manifest.anchor,)).count > manifest.records


def test_a_changed_or_missing_file_is_named(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """One byte more, a file less, another manifest: each is told apart."""
    freeze(trial)
    export_csv(trial, tmp_path)
    lesions = tmp_path / "LESIONS.csv"
    with lesions.open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(BrokenChainError, match=r"LESIONS\.csv was changed after the export"):
        check_manifest(tmp_path)
    lesions.unlink()
    with pytest.raises(BrokenChainError, match=r"LESIONS\.csv was removed"):
        check_manifest(tmp_path)
    (tmp_path / MANIFEST).write_text("{}", encoding="utf-8")
    with pytest.raises(BrokenChainError, match="it is no manifest"):
        check_manifest(tmp_path)
    (tmp_path / MANIFEST).unlink()
    with pytest.raises(ExportError, match="holds no manifest"):
        check_manifest(tmp_path)


def test_a_rewritten_record_is_caught_by_a_receipt(trial: Trial, at_week_8: ReadingSession) -> None:
    """A chain rewritten throughout, signatures and all, verifies alone and fails the receipt."""
    (receipt,) = receipts_of(trial.uid)
    assert trial.verify((receipt,)).count >= receipt.sequence
    forged(trial.url)

    with open_trial(trial.url) as again:
        assert again.verify().count > 0
        with pytest.raises(BrokenChainError, match=f"Record {receipt.sequence} is not the one"):
            again.verify((receipt,))


def test_a_tail_cut_off_is_caught_by_an_export(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """A record that ends before the head of an export has lost records."""
    freeze(trial)
    export_csv(trial, tmp_path)
    anchor = check_manifest(tmp_path).anchor
    with closing(sqlite3.connect(trial.url)) as connection:
        for statement in DROP_GUARDS:
            connection.execute(statement)
        connection.execute("DELETE FROM events WHERE sequence >= ?", (anchor.sequence,))
        last = connection.execute("SELECT max(sequence), hash FROM events").fetchone()
        connection.execute("UPDATE chain_head SET sequence = ?, hash = ?", last)
        connection.commit()

    with open_trial(trial.url) as again:
        assert again.verify().count == anchor.sequence - 1
        with pytest.raises(BrokenChainError, match=f"Record {anchor.sequence} was removed"):
            again.verify((anchor,))


def test_a_copy_of_the_record_proves_itself(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """Without the database: the copy verifies, and a changed or missing line is named."""
    lines = list(record_lines(trial._store))
    copy = tmp_path / "record.ndjson"
    copy.write_text("".join(lines), encoding="ascii")
    chain = verify_record(ExportedRecord(copy), None)

    assert chain == trial.verify()
    copy.write_text("".join([*lines[:5], *lines[6:]]), encoding="ascii")
    with pytest.raises(BrokenChainError, match="Record 6 was removed"):
        verify_record(ExportedRecord(copy), None)
    copy.write_text("".join([*lines[:5], "{}\n", *lines[6:]]), encoding="ascii")
    with pytest.raises(BrokenChainError, match="line 6: no record"):
        ExportedRecord(copy)


def test_receipts_of_two_records_do_not_pass_for_one(tmp_path: Path) -> None:
    """Two hashes for one number mean that the record was written anew in between."""
    keep_receipt("uid", ChainHead(7, "a" * 64), tmp_path)
    keep_receipt("uid", ChainHead(9, "b" * 64), tmp_path)
    with (next(tmp_path.iterdir())).open("a", encoding="ascii") as file:
        file.write('[11, "c\n')
    assert receipts_of("uid", tmp_path) == (ChainHead(7, "a" * 64), ChainHead(9, "b" * 64))
    assert receipts_of("another", tmp_path) == ()

    keep_receipt("uid", ChainHead(7, "d" * 64), tmp_path)
    with pytest.raises(RecordError, match="two receipts of record 7 that differ"):
        receipts_of("uid", tmp_path)
