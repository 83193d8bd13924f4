"""How each situation of a read looks in TU, TR and RS: what SDTMIG and its terminology say."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from napari_recist.criteria import (
    CriteriaName,
    DiameterTests,
    Observation,
    Status,
    WhyNotEvaluable,
    assess_read,
)
from napari_recist.exporting.sdtm.dataset import Dataset, Value
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.sdtm.relationships import plain, qualifiers
from napari_recist.exporting.transfer.frozen import FrozenRead, Transfer
from tests.exporting.frozen_trials import (
    ADJUDICATOR,
    AGREEING,
    FIRST,
    MISSED,
    OPEN,
    OWN,
    PIECES,
    SECOND,
    SETTLED,
    T1,
    WAITING,
    sop_instance_uid,
    true_date,
)
from tests.exporting.sdtm.test_cdisc_rules import with_settings

Row = Mapping[str, Value]
R1, R2, A1 = "RADIOLOGIST 1", "RADIOLOGIST 2", "ADJUDICATOR 1"


@pytest.fixture
def datasets(transfer: Transfer) -> dict[str, Dataset]:
    """Return the datasets of the trial by name."""
    return by_name(transfer)


def by_name(transfer: Transfer) -> dict[str, Dataset]:
    """Return the datasets of a transfer by name."""
    return {one.name: one for one in sdtm_datasets(transfer)}


def rows(dataset: Dataset, subject: str, **values: Value) -> list[Row]:
    """Return the records of a subject with these values; names without the domain in front."""
    return [
        row
        for row in dataset.rows
        if str(row["USUBJID"]).endswith(subject)
        and all(
            row[name if name in row else f"{dataset.name}{name}"] == value
            for name, value in values.items()
        )
    ]


def told(found: list[Row], *names: str) -> list[tuple[Value, ...]]:
    """Return the values of some variables, record by record."""
    return [tuple(row.get(name) for name in names) for row in found]


RESULT = ("TRTESTCD", "TRORRES", "TRORRESU", "TRSTRESC", "TRSTRESN", "TRSTRESU", "TRSTAT")


@pytest.mark.parametrize(
    ("subject", "visit", "link", "results"),
    [
        (
            AGREEING, 1, "R1-T01",
            [("LDIAM", "31.2", "mm", "31.2", Decimal("31.2"), "mm", ""),
             ("LPERP", "21.9", "mm", "21.9", Decimal("21.9"), "mm", "")],
        ),
        (
            AGREEING, 1, "R1-T02",
            [("LDIAM", "25.3", "mm", "25.3", Decimal("25.3"), "mm", ""),
             ("LPERP", "18.1", "mm", "18.1", Decimal("18.1"), "mm", "")],
        ),
        (
            AGREEING, 2, "R1-T03",
            [("LDIAM", "TOO SMALL TO MEASURE", "", "5", Decimal(5), "mm", "")],
        ),
        (AGREEING, 3, "R1-T03", [("LDIAM", "0", "mm", "0", Decimal(0), "mm", "")]),
        (AGREEING, 1, "R1-NT01", [("TUMSTATE", "PRESENT", "", "PRESENT", None, "", "")]),
        (AGREEING, 3, "R1-NT01", [("TUMSTATE", "ABSENT", "", "ABSENT", None, "", "")]),
        (AGREEING, 1, "R1-NT02", [("LNSTATE", "PATHOLOGICAL", "", "PATHOLOGICAL", None, "", "")]),
        (
            AGREEING, 4, "R1-NT02",
            [("LNSTATE", "NON-PATHOLOGICAL", "", "NON-PATHOLOGICAL", None, "", "")],
        ),
        (
            MISSED, 3, "R1-NT01",
            [("TUMSTATE", "ENLARGEMENT FROM NADIR", "", "ENLARGEMENT FROM NADIR", None, "", "")],
        ),
        (SETTLED, 3, "R2-NEW01", [("TUMSTATE", "UNEQUIVOCAL", "", "UNEQUIVOCAL", None, "", "")]),
        (WAITING, 3, "R2-NEW01", [("TUMSTATE", "EQUIVOCAL", "", "EQUIVOCAL", None, "", "")]),
        (PIECES, 3, "R1-T02", [("LPERP", "", "", "", None, "", "NOT DONE")]),
        (PIECES, 3, "R1-T03", [("LDIAM", "TUMOR MERGED", "", "TUMOR MERGED", None, "", "")]),
        (
            PIECES, 2, "R1-T01.1",
            [("LDIAM", "18.2", "mm", "18.2", Decimal("18.2"), "mm", ""),
             ("LPERP", "12.7", "mm", "12.7", Decimal("12.7"), "mm", "")],
        ),
        (
            PIECES, 2, "R1-T01.2",
            [("LDIAM", "10", "mm", "10", Decimal(10), "mm", ""),
             ("LPERP", "7", "mm", "7", Decimal(7), "mm", "")],
        ),
        (PIECES, 2, "R1-T01", []),
    ],
)  # fmt: skip
def test_results_of_a_lesion(
    datasets: dict[str, Dataset],
    subject: str,
    visit: int,
    link: str,
    results: list[tuple[Value, ...]],
) -> None:
    """A lesion's result is the word or the exact millimetres that its situation has in TR."""
    assert told(rows(datasets["TR"], subject, VISITNUM=visit, LNKID=link), *RESULT) == results


def test_a_split_lesion_is_identified_piece_by_piece(datasets: dict[str, Dataset]) -> None:
    """TUSPLIT: each fragment once, under the lesion it came from, on its own image."""
    found = rows(datasets["TU"], PIECES, TESTCD="TUSPLIT", EVALID=R1)

    assert told(found, "TULNKID", "TUGRPID", "VISITNUM", "TUREFID") == [
        ("R1-T01.1", "R1-T01", 2, sop_instance_uid(PIECES, "W8", T1)),
        ("R1-T01.2", "R1-T01", 2, sop_instance_uid(PIECES, "W8", T1)),
    ]


def test_a_merged_lesion_is_stated_once_with_its_carrier(datasets: dict[str, Dataset]) -> None:
    """TUMERGE stands where it was first said; RELREC then has many TU records for one link."""
    found = rows(datasets["TU"], PIECES, TESTCD="TUMERGE", EVALID=R1)

    assert told(found, "TULNKID", "TUGRPID", "VISITNUM") == [("R1-T03", "R1-T01", 3)]
    assert told(list(datasets["RELREC"].rows), "RDOMAIN", "IDVAR", "RELTYPE", "RELID") == [
        ("TU", "TULNKID", "MANY", "1"),
        ("TR", "TRLNKID", "MANY", "1"),
        ("TR", "TRLNKGRP", "MANY", "2"),
        ("RS", "RSLNKGRP", "MANY", "2"),
    ]


def test_why_a_lesion_was_not_evaluable(datasets: dict[str, Dataset]) -> None:
    """TRREASND says NOT EVALUABLE; SUPPTR why, in CDISC's words where it has them, and ours."""
    found = rows(datasets["TR"], PIECES, STAT="NOT DONE", EVALID=R1)
    why = {
        number: [
            (row["QNAM"], row["QVAL"])
            for row in rows(datasets["SUPPTR"], PIECES, IDVARVAL=str(number))
        ]
        for number in (row["TRSEQ"] for row in found)
    }

    assert told(found, "TRREASND", "VISITNUM") == [("NOT EVALUABLE", 3), ("NOT EVALUABLE", 4)]
    assert list(why.values()) == [
        [
            ("TRREASNE", "NON-COMPATIBLE TECHNIQUE"),
            ("TRREASTX", str(WhyNotEvaluable.CONTRAST)),
        ],
        [("TRREASTX", "stent over the node")],
    ]


def test_a_new_lesion(datasets: dict[str, Dataset]) -> None:
    """NEW in TU, at the visit where it was seen; NEWLIND and, in the reader's word, NEWLPROG."""
    lesions = rows(datasets["TU"], SETTLED, ORRES="NEW")
    answers = [
        *rows(datasets["RS"], SETTLED, VISITNUM=3, TESTCD="NEWLIND"),
        *rows(datasets["RS"], SETTLED, VISITNUM=3, TESTCD="NEWLPROG"),
        *rows(datasets["RS"], WAITING, VISITNUM=3, TESTCD="NEWLIND"),
        *rows(datasets["RS"], WAITING, VISITNUM=3, TESTCD="NEWLPROG"),
    ]

    assert told(lesions, "TULNKID", "VISITNUM", "TULOC") == [("R2-NEW01", 3, "BONE")]
    assert told(answers, "RSEVALID", "RSTESTCD", "RSSTRESC") == [
        (R1, "NEWLIND", "N"),
        (R2, "NEWLIND", "Y"),
        (R2, "NEWLPROG", "UNEQUIVOCAL"),
        (R1, "NEWLIND", "N"),
        (R2, "NEWLIND", "N"),
        (R2, "NEWLPROG", "EQUIVOCAL"),
    ]


@pytest.mark.parametrize(
    ("subject", "evaluators", "accepted"),
    [
        (AGREEING, {R1, R2}, 1),
        (SETTLED, {R1, R2}, 1),
        (OWN, {R1, R2, A1}, 1),
        (WAITING, {R1, R2}, 0),
        (OPEN, {R1}, 0),
    ],
)
def test_accepted_records(
    datasets: dict[str, Dataset], subject: str, evaluators: set[str], accepted: int
) -> None:
    """Each read has its records; those of one are accepted where the case is settled, else none."""
    for name in ("TU", "TR"):
        found = rows(datasets[name], subject)
        flagged = {row[f"{name}EVALID"] for row in found if row[f"{name}ACPTFL"] == "Y"}
        others = {row[f"{name}ACPTFL"] for row in found if row[f"{name}EVALID"] not in flagged}

        assert {row[f"{name}EVALID"] for row in found} == evaluators
        assert {row[f"{name}EVAL"] for row in found} == {"INDEPENDENT ASSESSOR"}
        assert len(flagged) == accepted
        assert others <= {""}


def test_nobody_is_named(datasets: dict[str, Dataset]) -> None:
    """No value of any record holds the name of a reader or adjudicator."""
    everything = " ".join(
        str(value) for one in datasets.values() for row in one.rows for value in row.values()
    )

    assert not [name for name in (FIRST, SECOND, ADJUDICATOR) if name in everything]


def test_sums_and_changes(datasets: dict[str, Dataset]) -> None:
    """Sums are complete or not there; changes are those the rules show, from baseline and nadir."""
    sums = [row for row in rows(datasets["TR"], AGREEING, EVALID=R1) if not row["TRLNKID"]]

    assert told(sums, "VISITNUM", "TRTESTCD", "TRSTRESN", "TRSTRESU")[:7] == [
        (1, "SUMDIAM", Decimal("62.3"), "mm"),
        (1, "SUMNLNLD", Decimal("44.2"), "mm"),
        (2, "ACNSD", Decimal("-20.5"), "mm"),
        (2, "PCBSD", Decimal("-32.9"), "%"),
        (2, "PCNSD", Decimal("-32.9"), "%"),
        (2, "SUMDIAM", Decimal("41.8"), "mm"),
        (2, "SUMNLNLD", Decimal("29.5"), "mm"),
    ]
    incomplete = [
        row for row in rows(datasets["TR"], PIECES, EVALID=R1, VISITNUM=3) if not row["TRLNKID"]
    ]
    assert told(incomplete, "TRTESTCD", "TRSTRESN") == [("SUMNLNLD", Decimal(27))]


def test_settings_of_the_charter(transfer: Transfer) -> None:
    """DIAMETER for both tests by setting, one for each lesion; without derived results no sum."""
    settings = with_settings(transfer, diameter_tests=DiameterTests.GENERIC, derived_results=False)
    tests = {row["TRTESTCD"] for row in by_name(settings)["TR"].rows}
    found = rows(by_name(settings)["TR"], AGREEING, EVALID=R1, VISITNUM=1)

    assert tests == {"DIAMETER", "TUMSTATE", "LNSTATE"}
    assert told(found, "TRLNKID", "TRTESTCD", "TRSTRESC")[-3:] == [
        ("R1-T01", "DIAMETER", "31.2"),
        ("R1-T02", "DIAMETER", "18.1"),
        ("R1-T03", "DIAMETER", "13"),
    ]


def test_the_best_response(datasets: dict[str, Dataset]) -> None:
    """One BESTRESP for each read; SUPPRS tells whether it is confirmed, and what it was without."""
    (best,) = rows(datasets["RS"], AGREEING, TESTCD="BESTRESP", EVALID=R1)
    beside = rows(datasets["SUPPRS"], AGREEING, IDVARVAL=str(best["RSSEQ"]))

    assert told([best], "RSCAT", "RSSTRESC", "VISITNUM") == [("RECIST 1.1", "PR", 4)]
    assert told(beside, "QNAM", "QVAL", "QORIG") == [
        ("RSCONFRQ", "Y", "Derived"),
        ("RSBESTUC", "PR", "Derived"),
        ("RSBESTDT", true_date(AGREEING, "W8").isoformat(), "Derived"),
    ]


def test_an_argued_response(datasets: dict[str, Dataset]) -> None:
    """The argument stands beside the target response that it decided, in SUPPRS."""
    (response,) = rows(datasets["RS"], PIECES, TESTCD="TRGRESP", EVALID=R1, VISITNUM=3)
    beside = rows(datasets["SUPPRS"], PIECES, IDVARVAL=str(response["RSSEQ"]))

    assert response["RSSTRESC"] == "SD"
    assert told(beside, "QNAM", "QVAL", "QORIG") == [
        ("RSARGUED", "the node is seen on the arterial series", "Collected")
    ]


def judged_by(transfer: Transfer, subject: str, criteria: CriteriaName) -> Transfer:
    """Return one patient's part of the transfer, judged by other criteria."""
    charter = replace(transfer.charter, criteria=replace(transfer.charter.criteria, name=criteria))

    def judged(read: FrozenRead) -> FrozenRead:
        viable = {
            (visit.identifier, "T1"): Observation(Status.MEASURED, (200,))
            for visit in read.read.visits
        }
        seen = replace(read.read, viable=viable if criteria is CriteriaName.MRECIST else {})
        return replace(read, read=seen, assessment=assess_read(seen, charter), charter=charter)

    patients = tuple(
        replace(one, reads=tuple(map(judged, one.reads)))
        for one in transfer.patients
        if one.subject == subject
    )
    return replace(transfer, charter=charter, patients=patients)


def test_irecist(transfer: Transfer) -> None:
    """RSCAT and the words of iRECIST; a progression seen once is iUPD."""
    found = by_name(judged_by(transfer, SETTLED, CriteriaName.IRECIST))["RS"]
    overall = rows(found, SETTLED, TESTCD="OVRLRESP", EVALID=R2)

    assert told(overall, "RSCAT", "RSSTRESC") == [("iRECIST", "iSD"), ("iRECIST", "iUPD")]


def test_mrecist(transfer: Transfer) -> None:
    """RSCAT of mRECIST; the viable part has its own VDIAM and sum beside the whole lesion's."""
    found = by_name(judged_by(transfer, SETTLED, CriteriaName.MRECIST))
    sizes = rows(found["TR"], SETTLED, EVALID=R1, VISITNUM=2, GRPID="TARGET")

    assert {row["RSCAT"] for row in found["RS"].rows} == {"MRECIST LENCIONI LIVER CANCER 2010"}
    assert {(row["TRTESTCD"], row["TRSTRESC"]) for row in sizes} >= {
        ("LDIAM", "39"),
        ("VDIAM", "20"),
        ("SUMDIAM", "39"),
        ("SUMVDIAM", "20"),
    }


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Verlauf nach Ablation, Größe unklar", "Verlauf nach Ablation, Grosse unklar"),
        ("résection", "resection"),
        ("肝", r"\u809d"),
        ("two\nlines", "two lines"),
    ],
)
def test_words_in_ascii(text: str, written: str) -> None:
    """A transport file holds ASCII: accents fall, and no other letter is lost."""
    assert plain(text) == written


def test_long_words_go_on() -> None:
    """A text of more than 200 characters goes on in further records, none cut off."""
    record = {"STUDYID": "S", "DOMAIN": "TR", "USUBJID": "S-1", "TRSEQ": 3}
    text = " ".join(f"word{number}" for number in range(60))

    found = list(qualifiers(record, {"TRREASTX": text}))

    assert [row["QNAM"] for row in found] == ["TRREASTX", "TRREAST1", "TRREAST2"]
    assert " ".join(str(row["QVAL"]) for row in found) == text
