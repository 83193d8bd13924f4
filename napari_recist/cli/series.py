"""``napari-recist series``: every series found at a place, with its passport."""

import hashlib
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_recist.cli import app
from napari_recist.errors import ImageError, NoImagesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from napari_recist.imaging import Geometry, Scan, Series, Skipped, Volume

    Progress = Callable[[int, int], None]

FILES_NAMED = 3
"""Of those left out for one reason; an archive folder holds hundreds."""

_EXAMPLE = """
Example:

    napari-recist series /scans/patient-07 --json --checksum
"""


@app.command(epilog=_EXAMPLE)
def series(
    paths: Annotated[list[Path], typer.Argument(help="Folders, files or a DICOMDIR.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
    checksum: Annotated[
        bool, typer.Option("--checksum", help="Read the voxels: type, range and SHA-256.")
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

    entries = [_entry(one) for one in found.series]
    if checksum:
        with progress_bar("Reading voxels") as advance:
            pairs = zip(entries, found.series, _counted(found.series, advance), strict=True)
            entries = [_with_voxels(entry, one, progress) for entry, one, progress in pairs]
    if found.skipped:
        nothing = dict.fromkeys(_KEYS)
        skipped = [{"file": str(skip.file), "reason": skip.reason} for skip in found.skipped]
        entries.append(
            nothing
            | {"kind": "not-an-image", "files": [], "findings": [], "skipped": skipped}
            | ({"voxels": None} if checksum else {})
        )
    return entries


def _counted(series: "Sequence[Series]", advance: "Progress") -> "Iterator[Progress]":
    """Yield for each series the progress that counts its slices after those before it."""
    total, before = sum(len(one.slices) for one in series), 0
    for one in series:
        yield partial(_count, advance, before, total)
        before += len(one.slices)


def _count(advance: "Progress", before: int, total: int, done: int, _slices: int) -> None:
    advance(before + done, total)


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


def _with_voxels(entry: dict[str, Any], one: "Series", progress: "Progress") -> dict[str, Any]:
    """Add the checksum, or say why the voxels cannot be read: then nothing is measured either."""
    from napari_recist.imaging import load_volume

    try:
        volume = load_volume(one, progress)
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
    for line in _left_out(found.skipped):
        console.print(escape(line), soft_wrap=True)


def _left_out(skipped: "Sequence[Skipped]") -> "Iterator[str]":
    """Yield a line for each reason with the files it holds of, the first few by name."""
    reasons: dict[str, list[Skipped]] = {}
    for skip in skipped:
        reasons.setdefault(skip.reason, []).append(skip)
    for reason, files in reasons.items():
        count = "1 file" if len(files) == 1 else f"{len(files)} files"
        yield f"left out, {count}: {reason}"
        yield from (f"  {skip.file}" for skip in files[:FILES_NAMED])
        if len(files) > FILES_NAMED:
            yield f"  and {len(files) - FILES_NAMED} more (--json names all)"


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
