"""The shipped conformance cases: this engine passes them, and they would notice one that errs."""

from collections.abc import Iterator

import pytest

from napari_recist.criteria import (
    CriteriaName,
    assess_read,
    conformance,
    parse_lesions,
    target,
)
from napari_recist.criteria.conformance import conformance_cases, run_conformance

SHOWN_BY_CASES = set(
    """
    N-1 N-2 N-3 N-4 N-5 N-7 N-8 N-9 M-1 M-4 M-10 L-1 L-2 L-5 L-6 R-11 R-12 R-13 R-14 R-15 R-16
    R-17 R-21 R-22 R-23 R-24 R-25 R-26 R-27 R-28 R-29 R-30 R-31 R-32 T-1 T-2 T-5 T-6 W-1 W-2 W-3
    W-4 W-6 V-2 V-3 B-1 B-2 B-3 B-4 B-5 B-6 B-7 B-8 B-9 B-12 E-6 H-5 H-8 H-9 H-10 H-12 H-13 I-1
    I-2 I-3 I-4 I-5
    """.split()  # noqa: SIM905 - one line per rule would hide the list
)


@pytest.mark.parametrize("case", conformance_cases())
def test_case(case: str) -> None:
    """The engine's answer to the case is the one worked out by hand."""
    (result,) = run_conformance(case)

    assert result.differences == ()


def test_every_rule_has_a_case() -> None:
    """Each rule that a table of lesions or responses can show has a case."""
    assert {result.rule for result in run_conformance()} == SHOWN_BY_CASES


def test_a_wrong_engine_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that forgets the 5 mm floor fails cases of N-8 and R-22 by name."""
    real = target.Limits.is_pd

    def without_floor(limits: target.Limits, total: int, nadir: int) -> bool:
        return real(target.Limits(pd_floor=0), total, nadir)

    monkeypatch.setattr(target.Limits, "is_pd", without_floor)
    failed = {result.case for result in run_conformance() if not result.passed}

    assert "N-8-below-25" in failed
    assert "R-32-four" in failed


def expected_tables(**changes: list[dict[str, str]]) -> dict[str, tuple[dict[str, str], ...]]:
    """Return the shipped tables with some replaced."""
    tables = {name: tuple(conformance._table(name)) for name in conformance._TABLES}
    return {**tables, **{name: tuple(rows) for name, rows in changes.items()}}


def differences(case: str, **cells: str) -> Iterator[str]:
    """Return what differs when the case's own row is changed."""
    tables = expected_tables()
    (row,) = (one for one in tables["cases"] if one["case"] == case)
    return conformance._differences({**row, **cells}, tables)


def test_each_kind_of_difference_is_told() -> None:
    """A refusal that did not come, one that came, and a finding not made are each told."""
    assert list(differences("R-23-cr", refused="status")) == [
        "accepted, expected a refusal by status"
    ]
    assert list(differences("N-9-comma", refused="")) == [
        "refused by ['diameter_mm'], expected an answer"
    ]
    assert list(differences("R-23-cr", findings="M-1 H-5")) == [
        "M-1 was not pointed out",
        "H-5 was not pointed out",
    ]


FIRING = SHOWN_BY_CASES & {
    *(f"R-{number}" for number in (13, 14, 15, 16, 17, *range(21, 28), 30, 31, 32)),
    *("N-7", "T-2", "W-1", "W-2", "W-6", "I-1", "I-2", "I-3"),
}


@pytest.mark.parametrize("rule", sorted(FIRING))
def test_rule_names_itself(rule: str) -> None:
    """A case that shows a rule has a visit, somewhere, that names the rule as having fired."""
    tables = expected_tables()
    named: set[str] = set()
    for case in tables["cases"]:
        if case["rule"] != rule or case["refused"]:
            continue
        charter = conformance.charter_with(case["setting"], CriteriaName(case["criteria"]))
        rows = conformance._rows(tables, "lesions", case["case"])
        (read,) = parse_lesions(conformance._csv(tuple(rows[0]), rows), charter).reads
        named |= {name for visit in assess_read(read, charter).visits for name in visit.rules}

    assert rule in named
