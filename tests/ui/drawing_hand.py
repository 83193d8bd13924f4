"""A hand that draws calipers on a pane as napari would tell of it, and a desk that remembers."""

from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from napari.components import ViewerModel

from napari_recist.criteria import Lesion, Role
from napari_recist.imaging import Geometry
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.caliper_tool import CaliperTool
from napari_recist.ui.caliper_words import hand_value
from napari_recist.ui.drawn_caliper import CaliperKey, DrawnCaliper, IndexLine, IndexPoint
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.window_level import PRESETS
from tests.ui.conftest import axial, picture

TARGET = Lesion("T1", Role.TARGET, "liver")
NODE = Lesion("T2", Role.TARGET, "lymph node", node=True)
PRECISION = 1


class Desk:
    """A desk that remembers."""

    def __init__(self, lesion: Lesion | None) -> None:
        self.lesion = lesion
        self.calipers: list[DrawnCaliper] = []
        self.committed: list[tuple[Lesion, IndexLine, IndexLine | None]] = []
        self.zooms: list[float] = []
        self.said = ""

    def say(self, message: str) -> None:
        """Remember the hint."""
        self.said = message

    def lesion_in_hand(self) -> Lesion | None:
        """Return what the test measures."""
        return self.lesion

    def draws_anew(self, lesion: Lesion) -> bool:
        """Tell whether it is not measured yet."""
        return all(one.lesion != lesion for one in self.calipers)

    def open_calipers(self) -> list[DrawnCaliper]:
        """Return every caliper."""
        return self.calipers

    def caliper_to_open(self) -> DrawnCaliper | None:
        """Return the caliper of the lesion measured."""
        return next((one for one in self.calipers if one.lesion == self.lesion), None)

    def take_up(self, caliper: DrawnCaliper) -> None:
        """Measure the lesion of a caliper."""
        self.lesion = caliper.lesion

    def value_of(self, hand: CaliperInHand) -> str:
        """Return the value as the rooms do."""
        return hand_value(hand, PRECISION)

    def commit(self, hand: CaliperInHand, pixels_per_mm: float) -> CaliperKey | None:
        """Remember."""
        lines = hand.lines
        self.committed.append((hand.lesion, lines.long_axis, lines.short_axis))
        self.zooms.append(pixels_per_mm)
        drawn = DrawnCaliper(hand.lesion, lines.long_axis, lines.short_axis, "")
        self.calipers = [*(one for one in self.calipers if one.key != drawn.key), drawn]
        return drawn.key

    def lines(self, geometry: Geometry) -> CaliperLines:
        """Return the last caliper."""
        _, long_axis, short_axis = self.committed[-1]
        return CaliperLines(geometry, long_axis, short_axis)


class Hand:
    """A hand that moves over a pane, telling the tool what napari would.

    ``pixels`` are canvas places (x, y): a mouse knows whole pixels, and napari's positions come
    through 32-bit transforms.
    """

    def __init__(
        self, lesion: Lesion | None = TARGET, geometry: Geometry | None = None, zoom: float = 4.0
    ) -> None:
        self.geometry = geometry or axial()
        self.pane = PaneView(ViewerModel())
        self.pane.show(picture(self.geometry), "W8", PRESETS["liver"])
        _, rows, columns = self.geometry.shape
        self.pane.zoom_to(zoom, (10, rows / 2, columns / 2))
        self.desk = Desk(lesion)
        self.tool = CaliperTool(self.pane, self.desk)

    def pixel(self, index: IndexPoint) -> tuple[int, int]:
        """Return the whole pixel nearest to a place of the picture."""
        x, y = self.pane.to_screen(index)
        return round(x), round(y)

    def told(self, kind: str, place: tuple[float, float], **more: Any) -> SimpleNamespace:
        """Return what napari would tell of the mouse at a place of the canvas."""
        index = self.pane.index_under(place)
        world = np.float32(self.pane.frame.to_world(index))
        buttons = [] if kind == "mouse_release" else [more.get("button", 1)]
        settings = {"button": 1, "buttons": buttons, "modifiers": (), "handled": False}
        settings |= {"press_event": object()} | more
        return SimpleNamespace(type=kind, pos=place, position=tuple(world), **settings)

    def drag_pixels(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        moves: Iterable[tuple[float, float]] = (),
        before_release: Callable[[], object] = lambda: None,
        release: dict[str, Any] | None = None,
        **more: Any,
    ) -> bool:
        """Drag over the canvas, and return whether the press was taken."""
        event = self.told("mouse_press", start, **more)
        generator = self.tool.drag(None, event)
        running = next(generator, "stopped") is None
        handled = bool(event.handled)
        if running:
            for place in moves:
                event.__dict__.update(self.told("mouse_move", place, **more).__dict__)
                next(generator, None)
            before_release()
            last = self.told("mouse_release", end, **(more | (release or {})))
            event.__dict__.update(last.__dict__)
            next(generator, None)
        return handled

    def drag(
        self, start: IndexPoint, end: IndexPoint, moves: Sequence[IndexPoint] = (), **more: Any
    ) -> bool:
        """Drag between places of the picture, at whole pixels."""
        along = [self.pixel(place) for place in moves]
        return self.drag_pixels(self.pixel(start), self.pixel(end), along, **more)

    def click(self, place: IndexPoint) -> None:
        """Click on a place of the picture."""
        self.drag(place, place)

    def double_click(self, place: IndexPoint) -> None:
        """Click twice, as Qt tells of it: press, release, double click, release."""
        self.click(place)
        self.tool.double_click(None, self.told("mouse_double_click", self.pixel(place)))

    def hover(self, place: IndexPoint) -> None:
        """Move without a button."""
        self.tool.move(None, replace_buttons(self.told("mouse_move", self.pixel(place))))


def replace_buttons(event: SimpleNamespace) -> SimpleNamespace:
    """Return the event with no button down."""
    return SimpleNamespace(**(event.__dict__ | {"buttons": [], "button": None}))


def ends(line: IndexLine) -> list[IndexPoint]:
    """Return the ends of a line from top to bottom."""
    return sorted(line, key=lambda end: end[1:])
