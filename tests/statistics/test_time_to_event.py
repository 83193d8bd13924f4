"""When each time ends and why: FDA's table, E-1 to E-6, and a public trial's own answers."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from napari_recist.criteria import Charter, Response
from napari_recist.criteria.best_overall import best_response
from napari_recist.criteria.charter import ConfirmationSettings
from napari_recist.statistics.courses import Course, FollowUp
from napari_recist.statistics.time_to_event import (
    CensoringRule,
    EndReason,
    Outcome,
    duration_of_response,
    longest_gap,
    overall_survival,
    progression_free_survival,
    time_to_progression,
    time_to_response,
)
from tests.statistics.courses import CHARTER, START, course, day


def told(outcome: Outcome | None) -> tuple[Any, ...] | None:
    """Return what an outcome says: its end in weeks, whether the event, and why."""
    if outcome is None:
        return None
    assert outcome.start == START
    return (outcome.end - START).days / 7, outcome.event, outcome.reason


E, C = True, False
WHY = EndReason

# FDA, Clinical Trial Endpoints for Cancer Drugs and Biologics, appendix 3 table A; RECIST.md E-2.
FDA = [
    ("no baseline", course("8 SD", baseline=False), (0, C, WHY.NO_BASELINE)),
    ("nothing after baseline", course(), (0, C, WHY.NO_ASSESSMENT)),
    ("nothing, an early death", course(death=6), (6, E, WHY.DEATH)),
    ("nothing, a death on the limit", course(death=16), (16, E, WHY.DEATH)),
    ("nothing, a late death", course(death=17), (0, C, WHY.NO_ASSESSMENT)),
    ("progression", course("8 SD, 16 PD"), (16, E, WHY.PROGRESSION)),
    ("progression between visits", course("8 SD, 11 PD"), (11, E, WHY.PROGRESSION)),
    ("alive without progression", course("8 SD, 16 PR, 24 NE"), (16, C, WHY.NO_EVENT)),
    ("nothing could be judged", course("8 NE, 16 NE"), (0, C, WHY.NO_ASSESSMENT)),
    ("another therapy", course("8 SD, 16 SD, 24 PD", new_therapy=17), (16, C, WHY.NEW_THERAPY)),
    (
        "death after another therapy",
        course("8 SD", new_therapy=9, death=12),
        (8, C, WHY.NEW_THERAPY),
    ),
    ("death before progression", course("8 SD, 16 SD", death=20), (20, E, WHY.DEATH)),
    ("death after progression", course("8 SD, 16 PD", death=20), (16, E, WHY.PROGRESSION)),
    ("one visit missed", course("8 SD, 24 PD"), (24, E, WHY.PROGRESSION)),
    ("two visits missed", course("8 SD, 32 PD"), (8, C, WHY.MISSED_VISITS)),
    ("two visits not evaluable", course("8 SD, 16 NE, 24 NE, 32 PD"), (8, C, WHY.MISSED_VISITS)),
    ("death after two missed visits", course("8 SD", death=30), (8, C, WHY.MISSED_VISITS)),
]


@pytest.mark.parametrize(("what", "patient", "expected"), FDA)
def test_progression_free_survival(
    what: str, patient: Course, expected: tuple[float, bool, EndReason]
) -> None:
    """Each situation of FDA's table ends at its date, as event or censored, with its reason."""
    assert told(progression_free_survival(patient, CHARTER)) == expected


REGARDLESS = [
    (course("8 SD, 32 PD"), (32, E, WHY.PROGRESSION)),
    (course("8 SD", death=30), (30, E, WHY.DEATH)),
    (course(death=30), (30, E, WHY.DEATH)),
]


@pytest.mark.parametrize(("patient", "expected"), REGARDLESS)
def test_events_may_count_regardless(
    patient: Course, expected: tuple[float, bool, EndReason]
) -> None:
    """The sensitivity analysis counts what comes after missed visits (E-2)."""
    found = progression_free_survival(patient, CHARTER, CensoringRule.REGARDLESS)

    assert told(found) == expected


def test_the_gap_that_is_too_long() -> None:
    """Two missed visits of 8 weeks: more than 126 days since the last adequate visit (E-3)."""
    on, over = (
        Course("P", START, ((day(8), Response.SD), (date, Response.PD)), best, FollowUp(START))
        for date in (day(8) + dt.timedelta(days=126), day(8) + dt.timedelta(days=127))
        for best in [best_response([(day(8), Response.SD), (date, Response.PD)], START)]
    )

    assert longest_gap(CHARTER) == 126
    assert progression_free_survival(on, CHARTER).event
    assert progression_free_survival(over, CHARTER).reason is EndReason.MISSED_VISITS


def test_a_day_counts_at_both_ends() -> None:
    """Event minus start plus one; a patient censored at the start has one day (E-1)."""
    assert progression_free_survival(course("8 PD"), CHARTER).days == 57
    assert progression_free_survival(course(), CHARTER).days == 1


def test_time_to_progression_censors_deaths() -> None:
    """A death without progression is censored at the last adequate visit (E-4)."""
    dead = course("8 SD, 16 SD", death=20)

    assert told(time_to_progression(dead, CHARTER)) == (16, C, WHY.DEATH_WITHOUT_PROGRESSION)
    assert told(time_to_progression(course("8 PD"), CHARTER)) == (8, E, WHY.PROGRESSION)
    assert told(time_to_progression(course(death=4), CHARTER)) == (0, C, WHY.NO_ASSESSMENT)


def test_duration_of_response_runs_from_the_response_that_is_confirmed() -> None:
    """Of responders only; the charter may do without confirmation (E-4)."""
    confirmed = course("8 SD, 16 PR, 24 PR, 32 PD")
    once = course("8 PR, 16 SD, 24 PD")
    free = Charter(confirmation=ConfirmationSettings(required=False))
    found = duration_of_response(confirmed, CHARTER)

    assert found is not None
    assert (found.start, found.end, found.event) == (day(16), day(32), True)
    assert told(time_to_response(confirmed)) == (16, E, WHY.RESPONSE)
    assert duration_of_response(once, CHARTER) is None
    assert time_to_response(once) is None
    unconfirmed = duration_of_response(course("8 PR, 16 SD, 24 PD", charter=free), free)
    assert unconfirmed is not None
    assert (unconfirmed.start, unconfirmed.end) == (day(8), day(24))


SURVIVAL = [
    (course("8 SD", death=30), (30, E, WHY.DEATH)),
    (course("8 SD", last_alive=40), (40, C, WHY.ALIVE)),
    (course("8 SD, 16 NE", last_alive=10), (16, C, WHY.ALIVE)),
    (course(), (0, C, WHY.ALIVE)),
]


@pytest.mark.parametrize(("patient", "expected"), SURVIVAL)
def test_overall_survival(patient: Course, expected: tuple[float, bool, EndReason]) -> None:
    """To death, else to the last day known to be alive: a scan tells that too (E-4)."""
    assert told(overall_survival(patient)) == expected


def test_a_public_trial_comes_out_as_published(shared_data: Path) -> None:
    """PFS, OS and duration of response: dates, censoring and reasons of the published table.

    That table has no rule for missed visits (E-5), counts a response unconfirmed, and takes the
    response of the day as it stands.
    """
    file = shared_data / "recist" / "sdtm_8_subjects" / "expected_endpoints_8_subjects.csv"
    charter = Charter(confirmation=ConfirmationSettings(required=False))
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))

    assert len(rows) == 3
    for row in rows:
        start = dt.date.fromisoformat(row["RANDDT"])
        pairs = (one.split("=") for one in row["OVR"].split())
        responses = tuple((dt.date.fromisoformat(date), Response(word)) for date, word in pairs)
        alive = dt.date.fromisoformat(row["OS"].split("..")[1].split()[0])
        patient = Course(
            row["USUBJID"],
            start,
            responses,
            best_response(responses, start, charter),
            FollowUp(start, last_alive=alive),
        )
        rule = CensoringRule.REGARDLESS
        assert as_published(progression_free_survival(patient, charter, rule)) == row["PFS"]
        assert as_published(overall_survival(patient)) == row["OS"]
        assert as_published(duration_of_response(patient, charter, rule)) == row["RSD"]


PUBLISHED_WORDS = {
    EndReason.PROGRESSION: "Disease Progression",
    EndReason.NO_EVENT: "Last Tumor Assessment",
    EndReason.ALIVE: "Alive",
}


def as_published(outcome: Outcome | None) -> str:
    """Return an outcome in the words of the published table."""
    if outcome is None:
        return ""
    censored, why = int(not outcome.event), PUBLISHED_WORDS[outcome.reason]
    return f"{outcome.start}..{outcome.end} CNSR={censored} {why}"
