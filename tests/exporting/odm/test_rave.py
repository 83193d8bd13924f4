"""The trial for Medidata Rave: one document for each patient, which holds what was signed."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from napari_recist.exporting.transfer.frozen import Transfer
from tests.exporting.frozen_trials import PIECES, SUBJECTS
from tests.exporting.odm.told_twice import Field, fields_of

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
SUBMISSION = "{http://www.mdsol.com/ns/odm/metadata}Submission"


def documents(files: Mapping[str, bytes]) -> dict[str, ET.Element]:
    """Return Rave's documents by patient."""
    return {
        name.removeprefix("rave/").removesuffix(".xml"): ET.fromstring(content)
        for name, content in files.items()
        if name.startswith("rave/")
    }


def loaded(root: ET.Element) -> dict[Field, str]:
    """Return what Rave holds of a patient's reads once it has taken a document in."""
    found: dict[Field, str] = {}
    (subject,) = root.iter(f"{ODM}SubjectData")
    for event in subject.iter(f"{ODM}StudyEventData"):
        visit = event.attrib["StudyEventOID"].replace("SUBJECT", "")
        for form in event.iter(f"{ODM}FormData"):
            name = form.attrib["FormOID"]
            for line in form.iter(f"{ODM}ItemGroupData"):
                values = {
                    item.attrib["ItemOID"].removeprefix(f"{name}.").lower(): item.attrib["Value"]
                    for item in line
                    if "Value" in item.attrib
                }
                if name == "ACCEPTED":
                    continue
                evaluator, lesion = values.pop("evaluator"), values.get("lesion", "")
                values.pop("criteria", "")
                key = (subject.attrib["SubjectKey"], evaluator, visit, name.lower(), lesion)
                found.update({(*key, item): value for item, value in values.items()})
    return found


def test_what_is_loaded_is_what_was_signed(files: Mapping[str, bytes], transfer: Transfer) -> None:
    """All documents together are the tables of ``export csv``."""
    found = documents(files)
    together = {field: value for root in found.values() for field, value in loaded(root).items()}

    assert tuple(sorted(found)) == SUBJECTS
    assert together == fields_of(transfer)


def test_lesions_are_log_lines_without_a_gap(files: Mapping[str, bytes]) -> None:
    """Each visit's form has the same lines, fragments of a split lesion among them."""
    lines = {
        tuple(line.get("ItemGroupRepeatKey", "") for line in form.iter(f"{ODM}ItemGroupData"))
        for form in documents(files)[PIECES].iter(f"{ODM}FormData")
        if form.get("FormOID") == "LESION"
    }

    assert lines == {("1", "2", "3", "4", "5")}


def test_a_blank_value_empties_what_rave_held(files: Mapping[str, bytes]) -> None:
    """Each line tells of every item: a value, or that there is none."""
    for root in documents(files).values():
        for line in root.iter(f"{ODM}ItemGroupData"):
            assert line.get("TransactionType") == "Upsert"
            assert line.get(SUBMISSION) == "SpecifiedItemsOnly"
            assert all(("Value" in item.attrib) != ("IsNull" in item.attrib) for item in line)
