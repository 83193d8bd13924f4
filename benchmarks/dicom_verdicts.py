"""Write our verdict on every shared DICOM set beside what well-known tools made of it.

Usage: python benchmarks/dicom_verdicts.py DICOM_FOLDER > docs/dicom_verdicts.md

Ours is judged like theirs: by the truth's order, corners (0.05 mm) and voxel hashes.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from napari_recist.imaging import Kind, Series, Verdict, load_volume, scan

TOLERANCE_MM = 0.05
TOOLS = ("simpleitk", "dcm2niix", "dicom2nifti", "highdicom", "dicom_numpy")
NAMES = ("SimpleITK", "dcm2niix", "dicom2nifti", "highdicom", "dicom-numpy")
WORDS = {
    "correct": "correct",
    "refused_rightly": "refused, rightly",
    "REFUSED_WRONGLY": "**refused**",
    "refused (could have been split)": "**not split**",
    "incomplete_or_merged": "**incomplete**",
    "values_differ_or_resampled": "**other values**",
    "WRONG_GEOMETRY_warned": "**wrong place**, warned",
    "WRONG_GEOMETRY_SILENT": "**wrong place, silent**",
}
NOTABLE = {"split", "rescale-per-slice", "duplicate-file", "repeated-position"}
RIGHT = {"correct", "refused_rightly"}

HEAD = """# What the DICOM reader makes of real series, beside other tools

Written by `python benchmarks/dicom_verdicts.py DICOM_FOLDER > docs/dicom_verdicts.md` from the
shared real sets; the verdicts of the other tools are those recorded in their `truth.json`. Bold is
not right. "Correct" means: split as it must be, slices in the order of their positions, every
corner within 0.05 mm of where the file's own position and orientation put it, every voxel value
the stored one times that slice's slope plus intercept. Where the slices are no even volume, right
is a verdict that says so.
"""


def ours(volumes: list[dict[str, Any]], series: list[Series]) -> tuple[bool, str]:
    """Return whether we are right on a DICOM series, and our verdict in words."""
    statuses = {volume["status"] for volume in volumes}
    if statuses == {"duplicate_positions"}:
        right = all(one.passport.verdict is not Verdict.GREEN for one in series)
        right = right and all(one.kind is not Kind.VOLUME for one in series)
    else:
        right = len(volumes) == len(series)
        right = right and all(any(agrees(true, one) for one in series) for true in volumes)
    return right, verdicts(series)


def verdicts(series: Sequence[Series]) -> str:
    """Return our verdicts in words, with every reason that made one less than green."""
    codes = {
        finding.code: None
        for one in series
        for finding in one.passport.findings
        if finding.verdict is not Verdict.GREEN or finding.code in NOTABLE
    }
    kinds = Counter(f"{one.passport.verdict} {one.kind}" for one in series)
    told = ", ".join(f"{count} x {kind}" if count > 1 else kind for kind, count in kinds.items())
    return f"{told} ({', '.join(codes)})" if codes else told


def beside_the_truth(folder: Path, truth: dict[str, Any]) -> None:
    """Print the sets whose truth is a decoder's range, a DICOMDIR or a transfer syntax."""
    print("\nThe other sets have no geometry to compare, but values, files or reasons:\n")
    print("| set | values as other decoders find them | napari-recist | left out |")
    print("|---|---|---|---|")
    for place in sorted(path for path in folder.iterdir() if (path / "dicom").is_dir()):
        if place.name in truth["sets"]:
            continue
        found = scan(place / "dicom")
        reasons = Counter(skip.reason.split(" (")[0].split(":")[0] for skip in found.skipped)
        left_out = "; ".join(f"{count} x {reason.rstrip('.')}" for reason, count in reasons.items())
        print(
            f"| {place.name} | {ranges(folder, place.name, truth['codecs'])} |"
            f" {verdicts(found.series)} | {left_out} |"
        )


def ranges(folder: Path, name: str, codecs: dict[str, Any]) -> str:
    """Return how many files of a set decode to the range that pydicom found in them."""
    right = total = 0
    for file, found in codecs.items():
        stored = found.get("decoders", {}).get("pydicom", {})
        place, _, own = file.partition("/")
        if place != name or not stored.get("ok"):
            continue
        series = scan(folder / place / "dicom" / own).series
        if not series:
            continue
        voxels, piece = load_volume(series[0]).voxels, series[0].slices[0]
        ends = [stored[end] * piece.slope + piece.intercept for end in ("min", "max")]
        total += 1
        right += bool(np.allclose([voxels.min(), voxels.max()], ends))
    return f"{right} of {total}" if total else "not recorded"


def agrees(true: dict[str, Any], one: Series) -> bool:
    """Whether one of our series is this true volume, slice by slice, with a fitting verdict."""
    if [[piece.file.name, piece.frame] for piece in one.slices] != true["files_in_order"]:
        return False
    voxels = load_volume(one).voxels
    digest = hashlib.sha256(voxels.astype(voxels.dtype.newbyteorder("<")).tobytes()).hexdigest()
    if digest not in {true.get("sha256_rescaled_i16"), true["sha256_rescaled_f32"]}:
        return False
    if true["status"] == "non_uniform":
        return one.kind is Kind.STACK and one.passport.verdict is not Verdict.GREEN
    return one.geometry is not None and worst_corner(true, one) < TOLERANCE_MM


def worst_corner(true: dict[str, Any], one: Series) -> float:
    """Return the largest distance of our corners from the true ones, mm."""
    corners = np.array(np.meshgrid(*[(0, count - 1) for count in one.shape])).reshape(3, -1).T
    affine = np.array(true["affine_lps_ijk"])
    there = corners[:, ::-1] @ affine[:3, :3].T + affine[:3, 3]
    found = one.geometry.to_patient(corners) if one.geometry is not None else np.inf
    return float(np.linalg.norm(found - there, axis=1).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    truth = json.loads((folder / "truth.json").read_text())
    print(HEAD)
    print("| set | truth | napari-recist |", " | ".join(NAMES), "|")
    print("|---|---|---|" + "---|" * len(NAMES))
    score: Counter[str] = Counter()
    for name, one in truth["sets"].items():
        found = scan(folder / name / "dicom").series
        for uid, dicom in one["series"].items():
            volumes = dicom["truth_volumes"]
            right, told = ours(volumes, [series for series in found if series.series_uid == uid])
            score["napari-recist"] += right
            verdicts = [dicom["tools"][tool]["verdict"] for tool in TOOLS]
            score.update(dict(zip(NAMES, (verdict in RIGHT for verdict in verdicts), strict=True)))
            score["series"] += 1
            status = Counter(volume["status"].replace("_", " ") for volume in volumes)
            true = ", ".join(f"{count} x {kind}" for kind, count in status.items())
            words = " | ".join(WORDS[verdict] for verdict in verdicts)
            print(f"| {name} | {true} | {'' if right else '**WRONG** '}{told} | {words} |")
    total = score.pop("series")
    beside_the_truth(folder, truth)
    print("\nRight on how many of", total, "series:")
    for name in ("napari-recist", *NAMES):
        print(f"* {name}: {score[name]}")


if __name__ == "__main__":
    main()
