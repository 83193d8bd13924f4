"""Checks of what holds records together: lesions, groups, related records, supplements, visits."""

from collections.abc import Iterator

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import FINDINGS, ReadRecords, Record, Records

RELATED = (("TU", "TULNKID"), ("TR", "TRLNKID")), (("TR", "TRLNKGRP"), ("RS", "RSLNKGRP"))
"""The relations between whole datasets that a transfer of tumours has."""


QUALIFIED = {
    "SUPPTR.TRREASNE": ("TRSTAT", "NOT DONE"),
    "SUPPTR.TRREASTX": ("TRSTAT", "NOT DONE"),
    "SUPPRS.RSARGUED": ("RSTESTCD", "TRGRESP"),
    "SUPPRS.RSBESTDT": ("RSTESTCD", "BESTRESP"),
    "SUPPRS.RSBESTUC": ("RSTESTCD", "BESTRESP"),
    "SUPPRS.RSCONFRQ": ("RSTESTCD", "BESTRESP"),
    "SUPPRS.RSREASNE": ("RSTESTCD", "BESTRESP"),
}
"""Which records a supplemental qualifier is of: a variable and its value."""


def orphan_results(records: Records) -> Iterator[Finding]:
    """G-LINK-1: a result is of a lesion that this evaluator did not identify in this subject."""
    for read in records.reads.values():
        known = {record.text("--LNKID") for record in read.lesions}
        for record in read.results:
            link = record.text("--LNKID")
            if link and link not in known:
                yield Finding("G-LINK-1", "TR", record.place, f"no TU record has TULNKID {link!r}")


def forgotten_lesions(records: Records) -> Iterator[Finding]:
    """G-LINK-2: of a target or non-target nothing is said at a visit that was evaluated.

    G-LINK-3: of any lesion nothing is said at all.
    """
    for read in records.reads.values():
        visits = {r.text("VISITNUM"): r.text("VISIT") for r in (*read.results, *read.responses)}
        visits.pop("", None)
        said = {(record.text("--LNKID"), record.text("VISITNUM")) for record in read.results}
        whole = {link.partition(".")[0] for link, _ in said}
        for record in read.lesions:
            link = record.text("--LNKID")
            if record.text("--TESTCD") != "TUMIDENT":
                continue
            if link not in whole:
                yield Finding("G-LINK-3", "TU", record.place, "TR has no record of this lesion")
                continue
            if record.text("--STRESC") == "NEW":
                continue
            for number, name in visits.items():
                if not _said_at(link, number, said):
                    message = f"TR has no record of it at {name or number}, done or not done"
                    yield Finding("G-LINK-2", "TU", record.place, message)


def _said_at(link: str, visit: str, said: set[tuple[str, str]]) -> bool:
    """Tell whether a lesion, or its first fragment, has a record at a visit."""
    return (link, visit) in said or (f"{link}.1", visit) in said


def loose_groups(records: Records) -> Iterator[Finding]:
    """G-LINK-4: results of a visit and its response are not held together by one group.

    The first visit of a read has results and no response.
    """
    for read in records.reads.values():
        yield from _of_two_visits(read)
        responses = {r.text("--LNKGRP") for r in read.responses} - {""}
        results = {r.text("--LNKGRP"): r for r in read.results if r.text("--LNKGRP")}
        first = _first_visit(read)
        for group, record in results.items():
            if group not in responses and record.text("VISITNUM") != first:
                message = f"no RS record has RSLNKGRP {group!r}"
                yield Finding("G-LINK-4", "TR", record.place, message)
        for record in read.responses:
            group = record.text("--LNKGRP")
            if group and results and group not in results:
                message = f"no TR record has TRLNKGRP {group!r}"
                yield Finding("G-LINK-4", "RS", record.place, message)


def _first_visit(read: ReadRecords) -> str:
    dated = [(record.text("--DTC"), record.text("VISITNUM")) for record in read.results]
    return min(dated, default=("", ""))[1]


def _of_two_visits(read: ReadRecords) -> Iterator[Finding]:
    visits: dict[str, str] = {}
    groups: dict[str, str] = {}
    for record in (*read.results, *read.responses):
        group, visit = record.text("--LNKGRP"), record.text("VISITNUM")
        if group and visits.setdefault(group, visit) != visit:
            message = f"group {group!r} is of visit {visits[group]} already"
        elif group and groups.setdefault(visit, group) != group:
            message = f"group is {group!r}; other records of the visit have {groups[visit]!r}"
        else:
            continue
        yield Finding("G-LINK-4", record.dataset, record.place, message)


def links_of_others(records: Records) -> Iterator[Finding]:
    """G-LINK-5: two evaluators of a subject use one link, so that their lesions mix (L-5)."""
    owners: dict[tuple[str, str], str] = {}
    for name in FINDINGS:
        for record in records.of(name):
            for variable in ("--LNKID", "--LNKGRP"):
                link = record.text(variable)
                if not link:
                    continue
                owner = owners.setdefault((record.subject, link), record.evaluator)
                if owner != record.evaluator:
                    message = f"{variable.replace('--', name)} {link!r} is of {owner}"
                    yield Finding("G-LINK-5", name, record.place, message)


def broken_relations(records: Records) -> Iterator[Finding]:
    """G-LINK-6: RELREC names what does not exist or is not unique, or a relation is missing."""
    sides: dict[str, list[Record]] = {}
    for record in records.of("RELREC"):
        sides.setdefault(record.text("RELID"), []).append(record)
        yield from _broken_side(records, record)
    related = set()
    for number, pair in sides.items():
        if len(pair) != len(RELATED[0]):
            message = f"relation {number!r} has {len(pair)} sides"
            yield Finding("G-LINK-6", "RELREC", pair[0].place, message)
        related.add(frozenset((r.text("RDOMAIN"), r.text("IDVAR")) for r in pair))
    for pair_due in RELATED:
        both = all(_has_values(records, *side) for side in pair_due)
        if both and frozenset(pair_due) not in related:
            words = " and ".join(f"{name}.{variable}" for name, variable in pair_due)
            yield Finding("G-LINK-6", "RELREC", "", f"the relation of {words} is missing")


def _has_values(records: Records, name: str, variable: str) -> bool:
    return any(record.text(variable) for record in records.of(name))


def _has_column(records: Records, name: str, variable: str) -> bool:
    dataset = records.datasets.get(name)
    return dataset is not None and variable in {one.name for one in dataset.variables}


def _broken_side(records: Records, record: Record) -> Iterator[Finding]:
    name, variable, kind = (record.text(key) for key in ("RDOMAIN", "IDVAR", "RELTYPE"))
    if not _has_column(records, name, variable):
        message = f"{name} has no variable {variable}"
    elif record.subject or record.text("IDVARVAL"):
        message = "USUBJID and IDVARVAL are blank where whole datasets are related"
    elif kind not in {"ONE", "MANY"}:
        message = f"RELTYPE is {kind!r}, neither ONE nor MANY"
    elif kind == "ONE" and (twice := _not_unique(records, name, variable)):
        message = f"RELTYPE is ONE and {twice} stands several times"
    else:
        return
    yield Finding("G-LINK-6", "RELREC", record.place, message)


def _not_unique(records: Records, name: str, variable: str) -> str:
    seen: set[tuple[str, str]] = set()
    for record in records.of(name):
        value = record.text(variable)
        if value and (record.subject, value) in seen:
            return f"{variable} {value!r} of {record.subject}"
        seen.add((record.subject, value))
    return ""


def orphan_supplements(records: Records) -> Iterator[Finding]:
    """G-LINK-7: a supplemental qualifier qualifies no record."""
    for name in records.datasets:
        if not name.startswith("SUPP"):
            continue
        parent = name.removeprefix("SUPP")
        known: dict[str, set[tuple[str, str]]] = {}
        for record in records.of(name):
            variable = record.text("IDVAR")
            if variable not in known:
                known[variable] = {(r.subject, r.text(variable)) for r in records.of(parent)}
            value = record.text("IDVARVAL")
            if record.text("RDOMAIN") != parent or (record.subject, value) not in known[variable]:
                message = f"no {parent} record of the subject has {variable} {value!r}"
                yield Finding("G-LINK-7", name, record.place, message)
            elif f"{name}.{record.text('QNAM')}" in QUALIFIED:
                yield from _of_another(records, record, parent)


def _of_another(records: Records, record: Record, parent: str) -> Iterator[Finding]:
    variable, due = QUALIFIED[f"{record.dataset}.{record.text('QNAM')}"]
    place = record.subject, record.text("IDVARVAL")
    by_number = record.text("IDVAR") == f"{parent}SEQ"
    qualified = records.numbered(parent).get(place) if by_number else None
    if qualified is not None and qualified.text(variable) != due:
        told = qualified.text(variable)
        message = f"qualifies a record whose {variable} is {told!r}, not {due!r}"
        yield Finding("G-LINK-7", record.dataset, record.place, message)


def strange_subjects(records: Records) -> Iterator[Finding]:
    """G-LINK-8: a subject is not in DM; or study and domain are not the same throughout."""
    vendors = {record.text("--NAM") for record in records.stated}
    if len(vendors) > 1:
        message = f"the vendor has several names: {sorted(vendors)}"
        yield Finding("G-LINK-8", "TU", "", message)
    studies = {record.text("STUDYID") for name in records.datasets for record in records.of(name)}
    study = next(iter(sorted(studies)), "")
    for name, dataset in records.datasets.items():
        has_domain = any(variable.name == "DOMAIN" for variable in dataset.variables)
        for record in records.of(name):
            if record.subject and record.subject not in records.subjects:
                message = f"DM has no subject {record.subject!r}"
            elif record.text("STUDYID") != study:
                message = f"STUDYID is {record.text('STUDYID')!r}, elsewhere {study!r}"
            elif has_domain and record.text("DOMAIN") != name:
                message = f"DOMAIN is {record.text('DOMAIN')!r}"
            else:
                continue
            yield Finding("G-LINK-8", name, record.place, message)


def strange_visits(records: Records) -> Iterator[Finding]:
    """G-LINK-9: a visit is not in SV, did not occur, or has another name or planned day there."""
    held = {(record.subject, record.text("VISITNUM")): record for record in records.of("SV")}
    planned = {record.text("VISITNUM"): record for record in records.of("TV")}
    for record in records.stated:
        number = record.text("VISITNUM")
        if not number:
            continue
        visit = held.get((record.subject, number))
        if visit is None:
            message = f"SV has no visit {number} of the subject"
        elif visit.text("SVOCCUR") == "N":
            message = f"visit {number} did not occur, says SV"
        else:
            message = _other_words(record, visit)
        if message:
            yield Finding("G-LINK-9", record.dataset, record.place, message)
    yield from _other_epochs(records)
    for record in records.of("SV"):
        plan = planned.get(record.text("VISITNUM"))
        message = "" if plan is None else _other_words(record, plan)
        if plan is None and planned and record.text("SVPRESP") == "Y":
            message = "the visit was planned and is not in TV"
        if message:
            yield Finding("G-LINK-9", "SV", record.place, message)


def _other_words(record: Record, visit: Record) -> str:
    for variable in ("VISIT", "VISITDY"):
        ours, theirs = record.text(variable), visit.text(variable)
        if variable in record.row and variable in visit.row and ours != theirs:
            return f"{variable} is {ours!r}, {visit.dataset} has {theirs!r}"
    return ""


def _other_epochs(records: Records) -> Iterator[Finding]:
    epochs: dict[tuple[str, str], str] = {}
    for record in records.stated:
        epoch = record.text("EPOCH")
        told = epochs.setdefault((record.subject, record.text("VISITNUM")), epoch)
        if told != epoch:
            message = f"EPOCH is {epoch!r}, elsewhere at this visit {told!r}"
            yield Finding("G-LINK-9", record.dataset, record.place, message)
