"""TU: every lesion that an evaluator identified, once; and where it split or merged."""

from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria import Lesion, Observation, Status
from napari_recist.criteria.organs import sdtm_location
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.reads import ROLES, OneRead
from napari_recist.exporting.sdtm.terminology import TUTESTCD, codelist

IDENTIFIED, SPLIT, MERGED = "TUMIDENT", "TUSPLIT", "TUMERGE"


@dataclass(frozen=True, slots=True)
class Identified:
    """A record of TU, not numbered yet, and the lesion it is of."""

    record: dict[str, Value]
    lesion: Lesion


def tu_records(one: OneRead) -> Iterator[Identified]:
    """Yield the records of TU of one read, by visit and list.

    A fragment is identified where it is first measured, under the lesion it came from (R-15); that
    a lesion merged is stated where it was first said, under the lesion that carries it (R-16).
    """
    known: set[tuple[str, str]] = set()
    for visit in one.frozen.read.visits:
        label = visit.identifier
        for lesion in one.frozen.read.lesions:
            for test, fragment, group in _identifications(one, label, lesion):
                link = one.link(lesion, fragment)
                if (test, link) not in known:
                    known.add((test, link))
                    record = _record(one, label, lesion, test, fragment)
                    yield Identified({**record, "TUGRPID": group}, lesion)


def _identifications(one: OneRead, label: str, lesion: Lesion) -> Iterator[tuple[str, int, str]]:
    """Yield test, number of the fragment and group of what is identified of a lesion here."""
    if one.frozen.read.added_at[lesion.identifier] == label:
        yield IDENTIFIED, 0, ""
    said = one.said(label, lesion)
    if said is None:
        return
    if said.status is Status.SPLIT:
        for fragment in range(1, len(said.diameters) + 1):
            yield SPLIT, fragment, one.link(lesion)
    if said.status is Status.MERGED:
        yield MERGED, 0, _carrier(one, said)


def _record(one: OneRead, label: str, lesion: Lesion, test: str, fragment: int) -> dict[str, Value]:
    said = one.said(label, lesion)
    location, side = sdtm_location(lesion.organ, lesion.site)
    role = ROLES[lesion.role]
    return {
        **one.common("TU", label, one.date(label, said)),
        "TUREFID": one.image(label, lesion, said, fragment),
        "TULNKID": one.link(lesion, fragment),
        "TUTESTCD": test,
        "TUTEST": codelist(TUTESTCD).terms[test].decode,
        "TUORRES": role,
        "TUSTRESC": role,
        "TULOC": location,
        "TULAT": side,
        "TUMETHOD": one.method(label, lesion, said),
    }


def _carrier(one: OneRead, said: Observation) -> str:
    lesions = {lesion.identifier: lesion for lesion in one.frozen.read.lesions}
    return one.link(lesions[said.into]) if said.into in lesions else ""
