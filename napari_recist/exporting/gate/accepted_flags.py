"""Checks of flags: one accepted read of a subject, whole; baseline only at baseline."""

from collections.abc import Iterator, Mapping

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import Records

_FLAGS = ("--ACPTFL", "--BLFL", "--LOBXFL", "--DRVFL")


def strange_flags(records: Records) -> Iterator[Finding]:
    """G-FLAG-1: a flag is neither Y nor null."""
    for record in records.stated:
        for flag in _FLAGS:
            if record.text(flag) not in {"", "Y"}:
                message = f"{flag.replace('--', record.dataset)} is {record.text(flag)!r}"
                yield Finding("G-FLAG-1", record.dataset, record.place, message)


def accepted_twice(records: Records) -> Iterator[Finding]:
    """G-FLAG-2: records of two evaluators of one subject are accepted.

    G-FLAG-3: an evaluator's records are accepted in part.
    """
    accepted: dict[str, str] = {}
    for (subject, evaluator), read in records.reads.items():
        flagged = [record for record in read.all if record.text("--ACPTFL") == "Y"]
        if not flagged:
            continue
        other = accepted.setdefault(subject, evaluator)
        if other != evaluator:
            first = flagged[0]
            message = f"records of {other} are accepted too"
            yield Finding("G-FLAG-2", first.dataset, first.place, message)
        if len(flagged) == len(read.all):
            continue
        for record in read.all:
            if record.text("--ACPTFL") != "Y":
                message = "other records of this evaluator are accepted"
                yield Finding("G-FLAG-3", record.dataset, record.place, message)


def accepted_otherwise(records: Records, decided: Mapping[str, str]) -> Iterator[Finding]:
    """G-FLAG-4: not the read that the trial accepted is flagged.

    ``decided`` tells the accepted evaluator of each subject, "" while it is open.
    """
    for (subject, evaluator), read in records.reads.items():
        if subject not in decided:
            continue
        due = decided[subject] == evaluator
        flagged = [record for record in read.all if record.text("--ACPTFL") == "Y"]
        if bool(flagged) is due:
            continue
        first = (flagged or read.all)[0]
        by = decided[subject] or "no read yet"
        message = f"{evaluator} is {'' if flagged else 'not '}flagged; accepted is {by}"
        yield Finding("G-FLAG-4", first.dataset, first.place, message)


def baseline_flags(records: Records) -> Iterator[Finding]:
    """G-FLAG-5: a baseline flag stands elsewhere than at baseline, or not on all of it."""
    for read in records.reads.values():
        baseline = read.baseline
        used = {
            (record.dataset, flag)
            for record in read.all
            for flag in ("--BLFL", "--LOBXFL")
            if record.text(flag)
        }
        for record in read.all:
            at_baseline = baseline is not None and record.amount("VISITNUM") == baseline
            for flag in ("--BLFL", "--LOBXFL"):
                flagged = bool(record.text(flag))
                if (record.dataset, flag) in used and flagged is not at_baseline:
                    told = "stands at a later visit" if flagged else "is missing at baseline"
                    message = f"{flag.replace('--', record.dataset)} {told}"
                    yield Finding("G-FLAG-5", record.dataset, record.place, message)
