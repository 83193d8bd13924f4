"""The limits of PR and PD to the tenth of a millimetre, where floating point goes wrong."""

import csv
import json
from pathlib import Path

import pytest

from napari_recist.criteria import Response, assess_read, parse
from napari_recist.criteria.target import Limits
from tests.criteria.reads import a_read


def judged(baseline: float, nadir: float, current: float) -> Response | None:
    """Return the target response of a sum after a baseline and a nadir, all in mm."""
    sums = [baseline, nadir, current] if nadir < baseline else [baseline, current]
    return assess_read(a_read({"T1": sums})).visits[-1].target


@pytest.mark.parametrize(
    ("baseline", "nadir", "current", "response"),
    [
        (100, 100, 70, "PR"),
        (100, 100, 70.1, "SD"),
        (14, 14, 9.8, "PR"),
        (43, 43, 30.1, "PR"),
        (100, 20, 25, "PD"),
        (100, 20, 24.9, "PR"),
        (100, 25, 30, "PD"),
        (100, 25, 29.9, "PR"),
        (100, 90, 108, "PD"),
        (100, 90, 107.9, "SD"),
        (100, 50, 60, "PD"),
        (30, 30, 36, "PD"),
        (20, 20, 24, "SD"),
        (27, 27, 32.4, "PD"),
        (8, 3.2, 8.2, "PD"),
        (100, 100, 120, "PD"),
    ],
)
def test_limits_are_inclusive_and_exact(
    baseline: float, nadir: float, current: float, response: str
) -> None:
    """30 % under baseline is PR, 20 % and 5.0 mm over nadir is PD, both reached exactly (N-4)."""
    assert judged(baseline, nadir, current) == response


@pytest.mark.shared
def test_shared_boundary_cases(shared_data: Path) -> None:
    """Every boundary case of the shared table is answered as it says."""
    path = shared_data / "recist/tables/threshold_boundary_cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 24
    for row in rows:
        sums = [float(row[f"{which}_sum_mm"]) for which in ("baseline", "nadir", "current")]
        expected = row["expected_target_response"]
        if expected == "SEE_REAPPEARANCE":
            expected = "PD"  # a sole target at 0 mm was an overall CR: R-31
        assert (row, judged(*sums)) == (row, expected)


def test_every_exact_thirty_percent_is_pr() -> None:
    """All 291 baselines of 10 to 300 mm that can shrink by exactly 30 % do, and 0.1 mm less not."""
    exact = [(base, 7 * base // 10) for base in range(100, 3001) if 7 * base % 10 == 0]
    limits = Limits()

    assert len(exact) == 291
    assert all(limits.is_pr(total, base) for base, total in exact)
    assert not any(limits.is_pr(total + 1, base) for base, total in exact)


def test_every_exact_twenty_percent_is_pd() -> None:
    """All 551 nadirs of 25 to 300 mm that can grow by exactly 20 % are PD, and 0.1 mm less not."""
    exact = [(nadir, 6 * nadir // 5) for nadir in range(250, 3001) if nadir % 5 == 0]
    limits = Limits()

    assert len(exact) == 551
    assert all(limits.is_pd(total, nadir) for nadir, total in exact)
    assert not any(limits.is_pd(total - 1, nadir) for nadir, total in exact)


def test_every_exact_five_millimetres_is_pd() -> None:
    """Below a nadir of 25 mm exactly 5.0 mm of growth is PD, and 4.9 mm not."""
    limits = Limits()

    assert all(limits.is_pd(nadir + 50, nadir) for nadir in range(251))
    assert not any(limits.is_pd(nadir + 49, nadir) for nadir in range(251))


@pytest.mark.shared
def test_examples_that_floating_point_misses(shared_data: Path) -> None:
    """Every recorded example that naive floating point misses is found here."""
    path = shared_data / "recist/tables/float_boundary_pitfalls.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    limits = Limits()
    for name, pitfall in found.items():
        examples = pitfall["examples"]
        if isinstance(examples, list):  # lesions, summed
            for base, now in examples:
                sums = [sum(parse(str(one)) for one in lesions) for lesions in (base, now)]
                assert limits.is_pr(sums[1], sums[0])
            continue
        for first, second in (pair for pairs in examples.values() for pair in pairs):
            before, after = parse(str(first)), parse(str(second))
            judge = limits.is_pr(after, before) if "PR" in name else limits.is_pd(after, before)
            assert (name, before, after, judge) == (name, before, after, True)


@pytest.mark.parametrize("step", [1, 10])
def test_limits_named_are_the_first_that_count(step: int) -> None:
    """The named PR and PD limits are met themselves and missed by one step."""
    limits = Limits(step=step)
    for total in range(0, 2000, step):
        pr, pd = limits.pr_limit(total), limits.pd_limit(total)
        assert limits.is_pr(pr, total)
        assert not limits.is_pr(pr + step, total)
        assert limits.is_pd(pd, total)
        assert not limits.is_pd(pd - step, total)


def test_no_growth_is_no_progression() -> None:
    """Without a floor, nothing over a nadir of nothing is still no growth (N-7)."""
    limits = Limits(pd_floor=0)

    assert not limits.is_pd(0, 0)
    assert limits.is_pd(1, 0)
    assert limits.pd_limit(0) == 1
