"""The phases of a study in the order in which contrast runs through the patient."""

from collections.abc import Iterable
from typing import Any

from napari_recist.imaging import Verdict
from napari_recist.trial import SeriesEntry

PHASES = (
    "native",
    "arterial",
    "portal venous",
    "delayed",
    "hepatobiliary",
    "in phase",
    "opposed phase",
)
"""Names of phases as the passport gives them, in the order of a liver protocol."""


def phase_steps(series: Iterable[SeriesEntry], read_on: SeriesEntry) -> tuple[SeriesEntry, ...]:
    """Return one series per phase, in order, to step through beside the one measured on.

    Of several series of a phase the one most like the series read is taken: the same plane and
    modality are needed, then the same space, thickness and number of slices count. The series
    read stands for its own phase, also where that is not told.
    """
    phases: dict[str, SeriesEntry] = {}
    for entry in sorted(series, key=lambda entry: _far(entry, read_on)):
        if entry.phase and _comparable(entry, read_on):
            phases.setdefault(entry.phase, entry)
    phases[read_on.phase] = read_on
    return tuple(sorted(phases.values(), key=lambda entry: _place(entry.phase)))


def _place(phase: str) -> int:
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def _comparable(entry: SeriesEntry, read_on: SeriesEntry) -> bool:
    if entry.modality != read_on.modality:
        return False
    now, then = entry.profile, read_on.profile
    if now is None or then is None:
        return True
    return now.plane == then.plane and now.verdict != Verdict.BLOCKED


def _far(entry: SeriesEntry, read_on: SeriesEntry) -> tuple[Any, ...]:
    now, then = entry.profile, read_on.profile
    identity = (entry.series_uid, entry.part)
    if now is None or then is None:
        return (True, 0.0, 0, *identity)
    return (
        now.frame_of_reference_uid != then.frame_of_reference_uid,
        abs((now.thickness_mm or 0.0) - (then.thickness_mm or 0.0)),
        abs(now.slices - then.slices),
        *identity,
    )
