"""The difference report between two transfers: exactly what changed, and nothing else."""

import csv
import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_recist.criteria import assess_read
from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.transfer.differences import (
    COLUMNS,
    ChangedValue,
    differences,
    differences_csv,
)
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import ReadKey, Trial, end_follow_up, freeze, reopen
from napari_recist.trial.reads.adjudication import withdraw_adjudication
from napari_recist.trial.reads.clinical import give_clinical_data
from tests.exporting.frozen_trials import (
    AGREEING,
    FIRST,
    MISSED,
    OPEN,
    SECOND,
    SETTLED,
    T1,
    T2,
    TOO_SMALL,
    open_visit,
    sign,
    state,
)
from tests.trial.conftest import PASSWORD

ONE, TWO = "RADIOLOGIST 1", "RADIOLOGIST 2"
SIGNING = {"signed", "caliper", "place"}
"""Items whose value is a moment or a place: that they changed is looked at, not to what."""


def changed_by(trial: Trial, act: Callable[[Trial], object]) -> set[ChangedValue]:
    """Freeze again after an act, and return what changed; moments and places as words."""
    act(trial)
    freeze(trial)
    before, after = frozen_transfer(trial, 1), frozen_transfer(trial, 2)
    return {
        dataclasses.replace(one, before=bool(one.before) * "was", after=bool(one.after) * "is")
        if one.item in SIGNING
        else one
        for one in differences(before, after)
    }


def _read_anew(trial: Trial) -> None:
    reopen(trial, ReadKey(MISSED, SECOND), "W16", "wrong series")
    seat = trial.sign_in(SECOND, PASSWORD)
    open_visit(seat, MISSED, "W16")
    state(seat, MISSED, "W16", {T1: 25.3})
    sign(seat, MISSED, "W16")


def _sign_week_8(trial: Trial) -> None:
    seat = trial.sign_in(FIRST, PASSWORD)
    state(seat, OPEN, "W8", {T1: TOO_SMALL})
    sign(seat, OPEN, "W8")


OF_MISSED = (MISSED, TWO, "W16")
OF_OPEN = (OPEN, ONE, "W8")
CHANGES: dict[str, tuple[Callable[[Trial], object], set[ChangedValue]]] = {
    "nothing": (lambda _trial: None, set()),
    "a visit read anew": (
        _read_anew,
        {
            ChangedValue("visit", *OF_MISSED, "", "signed", "was", "is"),
            ChangedValue("response", *OF_MISSED, "", "sum mm", "25.1", "25.3"),
            ChangedValue("observation", *OF_MISSED, "T1", "diameter mm", "25.1", "25.3"),
            ChangedValue("observation", *OF_MISSED, "T1", "caliper", "was", "is"),
        },
    ),
    "a visit signed": (
        _sign_week_8,
        {
            ChangedValue("visit", *OF_OPEN, "", "date", "", "2025-03-27"),
            ChangedValue("visit", *OF_OPEN, "", "signed", "", "is"),
            ChangedValue("response", *OF_OPEN, "", "sum mm", "", "5.0"),
            ChangedValue("response", *OF_OPEN, "", "target", "", "PR"),
            ChangedValue("response", *OF_OPEN, "", "non-target", "", "NE"),
            ChangedValue("response", *OF_OPEN, "", "overall", "", "PR"),
            ChangedValue("observation", *OF_OPEN, "T1", "status", "", "too_small"),
            *(
                ChangedValue("best response", OPEN, ONE, "", "", item, *change)
                for item, *change in (
                    ("best response", "NE", "PR"),
                    ("best response date", "", "2025-03-27"),
                    ("confirmed best response", "NE", "SD"),
                    ("confirmed best response date", "", "2025-03-27"),
                    ("response date", "", "2025-03-27"),
                    ("clinical benefit date", "", "2025-03-27"),
                    ("last evaluable date", "", "2025-03-27"),
                    ("not evaluable reason", "no_post_baseline", ""),
                )
            ),
        },
    ),
    "an adjudication withdrawn": (
        lambda trial: withdraw_adjudication(trial, SETTLED, "late images"),
        {
            ChangedValue("patient", SETTLED, "", "", "", "accepted read", ONE, ""),
            ChangedValue(
                "adjudication",
                SETTLED,
                "",
                "",
                "",
                "reason",
                "it is right about the new lesion",
                "",
            ),
            ChangedValue(
                "adjudication", SETTLED, "", "", "", "comment", "degenerative, not malignant", ""
            ),
        },
    ),
    "follow-up ended": (
        lambda trial: end_follow_up(trial, OPEN, "death"),
        {ChangedValue("patient", OPEN, "", "", "", "follow-up", "", "ended")},
    ),
    "another treatment start": (
        lambda trial: give_clinical_data(trial, {AGREEING: (("treatment start", "2025-01-10"),)}),
        {
            ChangedValue(
                "patient", AGREEING, "", "", "", "treatment start", "2025-01-09", "2025-01-10"
            )
        },
    ),
}


@pytest.mark.parametrize("act", CHANGES)
def test_exactly_what_was_changed_is_reported(frozen_trial: Trial, act: str) -> None:
    """Every value that an act changed has a row, by hand; and no other value has one."""
    do, expected = CHANGES[act]

    assert changed_by(frozen_trial, do) == expected


MEASURED = tuple((visit, lesion) for visit in ("BL", "W8", "W16", "W24") for lesion in (T1, T2))
"""What reader 1 measured throughout of the patient on whom both readers agree."""


def remeasured(transfer: Transfer, lengths: dict[tuple[str, str], int]) -> Transfer:
    """Return the transfer with other diameters, in tenths of a millimetre, in its first read."""
    patient = transfer.patients[0]
    frozen = patient.reads[0]
    said = dict(frozen.read.observations)
    for place, length in lengths.items():
        said[place] = dataclasses.replace(said[place], diameters=(length,))
    read = dataclasses.replace(frozen.read, observations=MappingProxyType(said))
    judged = assess_read(read, frozen.charter)
    other = dataclasses.replace(frozen, read=read, assessment=judged)
    changed = dataclasses.replace(patient, reads=(other, *patient.reads[1:]))
    return dataclasses.replace(transfer, patients=(changed, *transfer.patients[1:]))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([(visit, lesion.identifier) for visit, lesion in MEASURED]),
        st.integers(min_value=60, max_value=900),
    )
)
def test_every_other_diameter_has_its_row_and_no_same_one(
    transfer: Transfer, lengths: dict[tuple[str, str], int]
) -> None:
    """Whatever diameters are changed: these have rows with old and new value, all others none."""
    before = transfer.patients[0].reads[0].read.observations
    found = {
        (one.visit, one.lesion): (one.before, one.after)
        for one in differences(transfer, remeasured(transfer, lengths))
        if one.item == "diameter mm"
    }

    assert found == {
        place: (f"{before[place].diameters[0] / 10:.1f}", f"{length / 10:.1f}")
        for place, length in lengths.items()
        if before[place].diameters != (length,)
    }


def test_a_patient_who_left_is_told_value_by_value(transfer: Transfer) -> None:
    """What only one transfer has is on one side of the report; back and forth are mirrors."""
    fewer = dataclasses.replace(transfer, patients=transfer.patients[1:])
    gone, come = differences(transfer, fewer), differences(fewer, transfer)

    assert {one.subject for one in gone} == {AGREEING}
    assert all(one.before and not one.after for one in gone)
    assert {dataclasses.replace(one, before=one.after, after=one.before) for one in come} == {*gone}


def test_the_report_is_in_every_export(frozen_trial: Trial, tmp_path: Path) -> None:
    """Of a first transfer only its header; of the second what changed, with nobody named."""
    export_csv(frozen_trial, tmp_path / "first")
    first = (tmp_path / "first" / "differences.csv").read_text(encoding="utf-8")
    _read_anew(frozen_trial)
    freeze(frozen_trial)
    export_csv(frozen_trial, tmp_path / "second")
    second = (tmp_path / "second" / "differences.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(second.decode(), newline="")))

    assert first == ",".join(COLUMNS) + "\n"
    assert {row["evaluator"] for row in rows} == {TWO}
    assert {row["subject"] for row in rows} == {MISSED}
    assert second == differences_csv(
        frozen_transfer(frozen_trial, 1), frozen_transfer(frozen_trial, 2)
    )
    assert SECOND.encode() not in second
