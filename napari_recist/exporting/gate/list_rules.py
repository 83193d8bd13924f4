"""Checks of the lesion lists by the charter: how many targets, from when, under which link."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from napari_recist.criteria import CriteriaSettings
from napari_recist.criteria.organs import NODE_ORGAN, ORGANS
from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import ReadRecords, Record, Records, WhoseRead

_ORGAN_OF: Mapping[str, str] = MappingProxyType(
    {
        loc: organ.word
        for organ in reversed(ORGANS)
        for loc in (organ.loc, *(site.loc for site in organ.sites))
        if loc
    }
)
_LINKS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        role: re.compile(rf"[RA]\d+-{letters}\d+(\.\d+)?")
        for role, letters in (("TARGET", "T"), ("NON-TARGET", "NT"), ("NEW", "NEW"))
    }
)
"""How lesions of each role are named: R1-T01, R1-NT01, R1-NEW01; a fragment is R1-T04.1."""


def organ_at(location: str) -> str:
    """Return the organ a term of LOC counts under: all lymph nodes are one (L-2)."""
    if location.endswith("LYMPH NODE"):
        return NODE_ORGAN
    return _ORGAN_OF.get(location, location.partition(",")[0])


def too_many_targets(
    records: Records, limits: Mapping[WhoseRead, CriteriaSettings]
) -> Iterator[Finding]:
    """G-LIST-1: more targets than the charter allows. G-LIST-2: more in one organ.

    Parameters
    ----------
    limits : mapping of (subject, evaluator) to CriteriaSettings
        By what each read was read; a read whose reader gave a reason for more is left out.
    """
    for whose, read in records.reads.items():
        if whose not in limits:
            continue
        settings = limits[whose]
        targets = [record for record in _identified(read) if record.text("--STRESC") == "TARGET"]
        place = f"{read.subject}, {read.evaluator}"
        if len(targets) > settings.max_targets:
            message = f"{len(targets)} targets; at most {settings.max_targets} are allowed (L-1)"
            yield Finding("G-LIST-1", "TU", place, message)
        organs: dict[str, list[str]] = {}
        for record in targets:
            organs.setdefault(organ_at(record.text("TULOC")), []).append(record.text("--LNKID"))
        for organ, links in organs.items():
            if organ and len(links) > settings.max_per_organ:
                message = (
                    f"{len(links)} targets in one organ ({organ}): {', '.join(links)}; at most "
                    f"{settings.max_per_organ} are allowed (L-1, L-2)"
                )
                yield Finding("G-LIST-2", "TU", place, message)


def _identified(read: ReadRecords) -> Iterator[Record]:
    return (record for record in read.lesions if record.text("--TESTCD") == "TUMIDENT")


def identified_when(records: Records) -> Iterator[Finding]:
    """G-LIST-3: a target or non-target is identified after baseline, a new lesion at it (L-5)."""
    for read in records.reads.values():
        baseline = read.baseline
        for record in _identified(read):
            at, new = record.amount("VISITNUM"), record.text("--STRESC") == "NEW"
            if at is not None and new is (at == baseline):
                told = "no visit with a record" if baseline is None else f"visit {baseline}"
                message = f"is identified as {record.text('--STRESC')}; baseline is {told}"
                yield Finding("G-LIST-3", "TU", record.place, message)


def misnamed_lesions(records: Records) -> Iterator[Finding]:
    """G-LIST-4: a link does not say the role of its lesion, or TRGRPID says another."""
    roles: dict[tuple[str, str], str] = {}
    for read in records.reads.values():
        for record in _identified(read):
            role, link = record.text("--STRESC"), record.text("--LNKID")
            if record.text("--GRPID"):
                message = f"TUGRPID is {record.text('--GRPID')!r}; a whole lesion is of no group"
                yield Finding("G-LIST-4", "TU", record.place, message)
            roles[read.subject, link] = role
            if role in _LINKS and not _LINKS[role].fullmatch(link):
                yield Finding("G-LIST-4", "TU", record.place, f"{link!r} does not name a {role}")
        for record in read.results:
            link, group = record.text("--LNKID"), record.text("--GRPID")
            role = roles.get((read.subject, link.partition(".")[0]), "")
            if link and group and role and group != role:
                message = f"TRGRPID is {group!r}, the lesion is {role}"
                yield Finding("G-LIST-4", "TR", record.place, message)
