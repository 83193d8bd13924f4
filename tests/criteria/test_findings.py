"""What a reader is told to look at again: each finding in full, with its rule and its place."""

import pytest

from napari_recist.criteria import (
    Charter,
    CriteriaName,
    CriteriaSettings,
    Finding,
    Observation,
    Read,
    Status,
    assess_read,
)
from tests.criteria.reads import Said, a_read

MRECIST = Charter(criteria=CriteriaSettings(name=CriteriaName.MRECIST))


def new(status: Status, *sizes: float | None) -> list[Said]:
    """Return a new lesion with this status and these diameters after baseline."""
    return [
        None,
        *(
            None if size is None else Observation(status, (round(size * 10),) if size else ())
            for size in sizes
        ),
    ]


@pytest.mark.parametrize(
    ("read", "finding"),
    [
        (
            a_read({"T1": [20, 20]}, None, {"N1": new(Status.UNEQUIVOCAL, 9.9)}, nodes=["N1"]),
            Finding(
                "W-4",
                "new node N1 is 9.9 mm at W8: below 10 mm a node is normal and counts as equivocal",
                "N1",
                "W8",
            ),
        ),
        (
            a_read({"T1": [20, 20]}, None, {"N1": new(Status.EQUIVOCAL, 0)}),
            Finding(
                "W-2",
                "new lesion N1 is equivocal at W8 and does not count; once called unequivocal, "
                "progression is dated where it was first seen",
                "N1",
                "W8",
            ),
        ),
        (
            a_read({"T1": [20] * 3}, None, {"N1": [None, "unequivocal", "equivocal"]}),
            Finding(
                "W-6",
                "new lesion N1 was unequivocal at W8 and is equivocal at W16: it stays "
                "progression; reopen W8 if it was called in error",
                "N1",
                "W16",
            ),
        ),
        (
            a_read({"T1": [20, 4, "too_small"]}),
            Finding(
                "R-14",
                "T1 counts as 5.0 mm when too small to measure and as 4.0 mm when measured: the "
                "difference at W16 is no true change",
                "T1",
                "W16",
            ),
        ),
        (
            a_read({"T1": [20, Observation(Status.SPLIT, (150,))]}),
            Finding("R-15", "T1 is split at W8 and has one fragment only", "T1", "W8"),
        ),
        (
            a_read({"T1": [20, "absent"], "T2": [20, "merged:T1"]}),
            Finding(
                "R-16",
                "T2 is merged into T1 at W8, which is absent: say that both are absent",
                "T2",
                "W8",
            ),
        ),
        (
            a_read({"T1": [20, "not_evaluable"]}),
            Finding("R-17", "T1 at W8 counts as not evaluable: artefact", "T1", "W8"),
        ),
        (
            a_read({"T1": [20, Observation(Status.NOT_EVALUABLE)]}),
            Finding("R-17", "T1 at W8 counts as not evaluable", "T1", "W8"),
        ),
        (
            a_read({"T1": [None, 20], "T2": [20, 20]}),
            Finding("R-17", "T1 at BL counts as not evaluable: nothing was said of it", "T1", "BL"),
        ),
        (
            a_read({"T1": [20, 20]}, {"NT1": ["present", None]}),
            Finding(
                "T-6", "NT1 at W8 counts as not evaluable: nothing was said of it", "NT1", "W8"
            ),
        ),
        (
            a_read({"T1": [20, 0, 4]}),
            Finding(
                "R-31",
                "T1 is back at W16 after the complete response at W8: image again or adjudicate a "
                "lone node or a faint lesion; if that response was mistaken, correct it there",
                "T1",
                "W16",
            ),
        ),
        (
            a_read({"T1": [60, 60, 110], "T2": [34, 31, "not_evaluable"]}),
            Finding(
                "R-22",
                "W16: the charter decided: criteria.provable_pd_with_missing = true: PD instead of "
                "NE",
                "",
                "W16",
            ),
        ),
        (
            a_read({f"T{place}": [20] for place in range(1, 4)}),
            Finding("L-1", "3 targets in one organ (liver): T1, T2 and T3; at most 2 are allowed"),
        ),
        (
            a_read({f"T{place}": [20] for place in range(1, 4)}, nodes=["T1", "T2", "T3"]),
            Finding(
                "L-2", "3 targets in one organ (lymph nodes): T1, T2 and T3; at most 2 are allowed"
            ),
        ),
        (
            a_read({f"T{place}": [20] for place in range(1, 7)}, organ=""),
            Finding("L-1", "6 targets; at most 5 are allowed"),
        ),
        (
            a_read({"T1": [20, 20]}, {"NT1": [None, "present"]}),
            Finding(
                "L-5",
                "nontarget lesion NT1 was listed at W8: the list is fixed at baseline; what was "
                "not there then is a new lesion",
                "NT1",
                "W8",
            ),
        ),
        (
            a_read({"T1": [20]}, None, {"N1": ["equivocal"]}),
            Finding("W-1", "N1 is called new at BL, before which nothing is", "N1", "BL"),
        ),
        (
            a_read({"T1": [9.9]}),
            Finding(
                "M-1",
                "the longest diameter of T1 is 9.9 mm: a target needs at least 10.0 mm; list it as "
                "non-target",
                "T1",
            ),
        ),
        (
            a_read({"T1": [14.9]}, nodes=["T1"]),
            Finding(
                "M-4",
                "the short axis of T1 is 14.9 mm: a target needs at least 15.0 mm; list it as "
                "non-target",
                "T1",
            ),
        ),
        (
            a_read(None, {"NT1": ["present"]}),
            Finding("M-10", "no target lesion at baseline: no measurable disease"),
        ),
        (
            a_read({"T1": [20, 20]}, None, {"N1": new(Status.UNEQUIVOCAL, 0)}, organ="Ascites"),
            Finding(
                "H-5",
                "N1 at W8: new ascites is progression only with cytological proof",
                "N1",
                "W8",
            ),
        ),
        (
            a_read({"T1": [20, 20]}, None, {"N1": new(Status.UNEQUIVOCAL, 9.9)}),
            Finding(
                "H-8",
                "new liver nodule N1 is 9.9 mm at W8: below 10 mm it cannot be told from a "
                "harmless focus; call it equivocal unless proven",
                "N1",
                "W8",
            ),
        ),
        (
            a_read({"T1": [20] * 4}, None, {"N1": new(Status.EQUIVOCAL, 12, None, 22)}),
            Finding(
                "H-9",
                "equivocal liver nodule N1 has grown 10.0 mm by W24: it counts as hepatocellular "
                "carcinoma; call it unequivocal",
                "N1",
                "W24",
            ),
        ),
    ],
    ids=lambda value: value.rule if isinstance(value, Finding) else "",
)
def test_finding(read: Read, finding: Finding) -> None:
    """The finding names rule, lesion and visit, says what is odd and what can be done."""
    charter = MRECIST if finding.rule.startswith("H-") else Charter()

    assert finding in assess_read(read, charter).findings
    assert str(finding) == f"{finding.rule}: {finding.message}"


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        (["equivocal", "unequivocal"], []),
        (["equivocal", "resolved"], ["W-2"]),
        (["unequivocal", "unequivocal"], []),
        (["resolved", "unequivocal"], []),
        (["equivocal", "equivocal"], ["W-2", "W-2"]),
    ],
)
def test_new_lesions_told_of(said: list[Said], rules: list[str]) -> None:
    """Only a lesion that never counts, or is taken back, is told of."""
    assessment = assess_read(a_read({"T1": [20] * 3}, None, {"N1": [None, *said]}))

    assert [one.rule for one in assessment.findings] == rules


def test_liver_findings_are_for_liver_cancer() -> None:
    """Under RECIST 1.1 no proof by typical pattern is asked for."""
    read = a_read({"T1": [20, 20]}, None, {"N1": new(Status.UNEQUIVOCAL, 9.9)})

    assert assess_read(read).findings == ()


@pytest.mark.parametrize(
    ("size", "node", "counts"),
    [(9.9, True, False), (10, True, True), (9.9, False, True), (0, True, True)],
)
def test_size_floor_of_new_nodes(size: float, node: bool, counts: bool) -> None:
    """A new node counts from 10.0 mm; without a size, or no node, the reader's word counts."""
    news = {"N1": new(Status.UNEQUIVOCAL, size)}
    read = a_read({"T1": [20, 20]}, None, news, nodes=["N1"] if node else [])

    assert assess_read(read).visits[1].new_lesion == counts


def test_new_lesion_not_mentioned_in_between() -> None:
    """An equivocal lesion not mentioned at one visit is still dated where first seen (W-2)."""
    read = a_read({"T1": [20] * 4}, None, {"N1": [None, "equivocal", None, "unequivocal"]})
    visits = assess_read(read).visits[1:]

    assert [visit.overall for visit in visits] == ["PD"] * 3
    assert [visit.rules for visit in visits] == [
        ("R-27", "W-1", "W-2"),
        ("R-27", "W-6", "W-2"),
        ("R-27", "W-6"),
    ]
    assert (
        "N1, equivocal here, was called unequivocal at W24: progression counts from W8, where"
        in (visits[1].explanation)
    )
    assert "PD: new lesion N1 since W8; targets alone SD" in visits[2].explanation
