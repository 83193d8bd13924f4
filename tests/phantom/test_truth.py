"""The truth tables obey RECIST 1.1: every number and word is worked out again here."""

import csv
import dataclasses
import itertools
import math
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from napari_recist.criteria.charter import Charter
from napari_recist.criteria.lesions import STATUSES_OF_ROLE, Role, Status
from napari_recist.phantom import (
    LesionTruth,
    ReadingTruth,
    Statement,
    SubjectTruth,
    TrialTruth,
    sample_charter,
    sample_trial,
)

TOO_SMALL = Fraction(5)
READS = [(subject, read) for subject in sample_trial().subjects for read in subject.readings]
each_read = pytest.mark.parametrize(
    ("subject", "read"), READS, ids=[f"{s.code} {r.reader}" for s, r in READS]
)


def value(said: Statement) -> Fraction:
    """Return what a target counts in the sum (R-12, R-13, R-14), in mm."""
    if said.status is Status.MEASURED:
        return Fraction(str(said.diameter_mm))
    return {Status.TOO_SMALL: TOO_SMALL, Status.ABSENT: Fraction(0)}[said.status]


def target_responses(values: list[list[Fraction]], nodes: list[bool]) -> list[str]:
    """Return the target response at each follow-up (R-23 to R-27)."""
    baseline, nadir, found = sum(values[0]), sum(values[0]), []
    for diameters in values[1:]:
        total = sum(diameters)
        gone = all(mm < 10 if node else mm == 0 for mm, node in zip(diameters, nodes, strict=True))
        if gone:
            found.append("CR")
        elif total - nadir >= 5 and total >= Fraction(6, 5) * nadir:
            found.append("PD")
        elif total <= Fraction(7, 10) * baseline:
            found.append("PR")
        else:
            found.append("SD")
        nadir = min(nadir, total)
    return found


def targets(read: ReadingTruth) -> list[list[Statement]]:
    """Return what is said of the targets, visit by visit."""
    return [[s for s in visit.statements if s.role is Role.TARGET] for visit in read.visits]


def lesions_of(subject: SubjectTruth, said: Statement) -> list[LesionTruth]:
    """Return the baseline truth of what a statement stands for."""
    return [subject.visits[0].lesion(name) for name in said.truth]


@each_read
def test_sums_add_up(subject: SubjectTruth, read: ReadingTruth) -> None:
    """The expected sum is the sum of what the reader states, exactly, in tenths."""
    for visit, said in zip(read.visits, targets(read), strict=True):
        assert sum(map(value, said)) == Fraction(str(visit.expected.sum_mm)), visit.label


@each_read
def test_diameters_stated_are_true(subject: SubjectTruth, read: ReadingTruth) -> None:
    """Every measured diameter is the lesion's: the long axis, for a node the short one."""
    for visit in read.visits:
        for said in visit.statements:
            if said.status is not Status.MEASURED:
                assert said.diameter_mm is None
                continue
            (name,) = said.truth
            lesion = subject.visit(visit.label).lesion(name)
            true_mm = lesion.short_mm if lesion.node else lesion.long_mm
            assert said.diameter_mm == pytest.approx(true_mm, abs=1e-9)


@each_read
def test_what_is_said_fits_what_is_there(subject: SubjectTruth, read: ReadingTruth) -> None:
    """Only a visible lesion is measured, present or new; only a vanished one is absent."""
    for visit in read.visits:
        for said in visit.statements:
            assert said.status in STATUSES_OF_ROLE[said.role]
            seen = [subject.visit(visit.label).lesion(name).visible for name in said.truth]
            if said.status is Status.ABSENT:
                assert not any(seen)
            else:
                assert all(seen)


@each_read
def test_target_responses_follow_from_the_sums(subject: SubjectTruth, read: ReadingTruth) -> None:
    """Target responses follow RECIST's order: CR, then PD over nadir, then PR, else SD."""
    said = targets(read)
    values = [[value(s) for s in visit] for visit in said]
    nodes = [s.node for s in said[0]]

    assert target_responses(values, nodes) == [v.expected.target for v in read.visits[1:]]


def corners(visit: list[Statement], nodes: list[bool]) -> list[list[Fraction]]:
    """Return a visit's diameters, each measured one +-1 mm, once per sum and per what is gone.

    Sum and what is gone decide the response, so that other corners of the same are left out.
    """
    steps = [(-1, 1) if said.status is Status.MEASURED else (0,) for said in visit]
    found = {}
    for errors in itertools.product(*steps):
        values = [value(said) + error for said, error in zip(visit, errors, strict=True)]
        gone = tuple(mm < 10 if node else mm == 0 for mm, node in zip(values, nodes, strict=True))
        found[sum(values), gone] = values
    return list(found.values())


@each_read
def test_a_millimetre_more_or_less_changes_no_call(
    subject: SubjectTruth, read: ReadingTruth
) -> None:
    """Every corner of +-1 mm per measured diameter, at all visits at once, gives the same calls."""
    said = targets(read)
    nodes = [s.node for s in said[0]]
    expected = [v.expected.target for v in read.visits[1:]]
    for values in itertools.product(*(corners(visit, nodes) for visit in said)):
        assert target_responses(list(values), nodes) == expected


@each_read
def test_non_target_and_overall_responses(subject: SubjectTruth, read: ReadingTruth) -> None:
    """Non-target states, new lesions and the overall table (T-2, W-1, section 7) hold."""
    listed = any(s.role is Role.NON_TARGET for s in read.visits[0].statements)
    for visit in read.visits[1:]:
        states = {s.status for s in visit.statements if s.role is Role.NON_TARGET}
        new = any(s.status is Status.UNEQUIVOCAL for s in visit.statements)
        expected = visit.expected
        assert states <= {Status.PRESENT, Status.ABSENT}
        gone = states == {Status.ABSENT}
        assert expected.nontarget == (("CR" if gone else "NON-CR/NON-PD") if listed else "NA")
        assert expected.new_lesion is new
        if new or expected.target == "PD":
            assert expected.overall == "PD"
        elif expected.target == "CR":
            assert expected.overall == ("CR" if gone or not listed else "PR")
        else:
            assert expected.overall == expected.target


@each_read
def test_best_response(subject: SubjectTruth, read: ReadingTruth) -> None:
    """Best response (B-7), its confirmation after 28 days (B-8), and first progression hold."""
    order = ["CR", "PR", "SD", "PD"]
    overall = [v.expected.overall for v in read.visits[1:]]
    dates = [v.date for v in subject.visits[1:]]
    labels = [v.label for v in subject.visits[1:]]
    first_pd = overall.index("PD") if "PD" in overall else len(overall)
    counted = overall[: first_pd + 1]
    best = min(counted, key=order.index)

    def confirmed(response: str) -> bool:
        wanted = order[: order.index(response) + 1]
        times = [d for d, r in zip(dates, counted, strict=False) if r in wanted]
        return len(times) > 1 and (times[-1] - times[0]).days >= 28

    assert read.best_response == best
    assert read.best_visit == labels[counted.index(best)]
    assert read.progression_visit == (labels[first_pd] if first_pd < len(labels) else "")
    assert (dates[0] - subject.visits[0].date).days >= 42  # long enough for stable disease
    sure = next((r for r in ("CR", "PR") if r in counted and confirmed(r)), "SD")
    assert read.confirmed_best_response == sure


@each_read
def test_baseline_lists_obey_the_limits(subject: SubjectTruth, read: ReadingTruth) -> None:
    """At most 5 targets, 2 per organ (L-1, L-2), each measurable (M-1, M-4, H-3)."""
    chosen = targets(read)[0]
    organs = [said.organ for said in chosen]

    assert len(chosen) <= 5
    assert max(organs.count(organ) for organ in organs) <= 2
    for said in chosen:
        (lesion,) = lesions_of(subject, said)
        if not lesion.node:
            assert lesion.long_mm >= 10 + 1
        else:
            assert lesion.short_mm >= (20 if lesion.porta_hepatis else 15) + 1
    for said in read.visits[0].statements:
        if said.role is Role.NON_TARGET and said.node:
            assert all(10 < lesion.short_mm < 15 for lesion in lesions_of(subject, said))


def test_the_trial_shows_every_response_and_a_disagreement(truth: TrialTruth) -> None:
    """CR, PR, SD and PD occur, PD both by the sum and by a new lesion; readers differ on one."""
    visits = [v.expected for _, read in READS for v in read.visits[1:]]

    assert {v.overall for v in visits} == {"CR", "PR", "SD", "PD"}
    assert {v.target == "PD" for v in visits if v.overall == "PD"} == {True, False}
    differing = [s.code for s in truth.subjects if len({r.best_response for r in s.readings}) > 1]
    assert differing == ["NRC-003-0001"]


def test_a_porta_hepatis_node_becomes_normal(truth: TrialTruth) -> None:
    """One node of the porta hepatis falls from 20 mm or more to below 10 mm in short axis."""
    found = [
        (subject.visits[0].lesion(lesion.name).short_mm, lesion.short_mm)
        for subject in truth.subjects
        for lesion in subject.visits[-1].lesions
        if lesion.porta_hepatis
    ]

    assert any(before >= 20 and after < 10 for before, after in found)


def test_scans_keep_to_the_schedule(truth: TrialTruth) -> None:
    """Baseline and weeks 8, 16, 24, each within a week of its day."""
    for subject in truth.subjects:
        assert [v.label for v in subject.visits] == ["BL", "W8", "W16", "W24"]
        for visit in subject.visits:
            assert abs((visit.date - subject.visits[0].date).days - 7 * visit.week) <= 7


def test_axes_are_what_their_lengths_say(truth: TrialTruth) -> None:
    """End-points give the lengths, cross at right angles in the centre, and share the key plane."""
    for subject in truth.subjects:
        for visit in subject.visits:
            for lesion in visit.lesions:
                assert math.dist(*lesion.long_axis) == pytest.approx(lesion.long_mm, abs=1e-9)
                assert math.dist(*lesion.short_axis) == pytest.approx(lesion.short_mm, abs=1e-9)
                assert lesion.short_mm <= lesion.long_mm
                ends = (*lesion.long_axis, *lesion.short_axis)
                assert {end[2] for end in ends} == {lesion.centre[2]}
                long, short = (
                    [b - a for a, b in zip(*axis, strict=True)]
                    for axis in (lesion.long_axis, lesion.short_axis)
                )
                dot = sum(a * b for a, b in zip(long, short, strict=True))
                assert dot == pytest.approx(0, abs=1e-9)


def test_charter_is_the_programs_and_of_this_trial() -> None:
    """The charter is TOML whose every key the program has a setting for; two readers, 8 weeks."""
    charter = tomllib.loads(sample_charter())
    settings = {part.name: getattr(Charter(), part.name) for part in dataclasses.fields(Charter)}

    for section, values in charter.items():
        assert set(values) <= {part.name for part in dataclasses.fields(settings[section])}
    assert charter["schedule"]["interval_weeks"] == 8
    assert charter["landmark"]["day"] == 112
    assert charter["read"]["readers"] == 2


def test_stated_table_has_the_contracts_columns(kept: Path) -> None:
    """LESIONS.csv has the columns of the contract in their order, and a row for each statement."""
    with (kept / "truth" / "LESIONS.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert ",".join(rows[0]) == (
        "subject,reader,visit,date,lesion,role,node,organ,status,diameter_mm,into,reason"
    )
    assert len(rows) == sum(len(v.statements) for _, read in READS for v in read.visits)
