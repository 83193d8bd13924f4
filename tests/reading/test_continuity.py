"""Series continuity: which series is proposed, what is flagged, and what choosing records."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.criteria import (
    ObservationWithdrawn,
    Role,
    SeriesChosen,
    SeriesSettings,
    Status,
    VisitOpened,
    WhyNotEvaluable,
)
from napari_recist.errors import LockedError, ReadError, UnmeasurableError
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.series_departures import Aspect, from_baseline, from_charter
from napari_recist.reading.series_ranking import ranked
from napari_recist.trial import SeriesEntry, Trial, open_trial
from tests.reading.conftest import BASELINE, LONG
from tests.reading.profiles import PORTAL, entries, taken, visits
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import PASSWORD, seated

WANTED = SeriesSettings()
WEEK_8 = BASELINE + dt.timedelta(weeks=8)


@given(visits, st.none() | entries, st.randoms())
def test_shuffling_never_changes_the_proposal(
    series: list[SeriesEntry], baseline: SeriesEntry | None, dice: Any
) -> None:
    """Whatever the order in which files were found, the ranking is the same."""
    shuffled = list(series)
    dice.shuffle(shuffled)

    assert ranked(shuffled, baseline, WANTED) == ranked(series, baseline, WANTED)


@given(visits, entries, st.randoms())
def test_a_series_taken_as_at_baseline_always_wins(
    others: list[SeriesEntry], baseline: SeriesEntry, dice: Any
) -> None:
    """Among any others, the series with baseline's own profile, or one no different, is first."""
    series = [*others, replace(baseline, series_uid="2.1")]
    dice.shuffle(series)
    first = ranked(series, baseline, WANTED)[0].entry

    def likeness(entry: SeriesEntry) -> Any:
        profile = entry.profile
        assert profile is not None
        alike = replace(profile, slices=0, number=None, findings=(), coverage_mm=None)
        return entry.modality, entry.phase, replace(alike, contrast=str(bool(profile.contrast)))

    assert first.series_uid == "2.1" or likeness(first) == likeness(baseline)


@pytest.mark.parametrize(
    ("changes", "aspect", "words"),
    [
        ({"phase": "arterial"}, Aspect.PHASE, "Arterial phase; baseline was portal venous."),
        ({"phase": ""}, Aspect.PHASE, "The phase is not told; baseline was portal venous."),
        ({"thickness_mm": 2.5}, Aspect.THICKNESS, "Slices 2.5 mm thick; baseline's were 5.0 mm."),
        ({"kernel": "B60f"}, Aspect.KERNEL, "Kernel B60f; baseline's was B30f."),
        ({"modality": "MR"}, Aspect.MODALITY, "MR; baseline was CT."),
        ({"plane": "coronal"}, Aspect.PLANE, "coronal slices; baseline's were axial."),
        (
            {"contrast": ""},
            Aspect.CONTRAST,
            "No contrast agent is stated; at baseline one was given.",
        ),
        (
            {"field_of_view_mm": 250.0},
            Aspect.FIELD_OF_VIEW,
            "Field of view 250 mm; baseline's was 360 mm.",
        ),
        ({"coverage_mm": 120.0}, Aspect.COVERAGE, "Covers 120 mm; baseline covered 200 mm."),
        (
            {"verdict": "amber", "findings": ("missing-slices",)},
            Aspect.PASSPORT,
            "Passport amber: missing slices.",
        ),
        (
            {"verdict": "blocked", "findings": ("no-position",)},
            Aspect.PASSPORT,
            "Passport blocked: no position. It gives no millimetres.",
        ),
    ],
)
def test_each_departure_is_told_in_words(
    changes: dict[str, Any], aspect: Aspect, words: str
) -> None:
    """One thing changed since baseline is one departure, and says from what to what."""
    (found,) = from_baseline(taken(**changes), PORTAL)

    assert (found.aspect, found.words) == (aspect, words)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"thickness_mm": 4.0},
        {"thickness_mm": None},
        {"kernel": ""},
        {"kernel": "b30F"},
        {"field_of_view_mm": 400.0},
        {"coverage_mm": 170.0},
        {"contrast": "another iodine"},
        {"slices": 50, "number": 7},
    ],
)
def test_the_same_protocol_on_another_day_is_no_departure(changes: dict[str, Any]) -> None:
    """5 and 4 mm, a slightly other field of view, and what the files do not tell, pass."""
    assert from_baseline(taken(**changes), PORTAL) == ()


def test_at_baseline_the_charter_is_what_is_asked_for() -> None:
    """Another phase than the charter's and slices over its limit are flagged at baseline."""
    aspects = [
        found.aspect for found in from_charter(taken(phase="arterial", thickness_mm=8.0), WANTED)
    ]

    assert aspects == [Aspect.PHASE, Aspect.THICKNESS]
    assert from_charter(PORTAL, WANTED) == ()


def test_without_continuity_checks_nothing_departs() -> None:
    """Where the charter turns the checks off the ranking stays and no sentence is said."""
    off = SeriesSettings(continuity_checks=False)
    other, same = taken(uid="1.0", phase="arterial"), taken(uid="1.2")
    found = ranked([other, same], PORTAL, off)

    assert [(one.entry.series_uid, one.departures) for one in found] == [("1.2", ()), ("1.0", ())]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"phase": "arterial", "thickness_mm": 5.0}, {"thickness_mm": 2.5}),
        ({"modality": "MR"}, {"phase": "arterial"}),
        ({"thickness_mm": 2.5}, {"thickness_mm": 4.0}),
        ({"kernel": "B60f"}, {"field_of_view_mm": 300.0}),
        ({"thickness_mm": 2.5}, {"kernel": "B60f"}),
        ({"verdict": "blocked"}, {"modality": "MR", "phase": "delayed"}),
        ({"plane": "coronal"}, {"contrast": ""}),
    ],
)
def test_what_matters_more_decides(worse: dict[str, Any], better: dict[str, Any]) -> None:
    """Modality before phase, phase before thickness, thickness before kernel, and so on."""
    found = ranked([taken(uid="1.0", **worse), taken(uid="1.2", **better)], PORTAL, WANTED)

    assert found[0].entry.series_uid == "1.2"


def test_series_of_an_earlier_version_keep_their_order() -> None:
    """Without profiles the order registered stands: it was the proposal when they were read."""
    old = [replace(taken(uid=uid), profile=None) for uid in ("1.5", "1.2")]

    assert [found.entry.series_uid for found in ranked(old, PORTAL, WANTED)] == ["1.5", "1.2"]


@pytest.fixture
def departing(new_trial: Callable[[str], Trial], tmp_path: Path) -> ReadingSession:
    """Return a session at week 8: baseline 5 mm portal venous, now 2.5 mm and an arterial one."""
    write_ct(tmp_path / "scans" / "bl", "P1", BASELINE)
    write_ct(tmp_path / "scans" / "thin", "P1", WEEK_8, thickness=2.5)
    write_ct(tmp_path / "scans" / "art", "P1", WEEK_8, phase="arterial")
    trial = new_trial("")
    import_images(trial, tmp_path / "scans")
    session = ReadingSession(seated(trial, "anna", "P1"), "P1")
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LONG)
    session.sign_visit(PASSWORD, "read")
    session.open_visit("W8")
    return session


def words(session: ReadingSession) -> list[str]:
    """Return what is flagged and not answered at the current visit."""
    return [departure.words for departure in session.series.unanswered(session.visit)]


def test_a_departure_stands_before_the_first_measurement(departing: ReadingSession) -> None:
    """The nearest series is proposed; until the reader has said so nothing is measured on it."""
    assert departing.series_read("W8").phase == "portal venous"
    assert words(departing) == ["Slices 2.5 mm thick; baseline's were 5.0 mm."]
    with pytest.raises(UnmeasurableError, match=r"2\.5 mm thick.*Say first"):
        departing.draw_caliper("T1", LONG)
    with pytest.raises(ReadError, match="needs a reason"):
        departing.choose_series(departing.series_read("W8"))


def test_the_choice_and_its_reason_are_on_record(departing: ReadingSession) -> None:
    """Measured all the same, the record says on which series, departing in what, and why."""
    series = departing.series_read("W8")
    departing.choose_series(series, "thin slices only")
    departing.draw_caliper("T1", LONG)
    chosen = departing.read.chosen["W8"]

    assert chosen == SeriesChosen(
        "W8",
        series.series_uid,
        "",
        ("Slices 2.5 mm thick; baseline's were 5.0 mm.",),
        "thin slices only",
    )
    assert words(departing) == []
    with open_trial(departing.trial.url) as again:
        assert ReadingSession(seated(again, "anna", "P1"), "P1").read.chosen["W8"] == chosen
        again.verify()


def test_another_series_withdraws_what_was_measured(departing: ReadingSession) -> None:
    """Changing the series takes the calipers drawn on the old one back, with the reason."""
    departing.choose_series(departing.series_read("W8"), "thin slices only")
    departing.draw_caliper("T1", LONG)
    arterial = departing.series.ranking("W8")[1].entry
    departing.choose_series(arterial, "better seen here")
    facts = [event.fact for event in departing.events[-2:]]

    assert facts[0] == ObservationWithdrawn("W8", "T1", "better seen here")
    assert isinstance(facts[1], SeriesChosen)
    assert departing.read.observation("W8", "T1") is None
    assert departing.volume("W8").series.phase == "arterial"
    departing.undo()
    departing.undo()
    assert departing.read.observation("W8", "T1") is not None
    assert departing.series_read("W8").phase == "portal venous"


def test_a_visit_can_be_not_evaluable_as_a_whole(departing: ReadingSession) -> None:
    """Each lesion not judged yet is not evaluable for the reason given, which can be signed."""
    departing.state_not_evaluable("no portal venous phase at 5 mm")
    said = departing.read.observation("W8", "T1")

    assert said is not None
    assert (said.status, said.reason) == (Status.NOT_EVALUABLE, "no portal venous phase at 5 mm")
    assert departing.unfinished() == ()


def test_a_visit_is_not_evaluable_by_a_code(departing: ReadingSession) -> None:
    """Each lesion gets the code; "other" and no code mean nothing without words."""
    for code in (None, WhyNotEvaluable.OTHER):
        with pytest.raises(ReadError, match="needs a reason"):
            departing.state_not_evaluable(" ", code)
    departing.state_not_evaluable("", WhyNotEvaluable.CONTRAST)
    said = departing.read.observation("W8", "T1")

    assert said is not None
    assert (said.code, said.reason) == (WhyNotEvaluable.CONTRAST, str(WhyNotEvaluable.CONTRAST))


def test_a_baseline_cannot_be_not_evaluable(session: ReadingSession) -> None:
    """Without a baseline there is no read: another series, or a query."""
    with pytest.raises(ReadError, match="Choose another series"):
        session.state_not_evaluable("motion")


def test_a_signed_visit_keeps_its_series(departing: ReadingSession) -> None:
    """After the signature the series can no longer be changed."""
    departing.state_not_evaluable("motion")
    departing.sign_visit(PASSWORD, "read")
    with pytest.raises(LockedError):
        departing.choose_series(departing.series_read("W8"), "why not")


def test_a_series_without_millimetres_cannot_be_chosen(
    new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """A blocked series is flagged and cannot be measured on, whatever the reason."""
    write_ct(tmp_path / "scans", "P1", BASELINE, spacing=False)
    trial = new_trial("")
    import_images(trial, tmp_path / "scans")
    session = ReadingSession(seated(trial, "anna", "P1"), "P1")
    with pytest.raises(UnmeasurableError, match="no millimetres"):
        session.choose_series(session.series_read("BL"), "it is all there is")


def test_another_phase_is_looked_at_and_not_measured(departing: ReadingSession) -> None:
    """Looking at the arterial phase records nothing, and a line drawn on it is refused."""
    departing.choose_series(departing.series_read("W8"), "thin slices only")
    before = departing.events
    departing.show_phase("arterial")

    assert departing.shown_volume("W8").series.phase == "arterial"
    with pytest.raises(UnmeasurableError, match="measured on portal venous, not on what is shown"):
        departing.draw_caliper("T1", LONG)
    assert departing.events == before


def test_the_second_volume_of_a_series_is_told_from_the_first(
    new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """Of two acquisitions under one UID the one chosen is the one loaded, also after re-opening."""
    write_ct(tmp_path / "scan", "P1", BASELINE, times=2)
    trial = new_trial("")
    import_images(trial, tmp_path / "scan")
    session = ReadingSession(seated(trial, "anna", "P1"), "P1")
    first, second = (found.entry for found in session.series.ranking("BL"))
    opened = session.events[0].fact
    session.choose_series(second, "the first was taken before the bolus")
    voxels = ReadingSession(seated(trial, "anna", "P1"), "P1").volume("BL").voxels

    assert isinstance(opened, VisitOpened)
    assert opened.part == first.part != second.part
    assert voxels[0, 0, 0] == 4  # its first file holds this value throughout
