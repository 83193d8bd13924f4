"""The report of a de-identified folder: what was done to which attribute, never what stood there.

``deidentification.jsonl`` has one line per file, and one for each set of actions that files
share; ``deidentification.json`` sums up, and keeps key and settings from being mixed. Both name
files by their coded names; a file left out by the SHA-256 of its bytes.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from napari_recist import __version__
from napari_recist.errors import DeidentificationError
from napari_recist.imaging.deidentify.annex_e import EDITION
from napari_recist.imaging.deidentify.file import Order
from napari_recist.imaging.deidentify.values import Action

LINES, SUMMARY = "deidentification.jsonl", "deidentification.json"

Actions = dict[str, list[str]]
"""Action to the attributes it was done to, each with the sequences it lies in before it."""


def grouped(done: Iterable[tuple[str, Action]]) -> Actions:
    """Return attributes by action; those kept as they were are not listed."""
    found: Actions = {}
    for name, action in done:
        if action is not Action.KEPT:
            found.setdefault(action.value, []).append(name)
    return found


def digest_of(done: tuple[tuple[str, Action], ...]) -> str:
    """Return twelve hexadecimal digits that name a set of actions."""
    return hashlib.sha256(repr(done).encode()).hexdigest()[:12]


class Report:
    """The report in a folder, which further runs extend.

    Parameters
    ----------
    out : Path
        The folder.
    order : Order
        How its files are de-identified.
    """

    def __init__(self, out: Path, order: Order) -> None:
        self._out = out
        facts = asdict(order.facts)
        for name in ("on_import", "subject_code"):  # they change which files go in, not the files
            del facts["settings"][name]
        said = json.dumps(facts, sort_keys=True, default=str)
        self._identity = {
            "key": order.key.fingerprint,
            "settings": hashlib.sha256(said.encode()).hexdigest()[:16],
            "standard": f"DICOM PS3.15 {EDITION}, Table E.1-1",
            "options": facts["settings"],
        }
        self._lines: dict[str, dict[str, Any]] = {}

    def begin(self) -> None:
        """Take up what an earlier run reported.

        Raises
        ------
        DeidentificationError
            If it had another key or other settings: its files would not match these.
        """
        self._out.mkdir(parents=True, exist_ok=True)
        summary = self._out / SUMMARY
        if summary.is_file():
            before = json.loads(summary.read_text(encoding="utf-8"))
            for what in ("key", "settings"):
                if before.get(what) != self._identity[what]:
                    raise DeidentificationError(
                        f"{self._out} holds images that were de-identified with another {what}"
                        " of [deidentification].".replace("key of", "key than that of"),
                        "Choose another folder, or use the former key and charter.",
                    )
        lines = self._out / LINES
        if lines.is_file():
            for line in lines.read_text(encoding="utf-8").splitlines():
                self._keep(json.loads(line))
        self._write_summary()

    def note(
        self, place: Path | None, digest: str, actions: Actions | None, source: Path, reason: str
    ) -> None:
        """Take down what became of one file."""
        if place is None:
            self._keep({"left_out": _sha256(source), "reason": reason})
            return
        if actions is not None:
            self._keep({"actions": digest, **actions})
        self._keep({"file": place.as_posix(), "did": digest})

    def end(self) -> None:
        """Write the report, in an order of its own: the same files give the same bytes."""
        text = "".join(
            json.dumps(self._lines[name], ensure_ascii=False) + "\n" for name in sorted(self._lines)
        )
        _replace(self._out / LINES, text)
        self._write_summary()

    def _keep(self, line: dict[str, Any]) -> None:
        kind = next(name for name in ("actions", "file", "left_out") if name in line)
        self._lines[f"{kind} {line[kind]}"] = line

    def _write_summary(self) -> None:
        reasons: dict[str, int] = {}
        for line in self._lines.values():
            if "left_out" in line:
                reasons[line["reason"]] = reasons.get(line["reason"], 0) + 1
        summary = {
            "software": f"napari-recist {__version__}",
            **self._identity,
            "files": sum("file" in line for line in self._lines.values()),
            "left_out": dict(sorted(reasons.items())),
        }
        _replace(self._out / SUMMARY, json.dumps(summary, indent=1, ensure_ascii=False) + "\n")


def _replace(file: Path, text: str) -> None:
    part = file.with_name(f"{file.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"
