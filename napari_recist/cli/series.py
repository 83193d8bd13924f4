"""``napari-recist series``: every series found at a place, with its passport."""

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_recist.cli import app
from napari_recist.errors import ImageError, NoImagesError

if TYPE_CHECKING:
    from napari_recist.imaging import Geometry, Scan, Series, Volume

_EXAMPLE = """
Example:

    napari-recist series /scans/patient-07 --json --checksum
"""


@app.command(epilog=_EXAMPLE)
def series(
    paths: Annotated[list[Path], typer.Argument(help="Folders, files or a DICOMDIR.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
    checksum: Annotated[
        bool, typer.Option(help="Read the voxels: type, range and SHA-256.")
    ] = False,
) -> None:
    """List every series found, with the passport of its millimetres."""
    from napari_recist.cli.progress import progress_bar
    from napari_recist.imaging import HeaderIndex, scan

    with progress_bar("Reading headers") as advance:
        found = scan(paths, advance, HeaderIndex())
    entries = _entries(found, checksum=checksum)
    if as_json:
        sys.stdout.write(json.dumps(entries, indent=1, ensure_ascii=False) + "\n")
    else:
        _print_table(found, entries)
    if not found.series:
        places = ", ".join(map(str, paths))
        message = f"No DICOM image in {places}."
        raise NoImagesError(message, "Choose the folder that holds the scan.")


def _entries(found: "Scan", *, checksum: bool) -> list[dict[str, Any]]:
    """Return the objects CONTRACT names; files left out stand in one last object."""
    from napari_recist.cli.progress import progress_bar

    entries = []
    with progress_bar("Reading voxels" if checksum else "") as advance:
        for done, one in enumerate(found.series, start=1):
            entry = _entry(one)
            entries.append(_with_voxels(entry, one) if checksum else entry)
            advance(done, len(found.series))
    if found.skipped:
        nothing = dict.fromkeys(_KEYS)
        skipped = [{"file": str(skip.file), "reason": skip.reason} for skip in found.skipped]
        entries.append(
            nothing
            | {"kind": "not-an-image", "files": [], "findings": [], "skipped": skipped}
            | ({"voxels": None} if checksum else {})
        )
    return entries


_KEYS = (
    "series_uid",
    "study_uid",
    "modality",
    "description",
    "number",
    "files",
    "kind",
    "shape",
    "spacing_mm",
    "affine_lps",
    "status",
    "findings",
    "phase",
    "date",
    "frame_of_reference",
)


def _entry(one: "Series") -> dict[str, Any]:
    """Describe one volume; ``files`` names the file of each slice, in slice order."""
    geometry, passport = one.geometry, one.passport
    in_plane = None if geometry is None else (geometry.row_spacing, geometry.column_spacing)
    findings = [
        {"code": finding.code, "message": finding.message, "where": finding.where}
        for finding in passport.findings
    ]
    values = (
        one.series_uid,
        one.study_uid,
        one.modality,
        one.description,
        one.number,
        [str(piece.file) for piece in one.slices],
        str(one.kind),
        list(one.shape),
        None if in_plane is None else [passport.spacing_mm, *in_plane],
        _affine(one, geometry),
        str(passport.verdict),
        findings,
        one.phase,
        one.date.isoformat() if one.date else None,
        one.frame_of_reference_uid,
    )
    return dict(zip(_KEYS, values, strict=True))


def _affine(one: "Series", geometry: "Geometry | None") -> list[list[float]] | None:
    """Return the affine of evenly spaced slices and of one slice; a stack has none."""
    if geometry is None or one.kind == "stack":
        return None
    return [[float(value) for value in row] for row in geometry.affine_lps()]


def _with_voxels(entry: dict[str, Any], one: "Series") -> dict[str, Any]:
    """Add the checksum, or say why the voxels cannot be read: then nothing is measured either."""
    from napari_recist.imaging import load_volume

    try:
        volume = load_volume(one)
    except ImageError as error:
        finding = {"code": "unreadable-pixels", "message": str(error), "where": ""}
        nothing = {"status": "blocked", "spacing_mm": None, "affine_lps": None, "voxels": None}
        return entry | nothing | {"findings": [finding, *entry["findings"]]}
    return entry | {"voxels": _voxels(volume)}


def _voxels(volume: "Volume") -> dict[str, Any]:
    voxels = volume.voxels
    little = voxels.astype(voxels.dtype.newbyteorder("<"), copy=False)
    return {
        "dtype": str(voxels.dtype),
        "min": float(voxels.min()),
        "max": float(voxels.max()),
        "sha256": hashlib.sha256(little.data).hexdigest(),
    }


def _print_table(found: "Scan", entries: list[dict[str, Any]]) -> None:
    """Print each series beside its passport and findings, then the files left out."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("series", "passport", show_lines=True)
    for one, entry in zip(found.series, entries, strict=False):
        cells = "\n".join(_images(one)), "\n".join(_passport_lines(one, entry))
        table.add_row(*map(escape, cells), style=_COLOURS[entry["status"]])
    console = Console()
    if found.series:
        console.print(table)
    for skip in found.skipped:
        console.print(f"left out: {escape(str(skip.file))}: {escape(skip.reason)}")


def _images(one: "Series") -> list[str]:
    number = "" if one.number is None else f"{one.number}: "
    date = one.date.isoformat() if one.date else ""
    shape = " x ".join(map(str, one.shape))
    named = " ".join(filter(None, (one.modality, one.description)))
    return list(filter(None, (number + named, one.part, date, f"{one.kind} {shape}")))


def _passport_lines(one: "Series", entry: dict[str, Any]) -> list[str]:
    verdict = str(one.passport.verdict)
    lines = [entry["status"] + one.passport.summary.removeprefix(verdict)]
    lines += [f"- {finding['message']}" for finding in entry["findings"]]
    if voxels := entry.get("voxels"):
        low, high, digest = voxels["min"], voxels["max"], voxels["sha256"][:12]
        lines.append(f"{voxels['dtype']} {low:g} to {high:g}, sha256 {digest}...")
    return lines


_COLOURS = {"green": "", "amber": "yellow", "blocked": "red"}
