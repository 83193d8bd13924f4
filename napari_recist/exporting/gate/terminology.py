"""Checks of terms: each coded value is a term of its list, each result one its test can have."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import Record, Records
from napari_recist.exporting.sdtm.dataset import Dataset, Variable
from napari_recist.exporting.sdtm.terminology import (
    NAMES_OF,
    ONCRSR,
    RSTESTCD,
    TRPROPRS,
    TRTESTCD,
    TUTESTCD,
    codelist,
    codelists,
)

LENGTHS = frozenset({"LDIAM", "LPERP", "DIAMETER", "VDIAM"})
"""Tests of one lesion that measure millimetres."""

SUMS = frozenset({"SUMDIAM", "SUMNLNLD", "SUMVDIAM"})
"""Sums over targets, in mm: of all, of those that are no lymph nodes, of viable parts."""

PERCENTAGES = frozenset({"PCBSD", "PCNSD"})
CHANGES = frozenset({"ACNSD", *PERCENTAGES})
"""Changes of a sum: in mm, or in per cent."""

_STATES_OF_NODE = {"PATHOLOGICAL", "NON-PATHOLOGICAL"}
_STATES = {"PRESENT", "ABSENT", "ENLARGEMENT FROM NADIR", "EQUIVOCAL", "UNEQUIVOCAL"}
_OF_TARGETS = {"CR", "PR", "SD", "PD", "NE"}
_OF_TARGETS_I = {"iCR", "iPR", "iSD", "iUPD", "iCPD"}
_OF_OTHERS = {"CR", "NON-CR/NON-PD", "PD", "NE"}
_OF_OTHERS_I = {"iCR", "NON-iCR/NON-iUPD", "iUPD", "iCPD"}
_OVERALL = _OF_TARGETS | _OF_OTHERS | {"NED"}
_OVERALL_I = _OF_TARGETS_I | _OF_OTHERS_I

RESULTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "TUMIDENT": frozenset({"TARGET", "NON-TARGET", "NEW"}),
        "TUSPLIT": frozenset({"TARGET"}),
        "TUMERGE": frozenset({"TARGET"}),
        "TUMSTATE": frozenset(_STATES),
        "LNSTATE": frozenset(_STATES_OF_NODE),
        "TRGRESP": frozenset(_OF_TARGETS | _OF_TARGETS_I),
        "NTRGRESP": frozenset(_OF_OTHERS | _OF_OTHERS_I),
        "OVRLRESP": frozenset(_OVERALL | _OVERALL_I),
        "BESTRESP": frozenset(_OVERALL | _OVERALL_I),
        "NEWLPROG": frozenset({"EQUIVOCAL", "UNEQUIVOCAL"}),
        "NEWLIND": frozenset({"Y", "N"}),
    }
)
"""Which results a test can have, by CDISC's biomedical concepts for RECIST 1.1 (COSMoS, R15).

Beside them stand the words of iRECIST, and NON-CR/NON-PD as an overall response where there is no
target (T-5). Each is a term of the codelist of its variable.
"""

WITHOUT_SIZE = "TUMOR MERGED"
"""The result of a target that merged into another: the one word a test of size can have."""

TESTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "TU": frozenset({"TUMIDENT", "TUSPLIT", "TUMERGE"}),
        "TR": frozenset({*LENGTHS, *SUMS, *CHANGES, "TUMSTATE", "LNSTATE"}),
        "RS": frozenset({"TRGRESP", "NTRGRESP", "NEWLIND", "NEWLPROG", "OVRLRESP", "BESTRESP"}),
    }
)
"""The tests of a read by RECIST, mRECIST or iRECIST."""

_LISTS_OF_TESTS = {"TU": TUTESTCD, "TR": TRTESTCD, "RS": RSTESTCD}
_RESULT_LISTS = {TRPROPRS, ONCRSR}
"""Lists of words for results that may also be numbers, or are the answers of ``RESULTS``."""


def foreign_terms(records: Records) -> Iterator[Finding]:
    """G-TERM-1: a value of a variable with a codelist is none of its terms.

    Extensible lists count as closed: no term of ours is our own.
    """
    for dataset in records.datasets.values():
        for variable in dataset.variables:
            if variable.codelist in codelists() and variable.codelist not in _RESULT_LISTS:
                yield from _foreign_in(records, dataset, variable)


def _foreign_in(records: Records, dataset: Dataset, variable: Variable) -> Iterator[Finding]:
    known = codelist(variable.codelist)
    for record in records.of(dataset.name):
        value = record.text(variable.name)
        if value and value not in known.terms:
            message = f"{variable.name} is {value!r}, no term of {known.name} ({known.code})"
            yield Finding("G-TERM-1", dataset.name, record.place, message)


def strange_tests(records: Records) -> Iterator[Finding]:
    """G-TERM-2: a test is none of a read of tumours, or goes by another test's name."""
    for record in records.stated:
        short_name, name = record.text("--TESTCD"), record.text("--TEST")
        tests = _LISTS_OF_TESTS[record.dataset]
        if short_name not in TESTS[record.dataset]:
            message = f"{short_name!r} is no test of such a read"
        elif name != codelist(tests).terms[short_name].decode:
            code = NAMES_OF[tests]
            message = f"{short_name} is called {name!r}, not as {codelist(code).name} ({code}) has"
        else:
            continue
        yield Finding("G-TERM-2", record.dataset, record.place, message)


def impossible_results(records: Records) -> Iterator[Finding]:
    """G-TERM-3: the result is a word that its test cannot have."""
    for record in records.stated:
        test, result = record.text("--TESTCD"), record.text("--STRESC")
        possible = RESULTS.get(test, frozenset())
        if not result or result in possible or (_of_size(test) and _number_or_merged(record)):
            continue
        message = f"{test} cannot have the result {result!r}"
        yield Finding("G-TERM-3", record.dataset, record.place, message)


REASONS = frozenset(
    {
        "POOR SCAN QUALITY",
        "NON-COMPATIBLE TECHNIQUE",
        "OBSCURING DUE TO PHYSICAL CHANGES",
        "RESECTION OR FOCAL THERAPY PERFORMED",
    }
)
"""Why a lesion was not evaluable, by CDISC's biomedical concepts (TRREASNE)."""

ORIGINS = frozenset({"Assigned", "Collected", "Derived", "Predecessor", "Protocol"})
"""Where a value comes from, as Define-XML has it."""


def strange_qualifiers(records: Records) -> Iterator[Finding]:
    """G-TERM-5: a supplemental qualifier has several labels, or a value or origin of no list."""
    labels: dict[str, str] = {}
    for name in records.datasets:
        for record in records.of(name) if name.startswith("SUPP") else ():
            qualifier, label = record.text("QNAM"), record.text("QLABEL")
            if labels.setdefault(qualifier, label) != label:
                message = f"QLABEL is {label!r}, elsewhere {labels[qualifier]!r}"
            elif record.text("QORIG") not in ORIGINS:
                message = f"QORIG is {record.text('QORIG')!r}"
            elif qualifier == "TRREASNE" and record.text("QVAL") not in REASONS:
                message = f"{qualifier} cannot be {record.text('QVAL')!r}"
            else:
                continue
            yield Finding("G-TERM-5", name, record.place, message)


def _of_size(test: str) -> bool:
    return test in LENGTHS or test in SUMS or test in CHANGES


def _number_or_merged(record: Record) -> bool:
    if record.text("--STRESC") == WITHOUT_SIZE:
        return record.text("--TESTCD") in LENGTHS
    return _reads_as_number(record.text("--STRESC"))


def wrong_units(records: Records) -> Iterator[Finding]:
    """G-TERM-4: a number is not in the unit of its test, or words have a unit."""
    for record in records.of("TR"):
        unit, original = record.text("--STRESU"), record.text("--ORRESU")
        due = ""
        if _reads_as_number(record.text("--STRESC")):
            due = "%" if record.text("--TESTCD") in PERCENTAGES else "mm"
        words = bool(record.text("--ORRES")) and not _reads_as_number(record.text("--ORRES"))
        if unit != due or original not in ({"", due} if words else {due}):
            message = f"TRSTRESU is {unit!r} and TRORRESU {original!r}; {due!r} is due"
            yield Finding("G-TERM-4", "TR", record.place, message)


def _reads_as_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
