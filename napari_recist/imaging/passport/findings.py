"""What can be wrong with a series, how grave it is, and the verdict that follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How far the millimetres of a volume can be trusted."""

    GREEN = "green"
    """Position, orientation and spacing of every slice are proven."""
    AMBER = "amber"
    """Measure on the acquired slice only; the findings say why."""
    BLOCKED = "blocked"
    """No millimetres at all; the images may be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation on a series, in words a radiologist understands.

    ``code`` is a key of ``GRAVITY``; ``where`` names the place (a slice position, a file).
    """

    code: str
    message: str
    where: str = ""

    @property
    def verdict(self) -> Verdict:
        """The verdict this finding alone would give."""
        return GRAVITY[self.code]


GRAVITY: dict[str, Verdict] = {
    # Without these there is no patient millimetre.
    "no-pixel-spacing": Verdict.BLOCKED,
    "no-position": Verdict.BLOCKED,
    "no-orientation": Verdict.BLOCKED,
    "bad-orientation": Verdict.BLOCKED,
    "localizer-projection": Verdict.BLOCKED,
    "mosaic": Verdict.BLOCKED,
    "palette": Verdict.BLOCKED,
    "mixed-signedness": Verdict.BLOCKED,
    "bad-rescale": Verdict.BLOCKED,
    "unreadable-pixels": Verdict.BLOCKED,
    # The acquired slice is right; what lies between slices, or beside them, is not proven.
    "missing-slices": Verdict.AMBER,
    "uneven-slices": Verdict.AMBER,
    "gantry-tilt": Verdict.AMBER,
    "mosaic-cut": Verdict.AMBER,
    "single-slice": Verdict.AMBER,
    "duplicate-position": Verdict.AMBER,
    "separated-by-number": Verdict.AMBER,
    "same-uid-different-image": Verdict.AMBER,
    "mixed-patients": Verdict.AMBER,
    "lossy": Verdict.AMBER,
    "colour": Verdict.AMBER,
    "secondary-capture": Verdict.AMBER,
    "projection": Verdict.AMBER,
    "localizer": Verdict.AMBER,
    "burnt-in": Verdict.AMBER,
    "no-rescale": Verdict.AMBER,
    "imprecise-orientation": Verdict.AMBER,
    # Worth knowing; the millimetres stand.
    "split": Verdict.GREEN,
    "repeated-position": Verdict.GREEN,
    "duplicate-file": Verdict.GREEN,
    "approximate-spacing": Verdict.GREEN,
    "orientation-jitter": Verdict.GREEN,
    "overlapping-slices": Verdict.GREEN,
    "gaps-between-slices": Verdict.GREEN,
    "spacing-tag-differs": Verdict.GREEN,
    "tilt-tag-differs": Verdict.GREEN,
    "no-frame-of-reference": Verdict.GREEN,
    "no-thickness": Verdict.GREEN,
    "rescale-per-slice": Verdict.GREEN,
    "rescale-differs": Verdict.GREEN,
    "derived": Verdict.GREEN,
    "not-hounsfield": Verdict.GREEN,
    "phase-differs": Verdict.GREEN,
    "thickness-varies": Verdict.GREEN,
    "kernel-varies": Verdict.GREEN,
}
"""Every finding's code and the verdict it leads to; the gravest one of a series counts."""

_ORDER = (Verdict.GREEN, Verdict.AMBER, Verdict.BLOCKED)


def gravest(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict of all findings together; green when there is none."""
    return max((finding.verdict for finding in findings), key=_ORDER.index, default=Verdict.GREEN)
