"""Whether a lesion may be a target, is non-target only, or is no tumour (RECIST.md M-1 to M-8, H).

A reader is told what speaks against a choice and decides; nothing is chosen for them (L-3).
Lengths are tenths of a millimetre.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from napari_recist.criteria.assessment import Finding
from napari_recist.criteria.charter import Charter, CriteriaName
from napari_recist.criteria.lesions import Lesion, Nature
from napari_recist.criteria.tenths import from_raw, show

_LEAST = 100  # M-1, M-3: 10 mm
_LEAST_ON_CHEST_X_RAY = 200  # M-3
_NODE_PATHOLOGICAL = 100  # M-4: below, a node is normal
_THIN_SLICE = 50  # M-1: up to 5 mm the size rule stands alone


class Technique(StrEnum):
    """How the lesion is seen (M-1 to M-3, M-5)."""

    CT = "CT"
    MRI = "MRI"
    SKIN_CALIPERS = "calipers on the skin"
    CHEST_X_RAY = "chest X-ray"
    ULTRASOUND = "ultrasound"
    ENDOSCOPY = "endoscopy"
    TUMOUR_MARKER = "tumour marker"
    BONE_SCAN = "bone scan"
    PET = "PET"
    PLAIN_FILM = "plain film"


class Listing(StrEnum):
    """On which list a lesion may stand at baseline."""

    TARGET = "target"
    NON_TARGET = "non-target only"
    NONE = "not recorded"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesion as found at baseline.

    ``diameter`` is the longest diameter, of a node the short axis. ``slice_thickness`` is 0 where
    not known. ``enhancing`` is asked by mRECIST: whether the lesion takes up contrast in the
    arterial phase.
    """

    lesion: Lesion
    diameter: int
    technique: Technique = Technique.CT
    slice_thickness: int = 0
    enhancing: bool = True


@dataclass(frozen=True, slots=True)
class Measurability:
    """On which list a lesion may stand, and what speaks against a better one."""

    listing: Listing
    findings: tuple[Finding, ...]


_NEVER_MEASURING = frozenset(Technique) - {
    Technique.CT,
    Technique.MRI,
    Technique.SKIN_CALIPERS,
    Technique.CHEST_X_RAY,
}
_NON_MEASURABLE = {
    Nature.BLASTIC_BONE: "M-5",
    Nature.LEPTOMENINGEAL: "M-8",
    Nature.ASCITES: "M-8",
    Nature.EFFUSION: "M-8",
    Nature.INFLAMMATORY_BREAST: "M-8",
    Nature.LYMPHANGITIC_SPREAD: "M-8",
    Nature.ORGANOMEGALY: "M-8",
    Nature.PORTAL_VEIN_THROMBUS: "H-4",
    Nature.INFILTRATIVE: "H-7",
}


def measurability(candidate: Candidate, charter: Charter | None = None) -> Measurability:
    """Return on which list a lesion may stand at baseline, with a finding per rule against it."""
    charter = charter or Charter()
    name = candidate.lesion.identifier
    if candidate.lesion.nature is Nature.SIMPLE_CYST:
        message = f"{name} is a simple cyst, which is no tumour: do not record it"
        return Measurability(Listing.NONE, (Finding("M-6", message, name),))
    if candidate.lesion.node and candidate.diameter < _NODE_PATHOLOGICAL:
        message = (
            f"node {name} has a short axis of {show(candidate.diameter)} mm: below 10 mm it is "
            "normal and not recorded"
        )
        return Measurability(Listing.NONE, (Finding("M-4", message, name),))
    against = tuple(_against_target(candidate, charter))
    hints = tuple(_hints(candidate))
    listing = Listing.NON_TARGET if against else Listing.TARGET
    return Measurability(listing, (*against, *hints))


def _against_target(candidate: Candidate, charter: Charter) -> Iterator[Finding]:
    lesion = candidate.lesion
    name = lesion.identifier
    if candidate.lesion.nature in _NON_MEASURABLE:
        message = (
            f"{name} is {candidate.lesion.nature}, which cannot be measured: list it as non-target"
        )
        yield Finding(_NON_MEASURABLE[candidate.lesion.nature], message, name)
    if candidate.technique in _NEVER_MEASURING:
        rule = "M-5" if candidate.technique in _BONE_TECHNIQUES else "M-3"
        yield Finding(rule, f"{name}: {candidate.technique} never measures a lesion", name)
    yield from target_flaws(lesion, candidate.diameter, charter, _least(candidate))
    if charter.criteria.name is CriteriaName.MRECIST and not candidate.enhancing:
        message = f"{name} does not enhance in the arterial phase: mRECIST cannot measure it"
        yield Finding("H-11", message, name)


_BONE_TECHNIQUES = frozenset({Technique.BONE_SCAN, Technique.PET, Technique.PLAIN_FILM})


def _least(candidate: Candidate) -> int:
    """Return the least diameter for this technique and slice thickness (M-1 to M-3)."""
    if candidate.technique is Technique.CHEST_X_RAY:
        return _LEAST_ON_CHEST_X_RAY
    if candidate.slice_thickness > _THIN_SLICE:
        return max(_LEAST, 2 * candidate.slice_thickness)
    return _LEAST


def target_flaws(
    lesion: Lesion, diameter: int, charter: Charter, least: int = _LEAST
) -> Iterator[Finding]:
    """Yield findings on a target too small (M-1, M-4, H-3) or treated locally before (M-7)."""
    rule, what = "M-1", "the longest diameter"
    if lesion.node:
        criteria = charter.criteria
        of_node, rule = from_raw(criteria.node_target_min_mm), "M-4"
        if lesion.porta_hepatis:
            of_node, rule = from_raw(criteria.porta_hepatis_node_min_mm), "H-3"
        least, what = max(least, of_node), "the short axis"
    if diameter < least:
        message = (
            f"{what} of {lesion.identifier} is {show(diameter)} mm: a target needs at least "
            f"{show(least)} mm; list it as non-target"
        )
        yield Finding(rule, message, lesion.identifier)
    if lesion.prior_local_therapy and not lesion.progressed_since:
        message = (
            f"{lesion.identifier} was treated locally before baseline: it may be a target only "
            "once it has progressed since"
        )
        yield Finding("M-7", message, lesion.identifier)


def _hints(candidate: Candidate) -> Iterator[Finding]:
    name = candidate.lesion.identifier
    if candidate.lesion.nature is Nature.CYSTIC_METASTASIS:
        yield Finding("M-6", f"{name} is cystic: prefer a lesion that is not", name)
    if candidate.technique is Technique.MRI:
        yield Finding("M-2", f"{name}: measure it by the same MRI sequence at every visit", name)
