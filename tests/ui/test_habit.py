"""The plugin as a habit of napari's: theme, settings that take effect, a trial from the menu."""

import gc
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from napari.settings import get_plugin_settings
from napari.utils.theme import get_theme
from npe2 import PluginManifest
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor

from napari_recist.demo import gestures
from napari_recist.reading import PriorChoice, ReadingSession
from napari_recist.trial import Trial, TrialRole, assign
from napari_recist.ui.caliper_drawing import HAND_COLOUR, ROLE_COLOURS
from napari_recist.ui.edge_texts import NOTE_COLOUR, TEXT_COLOUR, WARNING_COLOUR
from napari_recist.ui.reading_settings import PLUGIN, THEME, reading_settings
from napari_recist.ui.trial_chooser import TrialChooser
from tests.trial.conftest import seated
from tests.ui.conftest import PASSWORD, SUBJECT

READABLE, VISIBLE = 7.0, 3.0
"""Contrast that WCAG 2.2 asks of text at its strictest (1.4.6) and of signs (1.4.11)."""

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
COLOUR_VISION = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TOLD_APART = 15.0
"""Distance in CIELAB (1976): six times what is just noticed (2.3); names stand beside the lines."""


def linear(colour: Any) -> npt.NDArray[np.float64]:
    """Return a colour in linear RGB, 0 to 1."""
    rgb = np.array(QColor(str(colour)).getRgbF()[:3])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    light, dark = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)), reverse=True)
    return float((light + 0.05) / (dark + 0.05))


def lab(colour: Any, vision: str) -> npt.NDArray[np.float64]:
    """Return a colour in CIELAB (D65) as it is seen with this colour vision."""
    seen = np.clip(COLOUR_VISION[vision] @ linear(colour), 0, 1)
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    share = np.array(to_xyz) @ seen / [0.95047, 1.0, 1.08883]
    bent = np.where(share > 216 / 24389, np.cbrt(share), (share * 24389 / 27 + 16) / 116)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def hexed(colour: Any) -> str:
    """Return a theme's colour as Qt writes it."""
    return str(colour.as_hex("long")) if hasattr(colour, "as_hex") else str(colour)


@pytest.fixture
def theme(room: Any) -> dict[str, str]:
    """Return the colours of the reading room's theme by their names, as napari has them."""
    return {name: hexed(value) for name, value in get_theme(THEME) if name not in {"id", "label"}}


@pytest.mark.ui
def test_the_theme_is_dark_and_its_text_reads(theme: dict[str, str]) -> None:
    """Text stands out from everything it stands on, signs from the background."""
    for ground in ("canvas", "console", "background", "foreground", "primary"):
        assert contrast(theme["text"], theme[ground]) >= READABLE, ground
    for sign in ("icon", "highlight", "warning", "error", "current"):
        assert contrast(theme[sign], theme["background"]) >= VISIBLE, sign
    assert theme["type"] == "dark"


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_colours_with_a_meaning_are_told_apart_by_every_colour_vision(vision: str) -> None:
    """Target, non-target, new and the caliper in hand differ, whichever cones are missing."""
    colours = [*(colour.name() for colour in ROLE_COLOURS.values()), HAND_COLOUR.name()]
    for one, other in combinations(colours, 2):
        apart = np.linalg.norm(lab(one, vision) - lab(other, vision))
        assert apart >= TOLD_APART, (one, other)


def test_words_on_the_picture_read_on_black() -> None:
    """Corner texts, letters and warnings stand out from the black around a body."""
    for colour in (TEXT_COLOUR, NOTE_COLOUR, WARNING_COLOUR):
        assert contrast(colour.name(), "#000000") >= READABLE


# settings


@pytest.fixture
def kept(qapp: Any) -> Iterator[Any]:
    """Return the reader's settings as napari keeps them; put back afterwards."""
    settings = get_plugin_settings(PLUGIN).reading
    before = settings.model_dump()
    yield settings
    settings.update(before)


def test_every_setting_has_words_and_a_default() -> None:
    """Each one is described for Preferences, and the defaults are those of UX.md's room."""
    offered = PluginManifest.from_distribution(PLUGIN).contributions.configurations["reading"]

    assert offered.properties.keys() == set(reading_settings().__slots__)
    for setting in offered.properties.values():
        assert setting.title
        assert setting.description
        assert setting.default is not None


@pytest.mark.ui
def test_the_wheel_is_the_readers_choice(kept: Any, room: Any) -> None:
    """Set the other way round, the wheel zooms and Ctrl+wheel turns slices, at once."""
    canvas = room.current.canvas_widget
    room.current.go_to(8)
    kept.wheel_scrolls = False
    zoom = room.current.pixels_per_mm
    gestures.wheel(canvas, (100, 100), 1)
    zoomed, slice_ = room.current.pixels_per_mm, room.current.slice
    gestures.wheel(canvas, (100, 100), 1, Qt.KeyboardModifier.ControlModifier)

    assert zoomed > zoom
    assert (slice_, room.current.slice) == (8, 9)


@pytest.mark.ui
def test_a_session_begins_with_the_prior_of_the_settings(
    kept: Any, room: Any, trial: Trial
) -> None:
    """Who always compares with nadir need not press D at each patient read for the first time."""
    session = ReadingSession(seated(trial, "Reader of nadirs", SUBJECT), SUBJECT)
    kept.prior = "nadir"
    room.read(session)
    gestures.settle()

    assert session.prior_choice is PriorChoice.NADIR
    assert room.bar.prior_buttons[PriorChoice.NADIR].isChecked()


# a trial from the menu


@pytest.mark.ui
def test_a_trial_is_opened_from_the_dock_widget_as_the_settings_say(
    screen: None, qapp: Any, kept: Any, trial: Trial
) -> None:
    """Database, name, password: the room opens in its own window, parted, with three planes."""
    kept.update({"link_windows": False, "reference_views": True, "cine_speed": 20})
    trial.admit("From the menu", TrialRole.READER, PASSWORD)
    assign(trial, SUBJECT, "From the menu")
    chooser = TrialChooser()
    form = chooser.form
    gestures.write(form.url, "nowhere.sqlite")
    gestures.click(form.sign_in_button)
    refusal = form.says.text()
    form.url.setText(trial.url)
    gestures.write(form.name, "From the menu")
    gestures.write(form.password, PASSWORD)
    gestures.click(form.sign_in_button)
    room = chooser.workplace
    gestures.settle(0.05)
    opened = (room.session.reader, room.session.subject, room.viewer.theme)
    begun = (room.link.parts["window"], len(room.panes.references), room.current.cine.speed)
    room.close()
    del room
    gestures.settle(0.1)
    gc.collect()
    gestures.settle(0.1)
    chooser.close()

    assert "There is no trial" in refusal
    assert opened == ("From the menu", SUBJECT, THEME)
    assert begun == (False, 2, 20)
    assert chooser.workplace is None
