"""Why two reads of one patient differ: every difference, weighed by what it alone would change.

The weight of a difference is found by trying it. One read is assessed again with what the other
reader said of this one thing in place of its own, and so is the other read the other way round. A
difference after which nothing is left to adjudicate, whichever reader gives in, is decisive. Where
two causes hide each other (a sum over the limit *and* a new lesion), taking over one of them from
the reader who saw neither changes nothing, but the other way round it does: such a difference
decides one way. Readers are "first" and "second" or what the caller calls them; their names are
never looked at.

Order: by weight; then by how many questions of the charter a difference settles; then the order of
``WhyDiffer``, causes before what follows from them (another series before the diameters measured on
it); then the smallest change, the visits and the names of the lesions. So the answer is the same
every time, and swapping the reads swaps it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from napari_recist.criteria.assessment import Assessment
from napari_recist.criteria.charter import AdjudicationTrigger, Charter, PrPersistence
from napari_recist.criteria.differences import Difference, WhyDiffer
from napari_recist.criteria.discordance import Discordance, discordances
from napari_recist.criteria.list_differences import (
    call_differences,
    list_differences,
    visit_differences,
)
from napari_recist.criteria.read import Read
from napari_recist.criteria.taken_over import taken_over
from napari_recist.criteria.target_differences import target_differences
from napari_recist.criteria.timepoints import assess_read
from napari_recist.criteria.two_reads import FIRST_AND_SECOND, TwoReads, side_by_side


class Weight(StrEnum):
    """What a difference alone changes, the weightiest first."""

    DECISIVE = "alone makes the difference"
    ONE_WAY = "alone removes the difference when taken over one way"
    PARTLY = "alone settles a part of the difference"
    NOTHING = "alone settles nothing"


@dataclass(frozen=True, slots=True)
class Reason:
    """A difference and its weight.

    ``settles`` are the discordances that it removes at least one way, ``reveals`` those that it
    hides: they would show if one of the readers gave in.
    """

    difference: Difference
    weight: Weight
    settles: tuple[Discordance, ...]
    reveals: tuple[Discordance, ...] = ()

    @property
    def code(self) -> WhyDiffer:
        """Return the coded reason."""
        return self.difference.code

    @property
    def decisive(self) -> bool:
        """Return whether this alone makes the difference."""
        return self.weight is Weight.DECISIVE

    def __str__(self) -> str:
        """Return the reason as one sentence."""
        return f"{self.difference.words} ({self.weight})"


def why_differ(  # noqa: PLR0913 - two reads, and how to compare them, each by name
    first: Read,
    second: Read,
    charter: Charter,
    *,
    second_charter: Charter | None = None,
    triggers: Sequence[AdjudicationTrigger] | None = None,
    called: tuple[str, str] = FIRST_AND_SECOND,
) -> tuple[Reason, ...]:
    """Return why two reads differ, the decisive reasons first; nothing where they do not differ.

    Parameters
    ----------
    first, second : Read
        Two reads of the same patient.
    charter : Charter
        By which both were judged, and which says what calls for adjudication.
    second_charter : Charter, optional
        By which the second was judged, where that was another version.
    triggers : sequence of AdjudicationTrigger, optional
        What to compare instead of the charter's own triggers.
    called : (str, str), optional
        What the reads are called in words, such as ("Read A", "Read B").

    Raises
    ------
    ValueError
        If the reads are of two patients.
    """
    charters = charter, second_charter or charter
    two = side_by_side(first, second, *charters, called=called)
    asked = charter.read.adjudication if triggers is None else tuple(triggers)
    weighing = _Weighing(two, charters, asked)
    found = weighing.left(two.first.assessment, two.second.assessment)
    if not found:
        return ()
    reasons = [
        *(weighing.by_exchange(difference, found) for difference in _differences(two)),
        *weighing.by_charter(found),
    ]
    worth_telling = (one for one in reasons if one.settles or not one.difference.aside)
    return tuple(sorted(worth_telling, key=lambda one: _rank(one, two.visits)))


def _differences(two: TwoReads) -> Iterator[Difference]:
    for kind in (visit_differences, list_differences, call_differences, target_differences):
        yield from kind(two)


def _rank(reason: Reason, visits: Sequence[str]) -> tuple[object, ...]:
    difference = reason.difference
    return (
        list(Weight).index(reason.weight),
        -len(reason.settles),
        list(WhyDiffer).index(reason.code),
        len(difference.exchange),
        visits.index(difference.visit) if difference.visit else -1,
        sorted((difference.first_lesions, difference.second_lesions)),
    )


@dataclass(frozen=True, slots=True)
class _Weighing:
    """Two reads, the charters they were judged by, and the questions they are compared by."""

    two: TwoReads
    charters: tuple[Charter, Charter]
    triggers: Sequence[AdjudicationTrigger]

    def left(self, first: Assessment, second: Assessment) -> tuple[Discordance, ...]:
        """Return what two assessments differ in."""
        return discordances(first, second, self.charters[0], triggers=self.triggers)

    def by_exchange(self, difference: Difference, found: Sequence[Discordance]) -> Reason:
        """Weigh a difference by letting each reader take over what the other said."""
        first, second = self.two.first, self.two.second
        pairs = [pair.names for pair in self.two.pairs]
        one = taken_over(
            first.read, second.read, difference.exchange, {there: here for here, there in pairs}
        )
        other = taken_over(second.read, first.read, difference.exchange.swapped(), dict(pairs))
        return _weighed(
            difference,
            found,
            self.left(assess_read(one, self.charters[0]), second.assessment),
            self.left(first.assessment, assess_read(other, self.charters[1])),
        )

    def by_charter(self, found: Sequence[Discordance]) -> Iterator[Reason]:
        """Weigh what is the charter's doing: another version, or a setting that decided."""
        first, second = self.charters
        if first != second:
            words = "the reads were judged by two versions of the charter"
            left = self._under(first), self._under(second)
            yield _weighed(Difference(WhyDiffer.CHARTER, "", words), found, *left)
            return
        told: set[str] = set()
        for visit in self.two.common:
            sides = self.two.sides
            settings = [set(side.assessment.visit(visit).settings) for side in sides]
            for setting in sorted((settings[0] ^ settings[1]) - told):
                told.add(setting)
                side = sides[0] if setting in settings[0] else sides[1]
                words = f"{visit}: for {side.who} alone the charter decided: {setting}"
                left_now = self._under(_without(setting, first))
                yield _weighed(
                    Difference(WhyDiffer.CHARTER, visit, words), found, left_now, left_now
                )

    def _under(self, charter: Charter) -> tuple[Discordance, ...]:
        first, second = (assess_read(side.read, charter) for side in self.two.sides)
        return self.left(first, second)


def _without(setting: str, charter: Charter) -> Charter:
    """Return the charter with a setting that decided turned the other way."""
    criteria = charter.criteria
    if setting.startswith("criteria.pr_persistence"):
        criteria = replace(criteria, pr_persistence=PrPersistence.OFF)
    elif setting.startswith("criteria.provable_pd_with_missing"):
        criteria = replace(criteria, provable_pd_with_missing=not criteria.provable_pd_with_missing)
    return replace(charter, criteria=criteria)


def _weighed(
    difference: Difference,
    found: Sequence[Discordance],
    first_gives_in: Sequence[Discordance],
    second_gives_in: Sequence[Discordance],
) -> Reason:
    """Return the weight of a difference from what is left when either reader gives in."""
    left = [{_question(one) for one in each} for each in (first_gives_in, second_gives_in)]
    settles = tuple(one for one in found if any(_question(one) not in each for each in left))
    asked = {_question(one) for one in found}
    hidden = (one for one in (*first_gives_in, *second_gives_in) if _question(one) not in asked)
    removed = sum(not each for each in left)
    if removed:
        weight = Weight.DECISIVE if removed == len(left) else Weight.ONE_WAY
    else:
        weight = Weight.PARTLY if settles else Weight.NOTHING
    return Reason(difference, weight, settles, tuple(dict.fromkeys(hidden)))


def _question(one: Discordance) -> tuple[AdjudicationTrigger, str]:
    by_visit = one.trigger is AdjudicationTrigger.OVERALL_RESPONSE
    return one.trigger, one.visit if by_visit else ""
