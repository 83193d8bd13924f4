"""Two reads of one patient side by side: their lesions matched, and what follows from each.

Who the readers are decides nothing: the caller says what they are called.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

from napari_recist.criteria.assessment import Assessment
from napari_recist.criteria.charter import Charter, CriteriaName
from napari_recist.criteria.lesions import Lesion, Role
from napari_recist.criteria.mrecist import viable_part
from napari_recist.criteria.new_lesions import onsets
from napari_recist.criteria.read import Observation, Read
from napari_recist.criteria.same_lesion import MatchedLesions, same_lesions
from napari_recist.criteria.sums import TargetValue, target_sum
from napari_recist.criteria.timepoints import assess_read


@dataclass(frozen=True, slots=True)
class ReadSide:
    """One of two reads and what follows from it.

    ``who`` is what the reader is called. ``onsets`` maps a new lesion that counts to the visit it
    counts from, ``values`` (visit, target) to what the target counts as there.
    """

    who: str
    read: Read
    assessment: Assessment
    onsets: dict[str, str]
    values: dict[tuple[str, str], TargetValue]

    @property
    def baseline(self) -> str:
        """Return the first visit, "" of a read without any."""
        return self.read.visits[0].identifier if self.read.visits else ""

    def tenths(self, visit: str, lesions: tuple[str, ...]) -> int | None:
        """Return the sum of what these targets count as, ``None`` where none has a value."""
        values = [self.values[visit, one] for one in lesions if (visit, one) in self.values]
        known = [value.tenths for value in values if value.tenths is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class SameInBoth:
    """A lesion as each of the two readers listed it."""

    first: Lesion
    second: Lesion

    @property
    def names(self) -> tuple[str, str]:
        """Return what each reader calls it."""
        return self.first.identifier, self.second.identifier


@dataclass(frozen=True, slots=True)
class TwoReads:
    """Two reads of one patient; ``visits`` are those of both, by date.

    Under mRECIST the reads hold the viable measurements where those judge (H-10), and nothing else.
    """

    first: ReadSide
    second: ReadSide
    visits: tuple[str, ...]
    common: tuple[str, ...]
    pairs: tuple[SameInBoth, ...]
    matched: MatchedLesions

    @property
    def sides(self) -> tuple[ReadSide, ReadSide]:
        """Return both reads."""
        return self.first, self.second

    def alone(self, role: Role) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the lesions of a role that only the first, and that only the second listed."""
        both = (self.matched.first_only, self.matched.second_only)
        first, second = (
            tuple(name for name in names if side.read.lesion(name).role is role)
            for side, names in zip(self.sides, both, strict=True)
        )
        return first, second

    def alike(self, role: Role) -> tuple[SameInBoth, ...]:
        """Return the lesions to which both readers gave this role."""
        return tuple(pair for pair in self.pairs if pair.first.role is role is pair.second.role)

    def said(self, visit: str, pair: SameInBoth) -> tuple[Observation | None, Observation | None]:
        """Return what each reader said of a lesion at a visit."""
        one, other = pair.names
        return self.first.read.observation(visit, one), self.second.read.observation(visit, other)


FIRST_AND_SECOND = ("the first reader", "the second reader")
"""What two readers are called unless the caller has other words."""


def side_by_side(
    first: Read,
    second: Read,
    charter: Charter,
    second_charter: Charter | None = None,
    called: tuple[str, str] = FIRST_AND_SECOND,
) -> TwoReads:
    """Put two reads of one patient side by side, each judged by its charter."""
    matched = same_lesions(first, second)
    charters = charter, second_charter or charter
    one, other = (
        read_side(who, judged_part(read, by), by)
        for who, read, by in zip(called, (first, second), charters, strict=True)
    )
    sides = one, other
    dated = {(visit.date, visit.identifier) for side in sides for visit in side.read.visits}
    visits = tuple(dict.fromkeys(name for _, name in sorted(dated)))
    of_each = [{visit.identifier for visit in side.read.visits} for side in sides]
    return TwoReads(
        first=one,
        second=other,
        visits=visits,
        common=tuple(visit for visit in visits if visit in of_each[0] & of_each[1]),
        pairs=tuple(
            SameInBoth(first.lesion(pair.first), second.lesion(pair.second))
            for pair in matched.pairs
        ),
        matched=matched,
    )


def judged_part(read: Read, charter: Charter) -> Read:
    """Return the read with the one set of observations that the charter's criteria judge."""
    if charter.criteria.name is CriteriaName.MRECIST:
        read = viable_part(read)
    return replace(read, viable=MappingProxyType({}))


def read_side(who: str, read: Read, charter: Charter) -> ReadSide:
    """Return one read with what follows from it."""
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    found = onsets(read, charter.criteria)
    return ReadSide(
        who=who,
        read=read,
        assessment=assess_read(read, charter),
        onsets={onset.lesion: read.visits[onset.first_seen].identifier for onset in found},
        values={
            (visit.identifier, value.lesion.identifier): value
            for visit in read.visits
            for value in target_sum(read, visit, targets, charter.criteria).values
        },
    )
