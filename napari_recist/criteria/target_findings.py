"""What a reader should look at again in what was said of targets (RECIST.md R-14 to R-16)."""

from collections.abc import Iterator

from napari_recist.criteria.assessment import Finding
from napari_recist.criteria.charter import CriteriaSettings
from napari_recist.criteria.lesions import Lesion, Role, Status
from napari_recist.criteria.read import Observation, Read
from napari_recist.criteria.tenths import show


def target_findings(read: Read, settings: CriteriaSettings) -> Iterator[Finding]:
    """Yield findings on single targets, by lesion and visit."""
    for lesion in read.lesions:
        if lesion.role is not Role.TARGET:
            continue
        said = [read.observation(visit.identifier, lesion.identifier) for visit in read.visits]
        if any(one is not None and one.status is not Status.MEASURED for one in said):
            yield from _of_one_target(read, lesion, settings)


def _of_one_target(read: Read, lesion: Lesion, settings: CriteriaSettings) -> Iterator[Finding]:
    before: Observation | None = None
    for visit in read.visits:
        said = read.observation(visit.identifier, lesion.identifier)
        if said is None:
            continue
        yield from _flicker(lesion, before, said, visit.identifier, settings)
        yield from _fragments_and_mergers(read, lesion, said, visit.identifier)
        before = said


def _flicker(
    lesion: Lesion,
    before: Observation | None,
    said: Observation,
    visit: str,
    settings: CriteriaSettings,
) -> Iterator[Finding]:
    """Find a small lesion whose default stands beside a smaller true value (R-14)."""
    if before is None or Status.TOO_SMALL not in (before.status, said.status):
        return
    measured = sum((*before.diameters, *said.diameters))
    if 0 < measured < settings.too_small_tenths:
        message = (
            f"{lesion.identifier} counts as {show(settings.too_small_tenths)} mm when too small "
            f"to measure and as {show(measured)} mm when measured: the difference at {visit} is "
            "no true change"
        )
        yield Finding("R-14", message, lesion.identifier, visit)


def _fragments_and_mergers(
    read: Read, lesion: Lesion, said: Observation, visit: str
) -> Iterator[Finding]:
    if said.status is Status.SPLIT and len(said.diameters) == 1:
        message = f"{lesion.identifier} is split at {visit} and has one fragment only"
        yield Finding("R-15", message, lesion.identifier, visit)
    if said.status is Status.MERGED:
        mass = read.observation(visit, said.into)
        if mass is not None and mass.status is Status.ABSENT:
            message = (
                f"{lesion.identifier} is merged into {said.into} at {visit}, which is absent: say "
                "that both are absent"
            )
            yield Finding("R-16", message, lesion.identifier, visit)
