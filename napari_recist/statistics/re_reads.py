"""Blinded re-reads: which patients a reader reads again without knowing, under which code, when.

A pure plan: the same cases, settings and seed give the same plan, so that an auditor can make it
again.
"""

import datetime as dt
import math
import random
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A patient one reader has read: the best response of the read, and when it was finished."""

    subject: str
    reader: str
    response: str
    finished: dt.date


@dataclass(frozen=True, slots=True)
class ReReadSettings:
    """How much is read again, and when.

    ``share`` of each reader's cases, rounded up; not before ``min_days`` after the first read, so
    that it is forgotten, and spread over ``spread_days`` after that, so that re-reads do not come
    in a row.
    """

    share: float = 0.10
    min_days: int = 28
    spread_days: int = 28

    def __post_init__(self) -> None:
        """Refuse settings that make no sense."""
        if not 0 <= self.share <= 1 or self.min_days < 0 or self.spread_days < 0:
            message = f"re-reads: a share of 0 to 1 and days that are not negative, not {self}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class PlannedReRead:
    """One re-read: the patient under ``alias``, to ``reader``, on ``due`` or later."""

    alias: str
    of_subject: str
    reader: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class EarlierPlans:
    """What was planned before: (patient, reader) read again already, and every code in use.

    ``codes`` are those of all patients of the trial, of those still expected and of earlier
    re-reads: an alias is none of them.
    """

    re_reads: frozenset[tuple[str, str]] = frozenset()
    codes: frozenset[str] = field(default_factory=frozenset)


def plan_re_reads(
    cases: Sequence[ReadCase],
    settings: ReReadSettings,
    seed: int,
    earlier: EarlierPlans | None = None,
) -> tuple[PlannedReRead, ...]:
    """Return the re-reads to schedule, by due date.

    Each reader re-reads the share of the cases read so far that earlier plans have not reached.
    Cases are drawn at random within each best response, responses in proportion with at least one
    each as long as the number allows, so that rare responses are read again too.

    Raises
    ------
    ValueError
        If a reader has one patient twice.
    """
    earlier = earlier or EarlierPlans()
    if len({(case.subject, case.reader) for case in cases}) < len(cases):
        message = "a reader has one patient twice among the cases to plan re-reads from"
        raise ValueError(message)
    codes = {*earlier.codes, *(case.subject for case in cases)}
    planned = []
    for reader in sorted({case.reader for case in cases}):
        # A generator of each reader's own: one reader's cases do not change another's plan.
        chance = random.Random(f"{seed}/{reader}")  # noqa: S311 - a plan to be made again, no secret
        mine = sorted((c for c in cases if c.reader == reader), key=lambda case: case.subject)
        for case in _drawn(mine, settings, earlier, chance):
            alias = _alias(case.subject, codes, chance)
            codes.add(alias)
            wait = settings.min_days + chance.randint(0, settings.spread_days)
            due = case.finished + dt.timedelta(days=wait)
            planned.append(PlannedReRead(alias, case.subject, reader, due))
    return tuple(sorted(planned, key=lambda one: (one.due, one.alias)))


def _drawn(
    cases: Sequence[ReadCase],
    settings: ReReadSettings,
    earlier: EarlierPlans,
    chance: random.Random,
) -> Iterable[ReadCase]:
    again = [case for case in cases if (case.subject, case.reader) in earlier.re_reads]
    fresh = [case for case in cases if case not in again]
    # The share is of decimal settings: 0.1 of 30 is 3 and not, by its binary rest, 4.
    wanted = math.ceil(round(settings.share * len(cases), 9)) - len(again)
    of_response: dict[str, list[ReadCase]] = {}
    for case in fresh:
        of_response.setdefault(case.response, []).append(case)
    for response, number in shares(
        {response: len(of_one) for response, of_one in sorted(of_response.items())}, wanted
    ).items():
        yield from chance.sample(of_response[response], number)


def shares(sizes: dict[str, int], wanted: int) -> dict[str, int]:
    """Share a number out over groups: one each first, then by what is most below proportion.

    No group gets more than it has; where fewer are wanted than there are groups, the largest come
    first.
    """
    given = dict.fromkeys(sizes, 0)
    total = sum(sizes.values())
    for _ in range(min(wanted, total)):
        open_groups = [name for name in sizes if given[name] < sizes[name]]
        neediest = min(
            open_groups,
            key=lambda name: (given[name] > 0, given[name] * total - wanted * sizes[name], name),
        )
        given[neediest] += 1
    return given


def _alias(subject: str, codes: Collection[str], chance: random.Random) -> str:
    """Return a code that looks like the trial's own: the same but for its last number.

    The number is one that is free among those in use, or follows soon after, as the next patients'
    would.
    """
    found = re.fullmatch(r"(.*?)(\d+)(\D*)", subject, re.DOTALL)
    before, digits, after = found.groups() if found else (f"{subject}-", "1", "")
    alike = re.compile(rf"{re.escape(before)}(\d+){re.escape(after)}")
    used = [int(match[1]) for code in codes if (match := alike.fullmatch(code))]
    last = max(used, default=0)
    free = [
        code
        for number in range(1, last + len(used) + 2)
        if (code := f"{before}{number:0{len(digits)}}{after}") not in codes
    ]
    return chance.choice(free)
