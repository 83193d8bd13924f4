"""In what a series departs from the one read at baseline, or from what the charter asks for.

Each departure is one sentence for the reader. Never the series description, which a site may have
filled with anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from napari_recist.criteria import SeriesSettings
from napari_recist.imaging import Kind, Verdict
from napari_recist.trial import SeriesEntry, SeriesProfile

THICKNESS_RATIO = 1.5
"""Slices thicker or thinner than baseline's by more than this are another acquisition: partial
volume moves the edge of a lesion by part of a slice, and the limit of measurability is two slices
(RECIST 1.1, M-2). 5 to 4 mm passes, 5 to 2.5 mm does not."""

FIELD_OF_VIEW_RATIO = 1.25
"""Up to this the field of view is the same protocol on another day; beyond it the pixels, or what
is cut off at the edges, differ."""

LEAST_COVERAGE = 0.8
"""A scan that covers less than this part of baseline's height may not show every lesion."""


class Aspect(StrEnum):
    """What is compared."""

    MODALITY = "modality"
    PHASE = "phase"
    PLANE = "plane"
    THICKNESS = "slice thickness"
    KERNEL = "kernel"
    CONTRAST = "contrast"
    FIELD_OF_VIEW = "field of view"
    COVERAGE = "coverage"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class Departure:
    """One way in which a series is not what was asked for, in words."""

    aspect: Aspect
    words: str


def from_baseline(series: SeriesEntry, baseline: SeriesEntry) -> tuple[Departure, ...]:
    """Return how a series departs from the one read at baseline.

    Series registered by an earlier version hold no profile; only what they do hold is compared.
    """
    return tuple(_from_baseline(series, baseline))


def from_charter(series: SeriesEntry, wanted: SeriesSettings) -> tuple[Departure, ...]:
    """Return how the series of a baseline departs from what the charter asks for."""
    return tuple(_from_charter(series, wanted))


def _from_baseline(series: SeriesEntry, baseline: SeriesEntry) -> Iterator[Departure]:
    now, then = series.profile, baseline.profile
    if series.modality != baseline.modality:
        yield Departure(Aspect.MODALITY, f"{series.modality}; baseline was {baseline.modality}.")
    if series.phase.casefold() != baseline.phase.casefold():
        yield Departure(
            Aspect.PHASE, f"{_phase(series)}; baseline was {baseline.phase or 'not told'}."
        )
    if now is None or then is None:
        return
    yield from _acquisition(now, then)
    yield from _extent(now, then)
    yield from _passport(now)


def _acquisition(now: SeriesProfile, then: SeriesProfile) -> Iterator[Departure]:
    if now.plane and then.plane and now.plane != then.plane:
        yield Departure(Aspect.PLANE, f"{now.plane} slices; baseline's were {then.plane}.")
    if differ(now.thickness_mm, then.thickness_mm, THICKNESS_RATIO):
        words = f"Slices {_mm(now.thickness_mm)} thick; baseline's were {_mm(then.thickness_mm)}."
        yield Departure(Aspect.THICKNESS, words)
    if now.kernel and then.kernel and now.kernel.casefold() != then.kernel.casefold():
        yield Departure(Aspect.KERNEL, f"Kernel {now.kernel}; baseline's was {then.kernel}.")
    if bool(now.contrast) != bool(then.contrast):
        words = (
            "No contrast agent is stated; at baseline one was given."
            if then.contrast
            else "A contrast agent was given; at baseline none is stated."
        )
        yield Departure(Aspect.CONTRAST, words)


def _extent(now: SeriesProfile, then: SeriesProfile) -> Iterator[Departure]:
    if differ(now.field_of_view_mm, then.field_of_view_mm, FIELD_OF_VIEW_RATIO):
        words = f"Field of view {_mm(now.field_of_view_mm, 0)}; baseline's was"
        yield Departure(Aspect.FIELD_OF_VIEW, f"{words} {_mm(then.field_of_view_mm, 0)}.")
    if now.coverage_mm and then.coverage_mm and covers_less(now, then):
        words = f"Covers {_mm(now.coverage_mm, 0)}; baseline covered {_mm(then.coverage_mm, 0)}."
        yield Departure(Aspect.COVERAGE, words)


def _from_charter(series: SeriesEntry, wanted: SeriesSettings) -> Iterator[Departure]:
    if wanted.phase and series.phase.casefold() != wanted.phase.casefold():
        yield Departure(Aspect.PHASE, f"{_phase(series)}; the charter asks for {wanted.phase}.")
    now = series.profile
    if now is None:
        return
    if now.thickness_mm is not None and now.thickness_mm > wanted.max_thickness_mm:
        words = f"Slices {_mm(now.thickness_mm)} thick; the charter allows"
        most = _mm(float(wanted.max_thickness_mm))
        yield Departure(Aspect.THICKNESS, f"{words} {most}.")
    yield from _passport(now)


def _passport(now: SeriesProfile) -> Iterator[Departure]:
    found = ", ".join(code.replace("-", " ") for code in now.findings)
    because = f": {found}" if found else ""
    if now.verdict == Verdict.BLOCKED:
        yield Departure(Aspect.PASSPORT, f"Passport blocked{because}. It gives no millimetres.")
    elif now.verdict == Verdict.AMBER:
        yield Departure(Aspect.PASSPORT, f"Passport amber{because}.")
    if now.kind in {Kind.SINGLE, Kind.STACK} and not now.findings:
        yield Departure(Aspect.PASSPORT, "Its slices are not evenly spaced.")


def differ(now: float | None, then: float | None, ratio: float) -> bool:
    """Return whether two lengths differ by more than a ratio; unknown ones do not."""
    if not now or not then:
        return False
    return max(now, then) > ratio * min(now, then)


def covers_less(now: SeriesProfile, then: SeriesProfile) -> bool:
    """Return whether a series covers clearly less of the patient than baseline's did."""
    return (now.coverage_mm or 0.0) < LEAST_COVERAGE * (then.coverage_mm or 0.0)


def _phase(series: SeriesEntry) -> str:
    return f"{series.phase.capitalize()} phase" if series.phase else "The phase is not told"


def _mm(length: float | None, digits: int = 1) -> str:
    return "unknown" if length is None else f"{length:.{digits}f} mm"
