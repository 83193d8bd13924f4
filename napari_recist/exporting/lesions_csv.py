"""The rows of LESIONS.csv: what one reader said of each lesion at each visit."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from napari_recist.criteria import Lesion, Observation, Read, Role, Status, Visit, show

SaidT = TypeVar("SaidT")

LISTED = Observation(Status.PRESENT)
"""What listing a non-target at baseline says of it (L-4)."""


def lesion_rows(read: Read) -> list[dict[str, str]]:
    """Return one row per lesion and visit, and one per fragment of a split lesion (``T1.1``).

    A lesion of which nothing was said at a visit has no row there.
    """
    return [
        row
        for visit in read.visits
        for lesion in read.lesions
        for row in _rows(read, visit, lesion)
    ]


def signed_part(read: Read) -> Read:
    """Return the read with its signed visits only, and with what was said at them."""
    return _restricted(read, {visit.identifier for visit in read.visits if visit.signed})


def until(read: Read, date: dt.date) -> Read:
    """Return the read as it stood with the visits up to this date."""
    return _restricted(read, {visit.identifier for visit in read.visits if visit.date <= date})


def _restricted(read: Read, visits: set[str]) -> Read:
    added_at = {lesion: visit for lesion, visit in read.added_at.items() if visit in visits}
    return replace(
        read,
        visits=tuple(visit for visit in read.visits if visit.identifier in visits),
        lesions=tuple(lesion for lesion in read.lesions if lesion.identifier in added_at),
        observations=_said_at(read.observations, visits),
        viable=_said_at(read.viable, visits),
        added_at=MappingProxyType(added_at),
        argued=MappingProxyType({at: read.argued[at] for at in read.argued if at in visits}),
        chosen=MappingProxyType({at: read.chosen[at] for at in read.chosen if at in visits}),
        places=_said_at(read.places, visits),
        overridden=tuple(answer for answer in read.overridden if answer.visit in visits),
    )


def _said_at(
    said: Mapping[tuple[str, str], SaidT], visits: set[str]
) -> Mapping[tuple[str, str], SaidT]:
    return MappingProxyType({place: said[place] for place in said if place[0] in visits})


def _rows(read: Read, visit: Visit, lesion: Lesion) -> Iterator[dict[str, str]]:
    said = read.observation(visit.identifier, lesion.identifier)
    added_here = read.added_at[lesion.identifier] == visit.identifier
    if said is None and lesion.role is Role.NON_TARGET and added_here:
        said = LISTED
    if said is None:
        return
    common = _common(read, visit, lesion, said)
    if said.status is Status.SPLIT:
        for number, diameter in enumerate(said.diameters, start=1):
            name = f"{lesion.identifier}.{number}"
            yield {**common, "lesion": name, "diameter_mm": show(diameter)}
    else:
        yield {**common, "diameter_mm": "".join(map(show, said.diameters))}


def _common(read: Read, visit: Visit, lesion: Lesion, said: Observation) -> Mapping[str, str]:
    return {
        "subject": read.subject,
        "reader": read.reader,
        "visit": visit.identifier,
        "date": (said.date or visit.date).isoformat(),
        "lesion": lesion.identifier,
        "role": lesion.role.value,
        "node": "yes" if lesion.node else "no",
        "organ": lesion.organ,
        "status": said.status.value,
        "diameter_mm": "",
        "into": said.into,
        "reason": said.reason,
    }
