"""DM, SV and TV, and how visits are numbered: what a core laboratory knows, and no more."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from napari_recist.criteria import ScheduleSettings
from napari_recist.errors import ExportError
from napari_recist.exporting.gate import gate
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.sdtm.methods import method_of
from napari_recist.exporting.sdtm.trial_domains import sv_records
from napari_recist.exporting.sdtm.visits import sdtm_visit, study_day
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import ScheduledVisit, SeriesEntry
from tests.exporting.frozen_trials import AGREEING, MISSED, OPEN, true_date, with_clinical
from tests.exporting.sdtm.test_situations import by_name, rows, told

BASELINE = dt.date(2025, 1, 6)


@pytest.mark.parametrize(
    ("label", "days", "week", "number", "name", "day"),
    [
        ("BL", 0, 0, 1, "SCREENING", None),
        ("W8", 53, 8, 2, "WEEK 8", 57),
        ("W16", 112, 16, 3, "WEEK 16", 113),
        ("U11", 77, 11, Decimal("2.38"), "UNSCHEDULED WEEK 11", None),
        ("U8", 64, 8, Decimal("2.14"), "UNSCHEDULED WEEK 8", None),
    ],
)
def test_visits_are_numbered_by_the_schedule(  # noqa: PLR0917 - one row of the table
    label: str, days: int, week: int, number: Decimal, name: str, day: int | None
) -> None:
    """Planned visits have whole numbers; one between them a share of the way and no day."""
    scheduled = ScheduledVisit("P", label, week, BASELINE + dt.timedelta(days=days), ())
    visit = sdtm_visit(scheduled, BASELINE, ScheduleSettings())

    assert (visit.number, visit.name, visit.day) == (number, name, day)


@pytest.mark.parametrize(
    ("date", "day"),
    [(dt.date(2025, 1, 9), 1), (dt.date(2025, 1, 8), -1), (dt.date(2025, 1, 6), -3)],
)
def test_there_is_no_day_zero(date: dt.date, day: int) -> None:
    """The first dose is on day 1, the day before it is day -1."""
    assert study_day(date, dt.date(2025, 1, 9)) == day
    assert study_day(date, None) is None


def test_a_missed_visit(transfer: Transfer) -> None:
    """A planned visit before the last one with images stands in SV, as one that did not occur."""
    found = rows(by_name(transfer)["SV"], MISSED)

    assert told(found, "VISITNUM", "VISIT", "SVPRESP", "SVOCCUR", "SVSTDTC", "SVSTDY") == [
        (1, "SCREENING", "Y", "Y", true_date(MISSED, "BL").isoformat(), -3),
        (2, "WEEK 8", "Y", "N", "", None),
        (3, "WEEK 16", "Y", "Y", true_date(MISSED, "W16").isoformat(), 110),
    ]


def test_an_unscheduled_visit(transfer: Transfer) -> None:
    """It was not prespecified, so whether it occurred is not asked; it is described instead."""
    patient = next(one for one in transfer.patients if one.subject == AGREEING)
    extra = replace(
        patient.visits[1],
        visit="U11",
        week=11,
        date=patient.visits[0].date + dt.timedelta(days=77),
    )
    with_extra = replace(patient, visits=(*patient.visits, extra))
    found = [dict(row) for row in sv_records(replace(transfer, patients=(with_extra,)))]

    assert told([found[2]], "VISITNUM", "VISIT", "VISITDY", "SVPRESP", "SVOCCUR", "SVUPDES") == [
        (Decimal("2.38"), "UNSCHEDULED WEEK 11", None, "", "", "Images outside of the schedule")
    ]


def test_the_plan(transfer: Transfer) -> None:
    """TV holds the visits of the charter's schedule, as far as any subject came."""
    plan = by_name(transfer)["TV"]

    assert told(list(plan.rows), "VISITNUM", "VISIT", "VISITDY") == [
        (1, "SCREENING", None),
        (2, "WEEK 8", 57),
        (3, "WEEK 16", 113),
        (4, "WEEK 24", 169),
    ]
    assert plan.rows[1]["TVSTRL"] == "Images 8 weeks after baseline, 7 days more or less"


def test_subjects(transfer: Transfer) -> None:
    """DM tells code, site, country by the charter, and the first dose; sex is unknown."""
    first = rows(by_name(transfer)["DM"], AGREEING)
    unknown = rows(by_name(transfer)["DM"], OPEN)

    dose = (true_date(AGREEING, "BL") + dt.timedelta(days=3)).isoformat()
    names = ("USUBJID", "SUBJID", "SITEID", "COUNTRY", "SEX", "RFSTDTC", "RFXSTDTC", "AGE", "ARM")
    countries = dict(transfer.charter.transfer.countries)
    assert told(first, *names) == [
        (f"NRC-HCC-201-{AGREEING}", AGREEING, "001", countries["001"], "U", dose, dose, None, "")
    ]
    assert told(unknown, "RFSTDTC") == [("",)]


def test_study_days_stand_where_the_first_dose_is_known(transfer: Transfer) -> None:
    """--DY counts from the first dose, and is null for a subject without one."""
    for name in ("TU", "TR", "RS"):
        found = by_name(transfer)[name]
        assert {row[f"{name}DY"] for row in rows(found, OPEN)} <= {None}
        assert None not in {row[f"{name}DY"] for row in rows(found, AGREEING)}


@pytest.mark.parametrize(
    ("modality", "phase", "term"),
    [
        ("CT", "portal venous", "CONTRAST ENHANCED CT SCAN"),
        ("CT", "native", "CT SCAN WITHOUT CONTRAST"),
        ("CT", "", "CT SCAN"),
        ("MR", "hepatobiliary", "CONTRAST ENHANCED MRI"),
        ("MR", "opposed phase", "MRI"),
        ("MR", "native", "MRI WITHOUT CONTRAST"),
        ("PT", "", "PET SCAN"),
        ("XA", "", ""),
    ],
)
def test_methods(modality: str, phase: str, term: str) -> None:
    """The method tells of contrast what the series tells, and no more."""
    assert method_of(SeriesEntry("1.2", "", modality, phase, ())) == term


def test_the_same_transfer_is_the_same_datasets(transfer: Transfer) -> None:
    """Nothing comes from the clock or from chance."""
    assert sdtm_datasets(transfer) == sdtm_datasets(transfer)


def test_demographics_are_told_as_they_were_given(transfer: Transfer) -> None:
    """Sex, age and arm of the clinical data stand in DM; without them sex alone, as unknown."""
    known = with_clinical(
        transfer, ("sex", "F"), ("age", "64"), ("arm code", "CABO"), ("arm", "Cabozantinib")
    )
    columns = ("SEX", "AGE", "AGEU", "ARMCD", "ARM", "ACTARMCD", "ACTARM")
    arm = ("CABO", "Cabozantinib")

    assert told(rows(by_name(known)["DM"], AGREEING), *columns) == [
        ("F", 64, "YEARS", *arm, *arm),
    ]
    assert told(rows(by_name(transfer)["DM"], AGREEING), *columns) == [
        ("U", None, "", "", "", "", ""),
    ]
    assert gate(sdtm_datasets(known), known) == ()


@pytest.mark.parametrize(
    "item", [("sex", "female"), ("age", "64.5"), ("arm code", "CABO"), ("treatment end", "2025")]
)
def test_demographics_that_are_none_are_refused(transfer: Transfer, item: tuple[str, str]) -> None:
    """A sex in words, half a year, an arm without name, a year: each names patient and item."""
    with pytest.raises(ExportError, match=f"{item[0]} of {AGREEING}"):
        sdtm_datasets(with_clinical(transfer, item))
