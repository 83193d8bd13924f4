"""Which fact an undo takes back, and which a redo restores: told by the record alone.

Undo and redo are facts themselves. Neither reaches behind a signature, and a new fact forgets what
could have been redone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from napari_recist.criteria import (
    Event,
    GlobalReviewBegun,
    GlobalReviewSigned,
    MeasurementProposed,
    Redone,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
)


@dataclass(frozen=True, slots=True)
class History:
    """The events that can be undone, oldest first, and those that can be redone, latest last."""

    done: tuple[Event, ...]
    undone: tuple[Event, ...]


def history(events: Iterable[Event]) -> History:
    """Return what of these events of one read can be undone and redone now."""
    done: list[Event] = []
    undone: list[Event] = []
    for event in events:
        match event.fact:
            case VisitOpened() | MeasurementProposed():
                # Neither going to look at a visit nor what is laid before the reader states
                # anything: there is nothing to take back. A proposal is dismissed.
                pass
            case VisitSigned() | VisitReopened() | GlobalReviewBegun() | GlobalReviewSigned():
                done.clear()
                undone.clear()
            case Undone():
                undone.append(done.pop())
            case Redone():
                done.append(undone.pop())
            case _:
                done.append(event)
                undone.clear()
    return History(tuple(done), tuple(undone))
