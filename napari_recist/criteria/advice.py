"""Advice while a read goes on: each rule that speaks against what was said, and its answer.

Advice never blocks and never decides. A reader who does otherwise says why, and that is on record
(:class:`napari_recist.criteria.facts.AdviceOverridden`). Lengths are tenths of a millimetre.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria.assessment import Assessment, Finding
from napari_recist.criteria.charter import Charter, CriteriaName
from napari_recist.criteria.facts import AdviceOverridden
from napari_recist.criteria.hcc import hcc_findings
from napari_recist.criteria.lesion_list import list_findings, organ_of
from napari_recist.criteria.lesions import Lesion, Nature, Role
from napari_recist.criteria.measurability import Candidate, Technique, measurability
from napari_recist.criteria.new_lesions import new_lesion_findings
from napari_recist.criteria.read import Read
from napari_recist.criteria.target_findings import target_findings

HINTS = frozenset({"M-2", "W-2"})
"""Rules that remind of something and speak against nothing: they need no answer."""

_ENOUGH = 10_000
"""1 m: a lesion not measured yet fails no rule of size."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """How a visit was scanned, as far as its rules ask (M-1 to M-3, M-5); thickness 0: unknown."""

    technique: Technique = Technique.CT
    slice_thickness: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice at a visit, and the reader's answer to it where there is one."""

    finding: Finding
    answer: AdviceOverridden | None = None

    @property
    def open(self) -> bool:
        """Whether the reader should act on it or say why not."""
        return self.answer is None and self.finding.rule not in HINTS


def advice_at(
    read: Read, assessment: Assessment, charter: Charter, visit: str, scanned: Scanned
) -> tuple[Advice, ...]:
    """Return the advice on what was said at a visit, each with its answer, by lesion of the list.

    Parameters
    ----------
    read : Read
        The read as it stands.
    assessment : Assessment
        What follows from it by the charter.
    charter : Charter
        Limits of the list and of measurability.
    visit : str
        A visit of the read; the list of targets is judged at its first.
    scanned : Scanned
        How that visit was scanned.
    """
    found: dict[tuple[str, str], Finding] = {}
    for finding in _findings(read, assessment, charter, visit, scanned):
        # What is known of the scan sharpens a rule of the list: the first wording stands.
        found.setdefault((finding.rule, finding.lesion), finding)
    answers = {
        (answer.rule, answer.lesion, answer.message): answer
        for answer in read.overridden
        if answer.visit == visit
    }
    order = [lesion.identifier for lesion in read.lesions]
    return tuple(
        Advice(finding, answers.get((finding.rule, finding.lesion, finding.message)))
        for finding in sorted(
            found.values(), key=lambda one: order.index(one.lesion) if one.lesion in order else -1
        )
    )


def _findings(
    read: Read, assessment: Assessment, charter: Charter, visit: str, scanned: Scanned
) -> Iterator[Finding]:
    at_baseline = read.visits[0].identifier == visit
    if at_baseline:
        for lesion in read.lesions:
            yield from _measurable(read, lesion, charter, visit, scanned)
        yield from _unrepresented(read, charter)
    said = (
        *list_findings(read, charter),
        *target_findings(read, charter.criteria),
        *new_lesion_findings(read, charter.criteria),
        *(hcc_findings(read) if charter.criteria.name is CriteriaName.MRECIST else ()),
        *(seen for seen in assessment.visit(visit).findings if seen.rule == "R-31"),
    )
    yield from (seen for seen in said if seen.visit == visit or (not seen.visit and at_baseline))
    if not at_baseline:
        yield from _new_cysts(read, visit)


def _measurable(
    read: Read, lesion: Lesion, charter: Charter, visit: str, scanned: Scanned
) -> Iterator[Finding]:
    """Yield what measurability says of a target; of another lesion, whether it is none (M-6)."""
    if lesion.role is not Role.TARGET:
        if lesion.nature is Nature.SIMPLE_CYST:
            yield from measurability(Candidate(lesion, _ENOUGH), charter).findings
        return
    said = read.observation(visit, lesion.identifier)
    diameter = sum(said.diameters) if said is not None and said.diameters else _ENOUGH
    candidate = Candidate(
        lesion, diameter, technique=scanned.technique, slice_thickness=scanned.slice_thickness
    )
    yield from measurability(candidate, charter).findings


def _new_cysts(read: Read, visit: str) -> Iterator[Finding]:
    for lesion in read.lesions:
        if read.added_at.get(lesion.identifier) == visit and lesion.nature is Nature.SIMPLE_CYST:
            yield from measurability(Candidate(lesion, _ENOUGH)).findings


def _unrepresented(read: Read, charter: Charter) -> Iterator[Finding]:
    """Yield organs whose lesions are all non-target while there is room for a target (L-3)."""
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    if not targets or len(targets) >= charter.criteria.max_targets:
        return
    represented = {organ_of(lesion) for lesion in targets}
    for lesion in read.lesions:
        organ = organ_of(lesion)
        solid = lesion.nature is Nature.SOLID and not lesion.node
        if lesion.role is Role.NON_TARGET and solid and organ and organ not in represented:
            represented.add(organ)
            message = (
                f"no target represents the {organ} of {lesion.identifier}: where a lesion there "
                "can be measured, the targets should represent every organ"
            )
            yield Finding("L-3", message, lesion.identifier)
