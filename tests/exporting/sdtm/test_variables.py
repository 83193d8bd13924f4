"""The variables we write are those of SDTMIG 3.4, cell by cell."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from napari_recist.exporting.sdtm.dataset import DataType, Variable
from napari_recist.exporting.sdtm.variables import dataset, domain_of, variables_of

NAMES = ("TU", "TR", "RS", "DM", "SV", "TV", "RELREC", "SUPPTU", "SUPPTR", "SUPPRS")


@pytest.fixture(scope="module")
def library(shared_data: Path) -> dict[str, Any]:
    """Return CDISC's own description of each dataset of SDTMIG 3.4."""
    place = shared_data.parent / "tools" / "core" / "sdtmig-3-4_library.json"
    standard = json.loads(place.read_text(encoding="utf-8"))["standard"]
    return {one["name"]: one for group in standard["classes"] for one in group.get("datasets", [])}


def in_library(library: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the description of a dataset, for SUPPTU that of SUPPQUAL."""
    described: dict[str, Any] = library["SUPPQUAL" if name.startswith("SUPP") else name]
    return described


def described(entry: dict[str, Any]) -> Iterator[Variable]:
    """Yield a dataset's variables in the library's order."""
    for one in sorted(entry["datasetVariables"], key=lambda one: int(one["ordinal"])):
        lists = [link["href"].rpartition("/")[2] for link in one["_links"].get("codelist", [])]
        yield Variable(
            one["name"],
            one["label"],
            DataType(one["simpleDatatype"]),
            one["role"],
            one["core"],
            lists[0] if lists else "",
        )


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_variables_are_cdisc_s(library: dict[str, Any], name: str) -> None:
    """Name, label, type, role, core, codelist and order of every variable are the library's."""
    assert variables_of(name) == tuple(described(in_library(library, name)))


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_datasets_are_cdisc_s(library: dict[str, Any], name: str) -> None:
    """Label and structure of every dataset are the library's, and its keys are its variables."""
    entry, domain = in_library(library, name), domain_of(name)

    assert domain.label == entry["label"].replace("[domain name]", name.removeprefix("SUPP"))
    assert domain.structure == entry["datasetStructure"]
    assert set(domain.keys) <= {one.name for one in variables_of(name)}


def test_empty_optional_variables_are_left_out() -> None:
    """A variable that is Req or Exp is always there; one that is Perm only with a value."""
    record = {"STUDYID": "S", "DOMAIN": "TV", "VISITNUM": Decimal(1), "VISIT": "W8", "TVSTRL": "x"}

    plan = dataset("TV", [{**record, "VISITDY": None}])

    assert [one.name for one in plan.variables] == [
        *("STUDYID", "DOMAIN", "VISITNUM", "VISIT", "ARMCD", "TVSTRL")
    ]
    assert dict(plan.rows[0]) == {**record, "ARMCD": ""}


def test_unknown_variables_are_refused() -> None:
    """A record cannot carry what its dataset does not have: TRLOC is not in TR."""
    with pytest.raises(ValueError, match="TRLOC"):
        dataset("TR", [{"STUDYID": "S", "TRLOC": "LIVER"}])
