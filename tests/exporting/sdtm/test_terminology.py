"""Controlled terminology: the package's table against the facts of CDISC, term by term."""

import json
from pathlib import Path

import pytest

from napari_recist.exporting.sdtm import terminology
from napari_recist.exporting.sdtm.terminology import NAMES_OF, codelist, codelists

PARTS = {terminology.UNIT, terminology.METHOD}
"""Lists of which the package has the part that a read of images can come to."""


@pytest.fixture(scope="module")
def facts(shared_data: Path) -> dict[str, dict[str, dict[str, str]]]:
    """CDISC's codelists: name, extensible, terms with their codes."""
    place = shared_data / "standards" / "ct_oncology.json"
    told: dict[str, dict[str, dict[str, str]]] = json.loads(place.read_text(encoding="utf-8"))
    return told


def test_every_list_is_as_cdisc_has_it(facts: dict[str, dict[str, dict[str, str]]]) -> None:
    """Name, openness and every term with its NCI code are those of CDISC; no term is our own."""
    assert len(codelists()) == len(facts) - 1  # directionality is not used
    for code, ours in codelists().items():
        told = facts[code]
        terms = {value: term.code for value, term in ours.terms.items()}
        assert (ours.code, ours.name) == (code, told["name"])
        assert ours.extensible is (told["extensible"] == "Yes")
        if code in PARTS:
            assert terms.items() <= told["terms"].items()
        else:
            assert terms == told["terms"]


def test_a_short_name_stands_for_the_name_of_the_same_code(
    facts: dict[str, dict[str, dict[str, str]]],
) -> None:
    """Every test's name is the term of the list of names that has the test's own NCI code."""
    for short_names, names in NAMES_OF.items():
        for term in codelist(short_names).terms.values():
            assert facts[names]["terms"][term.decode] == term.code


@pytest.mark.parametrize(
    ("code", "value", "nci"),
    [
        (terminology.TRTESTCD, "LDIAM", "C96684"),
        (terminology.TRTESTCD, "LPERP", "C96685"),
        (terminology.TRTESTCD, "DIAMETER", "C25285"),
        (terminology.TRTESTCD, "SUMNLNLD", "C103441"),
        (terminology.TRTESTCD, "PCBSD", "C112370"),
        (terminology.TUTESTCD, "TUMERGE", "C94525"),
        (terminology.TUIDRS, "NON-TARGET", "C94521"),
        (terminology.TRPROPRS, "ENLARGEMENT FROM NADIR", "C156593"),
        (terminology.RSTESTCD, "NEWLIND", "C142362"),
        (terminology.ONCRSR, "NON-CR/NON-PD", "C96700"),
        (terminology.RSCAT, "MRECIST LENCIONI LIVER CANCER 2010", "C126032"),
        (terminology.EVAL, "INDEPENDENT ASSESSOR", "C78720"),
        (terminology.MEDEVAL, "ADJUDICATOR 1", "C150867"),
        (terminology.METHOD, "TRIPLE-PHASE SPIRAL CT SCAN", "C19907"),
        (terminology.UNIT, "mm", "C28251"),
        (terminology.ND, "NOT DONE", "C49484"),
    ],
)
def test_terms_of_the_export_have_the_codes_of_the_standard(
    code: str, value: str, nci: str
) -> None:
    """The terms that an export of tumours is made of carry the codes that the standard names."""
    assert codelist(code).terms[value].code == nci


def test_a_list_that_we_do_not_use_is_refused() -> None:
    """A misspelt code of a list does not pass for an empty list."""
    with pytest.raises(KeyError):
        codelist("C96780")
