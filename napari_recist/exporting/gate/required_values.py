"""Checks of what has to be there: variables, dates, results or why there is none."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import FINDINGS, Record, Records
from napari_recist.exporting.gate.terminology import CHANGES, LENGTHS, SUMS, WITHOUT_SIZE
from napari_recist.exporting.sdtm.variables import variables_of

TOO_SMALL = "TOO SMALL TO MEASURE"
"""What is reported of a target that is seen and too small to measure; the standard result is
the charter's default (R-14)."""


REMEDIES = {"COUNTRY": ": give the site's country in [transfer] countries of the charter"}
"""What to do about a value that a setting gives."""


def lacking_values(records: Records) -> Iterator[Finding]:
    """G-REQ-1: a variable of core Req is null. G-REQ-2: a variable of core Req or Exp is absent."""
    for dataset in records.datasets.values():
        present = {variable.name for variable in dataset.variables}
        due = [variable for variable in variables_of(dataset.name) if variable.core != "Perm"]
        for variable in due:
            if variable.name not in present:
                message = f"{variable.name} is {variable.core} and has no column"
                yield Finding("G-REQ-2", dataset.name, "", message)
        required = [one.name for one in due if one.core == "Req" and one.name in present]
        for record in records.of(dataset.name):
            for name in required:
                if not record.text(name):
                    message = f"{name} is required and null{REMEDIES.get(name, '')}"
                    yield Finding("G-REQ-1", dataset.name, record.place, message)


def missing_dates(records: Records) -> Iterator[Finding]:
    """G-REQ-3: a statement has no date, or no visit."""
    for record in records.stated:
        lacking = [name for name in ("--DTC", "VISITNUM") if not record.text(name)]
        if record.text("--TESTCD") == "BESTRESP":
            lacking = [name for name in lacking if name != "VISITNUM"]  # of the read as a whole
        for name in lacking:
            variable = name.replace("--", record.dataset)
            yield Finding("G-REQ-3", record.dataset, record.place, f"{variable} is missing")


def results_and_reasons(records: Records) -> Iterator[Finding]:
    """G-REQ-4: neither a result nor NOT DONE with its reason; or both."""
    for record in records.stated:
        done = [name for name in ("--ORRES", "--STRESC", "--STRESN") if record.text(name)]
        if record.text("--STAT"):
            if done:
                message = f"is {record.text('--STAT')} and has a result"
            elif not record.text("--REASND"):
                message = f"is {record.text('--STAT')} without a reason"
            else:
                continue
        elif not record.text("--ORRES") or not record.text("--STRESC"):
            message = "has no result and is not said to be NOT DONE"
        elif record.text("--REASND"):
            message = "has a result and a reason why there is none"
        elif _number_due(record) and record.amount("--STRESN") is None:
            message = "TRSTRESN is missing"
        else:
            continue
        yield Finding("G-REQ-4", record.dataset, record.place, message)


def _number_due(record: Record) -> bool:
    test = record.text("--TESTCD")
    if record.text("--STRESC") == WITHOUT_SIZE:
        return False
    return test in LENGTHS or test in SUMS or test in CHANGES


def standard_results(records: Records) -> Iterator[Finding]:
    """G-REQ-5: the standard result is not what was reported."""
    for record in records.stated:
        original, standard = record.text("--ORRES"), record.text("--STRESC")
        number = record.amount("--STRESN")
        same = original in {standard, TOO_SMALL}
        if number is not None and decimal_in(standard) != number:
            message = f"{record.dataset}STRESC is {standard!r}, {record.dataset}STRESN {number}"
        elif not same and (number is None or decimal_in(original) != number):
            message = f"{record.dataset}ORRES is {original!r}, {record.dataset}STRESC {standard!r}"
        else:
            continue
        yield Finding("G-REQ-5", record.dataset, record.place, message)


def decimal_in(text: str) -> Decimal | None:
    """Return the number that a text writes, ``None`` where it writes none."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def evaluators(records: Records) -> Iterator[Finding]:
    """G-REQ-6: who evaluated is not told, or an identifier without what kind of evaluator."""
    for name in FINDINGS:
        for record in records.of(name):
            if not record.text("--EVAL"):
                told = record.text("--EVALID") or record.text("--ACPTFL")
                message = f"{name}EVAL is missing" + (f" beside {told!r}" if told else "")
                yield Finding("G-REQ-6", name, record.place, message)


def places_of_lesions(records: Records) -> Iterator[Finding]:
    """G-REQ-7: where a lesion lies is told neither by TULOC nor by TULOCDTL in SUPPTU."""
    told = {
        (record.subject, record.text("IDVAR"), record.text("IDVARVAL"))
        for record in records.of("SUPPTU")
        if record.text("QNAM") == "TULOCDTL"
    }
    for record in records.of("TU"):
        keys = {(record.subject, name, record.text(name)) for name in ("TUSEQ", "TULNKID")}
        if not record.text("TULOC") and not keys & told:
            yield Finding("G-REQ-7", "TU", record.place, "the place of the lesion is missing")
