"""What is to be shown of a visit's signature: who, when, why it is open again."""

import datetime as dt
from dataclasses import dataclass

from napari_recist.criteria import Event, VisitReopened, VisitSigned


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature that stands, and the moment it was given, in the signer's own time zone."""

    fact: VisitSigned
    when: dt.datetime


def signature_of(events: tuple[Event, ...], visit: str) -> ShownSignature | None:
    """Return the last signature under a visit, ``None`` where there is none."""
    found = None
    for event in events:
        if isinstance(event.fact, VisitSigned) and event.fact.visit == visit:
            found = ShownSignature(event.fact, event.recorded_at)
    return found


def why_reopened(events: tuple[Event, ...], visit: str) -> str:
    """Return why a visit is open again, "" where it was never re-opened or is signed anew."""
    reason = ""
    for event in events:
        match event.fact:
            case VisitReopened(reopened, why) if reopened == visit:
                reason = why
            case VisitSigned(signed) if signed == visit:
                reason = ""
    return reason
