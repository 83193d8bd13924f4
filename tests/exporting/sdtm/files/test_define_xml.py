"""Facts about Define-XML: valid by CDISC's schema, and true of the datasets it describes."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from odmlib.define_loader import XMLDefineLoader
from odmlib.loader import ODMLoader
from odmlib.odm_parser import ODMSchemaValidator
from odmlib.oid_generator import create_oid_checker

from napari_recist.exporting.sdtm.files.dataset_json import Provenance, ndjson_text
from napari_recist.exporting.sdtm.files.define_xml import define_xml_text
from tests.exporting.sdtm.files.small_export import TRANSFER, small_export

NAMES = {"o": "http://www.cdisc.org/ns/odm/v1.3", "d": "http://www.cdisc.org/ns/def/v2.1"}
DEF = f"{{{NAMES['d']}}}"


@pytest.fixture(scope="module")
def text() -> str:
    """Return the Define-XML of the small export."""
    return define_xml_text(small_export(), TRANSFER)


@pytest.fixture(scope="module")
def root(text: str) -> ET.Element:
    """Return it as any program sees it."""
    return ET.fromstring(text)


def item(root: ET.Element, oid: str) -> ET.Element:
    """Return an ItemDef by its OID."""
    found = root.find(f".//o:ItemDef[@OID='{oid}']", NAMES)
    assert found is not None
    return found


def test_it_is_valid(text: str, tmp_path: Path) -> None:
    """CDISC's XML schema of Define-XML 2.1 accepts it."""
    file = tmp_path / "define.xml"
    file.write_text(text, encoding="utf-8")

    assert ODMSchemaValidator(standard="define", version="2.1").validate_file(file) is None


def test_every_reference_leads_somewhere(text: str, tmp_path: Path) -> None:
    """Odmlib's own check finds no reference without definition, no definition that none uses."""
    file = tmp_path / "define.xml"
    file.write_text(text, encoding="utf-8")
    loader = ODMLoader(XMLDefineLoader(model_package="define_2_1", ns_uri=NAMES["d"]))
    loader.open_odm_document(str(file))
    checker = create_oid_checker("define_2_1")

    assert loader.load_odm().verify_oids(checker)
    assert set(checker.check_unreferenced_oids()) <= {
        "STDY.NRC-HCC-201",
        "MDV.NAPARI-RECIST.SDTM",
        "IG.TU",
        "IG.TR",
        "IG.SUPPTR",
    }


def test_results_are_told_test_by_test(root: ET.Element) -> None:
    """A diameter is a number that was read, a sum is derived by a method, a state is a term."""
    diameter, total, state = (
        item(root, f"IT.TR.TRORRES.{test}") for test in ("LDIAM", "SUMDIAM", "LNSTATE")
    )
    refs = {
        ref.get("ItemOID"): ref.get("MethodOID")
        for ref in root.findall(".//d:ValueListDef[@OID='VL.TR.TRORRES']/o:ItemRef", NAMES)
    }

    assert (diameter.get("DataType"), diameter.get("SignificantDigits")) == ("float", "1")
    assert state.get("DataType") == "text"
    assert state.find("o:CodeListRef[@CodeListOID='CL.C124309']", NAMES) is not None
    origins = [one.find("d:Origin", NAMES) for one in (diameter, total)]
    assert [one.get("Type") for one in origins if one is not None] == ["Collected", "Derived"]
    assert refs["IT.TR.TRORRES.SUMDIAM"] == "MT.SUM"
    assert refs["IT.TR.TRORRES.LDIAM"] is None
    assert item(root, "IT.SUPPTR.QVAL.TRREASNE").get("Length") == "17"


def test_terms_carry_their_nci_codes(root: ET.Element) -> None:
    """LDIAM is C96684 and decoded as CDISC names the test; the list itself is C96779."""
    terms = root.find(".//o:CodeList[@OID='CL.C96779']", NAMES)
    assert terms is not None
    diameter = terms.find("o:CodeListItem[@CodedValue='LDIAM']", NAMES)
    assert diameter is not None
    codes = [alias.get("Name") for alias in terms.iter(f"{{{NAMES['o']}}}Alias")]

    assert diameter.findtext("o:Decode/o:TranslatedText", namespaces=NAMES) == "Longest Diameter"
    assert codes[:1] == ["C96684"]
    assert codes[-1] == "C96779"


def test_a_term_of_our_own_is_marked() -> None:
    """A value that an extensible list does not have is an extended value, without a code."""
    tumours, *rest = small_export()
    row = {**tumours.rows[0], "TULOC": "LIVER, FOURTH LOBE"}
    text = define_xml_text((replace(tumours, rows=(row,)), *rest), TRANSFER)
    strange = ET.fromstring(text).find(".//*[@CodedValue='LIVER, FOURTH LOBE']")

    assert strange is not None
    assert strange.get(f"{DEF}ExtendedValue") == "Yes"


def test_what_has_no_data_says_so(root: ET.Element) -> None:
    """TULOBXFL is null: marked, without a source, and with the reason."""
    ref = root.find(".//o:ItemRef[@ItemOID='IT.TU.TULOBXFL']", NAMES)
    flag = item(root, "IT.TU.TULOBXFL")
    origin = flag.find("d:Origin", NAMES)

    assert ref is not None
    assert ref.get(f"{DEF}HasNoData") == "Yes"
    assert origin is not None
    assert origin.attrib == {"Type": "Not Available"}
    assert flag.get(f"{DEF}CommentOID") == "COM.LOBXFL"


def test_shifted_dates_are_told() -> None:
    """Where dates are shifted, each date says so."""
    text = define_xml_text(small_export(), replace(TRANSFER, true_dates=False))

    assert item(ET.fromstring(text), "IT.TR.TRDTC").get(f"{DEF}CommentOID") == "COM.SHIFTED"


def test_dataset_json_names_the_same_items(root: ET.Element) -> None:
    """Each column of Dataset-JSON has the OID, the type and the length of its ItemDef."""
    made = Provenance("NRC-HCC-201", TRANSFER.frozen_at, "", "1.0")
    for dataset in small_export():
        told = json.loads(ndjson_text(dataset, made).splitlines()[0])
        assert root.find(f".//o:ItemGroupDef[@OID='{told['itemGroupOID']}']", NAMES) is not None
        for column in told["columns"]:
            described = item(root, column["itemOID"])
            assert described.get("Name") == column["name"]
            assert described.get("Length", "") == str(column.get("length", ""))
            types = described.get("DataType"), column["dataType"]
            assert types in {("text", "string"), *((t, t) for t in ("integer", "float", "date"))}


def test_only_the_moment_of_the_freeze_is_in_it(text: str) -> None:
    """The same transfer is described by the same bytes."""
    assert text == define_xml_text(small_export(), TRANSFER)
    assert 'CreationDateTime="2026-03-07T04:05:06Z"' in text
