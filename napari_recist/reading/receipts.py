"""Receipts of signatures, kept on the signer's computer: what a rewritten record cannot rewrite.

A receipt is the number and the hash of the record that holds a signature. It names nobody. Whoever
owns a trial's database could make every hash in it anew; the receipts would no longer fit.
"""

import hashlib
import json
import os
from pathlib import Path

from napari_recist.errors import RecordError
from napari_recist.reading.place import state_folder
from napari_recist.trial import ChainHead


def keep_receipt(trial_uid: str, signed: ChainHead, folder: Path | None = None) -> None:
    """Add a receipt; it is on the disk when this returns.

    Raises
    ------
    RecordError
        If the disk refuses; the signature itself is on record.
    """
    file = _file(trial_uid, folder)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="ascii") as receipts:
            receipts.write(json.dumps([signed.sequence, signed.hash]) + "\n")
            receipts.flush()
            os.fsync(receipts.fileno())
    except OSError as error:
        raise RecordError(
            f"The visit is signed, but no receipt of it could be kept: {error.strerror}.",
            "Make room on this computer's disk.",
        ) from error


def receipts_of(trial_uid: str, folder: Path | None = None) -> tuple[ChainHead, ...]:
    """Return the receipts of a trial that are kept on this computer; a line cut short is left out.

    Raises
    ------
    RecordError
        If two receipts of one record differ: the record was written anew in between.
    """
    file = _file(trial_uid, folder)
    if not file.is_file():
        return ()
    found: dict[int, str] = {}
    for line in file.read_text(encoding="ascii").splitlines():
        try:
            sequence, noted = json.loads(line)
        except ValueError:  # the computer stopped while it was written
            continue
        if found.setdefault(sequence, noted) != noted:
            raise RecordError(
                f"{file} holds two receipts of record {sequence} that differ.",
                "The record was written anew in between: keep the file as evidence.",
            )
    return tuple(ChainHead(sequence, noted) for sequence, noted in found.items())


def _file(trial_uid: str, folder: Path | None) -> Path:
    name = hashlib.sha256(trial_uid.encode()).hexdigest()[:32]
    return (folder or state_folder() / "receipts") / f"{name}.txt"
