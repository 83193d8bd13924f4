"""The response tables of RECIST 1.1 as published, and their expansion to every combination."""

import json
from itertools import product
from pathlib import Path

import pytest

from napari_recist.criteria import Response, assess_read
from napari_recist.criteria.overall import overall_response
from tests.criteria.reads import a_read

CR, PR, SD, PD, NE = Response.CR, Response.PR, Response.SD, Response.PD, Response.NE
NCP, NA, NED = Response.NON_CR_NON_PD, Response.NA, Response.NED

TABLE_1 = [
    # target, non-target, new lesion, overall (E09 table 1)
    (CR, CR, False, CR),
    (CR, NCP, False, PR),
    (CR, NE, False, PR),
    (PR, CR, False, PR),
    (PR, NCP, False, PR),
    (PR, NE, False, PR),
    (SD, CR, False, SD),
    (SD, NCP, False, SD),
    (SD, NE, False, SD),
    (NE, CR, False, NE),
    (NE, NCP, False, NE),
]
TABLE_2 = [
    # non-target, new lesion, overall (E09 table 2)
    (CR, False, CR),
    (NCP, False, NCP),
    (NE, False, NE),
    (PD, False, PD),
    (PD, True, PD),
    (CR, True, PD),
    (NCP, True, PD),
    (NE, True, PD),
]


@pytest.mark.parametrize(("target", "nontarget", "new", "overall"), TABLE_1)
def test_table_1(target: Response, nontarget: Response, new: bool, overall: Response) -> None:
    """With target disease, the overall response is that of RECIST 1.1 table 1."""
    assert overall_response(target, nontarget, new_lesion=new) == overall


@pytest.mark.parametrize(
    ("target", "nontarget", "new"), list(product(Response, Response, (True, False)))
)
def test_table_1_any_progression(target: Response, nontarget: Response, new: bool) -> None:
    """Any progression or new lesion makes the visit PD, whatever the rest (table 1, last rows)."""
    if PD in (target, nontarget) or new:
        assert overall_response(target, nontarget, new_lesion=new) is PD
    else:
        assert overall_response(target, nontarget, new_lesion=new) is not PD


@pytest.mark.parametrize(("nontarget", "new", "overall"), TABLE_2)
def test_table_2(nontarget: Response, new: bool, overall: Response) -> None:
    """Without target disease, the overall response is that of RECIST 1.1 table 2."""
    assert overall_response(NA, nontarget, new_lesion=new) == overall


@pytest.mark.shared
def test_all_sixty_combinations(shared_data: Path) -> None:
    """Every combination of the expanded tables is reproduced; no disease at all is our NED."""
    path = shared_data / "recist/tables/recist11_overall_matrix_expanded.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]

    assert len(rows) == 60
    for target, nontarget, new, overall, _basis in rows:
        expected = "NED" if (target, nontarget, new) == ("NA", "NA", False) else overall
        found = overall_response(Response(target), Response(nontarget), new_lesion=new)
        assert (target, nontarget, new, found) == (target, nontarget, new, expected)


# One statement about the lesions for each response of a group, after a baseline of 100 mm and 30.
TARGET_SAID = {CR: 0, PR: 70, SD: 90, PD: 120, NE: "not_evaluable"}
NONTARGET_SAID = {CR: "absent", NCP: "present", NE: "not_evaluable", PD: "progressed"}


@pytest.mark.parametrize(
    ("target", "nontarget", "new"),
    list(product([*TARGET_SAID, NA], [*NONTARGET_SAID, NA], (True, False))),
)
def test_every_combination_from_lesions(target: Response, nontarget: Response, new: bool) -> None:
    """What a reader says of lesions comes to the table's answer, for all sixty combinations."""
    read = a_read(
        {} if target is NA else {"T1": [100, TARGET_SAID[target]]},
        {} if nontarget is NA else {"NT1": ["present", NONTARGET_SAID[nontarget]]},
        {"N1": [None, "unequivocal" if new else "equivocal"]},
    )

    visit = assess_read(read).visits[1]

    assert (visit.target, visit.nontarget, visit.new_lesion) == (target, nontarget, new)
    assert visit.overall == overall_response(target, nontarget, new_lesion=new)
