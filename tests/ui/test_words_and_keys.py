"""What is written in the room: cells, sums, corners and keys say what is so and nothing more."""

import datetime as dt
from collections import Counter

import pytest
from napari.components import ViewerModel

from napari_recist.criteria import (
    Charter,
    Lesion,
    Observation,
    Read,
    Role,
    Status,
    Visit,
    assess_read,
)
from napari_recist.criteria.target import Limits
from napari_recist.imaging import Verdict
from napari_recist.imaging.passport.findings import GRAVITY, Finding
from napari_recist.reading import Task
from napari_recist.ui import keys
from napari_recist.ui.corner_text import PaneTitle, corners
from napari_recist.ui.lesion_words import cell_text, tooltip
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.passport_words import REASONS
from napari_recist.ui.response_panel import (
    from_baseline_text,
    overall_html,
    sum_text,
    why_html,
    work_list_html,
)
from napari_recist.ui.window_level import PRESETS
from tests.ui.conftest import axial, picture

TARGET = Lesion("T1", Role.TARGET, "liver", "S6")
SECOND = Lesion("T2", Role.TARGET, "liver", "S2")
NODE = Lesion("T3", Role.TARGET, "lymph node", "portal", node=True)


def read(*at_week_8: tuple[str, Observation]) -> Read:
    """Return a read of two targets with a baseline of 46.0 + 22.0 mm."""
    said = {
        ("BL", "T1"): Observation(Status.MEASURED, (460,)),
        ("BL", "T2"): Observation(Status.MEASURED, (220,)),
    } | {("W8", lesion): observation for lesion, observation in at_week_8}
    visits = (Visit("BL", dt.date(2025, 1, 6)), Visit("W8", dt.date(2025, 3, 3)))
    added = {"T1": "BL", "T2": "BL"}
    return Read("S", "R", visits, (TARGET, SECOND), said, added)


def test_a_partial_sum_is_never_shown() -> None:
    """With T2 not measured the sum says so instead of 38.1 mm."""
    partial = read(("T1", Observation(Status.MEASURED, (381,))))
    assessed = assess_read(partial, Charter()).visit("W8")

    assert sum_text(assessed) == "― (T2 missing)"
    assert "38.1" not in sum_text(assessed)
    assert from_baseline_text(assessed) == "―"


def test_a_complete_sum_is_shown_with_its_change() -> None:
    """46.0 + 22.0 to 30.2 + 12.0 mm is 42.2 mm, 37.9 % less (25.8 / 68.0), and PR."""
    whole = read(
        ("T1", Observation(Status.MEASURED, (302,))), ("T2", Observation(Status.MEASURED, (120,)))
    )
    assessed = assess_read(whole, Charter()).visit("W8")

    assert sum_text(assessed) == "42.2 mm"
    assert from_baseline_text(assessed) == "-37.9 %  of 68.0 mm"
    assert ">PR<" in overall_html(assessed)
    assert assessed.rules[0] in why_html(assessed, Limits())


def test_an_unfinished_visit_shows_its_response_as_provisional() -> None:
    """The large word appears only when everything is said."""
    assessed = assess_read(read(), Charter()).visit("W8")

    assert "not finished" in overall_html(assessed, unfinished=True)


def test_words_of_readers_are_text_and_no_markup() -> None:
    """A lesion's site cannot smuggle markup into the panel."""
    assert "<img" not in work_list_html((Task("T1", "T1 (<img src=x>): draw"),))


def test_cells_say_what_was_said() -> None:
    """Values carry one decimal, short axes their mark, statuses their word."""
    measured = Observation(Status.MEASURED, (180,))

    assert cell_text(TARGET, measured) == "18.0"
    assert cell_text(NODE, measured) == "18.0 s"
    assert cell_text(TARGET, Observation(Status.TOO_SMALL)) == "too small"
    assert cell_text(TARGET, Observation(Status.NOT_EVALUABLE, reason="artefact")) == "NE"
    assert cell_text(TARGET, None) == ""
    assert "artefact" in tooltip(TARGET, Observation(Status.NOT_EVALUABLE, reason="artefact"))


def test_corners_tell_subject_visit_and_picture_and_no_date() -> None:
    """Code, week, phase, thickness, spacing, window, slice and zoom are there; no year is."""
    pane = PaneView(ViewerModel())
    pane.show(picture(axial(20, 5.0)), "Week 8", PRESETS["liver"])
    texts = corners(pane, PaneTitle("1003-0007", "Week 8", "signed"))
    words = " ".join((*texts.top_left, *texts.top_right, *texts.bottom_left))

    for part in (
        "1003-0007",
        "Week 8",
        "axial",
        "portal venous",
        "5.0 mm thick, 5.0 mm apart",
        "0.80 x 0.80 mm pixels",
        "W 150  L 90",
        "slice 11 / 20",
        "series 4",
        "px/mm",
    ):
        assert part in words
    assert "20" + "2" not in words


def test_corners_name_the_height_of_the_slice() -> None:
    """50 mm towards the feet of the scanner's zero is "F 50.0 mm", 45 towards the head "H"."""
    pane = PaneView(ViewerModel())
    pane.show(picture(axial(20, 5.0, first_z=-50.0)), "Week 8", PRESETS["liver"])
    said = []
    for index in (0, 19):
        pane.go_to(index)
        said.append(corners(pane, PaneTitle()).bottom_left[0])

    assert said == ["slice 1 / 20  F 50.0 mm", "slice 20 / 20  H 45.0 mm"]


@pytest.mark.parametrize(
    ("code", "verdict"), [("gantry-tilt", Verdict.AMBER), ("no-pixel-spacing", Verdict.BLOCKED)]
)
def test_a_passport_that_is_not_green_says_why_and_names_nobody(
    code: str, verdict: Verdict
) -> None:
    """The reason stands on the picture; the finding's own words, which name files, never do."""
    shown = picture(axial() if verdict is Verdict.AMBER else None)
    shown.passport.verdict = verdict
    shown.passport.findings = (Finding(code, "in DOE_JANE.dcm"), Finding("split", "Dr Who"))
    pane = PaneView(ViewerModel())
    pane.show(shown, "Week 8", PRESETS["liver"])
    texts = corners(pane, PaneTitle("1003-0007", "Week 8"))
    words = " ".join((*texts.top_left, *texts.top_right, *texts.warnings, *texts.bottom_left))

    assert texts.warnings[1:] == (REASONS[code],)
    assert ("AMBER" in words) is (verdict is Verdict.AMBER)
    assert ("NO MILLIMETRES" in words) is (verdict is Verdict.BLOCKED)
    assert "JANE" not in words
    assert "Who" not in words


def test_every_grave_finding_has_words_for_the_screen() -> None:
    """No amber or blocked passport goes without its reason."""
    grave = {code for code, verdict in GRAVITY.items() if verdict is not Verdict.GREEN}

    assert grave == REASONS.keys()


def test_no_key_is_bound_twice() -> None:
    """One key does one thing."""
    bound = Counter(name for key in keys.KEYS for name in key.bound)

    assert {name for name, count in bound.items() if count > 1} == set()


def test_the_markdown_table_names_every_key() -> None:
    """The README's table is the table the keys are bound from."""
    table = keys.key_table_markdown()

    assert table.startswith("| key | does |\n|---|---|\n")
    assert all(f"| {key.shown} | {key.says} |" in table for key in keys.KEYS)


def test_an_empty_list_warns_before_it_is_signed() -> None:
    """Signing a baseline without lesions says that there is no disease (V-1): the room says so."""
    assert "no disease" in work_list_html((), listed=False)
    assert "Nothing is left" in work_list_html(())
