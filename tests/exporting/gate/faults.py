"""Seeded faults: each a good transfer with one thing made wrong, and the rules it breaks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from napari_recist.exporting.sdtm.dataset import Dataset, Value

Datasets: TypeAlias = tuple[Dataset, ...]
Rows: TypeAlias = list[dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is made wrong, in words, and the rules that have to name it: these and no others."""

    words: str
    rules: frozenset[str]
    seed: Callable[[Datasets], Datasets]


def edited(datasets: Datasets, name: str, edit: Callable[[Rows], Rows]) -> Datasets:
    """Return the datasets with the records of one edited."""
    return tuple(
        replace(one, rows=tuple(edit([dict(row) for row in one.rows]))) if one.name == name else one
        for one in datasets
    )


def place(row: dict[str, Value]) -> tuple[Value, ...]:
    """Return evaluator, visit, link and test of a record of TU, TR or RS."""
    name = str(row["DOMAIN"])
    return (
        str(row.get(f"{name}EVALID", "")).replace("RADIOLOGIST ", "R"),
        row["VISITNUM"],
        str(row.get(f"{name}LNKID", "")).partition("-")[2],
        row[f"{name}TESTCD"],
    )


def set_in(name: str, where: str, **values: Value) -> Callable[[Datasets], Datasets]:
    """Return an edit of the one record at ``R1 2 T01 LDIAM`` (``-``: no lesion)."""

    def edit(rows: Rows) -> Rows:
        found = [row for row in rows if matches(row, where)]
        assert len(found) == 1, (name, where, len(found))
        found[0].update(values)
        return rows

    return lambda datasets: edited(datasets, name, edit)


def matches(row: dict[str, Value], where: str) -> bool:
    """Whether a record is at a place; ``*`` stands for anything."""
    told = [str(part) or "-" for part in place(row)]
    return all(one in {"*", other} for one, other in zip(where.split(), told, strict=True))


def set_all(name: str, where: str, **values: Value) -> Callable[[Datasets], Datasets]:
    """Return an edit of all records at a place."""

    def edit(rows: Rows) -> Rows:
        for row in rows:
            if matches(row, where):
                row.update(values)
        return rows

    return lambda datasets: edited(datasets, name, edit)


def without(name: str, where: str) -> Callable[[Datasets], Datasets]:
    """Return an edit that leaves records out and numbers the rest anew, as a builder would."""

    def edit(datasets: Datasets) -> Datasets:
        (rows,) = (one.rows for one in datasets if one.name == name)
        kept = [row for row in rows if not matches(dict(row), where)]
        assert len(kept) < len(rows), (name, where)
        numbers = {str(row[f"{name}SEQ"]): new for new, row in enumerate(kept, start=1)}

        def renumbered(rows: Rows) -> Rows:
            return [row | {"IDVARVAL": str(numbers[str(row["IDVARVAL"])])} for row in rows]

        left = [{**row, f"{name}SEQ": number} for number, row in enumerate(kept, start=1)]
        return edited(edited(datasets, name, lambda _: left), f"SUPP{name}", renumbered)

    return edit


def added(name: str, where: str, **values: Value) -> Callable[[Datasets], Datasets]:
    """Return an edit that adds a record like the one at a place, under the next number."""

    def edit(rows: Rows) -> Rows:
        (like,) = (row for row in rows if matches(row, where))
        return [*rows, like | values | {f"{name}SEQ": len(rows) + 1}]

    return lambda datasets: edited(datasets, name, edit)


def first_row(name: str, **values: Value) -> Callable[[Datasets], Datasets]:
    """Return an edit of the first record of a dataset."""
    return lambda datasets: edited(datasets, name, lambda rows: [rows[0] | values, *rows[1:]])


def left_out(name: str) -> Callable[[Datasets], Datasets]:
    """Return an edit that leaves a dataset out."""
    return lambda datasets: tuple(one for one in datasets if one.name != name)


def without_variable(name: str, variable: str) -> Callable[[Datasets], Datasets]:
    """Return an edit that leaves a variable out of a dataset."""

    def edit(one: Dataset) -> Dataset:
        variables = tuple(known for known in one.variables if known.name != variable)
        rows = tuple({key: row[key] for key in row if key != variable} for row in one.rows)
        return replace(one, variables=variables, rows=rows)

    return lambda datasets: tuple(edit(one) if one.name == name else one for one in datasets)


def relabelled(name: str, label: str) -> Callable[[Datasets], Datasets]:
    """Return an edit of a dataset's label."""
    return lambda datasets: tuple(
        replace(one, label=label) if one.name == name else one for one in datasets
    )


def both(*seeds: Callable[[Datasets], Datasets]) -> Callable[[Datasets], Datasets]:
    """Return several edits as one."""

    def edit(datasets: Datasets) -> Datasets:
        for seed in seeds:
            datasets = seed(datasets)
        return datasets

    return edit


def measured(value: str) -> dict[str, Value]:
    """Return a result in mm."""
    return {"TRORRES": value, "TRSTRESC": value, "TRSTRESN": Decimal(value)}


def answer(word: str) -> dict[str, Value]:
    """Return a response."""
    return {"RSORRES": word, "RSSTRESC": word}


def fault(words: str, rules: str, *seeds: Callable[[Datasets], Datasets]) -> Fault:
    """Return a fault by its words, the rules it breaks and how it comes about."""
    return Fault(words, frozenset(rules.split()), both(*seeds))


SEEDED = (
    fault(
        "accepted flag X",
        "G-FLAG-1 G-FLAG-3 G-TERM-1",
        set_in("TU", "R2 1 T01 TUMIDENT", TUACPTFL="X"),
    ),
    fault(
        "response PROGRESSION",
        "G-REC-8 G-RESP-1 G-TERM-3",
        set_in("RS", "R2 3 - OVRLRESP", **answer("PROGRESSION")),
    ),
    fault(
        "test SAXIS",
        "G-RESP-1 G-RESP-2 G-SUM-2 G-SUM-3 G-TERM-1 G-TERM-2 G-TERM-3",
        set_in("TR", "R1 2 T02 LPERP", TRTESTCD="SAXIS"),
    ),
    fault(
        "the name of another test",
        "G-TERM-2",
        set_in("TR", "R1 1 T01 LDIAM", TRTEST="Longest Perpendicular"),
    ),
    fault(
        "a length in cm",
        "G-TERM-1 G-TERM-4",
        set_in("TR", "R1 1 T01 LDIAM", TRORRESU="cm", TRSTRESU="cm"),
    ),
    fault(
        "a location of no list",
        "G-REC-7 G-TERM-1",
        set_in("TU", "R1 1 NT01 TUMIDENT", TULOC="RIGHT LUNG"),
    ),
    fault(
        "another lobe", "G-REC-7", set_in("TU", "R1 1 NT01 TUMIDENT", TULOC="LUNG, LEFT LOWER LOBE")
    ),
    fault(
        "orphan link",
        "G-LINK-1 G-LINK-2 G-REC-2 G-REC-3 G-RESP-3",
        set_in("TR", "R1 2 NT01 TUMSTATE", TRLNKID="R1-NT99"),
    ),
    fault(
        "a target forgotten at a visit",
        "G-LINK-2 G-REC-3 G-RESP-1 G-RESP-2 G-SUM-3",
        without("TR", "R1 3 T01 LDIAM"),
    ),
    fault(
        "a lesion without any result",
        "G-LINK-3 G-REC-3 G-RESP-1 G-RESP-4",
        without("TR", "R2 3 NEW01 TUMSTATE"),
    ),
    fault("a whole visit missing", "G-REC-3", without("TR", "R1 3 * *"), without("RS", "R1 3 * *")),
    fault("a result twice", "G-DUP-1", added("TR", "R1 2 T01 LDIAM")),
    fault("a lesion identified again", "G-DUP-1 G-LINK-6", added("TU", "R1 1 T01 TUMIDENT")),
    fault("a number twice", "G-DUP-2", set_in("TR", "R1 1 T01 LPERP", TRSEQ=1)),
    fault(
        "0.1 mm more",
        "G-REC-1 G-SUM-1 G-SUM-2",
        set_in("TR", "R1 2 T01 LDIAM", **measured("30.1")),
    ),
    fault(
        "0.1 mm more, carried into the sums",
        "G-REC-1",
        set_in("TR", "R1 2 T01 LDIAM", **measured("30.1")),
        set_in("TR", "R1 2 - SUMDIAM", **measured("42.1")),
        set_in("TR", "R1 2 - SUMNLNLD", **measured("30.1")),
        set_in("TR", "R1 2 - PCBSD", **measured("-27.4")),
        set_in("TR", "R1 2 - PCNSD", **measured("-27.4")),
        set_in("TR", "R1 2 - ACNSD", **measured("-15.9")),
        set_in("TR", "R1 3 - ACNSD", **measured("-8.1")),
        set_in("TR", "R1 3 - PCNSD", **measured("-19.2")),
    ),
    fault(
        "long and short axis swapped",
        "G-REC-1 G-SUM-1 G-SUM-2",
        set_in("TR", "R1 1 T01 LDIAM", **measured("36.0")),
        set_in("TR", "R1 1 T01 LPERP", **measured("40.0")),
    ),
    fault(
        "a sum of other rows", "G-REC-1 G-SUM-1", set_in("TR", "R1 3 - SUMDIAM", **measured("35.0"))
    ),
    fault(
        "a change from the nadir as that from baseline",
        "G-REC-1 G-SUM-2",
        set_in("TR", "R1 3 - PCBSD", **measured("-19.0")),
    ),
    fault(
        "a sum in spite of a missing target",
        "G-REC-2 G-SUM-3",
        added(
            "TR",
            "R2 2 - SUMDIAM",
            VISITNUM=3,
            VISIT="WEEK 16",
            TRDTC="2026-04-27",
            TRDY=106,
            TRLNKGRP="R2-A3",
            **measured("15.0"),
        ),
    ),
    fault("PD turned SD", "G-REC-8 G-RESP-1", set_in("RS", "R2 3 - OVRLRESP", **answer("SD"))),
    fault(
        "target response of another visit",
        "G-RESP-2",
        set_in("RS", "R2 3 - TRGRESP", **answer("PR")),
    ),
    fault("new lesion denied", "G-RESP-4", set_in("RS", "R2 3 - NEWLIND", **answer("N"))),
    fault(
        "unconfirmed PR as best response",
        "G-RESP-8",
        set_in("RS", "R1 3 - BESTRESP", **answer("PR")),
    ),
    fault("a response missing", "G-RESP-5", without("RS", "R1 3 - TRGRESP")),
    fault("other criteria", "G-RESP-7", set_in("RS", "R1 3 - OVRLRESP", RSCAT="iRECIST")),
    fault(
        "a day later",
        "G-DATE-6 G-REC-6 G-RESP-6",
        set_in("TR", "R1 2 T01 LDIAM", TRDTC="2026-03-03", TRDY=51),
    ),
    fault(
        "a partial date", "G-DATE-1", set_in("RS", "R1 2 - OVRLRESP", RSDTC="2026-03", RSDY=None)
    ),
    fault(
        "before baseline",
        "G-DATE-2 G-RESP-6",
        set_all("RS", "R1 2 - *", RSDTC="2025-12-29", RSDY=-14),
    ),
    fault(
        "two visits on one day",
        "G-DATE-4 G-DATE-6 G-REC-6 G-RESP-6",
        set_all("TR", "* 3 * *", TRDTC="2026-03-02", TRDY=50),
    ),
    fault("a study day counted from 0", "G-DATE-5", set_in("TR", "R1 2 T01 LDIAM", TRDY=49)),
    fault(
        "accepted twice",
        "G-FLAG-2 G-FLAG-4",
        set_all("TU", "R1 * * *", TUACPTFL="Y"),
        set_all("TR", "R1 * * *", TRACPTFL="Y"),
        set_all("RS", "R1 * * *", RSACPTFL="Y"),
    ),
    fault(
        "the other read accepted",
        "G-FLAG-4",
        set_all("TU", "R1 * * *", TUACPTFL="Y"),
        set_all("TR", "R1 * * *", TRACPTFL="Y"),
        set_all("RS", "R1 * * *", RSACPTFL="Y"),
        set_all("TU", "R2 * * *", TUACPTFL=""),
        set_all("TR", "R2 * * *", TRACPTFL=""),
        set_all("RS", "R2 * * *", RSACPTFL=""),
    ),
    fault("accepted in part", "G-FLAG-3", set_in("RS", "R2 2 - OVRLRESP", RSACPTFL="")),
    fault(
        "last observation before exposure at week 8",
        "G-FLAG-5",
        set_in("TR", "R1 2 T01 LDIAM", TRLOBXFL="Y"),
    ),
    fault("evaluator without its kind", "G-REQ-6", set_in("RS", "R1 2 - OVRLRESP", RSEVAL="")),
    fault("NOT DONE without a reason", "G-REQ-4", set_in("TR", "R2 3 T02 LDIAM", TRREASND="")),
    fault(
        "NOT DONE with a result",
        "G-REQ-4 G-TERM-4",
        set_in("TR", "R2 3 T02 LDIAM", TRORRES="12.0", TRSTRESC="12.0"),
    ),
    fault(
        "a number missing",
        "G-REC-1 G-REQ-4 G-RESP-1 G-RESP-2 G-SUM-2 G-SUM-3",
        set_in("TR", "R1 2 T01 LDIAM", TRSTRESN=None),
    ),
    fault("no place", "G-REC-7 G-REQ-7", set_in("TU", "R1 1 T01 TUMIDENT", TULOC="")),
    fault("no country", "G-REC-9 G-REQ-1", first_row("DM", COUNTRY="")),
    fault(
        "no date of identification",
        "G-REQ-3",
        set_in("TU", "R1 1 T01 TUMIDENT", TUDTC="", TUDY=None),
    ),
    fault("no RELREC", "G-LINK-6", left_out("RELREC")),
    fault(
        "a relation by a variable that does not exist",
        "G-LINK-6",
        first_row("RELREC", IDVAR="TULNKGRP"),
    ),
    fault("a supplement to nothing", "G-LINK-7", first_row("SUPPTR", IDVARVAL="99")),
    fault("a group of no response", "G-LINK-4", set_all("TR", "R1 3 * *", TRLNKGRP="R1-A9")),
    fault(
        "the link of the other radiologist",
        "G-LINK-1 G-LINK-5 G-RESP-1 G-RESP-2 G-SUM-2 G-SUM-3",
        set_in("TR", "R1 2 T01 LDIAM", TRLNKID="R2-T01"),
    ),
    fault(
        "a visit that SV has not",
        "G-LINK-9 G-REC-9",
        lambda sets: edited(sets, "SV", lambda rows: rows[:2]),
    ),
    fault(
        "a patient who is not in DM",
        "G-LINK-8 G-REC-2 G-REC-3 G-REC-7 G-REC-9",
        first_row("DM", USUBJID="NRC-001-0002"),
    ),
    fault(
        "a role changed",
        "G-LIST-4 G-REC-7 G-RESP-1 G-RESP-2 G-RESP-5 G-RESP-8 G-SUM-3",
        set_in("TU", "R1 1 NT01 TUMIDENT", TUORRES="TARGET", TUSTRESC="TARGET"),
    ),
    fault(
        "a target identified at week 8",
        "G-LIST-3",
        set_in("TU", "R1 1 T02 TUMIDENT", VISITNUM=2, VISIT="WEEK 8", EPOCH="TREATMENT"),
    ),
    fault(
        "a reader's name",
        "G-NAME-1",
        set_in("TR", "R2 3 T02 LDIAM", TRREASND="NOT EVALUABLE (Okafor)"),
    ),
    fault("a patient's name", "G-NAME-2", set_in("TR", "R2 3 T02 LDIAM", TRREASND="DOE^JANE")),
    fault(
        "a letter that is not ASCII",
        "G-XPT-2",
        set_in("TR", "R2 3 T02 LDIAM", TRREASND="unauswertbar (Größe)"),
    ),
    fault(
        "a text of 201 characters", "G-XPT-2", set_in("TR", "R2 3 T02 LDIAM", TRREASND="x" * 201)
    ),
    fault(
        "reported and standard result differ",
        "G-REC-1 G-REQ-5",
        set_in("TR", "R1 2 T01 LDIAM", TRORRES="32.0"),
    ),
    fault("a column left out", "G-REQ-2", without_variable("TR", "TRMETHOD")),
    fault(
        "a later visit dated earlier",
        "G-DATE-3 G-DATE-6 G-REC-6 G-RESP-1 G-RESP-2 G-RESP-6 G-RESP-8 G-SUM-2",
        set_all("TR", "R1 3 * *", TRDTC="2026-02-02", TRDY=22),
    ),
    fault(
        "a label of 45 characters",
        "G-XPT-1",
        relabelled("TU", "Tumors and lesions as the radiologists saw it"),
    ),
    fault(
        "text in a numeric variable",
        "G-REC-1 G-REQ-4 G-RESP-1 G-RESP-2 G-SUM-2 G-SUM-3 G-XPT-3",
        set_in("TR", "R1 2 T01 LDIAM", TRSTRESN="30.0"),
    ),
    fault("another study", "G-LINK-8", first_row("DM", STUDYID="NRD")),
    fault("a visit under another name", "G-LINK-9", set_in("TR", "R1 2 T01 LDIAM", VISIT="WEEK 9")),
    fault(
        "the image of another lesion",
        "G-REC-10",
        set_in("TR", "R1 2 T01 LDIAM", TRREFID="1.2.3.4.20260302.120"),
    ),
    fault(
        "a planned day of another week",
        "G-LINK-9 G-REC-9",
        lambda sets: edited(
            sets, "SV", lambda rows: [rows[0], rows[1] | {"VISITDY": 113}, rows[2]]
        ),
    ),
    fault("a reason of no list", "G-TERM-5", first_row("SUPPTR", QVAL="IT WAS DARK")),
)
"""The faults, each with the rules that name it."""
