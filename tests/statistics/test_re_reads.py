"""Which patients are read again, blinded, and when."""

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.statistics.re_reads import (
    EarlierPlans,
    PlannedReRead,
    ReadCase,
    ReReadSettings,
    plan_re_reads,
    shares,
)

DAY = dt.date(2026, 3, 2)


def cases(reader: str, **responses: int) -> list[ReadCase]:
    """Return so many cases of each response, read a day apart."""
    every = [response for response, number in responses.items() for _ in range(number)]
    return [
        ReadCase(f"P-{number:03}", reader, response, DAY + dt.timedelta(days=number))
        for number, response in enumerate(every, 1)
    ]


def test_a_tenth_of_each_reader_s_cases() -> None:
    """Of 30 cases of anna and 11 of bert 3 and 2 are read again: the share is rounded up."""
    every = [*cases("anna", SD=30), *cases("bert", SD=11)]
    planned = plan_re_reads(every, ReReadSettings(), seed=1)

    assert [one.reader for one in planned].count("anna") == 3
    assert [one.reader for one in planned].count("bert") == 2


def test_a_share_is_of_the_decimal_that_was_written() -> None:
    """Seven hundredths of 100 are 7; the binary product lies above 7 and would round up to 8."""
    chosen = ReReadSettings(share=0.07)

    assert chosen.share * 100 > 7
    assert len(plan_re_reads(cases("anna", SD=100), chosen, seed=1)) == 7


def test_every_response_is_read_again() -> None:
    """The only CR of 40 cases is among 4 re-reads: each response is drawn at least once."""
    mine = cases("anna", CR=1, PR=6, SD=20, PD=13)
    response = {case.subject: case.response for case in mine}
    for seed in range(20):
        planned = plan_re_reads(mine, ReReadSettings(), seed=seed)
        assert {response[one.of_subject] for one in planned} == {"CR", "PR", "SD", "PD"}


def test_shares_follow_the_sizes() -> None:
    """One each, then in proportion; the largest first where there are too few for all."""
    assert shares({"PR": 10, "SD": 30}, 8) == {"PR": 2, "SD": 6}
    assert shares({"CR": 1, "PR": 6, "SD": 20}, 2) == {"CR": 0, "PR": 1, "SD": 1}
    assert shares({"CR": 1, "SD": 2}, 9) == {"CR": 1, "SD": 2}
    assert shares({"SD": 2}, -1) == {"SD": 0}


def test_a_re_read_waits_until_the_first_is_forgotten() -> None:
    """Due dates lie 28 to 56 days after the first read and are told in order."""
    mine = cases("anna", SD=60)
    finished = {case.subject: case.finished for case in mine}
    planned = plan_re_reads(mine, ReReadSettings(share=0.5), seed=3)
    waits = [(one.due - finished[one.of_subject]).days for one in planned]

    assert min(waits) >= 28
    assert max(waits) <= 56
    assert len(set(waits)) > 5
    assert [one.due for one in planned] == sorted(one.due for one in planned)


def test_an_alias_looks_like_a_patient() -> None:
    """The code has the trial's form and is nobody's, also not that of an expected patient."""
    expected = frozenset(f"P-{number:03}" for number in range(1, 51))
    planned = plan_re_reads(
        cases("anna", SD=40), ReReadSettings(share=1), 4, EarlierPlans(codes=expected)
    )
    aliases = [one.alias for one in planned]

    assert len(set(aliases)) == 40
    assert all(re.fullmatch(r"P-\d{3}", alias) for alias in aliases)
    assert not expected & set(aliases)
    named = plan_re_reads([ReadCase("Subject", "anna", "SD", DAY)], ReReadSettings(share=1), 1)
    assert named[0].alias not in {"", "Subject"}


def test_later_plans_top_up() -> None:
    """What was planned before counts towards the share and is not drawn twice."""
    mine = cases("anna", SD=20)
    first = plan_re_reads(mine, ReReadSettings(), seed=5)
    known = EarlierPlans(
        frozenset((one.of_subject, one.reader) for one in first),
        frozenset(one.alias for one in first),
    )
    more = plan_re_reads(cases("anna", SD=40), ReReadSettings(), 6, known)

    assert (len(first), len(more)) == (2, 2)
    assert not {one.of_subject for one in first} & {one.of_subject for one in more}
    assert plan_re_reads(mine, ReReadSettings(), 7, known) == ()


def test_one_reader_s_cases_do_not_change_another_s_draw() -> None:
    """Who is drawn for anna does not depend on what bert has read."""

    def drawn(planned: tuple[PlannedReRead, ...]) -> set[str]:
        return {one.of_subject for one in planned if one.reader == "anna"}

    alone = plan_re_reads(cases("anna", SD=30), ReReadSettings(), 8)
    both = plan_re_reads([*cases("bert", PR=9), *cases("anna", SD=30)], ReReadSettings(), 8)
    assert drawn(alone) == drawn(both)


def test_nonsense_is_refused() -> None:
    """A share over 1, negative days, and one patient twice for one reader."""
    for unusable in ({"share": 1.1}, {"min_days": -1}, {"spread_days": -1}):
        with pytest.raises(ValueError, match="re-reads"):
            ReReadSettings(**unusable)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="twice"):
        plan_re_reads(cases("anna", SD=1) * 2, ReReadSettings(), 1)


@settings(deadline=None)
@given(
    st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.05, 0.1, 0.25, 1.0]), st.integers()
)
def test_a_plan_can_be_made_again(stable: int, partial: int, share: float, seed: int) -> None:
    """The same cases, in any order, and the same seed give the same plan of the right length."""
    mine = cases("anna", SD=stable, PR=partial)
    planned = plan_re_reads(mine, ReReadSettings(share=share), seed)

    assert plan_re_reads(mine[::-1], ReReadSettings(share=share), seed) == planned
    assert share * len(mine) <= len(planned) + 1e-9 < share * len(mine) + 1
    assert len({one.of_subject for one in planned}) == len(planned)
