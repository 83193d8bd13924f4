"""How sure a response is, given how far two measurements of one lesion differ.

Each diameter is drawn anew within its measurement error, many times; in every draw the sums, the
nadir and the responses are made again. The official response stays the one that was signed: the
probability tells which calls lie within the error of a limit, "borderline: measure again".
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from napari_recist.criteria import Assessment, Charter, Read, Response, Role, VisitAssessment
from napari_recist.criteria.course import Course
from napari_recist.criteria.overall import overall_response
from napari_recist.criteria.sums import target_sum
from napari_recist.criteria.target import Limits, limits_of

Numbers: TypeAlias = npt.NDArray[Any]

DRAWS = 20_000
BORDERLINE = 0.9
"""A call less probable than this is worth a second look: stable disease measured anew is then
called progression in fewer than one patient of twenty, even with a single lesion."""

_TENTHS = 10
_STATES = (Response.CR, Response.PR, Response.SD, Response.PD, Response.NE)
_STATES_OF_TARGETS = range(6)
_CR, _PR, _SD, _PD, _NE, _NE_BACK = _STATES_OF_TARGETS
"""What the targets alone come to; the last: not evaluable, though a lesion is certainly there."""


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """How far one measurement of a diameter is off, as a normal error of its logarithm.

    ``cv`` is its coefficient of variation, ``floor_mm`` what is added for any size (pixels),
    ``correlation`` how alike the errors of one lesion are at all visits, from 0 to 1. ``source``
    says where the figures come from.
    """

    cv: float
    floor_mm: float = 0.5
    correlation: float = 0.0
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no error."""
        if self.cv < 0 or self.floor_mm < 0 or not 0 <= self.correlation <= 1:
            message = f"no error of a measurement: {self}"
            raise ValueError(message)


SAME_READER = MeasurementError(0.061, source="one observer, Yoon and others, EJC 2016 (pooled)")
"""The same reader measures at every visit, as in a central read."""

DIFFERENT_READERS = MeasurementError(
    0.086, source="different observers, Yoon and others, EJC 2016 (pooled)"
)
"""Another reader may measure each time."""


@dataclass(frozen=True, slots=True)
class Call:
    """The response signed at a visit and how probable each response is there."""

    visit: str
    official: Response
    probabilities: Mapping[Response, float]

    @property
    def probability(self) -> float:
        """Of the official response."""
        return self.probabilities.get(self.official, 0.0)

    @property
    def borderline(self) -> bool:
        """Whether the call is worth a second look."""
        return self.probability < BORDERLINE


@dataclass(frozen=True, slots=True)
class DrawnRead:
    """The overall responses of a read in every draw.

    ``sequences`` are those that came up, each one response per visit after baseline, with
    ``counts`` beside them; ``which`` tells for each draw the place of its sequence.
    """

    calls: tuple[Call, ...]
    sequences: tuple[tuple[Response, ...], ...]
    counts: tuple[int, ...]
    which: Numbers


def drawn_read(  # noqa: PLR0913 - what is judged, by what, and how it is drawn
    read: Read,
    assessment: Assessment,
    charter: Charter,
    error: MeasurementError = SAME_READER,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> DrawnRead:
    """Return how probable each response of each visit is, given the error of measurement.

    Lesions that are gone are 0 in every draw; what counts as too small is drawn around what it
    counts as. Non-target and new lesions are as the reader judged them. Responses follow the
    charter, with the nadir made anew in each draw (R-24), R-26 and R-31 among the rules.

    Parameters
    ----------
    read, assessment : Read, Assessment
        What was measured, and its judgement; by RECIST 1.1.
    charter : Charter
        By which it was judged.
    error : MeasurementError
        Of one measurement.
    draws, seed : int
        How many, and where the random numbers begin: the same seed gives the same answer.
    """
    visits = assessment.visits
    if len(visits) < 2:  # noqa: PLR2004 - a baseline alone has no response
        return DrawnRead((), ((),), (draws,), np.zeros(draws, dtype=np.intp))
    states = _states(read, visits, charter, error, np.random.default_rng(seed), draws)
    places = len(_STATES_OF_TARGETS) ** np.arange(states.shape[1])
    # One number for each sequence: rows are found again many times slower than numbers.
    _, first, which, counts = np.unique(
        states @ places, return_index=True, return_inverse=True, return_counts=True
    )
    followed = [_with_history(row.tolist(), visits[1:], charter) for row in states[first]]
    sequences = tuple(followed)
    calls = tuple(
        Call(visit.visit, visit.overall or Response.NE, _shares(sequences, counts, place, draws))
        for place, visit in enumerate(visits[1:])
    )
    return DrawnRead(calls, sequences, tuple(counts.tolist()), which.reshape(-1))


def _shares(
    sequences: Sequence[tuple[Response, ...]], counts: Numbers, place: int, draws: int
) -> Mapping[Response, float]:
    found: Counter[Response] = Counter()
    for sequence, count in zip(sequences, counts.tolist(), strict=True):
        found[sequence[place]] += count
    return MappingProxyType({one: found[one] / draws for one in Response if found[one]})


def _states(  # noqa: PLR0913, PLR0917 - as of drawn_read
    read: Read,
    visits: Sequence[VisitAssessment],
    charter: Charter,
    error: MeasurementError,
    random: np.random.Generator,
    draws: int,
) -> Numbers:
    """Return what the targets come to, (draws, visits after baseline)."""
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    limits = limits_of(charter)
    sums = [target_sum(read, read.visit(v.visit), targets, charter.criteria) for v in visits]
    if not targets:
        return np.full((draws, len(visits) - 1), _NE, dtype=np.int8)
    mm = (
        np.array([[value.tenths or 0 for value in one.values] for one in sums], dtype=np.float32)
        / _TENTHS
    )
    known = np.array([[value.tenths is not None for value in one.values] for one in sums])
    whole = np.array([one.total is not None for one in sums])
    present = known & (mm > 0)
    spread = np.where(present, _log_spread(np.where(present, mm, 1), error), 0).astype(np.float32)
    drawn = mm * np.exp(spread * _noise(random, (draws, *mm.shape), error.correlation))
    nodes = np.array([lesion.node for lesion in targets])
    normal = np.float32(limits.node_normal_below / _TENTHS)
    there: Numbers = known & np.where(nodes, drawn >= normal, mm > 0)
    return _judged(drawn.sum(axis=2), np.any(there, axis=2), whole, limits)


def _log_spread(mm: Numbers, error: MeasurementError) -> Numbers:
    return np.sqrt(error.cv**2 + (error.floor_mm / mm) ** 2)


def _noise(random: np.random.Generator, shape: tuple[int, int, int], correlation: float) -> Numbers:
    alone = random.standard_normal(shape, dtype=np.float32)
    if not correlation:
        return alone
    shared = random.standard_normal((shape[0], 1, shape[2]), dtype=np.float32)
    return (
        np.float32(math.sqrt(correlation)) * shared + np.float32(math.sqrt(1 - correlation)) * alone
    )


def _judged(sums: Numbers, there: Numbers, whole: Numbers, limits: Limits) -> Numbers:
    """Return what the targets come to at each visit after baseline, by R-22 to R-27.

    ``sums`` and ``there`` (a target is there that has not disappeared) are (draws, visits),
    ``whole`` is (visits,): an incomplete sum is a lower bound, and never a nadir.
    """
    draws, visits = sums.shape
    states = np.empty((draws, visits - 1), dtype=np.int8)
    nadir = np.where(whole[0], sums[:, 0], np.inf)
    floor = limits.pd_floor / _TENTHS
    for visit in range(1, visits):
        total, back = sums[:, visit], there[:, visit]
        grown = np.isfinite(nadir) & (total > nadir) & (total >= 1.2 * nadir)
        grown &= total - np.where(np.isfinite(nadir), nadir, 0) >= floor
        if whole[visit] and whole[0]:
            shrunk = total <= 0.7 * sums[:, 0]
            state = np.where(grown, _PD, np.where(shrunk, _PR, _SD))
            states[:, visit - 1] = np.where(back, state, _CR)
        else:
            proven = grown & back & (limits.provable_pd or bool(whole[visit]))
            states[:, visit - 1] = np.where(proven, _PD, np.where(back, _NE_BACK, _NE))
        if whole[visit]:
            nadir = np.minimum(nadir, total)
    return states


def _with_history(
    states: Sequence[int], visits: Sequence[VisitAssessment], charter: Charter
) -> tuple[Response, ...]:
    """Return the overall responses that follow, with what earlier visits mean for later ones."""
    course = Course(charter, limits_of(charter))
    complete = False
    found = []
    for state, visit in zip(states, visits, strict=True):
        target = _STATES[min(state, _NE)]
        if visit.target is Response.NA:
            target = Response.NA
        elif complete and state not in {_CR, _NE}:
            target = Response.PD  # back after a complete response
        elif target is Response.SD and course.past().lasting_pr:
            target = Response.PR
        nontarget = visit.nontarget or Response.NA
        overall = overall_response(target, nontarget, new_lesion=visit.new_lesion)
        found.append(overall)
        course.progressed = course.progressed or overall is Response.PD
        if not course.progressed:
            course.target_responses.append((visit.date, target))
            course.response_visits[visit.date] = visit.visit
            course.responded = course.responded or target in {Response.CR, Response.PR}
        complete = complete or overall is Response.CR
    return tuple(found)
