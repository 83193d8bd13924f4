"""Short ways to write down a read, so that a test shows the facts and little else."""

import datetime as dt
from collections.abc import Mapping, Sequence

from napari_recist.criteria import Lesion, Observation, Read, Role, Status, Visit

BASELINE_DAY = dt.date(2024, 1, 1)
Said = float | int | str | None | Observation
"""A diameter in mm, a status by its word, nothing said, or an observation as it is."""


def day(week: int) -> dt.date:
    """Return the day of a week after baseline."""
    return BASELINE_DAY + dt.timedelta(weeks=week)


def label(week: int) -> str:
    """Return the name of a visit."""
    return f"W{week}" if week else "BL"


def observation(said: Said) -> Observation | None:
    """Return what a shorthand says."""
    if said is None or isinstance(said, Observation):
        return said
    if isinstance(said, str):
        status, _, into = said.partition(":")
        return Observation(Status(status), into=into, reason="artefact")
    return Observation(Status.MEASURED, (round(said * 10),))


def a_read(
    targets: Mapping[str, Sequence[Said]] | None = None,
    nontargets: Mapping[str, Sequence[Said]] | None = None,
    news: Mapping[str, Sequence[Said]] | None = None,
    *,
    nodes: Sequence[str] = (),
    weeks: Sequence[int] = (0, 8, 16, 24, 32, 40),
    organ: str = "liver",
) -> Read:
    """Return a read: for each lesion what is said at each visit, baseline first."""
    lists = (
        (Role.TARGET, targets or {}),
        (Role.NON_TARGET, nontargets or {}),
        (Role.NEW, news or {}),
    )
    count = max(len(said) for _, lesions in lists for said in lesions.values())
    visits = tuple(Visit(label(week), day(week)) for week in weeks[:count])
    lesions, observations, added_at = [], {}, {}
    for role, of_role in lists:
        for name, all_said in of_role.items():
            lesions.append(Lesion(name, role, organ=organ, node=name in nodes))
            for visit, said in zip(visits, all_said, strict=False):
                seen = observation(said)
                if seen is not None:
                    observations[visit.identifier, name] = seen
                    added_at.setdefault(name, visit.identifier)
    return Read("P-001", "R1", visits, tuple(lesions), observations, added_at)
