"""What an export consists of and what it stands on: checked by anybody, without the database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from napari_recist.errors import BrokenChainError, ExportError
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import ChainHead

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of an export with their SHA-256, and the frozen data they were made from.

    ``transfer`` is the number of the transfer, ``kind`` what was exported of it (csv, sdtm, ...),
    ``frozen_at`` the moment of the freeze (UTC, ISO). ``records`` and ``chain_head`` are number and
    hash of the last record of the data, ``charters`` the hashes of the charter's versions, oldest
    first. ``dates`` are "true", or "shifted" patient by patient.
    """

    trial_uid: str
    trial_id: str
    transfer: int
    kind: str
    frozen_at: str
    records: int
    chain_head: str
    charters: tuple[str, ...]
    software: str
    dates: str
    files: Mapping[str, str]

    @property
    def anchor(self) -> ChainHead:
        """The end of the data, which the database must still hold."""
        return ChainHead(self.records, self.chain_head)


def manifest_bytes(transfer: Transfer, kind: str, files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of these files, by name, as JSON; the same again for the same data."""
    manifest = Manifest(
        trial_uid=transfer.trial_uid,
        trial_id=transfer.charter.trial.id,
        transfer=transfer.number,
        kind=kind,
        frozen_at=transfer.frozen_at.isoformat(),
        records=transfer.anchor.sequence,
        chain_head=transfer.anchor.hash,
        charters=transfer.charter_hashes,
        software=transfer.software,
        dates="true" if transfer.true_dates else "shifted",
        files={name: sha256(files[name]) for name in sorted(files)},
    )
    return (json.dumps(asdict(manifest), indent=2) + "\n").encode()


def check_manifest(folder: Path) -> Manifest:
    """Return the manifest of an export, once every file proved to be the one that was written.

    Raises
    ------
    ExportError
        If there is no manifest.
    BrokenChainError
        Naming the first file that was changed or removed.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise ExportError(f"{folder} holds no {MANIFEST}.", "Choose an export's folder.")
    for name, noted in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise BrokenChainError(f"{file} was removed from the export.", "Export it again.")
        if sha256(file.read_bytes()) != noted:
            raise BrokenChainError(f"{file} was changed after the export.", "Export it again.")
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder as it stands there, None where there is none.

    Raises
    ------
    BrokenChainError
        If it is none of this program.
    """
    place = folder / MANIFEST
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        return Manifest(**{**told, "charters": tuple(told["charters"])})
    except OSError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenChainError(f"{place} was changed: it is no manifest.") from error


def manifest_hash(folder: Path) -> str:
    """Return the SHA-256 of the manifest of an export, as the record of the trial notes it."""
    return sha256((folder / MANIFEST).read_bytes())


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
