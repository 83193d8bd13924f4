"""The trial as CDISC ODM: valid, complete, and every value with its transaction and signature."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from odmlib.odm_parser import ODMSchemaValidator

from napari_recist.criteria import LesionAdded, LesionMeasured, Undone, VisitSigned
from napari_recist.errors import ExportError
from napari_recist.exporting.odm.document import person_code
from napari_recist.exporting.odm.export import export_odm, odm_files
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import Trial, freeze
from tests.exporting.frozen_trials import (
    ADJUDICATOR,
    ADMINISTRATOR,
    AGREEING,
    FIRST,
    MONITOR,
    OPEN,
    OWN,
    PATIENT_ID,
    SECOND,
    SETTLED,
    T3,
    WAITING,
    caliper,
    sign,
)
from tests.exporting.odm.told_twice import Field, fields_of
from tests.trial.conftest import PASSWORD

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


def root_of(content: bytes) -> ET.Element:
    """Return the root of a document that we made ourselves."""
    return ET.fromstring(content)


def played(root: ET.Element) -> dict[Field, str]:
    """Return the values that all transactions of a document come to, played in their order.

    Each insertion must be of a value that is not there, each change and removal of one that is.
    """
    values: dict[Field, str] = {}
    for subject in root.iter(f"{ODM}SubjectData"):
        for event in subject.iter(f"{ODM}StudyEventData"):
            for form in event.iter(f"{ODM}FormData"):
                for group in form.iter(f"{ODM}ItemGroupData"):
                    for item in group.iter(f"{ODM}ItemData"):
                        _, name, column = item.attrib["ItemOID"].lower().split(".")
                        field = (
                            subject.attrib["SubjectKey"],
                            form.get("FormRepeatKey", ""),
                            event.get("StudyEventRepeatKey", ""),
                            name,
                            group.get("ItemGroupRepeatKey", ""),
                            column,
                        )
                        change = item.attrib["TransactionType"]
                        assert (field in values) == (change != "Insert"), (field, change)
                        if change == "Remove":
                            assert item.get("IsNull") == "Yes"
                            del values[field]
                        else:
                            values[field] = item.attrib["Value"]
    return values


def of_reads(values: Mapping[Field, str]) -> dict[Field, str]:
    """Return the values without which read counts, and by which criteria it was judged."""
    apart = ("accepted", "criteria")
    return {field: values[field] for field in values if not {field[3], field[5]} & set(apart)}


def test_the_document_is_valid(files: Mapping[str, bytes], tmp_path: Path) -> None:
    """CDISC's own schema of ODM 1.3.2 accepts it, and would not accept it with an item missing."""
    validator = ODMSchemaValidator(standard="odm", version="1.3.2")
    good, bad = tmp_path / "odm.xml", tmp_path / "bad.xml"
    good.write_bytes(files["odm.xml"])
    bad.write_bytes(files["odm.xml"].replace(b' ItemOID="IT.LESION.ROLE"', b"", 1))

    validator.validate_file(str(good))
    with pytest.raises(Exception, match="ItemOID"):
        validator.validate_file(str(bad))


def test_every_identifier_is_defined_and_only_once(files: Mapping[str, bytes]) -> None:
    """What data refer to is defined in the document: items, forms, people, places, meanings."""
    root = root_of(files["odm.xml"])
    defined = Counter(element.attrib["OID"] for element in root.iter() if "OID" in element.attrib)
    referred = {
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name.endswith("OID") and name not in {"OID", "FileOID"}
    }

    assert [oid for oid, times in defined.items() if times > 1] == []
    assert referred - set(defined) == set()


def test_all_transactions_come_to_what_was_signed(
    files: Mapping[str, bytes], transfer: Transfer
) -> None:
    """Played in their order they give the tables of ``export csv``: no value more, none less."""
    assert of_reads(played(root_of(files["odm.xml"]))) == fields_of(transfer)


def test_the_history_of_a_value_is_told(frozen_trial: Trial) -> None:
    """A measurement undone and drawn anew: inserted, removed, inserted, each by its record."""
    seat = frozen_trial.sign_in(FIRST, PASSWORD)
    seat.append(OPEN, LesionAdded("W8", T3))
    drawn = caliper(OPEN, "W8", T3, 23.4)
    first = seat.append(OPEN, LesionMeasured("W8", "T3", 234, drawn))
    undone = seat.append(OPEN, Undone(first.sequence))
    again = seat.append(OPEN, LesionMeasured("W8", "T3", 236, drawn))
    sign(seat, OPEN, "W8")
    freeze(frozen_trial, "")
    root = root_of(odm_files(frozen_transfer(frozen_trial))["odm.xml"])
    told = [
        (item.get("TransactionType"), item.get("Value"), item.findtext(f"*/{ODM}SourceID"))
        for subject in root.iter(f"{ODM}SubjectData")
        if subject.get("SubjectKey") == OPEN
        for group in subject.iter(f"{ODM}ItemGroupData")
        if group.get("ItemGroupRepeatKey") == "T3"
        for item in group
        if item.get("ItemOID") == "IT.LESION.DIAMETER_MM"
    ]

    assert told == [
        ("Insert", "23.4", str(first.sequence)),
        ("Remove", None, str(undone.sequence)),
        ("Insert", "23.6", str(again.sequence)),
    ]


def test_who_when_and_which_record_stands_at_each_value(
    files: Mapping[str, bytes], transfer: Transfer
) -> None:
    """An audit record is the record's own: its number, its moment, and the code of its person."""
    events = {
        str(event.sequence): event
        for patient in transfer.patients
        for read in patient.reads
        for event in read.events
    }
    audits = [
        item.find(f"{ODM}AuditRecord")
        for form in root_of(files["odm.xml"]).iter(f"{ODM}FormData")
        if form.get("FormOID") != "F.ACCEPTED"
        for item in form.iter(f"{ODM}ItemData")
    ]

    assert len(audits) > 500
    for audit in audits:
        assert audit is not None
        event = events[audit.findtext(f"{ODM}SourceID", "")]
        (user,) = audit.iter(f"{ODM}UserRef")
        assert user.attrib["UserOID"] == person_code(transfer.trial_uid, event.actor)
        moment = event.recorded_at.isoformat(timespec="milliseconds")
        assert audit.findtext(f"{ODM}DateTimeStamp") == moment


def test_each_signature_stands_on_the_forms_that_were_signed(
    files: Mapping[str, bytes], transfer: Transfer
) -> None:
    """Each signed visit of each read: on its lesions and response; adjudications on theirs."""
    expected = Counter(
        (patient.subject, read.evaluator, event.fact.visit)
        for patient in transfer.patients
        for read in patient.reads
        for event in read.events
        if isinstance(event.fact, VisitSigned)
    )
    root = root_of(files["odm.xml"])
    signed: dict[str, Counter[tuple[str, str, str]]] = {}
    for subject in root.iter(f"{ODM}SubjectData"):
        for event in subject.iter(f"{ODM}StudyEventData"):
            for form in event.iter(f"{ODM}FormData"):
                if form.find(f"{ODM}Signature") is not None:
                    key = subject.attrib["SubjectKey"], form.get("FormRepeatKey", "")
                    of_form = signed.setdefault(form.attrib["FormOID"], Counter())
                    of_form[*key, event.get("StudyEventRepeatKey", "")] += 1

    assert signed["F.LESION"] == signed["F.RESPONSE"] == expected
    assert set(signed["F.ACCEPTED"]) == {(SETTLED, "", ""), (OWN, "", "")}


def test_which_read_counts_is_told_once_it_is_settled(files: Mapping[str, bytes]) -> None:
    """By agreement, by adjudication, and not at all while nobody has settled it."""
    told = {
        (field[0], field[5]): value
        for field, value in played(root_of(files["odm.xml"])).items()
        if field[3] == "accepted"
    }

    assert told[AGREEING, "reason_accepted"] == "the reads agree"
    assert told[OWN, "evaluator"] == "ADJUDICATOR 1"
    assert told[SETTLED, "evaluator"] == "RADIOLOGIST 1"
    assert not {subject for subject, _ in told} & {WAITING, OPEN}


def test_nobody_is_named(files: Mapping[str, bytes]) -> None:
    """No reader, administrator or monitor, and nothing by which a hospital knows its patients."""
    for name in (FIRST, SECOND, ADJUDICATOR, ADMINISTRATOR, MONITOR, PATIENT_ID):
        for file, content in files.items():
            assert name.encode() not in content, file


def test_without_trial_id_or_site_nothing_is_written(transfer: Transfer) -> None:
    """Values would go to no study or no site: the refusal says which, and what to do."""
    nameless = replace(transfer.charter, trial=replace(transfer.charter.trial, id=""))
    homeless = (replace(transfer.patients[0], site=""), *transfer.patients[1:])

    with pytest.raises(ExportError, match=r"\[trial\] id"):
        odm_files(replace(transfer, charter=nameless))
    with pytest.raises(ExportError, match=f"The site of {AGREEING} is not known"):
        odm_files(replace(transfer, patients=homeless))


def test_an_export_comes_again_byte_for_byte(frozen_trial: Trial, tmp_path: Path) -> None:
    """Written twice into two folders, the files are the same."""
    once, again = tmp_path / "once", tmp_path / "again"
    export_odm(frozen_trial, once)
    export_odm(frozen_trial, again)

    names = sorted(str(file.relative_to(once)) for file in once.rglob("*") if file.is_file())
    assert "odm.xml" in names
    for name in names:
        assert (once / name).read_bytes() == (again / name).read_bytes(), name
