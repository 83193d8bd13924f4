"""Checks that nobody is named: neither who reads and manages the trial, nor a patient."""

import re
from collections.abc import Iterable, Iterator

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import Records
from napari_recist.exporting.sdtm.dataset import Dataset, DataType

_DICOM_NAME = re.compile(r"[^\W\d_]\^")
"""Two parts of a name as DICOM writes it (family^given)."""

_OURS = ("SEQ", "LNKID", "LNKGRP", "GRPID", "DOMAIN", "TESTCD", "TEST", "DTC", "DY")
_GIVEN = {"STUDYID", "USUBJID", "SUBJID", "SITEID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QORIG"}
_GIVEN |= {"VISIT", "RELID", "RELTYPE"}
"""Variables whose values this program forms, or the charter gives: no person can stand there."""


def named_people(records: Records, people: Iterable[str]) -> Iterator[Finding]:
    """G-NAME-1: a person of the trial is named. G-NAME-2: something is written as a DICOM name.

    Parameters
    ----------
    people : iterable of str
        The trial's names for readers, signers, and who froze the transfer.
    """
    names = sorted({name for name in people if name}, key=len, reverse=True)
    either = "|".join(re.escape(name) for name in names)
    known = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if names else None
    for dataset in records.datasets.values():
        free = _free_text(dataset)
        for record in records.of(dataset.name):
            for variable in free:
                text = record.text(variable)
                if known is not None and text and known.search(text):
                    message = f"{variable} names a person of the trial"
                    yield Finding("G-NAME-1", dataset.name, record.place, message)
                if "^" in text and _DICOM_NAME.search(text):
                    message = f"{variable} holds what is written as a name of DICOM"
                    yield Finding("G-NAME-2", dataset.name, record.place, message)


def _free_text(dataset: Dataset) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in dataset.variables
        if one.type is DataType.CHAR
        and not one.codelist
        and one.name not in _GIVEN
        and not one.name.removeprefix(dataset.name).startswith(_OURS)
    )
