"""What an export consists of and what it stands on: checked by anybody, without the database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from napari_recist import __version__
from napari_recist.errors import BrokenChainError, ExportError
from napari_recist.trial import ChainHead, Trial, VerifiedChain

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of an export with their SHA-256, and the record's end they were made from.

    ``charters`` are the hashes of the charter's versions, oldest first.
    """

    trial_uid: str
    trial_id: str
    records: int
    chain_head: str
    charters: tuple[str, ...]
    software: str
    files: Mapping[str, str]

    @property
    def anchor(self) -> ChainHead:
        """The record's end, which the database must still hold."""
        return ChainHead(self.records, self.chain_head)


def manifest_text(trial: Trial, verified: VerifiedChain, texts: Mapping[str, str]) -> str:
    """Return the manifest of these files, by name, as JSON; the same again for the same data."""
    manifest = Manifest(
        trial_uid=trial.uid,
        trial_id=trial.charter.trial.id,
        records=verified.count,
        chain_head=verified.head,
        charters=tuple(version.charter_hash for version in trial.charters),
        software=__version__,
        files={name: _sha256(text.encode()) for name, text in sorted(texts.items())},
    )
    return json.dumps(asdict(manifest), indent=2) + "\n"


def check_manifest(folder: Path) -> Manifest:
    """Return the manifest of an export, once every file proved to be the one that was written.

    Raises
    ------
    ExportError
        If there is no manifest.
    BrokenChainError
        Naming the first file that was changed or removed.
    """
    place = folder / MANIFEST
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        manifest = Manifest(**{**told, "charters": tuple(told["charters"])})
    except OSError as error:
        raise ExportError(f"{folder} holds no {MANIFEST}.", "Choose an export's folder.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenChainError(f"{place} was changed: it is no manifest.") from error
    for name, noted in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise BrokenChainError(f"{file} was removed from the export.", "Export it again.")
        if _sha256(file.read_bytes()) != noted:
            raise BrokenChainError(f"{file} was changed after the export.", "Export it again.")
    return manifest


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
