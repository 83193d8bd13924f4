"""The gate lets a transfer pass that is well, and names rule and record of one that is not."""

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from napari_recist.criteria import AdviceOverridden, Axis, CriteriaSettings
from napari_recist.errors import ExportError
from napari_recist.exporting.gate import (
    RECONCILIATION_COLUMNS,
    RULES,
    Finding,
    gate,
    reconciliation_rows,
    refuse_findings,
)
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.transfer.frozen import FrozenRead, Transfer
from tests.exporting.gate import ground
from tests.exporting.gate.faults import SEEDED, Fault

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "exports.md"
EXPORTING = Path(__file__).resolve().parents[3] / "napari_recist" / "exporting"


@pytest.fixture(scope="module")
def datasets() -> tuple[Dataset, ...]:
    """Return the good datasets."""
    return ground.datasets()


@pytest.fixture(scope="module")
def transfer() -> Transfer:
    """Return what was signed."""
    return ground.transfer()


def rules_of(findings: tuple[Finding, ...]) -> set[str]:
    """Return the ids of what was found."""
    return {finding.rule for finding in findings}


def with_reads(transfer: Transfer, change: Callable[[FrozenRead], FrozenRead]) -> Transfer:
    """Return the transfer with its reads changed."""
    patients = tuple(
        replace(patient, reads=tuple(map(change, patient.reads))) for patient in transfer.patients
    )
    return replace(transfer, patients=patients)


def test_a_good_transfer_passes(datasets: tuple[Dataset, ...], transfer: Transfer) -> None:
    """Hand-written datasets that say what was signed have no finding, and are not refused."""
    found = gate(datasets, transfer)

    assert found == ()
    refuse_findings(found)


@pytest.mark.parametrize("fault", SEEDED, ids=lambda fault: fault.words)
def test_a_seeded_fault_is_named_by_its_rules(
    fault: Fault, datasets: tuple[Dataset, ...], transfer: Transfer
) -> None:
    """Each fault is named by the rules it breaks, and by no other rule."""
    assert rules_of(gate(fault.seed(datasets), transfer)) == fault.rules


def test_every_rule_is_broken_by_some_fault() -> None:
    """No rule is only said to hold: each has a fault that it names, here or below."""
    below = {"G-LIST-1", "G-LIST-2", "G-DATE-7", "G-REC-4", "G-REC-5"}

    assert {rule for fault in SEEDED for rule in fault.rules} | below == set(RULES)
    assert all(fault.rules for fault in SEEDED)


def under(transfer: Transfer, criteria: CriteriaSettings) -> Transfer:
    """Return the transfer with its reads read under these settings."""
    charter = replace(ground.CHARTER, criteria=criteria)
    return with_reads(transfer, lambda read: replace(read, charter=charter))


def test_more_targets_than_the_charter_allows(
    datasets: tuple[Dataset, ...], transfer: Transfer
) -> None:
    """Two targets are one too many for a charter of one; a recorded reason excuses its read."""
    strict = under(transfer, CriteriaSettings(max_targets=1))
    answer = AdviceOverridden("BL", "L-1", "", "2 targets; at most 1 are allowed", "protocol")

    def answered(read: FrozenRead) -> FrozenRead:
        return replace(read, read=replace(read.read, overridden=(answer,)))

    assert [one.rule for one in gate(datasets, strict)] == ["G-LIST-1", "G-LIST-1"]
    assert gate(datasets, with_reads(strict, answered)) == ()


def test_a_later_charter_does_not_judge_earlier_lists(
    datasets: tuple[Dataset, ...], transfer: Transfer
) -> None:
    """A list is judged by the charter it was read under, not by the one in force at the freeze."""
    later = replace(ground.CHARTER, criteria=CriteriaSettings(max_targets=1))

    assert gate(datasets, replace(transfer, charter=later)) == ()


def test_more_targets_in_one_organ(datasets: tuple[Dataset, ...], transfer: Transfer) -> None:
    """With none allowed in an organ each organ is named; node stations are one organ (L-2)."""
    found = gate(datasets, under(transfer, CriteriaSettings(max_per_organ=0)))

    assert rules_of(found) == {"G-LIST-2"}
    assert [re.findall(r"\((\w[\w ]+)\):", finding.message) for finding in found] == [
        ["liver"],
        ["lymph node"],
        ["liver"],
        ["adrenal"],
    ]


def test_what_is_dated_after_the_freeze(datasets: tuple[Dataset, ...], transfer: Transfer) -> None:
    """A result of next week is named where dates are true; shifted dates may lie anywhere."""
    early = replace(transfer, frozen_at=dt.datetime(2026, 4, 20, 10, tzinfo=dt.UTC))

    assert rules_of(gate(datasets, early)) == {"G-DATE-7"}
    assert gate(datasets, replace(early, true_dates=False)) == ()


def test_what_was_not_signed(datasets: tuple[Dataset, ...], transfer: Transfer) -> None:
    """A visit without a signature that binds something is named, statement by statement."""

    def unsigned(read: FrozenRead) -> FrozenRead:
        *before, last = read.read.visits
        assert last.signed is not None
        empty = replace(last, signed=replace(last.signed, content_hash=""))
        return replace(read, read=replace(read.read, visits=(*before, empty)))

    found = gate(datasets, with_reads(transfer, unsigned))

    assert rules_of(found) == {"G-REC-4"}
    assert len(found) == 8  # three lesions of the first, four of the second, one of them in two


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda axis: replace(axis, raw_mm=axis.raw_mm + 0.03), "apart"),
        (
            lambda axis: Axis(
                axis.start, (axis.end[0] + 0.04, *axis.end[1:]), math.fsum((axis.raw_mm, 0.04))
            ),
            "is reported of a caliper",
        ),
    ],
    ids=["raw length of other ends", "reported length of another caliper"],
)
def test_a_length_that_is_not_its_calipers(
    change: Callable[[Axis], Axis], words: str, datasets: tuple[Dataset, ...], transfer: Transfer
) -> None:
    """0.03 mm between a raw length and its ends, or 0.07 mm to the reported one, are named."""

    def moved(read: FrozenRead) -> FrozenRead:
        place = ("W8", "T1")
        said = dict(read.read.observations)
        (caliper,) = said[place].calipers
        assert caliper is not None
        said[place] = replace(
            said[place], calipers=(replace(caliper, long_axis=change(caliper.long_axis)),)
        )
        return replace(read, read=replace(read.read, observations=said))

    found = gate(datasets, with_reads(transfer, moved))

    assert [finding.rule for finding in found] == ["G-REC-5", "G-REC-5"]
    assert all(words in finding.message for finding in found)


def test_a_refusal_names_rule_and_record(datasets: tuple[Dataset, ...], transfer: Transfer) -> None:
    """The error tells the first findings whole and counts the rest."""
    fault = next(fault for fault in SEEDED if fault.words == "orphan link")
    found = gate(fault.seed(datasets), transfer)
    with pytest.raises(ExportError) as refused:
        refuse_findings(found * 3)
    text = str(refused.value)

    assert text.startswith("Nothing was exported")
    assert (
        "G-LINK-1, TR (NRC-001-0001, RADIOLOGIST 1, WEEK 8, R1-NT99, TUMSTATE, TRSEQ 11): "
        "no TU record has TULNKID 'R1-NT99'" in text
    )
    assert "and 10 more" in text


def test_the_reconciliation_leads_back_to_the_caliper(
    datasets: tuple[Dataset, ...], transfer: Transfer
) -> None:
    """Every record of TR has a row with its slice, ends, raw length and signature, all equal."""
    rows = reconciliation_rows(datasets, transfer)
    tr = next(one for one in datasets if one.name == "TR")
    fragment = next(row for row in rows if row["lesion"] == "R2-T01.2")

    assert len(rows) == len(tr.rows)
    assert {row["equal"] for row in rows} == {"Y"}
    assert all(tuple(row) == RECONCILIATION_COLUMNS for row in rows)
    assert fragment == {
        "subject": "NRC-001-0001",
        "evaluator": "RADIOLOGIST 2",
        "visit": "WEEK 16",
        "lesion": "R2-T01.2",
        "test": "LDIAM",
        "exported": "6.0",
        "signed": "6.0",
        "equal": "Y",
        "sop_instance_uid": "1.2.3.4.20260427.60",
        "frame": "1",
        "start_mm_lps": "10.0 20.0 -160.0",
        "end_mm_lps": "16.03 20.0 -160.0",
        "raw_mm": "6.03",
        "provenance": "drawn",
        "signature": "W16-okafor",
    }


def test_a_node_is_reconciled_with_its_short_axis(
    datasets: tuple[Dataset, ...], transfer: Transfer
) -> None:
    """Of a node LPERP leads to the short axis and LDIAM to the long one."""
    rows = reconciliation_rows(datasets, transfer)
    of_node = [row for row in rows if (row["lesion"], row["visit"]) == ("R1-T02", "SCREENING")]

    assert [(row["test"], row["signed"], row["raw_mm"]) for row in of_node] == [
        ("LDIAM", "22.0", "22.03"),
        ("LPERP", "18.0", "18.03"),
    ]


def test_what_is_missing_has_a_row_too(datasets: tuple[Dataset, ...], transfer: Transfer) -> None:
    """A signed value without a record stands in the table with nothing exported, not equal."""
    fault = next(fault for fault in SEEDED if fault.words == "a target forgotten at a visit")
    rows = reconciliation_rows(fault.seed(datasets), transfer)
    (unequal,) = (row for row in rows if row["equal"] == "N" and not row["exported"])

    assert (unequal["lesion"], unequal["visit"], unequal["signed"]) == ("T1", "W16", "25.0")


def test_each_rule_stands_in_the_document() -> None:
    """docs/exports.md has a row for every rule with its sentence, and for no other."""
    rows = re.findall(
        r"^\| (G-[A-Z]+-\d+) \| (.+?) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )

    assert dict(rows) == dict(RULES)


def test_the_gate_does_not_know_the_builders() -> None:
    """A second pair of eyes: of SDTM the gate imports values, their variables and terms only."""
    allowed = {"dataset", "variables", "terminology"}
    for file in sorted((EXPORTING / "gate").glob("*.py")):
        text = file.read_text(encoding="utf-8")
        used = set(re.findall(r"napari_recist\.exporting\.sdtm\.?(\w*)", text))
        assert used <= allowed, file.name
