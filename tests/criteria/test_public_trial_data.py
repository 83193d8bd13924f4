"""Three patients of a public SDTM set, each read by three evaluators (pharmaverse)."""

import csv
from pathlib import Path

import pytest

from napari_recist.criteria import assess_read, parse_lesions

Cells = dict[str, str]
HEADER = "subject,reader,visit,date,lesion,role,node,organ,status,diameter_mm,into,reason"


def table(path: Path) -> list[Cells]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lesions_csv(folder: Path) -> str:
    """Return the set's tumour results as a LESIONS.csv."""
    places = {
        (row["USUBJID"], row["TULNKID"]): row["TULOC"]
        for row in table(folder / "tu_onco_recist.csv")
    }
    lines = [HEADER]
    for row in table(folder / "tr_onco_recist.csv"):
        organ = places[row["USUBJID"], row["TRLNKID"]]
        node = organ == "LYMPH NODE"
        date = row["TRDTC"] if len(row["TRDTC"]) == 10 else f"{row['TRDTC']}-01"
        if row["TRTESTCD"] == "TUMSTATE":
            role, status, size = "nontarget", row["TRSTRESC"].lower(), ""
        elif row["TRTESTCD"] == ("LPERP" if node else "LDIAM"):
            role, status, size = "target", "measured", row["TRSTRESN"]
        else:
            continue
        reader = row["TREVALID"] or row["TREVAL"]
        cells = [row["USUBJID"], reader, row["VISIT"], date, row["TRLNKID"], role]
        cells += ["yes" if node else "no", organ, status, size, "", ""]
        lines.append(",".join(cells))
    return "\n".join(dict.fromkeys(lines))  # the set repeats some rows


@pytest.mark.shared
def test_every_evaluator_of_every_patient(shared_data: Path) -> None:
    """All 24 overall responses of the set follow from its measurements, evaluator by evaluator."""
    folder = shared_data / "recist/sdtm_8_subjects"
    responses = table(folder / "rs_onco_recist.csv")
    reads = parse_lesions(lesions_csv(folder)).reads
    found = {(one.subject, one.reader): assess_read(one) for one in reads}

    assert len(found) == 9
    assert len(responses) == 24
    for row in responses:
        whose = (row["USUBJID"], row["RSEVALID"] or row["RSEVAL"])
        answer = found[whose].visit(row["VISIT"]).overall
        assert (whose, row["VISIT"], answer) == (whose, row["VISIT"], row["RSSTRESC"])


@pytest.mark.shared
def test_sums_and_nadirs(shared_data: Path) -> None:
    """Sums, baselines, nadirs and changes are those of the set, partial sums left out."""
    folder = shared_data / "recist/sdtm_8_subjects"
    reads = parse_lesions(lesions_csv(folder)).reads
    found = {one.subject: assess_read(one) for one in reads if one.reader == "INVESTIGATOR"}
    for row in table(folder / "expected_sum_nadir_25.csv"):
        assessment = found[row["USUBJID"]]
        visit = next(one for one in assessment.visits if one.date.isoformat() == row["ADT"])
        if visit.overall is None:
            assert visit.sum == float(row["AVAL"]) * 10
            continue
        assert visit.baseline_sum == float(row["BASE"]) * 10
        assert visit.nadir_sum == float(row["NADIR"]) * 10
        if row["ANL01FL"] == "Y":
            assert visit.sum == float(row["AVAL"]) * 10
            assert visit.change_from_nadir == float(row["CHGNAD"]) * 10
            assert float(visit.change_from_nadir_pct) == pytest.approx(
                float(row["PCHGNAD"]), abs=0.05
            )
        else:
            assert visit.sum is None
        assert (visit.overall == "PD") == (row["PDFL"] == "Y")
