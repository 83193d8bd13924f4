"""Programs of others that read what we write: each tells what it found."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import SHARED, unavailable


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Return what a program says, on both streams."""
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )
    return done.stdout + done.stderr


def program(name: str) -> str:
    """Return a program on the path; absent, fail under CI and skip visibly elsewhere."""
    found = shutil.which(name) or shutil.which(name, path=Path(sys.executable).parent)
    if found is None:
        unavailable(f"{name} is not installed: run scripts/setup judges")
    return str(found)


def dciodvfy(file: Path) -> list[str]:
    """Return the errors dicom3tools finds by the definition of the object."""
    said = run(program("dciodvfy"), "-new", file)
    assert "Comprehensive3DSR" in said or "Segmentation" in said
    return [line for line in said.splitlines() if line.startswith("Error")]


def dumped(file: Path) -> str:
    """Return a report as DCMTK prints it, with its codes."""
    return run(program("dsrdump"), "+Pc", file)


def pixelmed(file: Path) -> list[str]:
    """Return the errors PixelMed's validator finds by the templates; about ten seconds."""
    program("java")
    script = SHARED / "tools" / "ohif" / "srvalid.sh"
    if not script.exists():
        unavailable(f"no validator at {script}")
    said = run("sh", script, file)
    assert "Root Template Validation Complete" in said
    return [line for line in said.splitlines() if line.startswith("Error")]


def dcmqi(file: Path, out: Path) -> dict[str, Any]:
    """Return a report as ``tid1500reader`` of dcmqi tells it."""
    run(program("tid1500reader"), "--inputDICOM", file, "--outputMetadata", out)
    read: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return read


def hydrated(ohif: Path, file: Path, images: Path) -> list[dict[str, Any]]:
    """Return the measurements that OHIF's adapters draw again, with points in patient mm."""
    said = run(program("node"), "hydrate.mjs", file, images, cwd=ohif)
    assert "tools hydrated:" in said, said
    return [_hydrated(line) for line in said.splitlines() if " | trackUID " in line]


def hydrated_by_older(ohif: Path, file: Path, images: Path) -> dict[str, int]:
    """Return how many lines of each tool the library of earlier OHIF versions draws again."""
    said = run(program("node"), "hydrate_dcmjs.mjs", file, images, cwd=ohif)
    found = [line.split() for line in said.splitlines() if line.startswith("dcmjs ")]
    assert found, said
    return {words[1]: int(words[2].removeprefix("x")) for words in found}


def _hydrated(line: str) -> dict[str, Any]:
    tool, *parts = line.split(" | ")
    told = dict(part.split(" ", 1) for part in parts)
    names = ("sites", "stats", "pts")
    return {"tool": tool, **told, **{name: json.loads(told[name]) for name in names}}
