"""What a read costs the hand: gestures per visit, and per lesion that has not changed."""

from dataclasses import dataclass
from itertools import chain
from statistics import median

from napari_recist.criteria import Status
from napari_recist.demo.counted_hand import Gestures
from napari_recist.phantom import Statement

UNCHANGED_MM = 1.0
"""A diameter that differs by less from that of the visit before is unchanged: the truth tables
hold with every diameter off by as much."""


@dataclass(frozen=True, slots=True)
class LesionEffort:
    """What was done to say what a lesion is at one visit, finding it and going on included."""

    lesion: str
    unchanged: bool
    made: Gestures


@dataclass(frozen=True, slots=True)
class VisitEffort:
    """What was done at one visit: for each lesion, and to sign."""

    subject: str
    reader: str
    visit: str
    baseline: bool
    lesions: tuple[LesionEffort, ...]
    signing: Gestures

    @property
    def total(self) -> Gestures:
        """All that was done at the visit."""
        return sum((lesion.made for lesion in self.lesions), self.signing)

    @property
    def unchanged(self) -> tuple[LesionEffort, ...]:
        """The lesions that have not changed since the visit before."""
        return tuple(lesion for lesion in self.lesions if lesion.unchanged)


def is_unchanged(now: Statement, before: Statement | None) -> bool:
    """Tell whether a lesion is as it was at the visit before."""
    if before is None or now.status is not before.status:
        return False
    if now.status is Status.MEASURED:
        mm = (now.diameter_mm, before.diameter_mm)
        return None not in mm and abs((mm[0] or 0) - (mm[1] or 0)) < UNCHANGED_MM
    return now.status is Status.PRESENT


def most_for_unchanged(efforts: tuple[VisitEffort, ...]) -> int:
    """Return the most gestures any unchanged lesion took; 0 where there is none."""
    made = (lesion.made.total for effort in efforts for lesion in effort.unchanged)
    return max(made, default=0)


def effort_sentence(efforts: tuple[VisitEffort, ...]) -> str:
    """Return in words what the follow-up visits cost."""
    later = [effort for effort in efforts if not effort.baseline]
    same = list(chain.from_iterable(effort.unchanged for effort in later))
    if not same:
        return "No follow-up visit with an unchanged lesion was read."
    each = [lesion.made.total for lesion in same]
    visit = median(effort.total.total for effort in later)
    signing = median(effort.signing.total for effort in later)
    return (
        f"Gestures (keys, clicks, drags, turns of the wheel): {len(same)} unchanged lesions took "
        f"{sum(each) / len(each):.1f} each, {max(each)} at most; {len(later)} follow-up visits "
        f"took {visit:.0f} each (median), {signing:.0f} of them to sign with the password."
    )


def effort_table(efforts: tuple[VisitEffort, ...]) -> list[str]:
    """Return the gestures of each visit as lines of a Markdown table."""
    titles = (
        *("subject", "reader", "visit", "lesions", "gestures", "keys", "clicks", "drags"),
        *("turns", "of them to sign", "unchanged lesions", "gestures each"),
    )
    return [
        f"| {' | '.join(titles)} |",
        "|---" * len(titles) + "|",
        *(
            f"| {one.subject} | {one.reader} | {one.visit} | {len(one.lesions)} "
            f"| {one.total.total} | {one.total.keys} | {one.total.clicks} | {one.total.drags} "
            f"| {one.total.turns} | {one.signing.total} | {len(one.unchanged)} "
            f"| {', '.join(f'{les.lesion} {les.made.total}' for les in one.unchanged)} |"
            for one in efforts
        ),
    ]
