"""Calipers by keys: open one, hold an end, move it by a pixel or a voxel, leave it.

The arrow keys move what is held; while nothing is held they do what they do otherwise.
"""

from collections.abc import Callable, Mapping
from functools import partial

from napari_recist.ui import caliper_words as words
from napari_recist.ui.caliper_hand import CaliperInHand, grips
from napari_recist.ui.caliper_state import MEASURING_PX_PER_MM
from napari_recist.ui.caliper_tool import CaliperTool

Action = Callable[[], None]

ARROWS: Mapping[str, tuple[int, int, bool]] = {
    "next_slice": (0, -1, False),
    "previous_slice": (0, 1, False),
    "five_slices_up": (0, -1, True),
    "five_slices_down": (0, 1, True),
    "nudge_left": (-1, 0, False),
    "nudge_right": (1, 0, False),
    "nudge_left_by_voxel": (-1, 0, True),
    "nudge_right_by_voxel": (1, 0, True),
}
"""Where an arrow key moves what is held: right, down, and whether by a whole voxel."""


def with_caliper_keys(
    tool: CaliperTool, actions: Mapping[str, Action], *, arrows: bool = True
) -> dict[str, Action]:
    """Return a pane's actions with those of the caliper tool.

    ``arrows``: on this pane the arrow keys move the end that is held.
    """
    of_tool: dict[str, Action] = {
        "open_caliper": partial(open_next, tool),
        "finish_caliper": actions.get("finish_caliper", partial(finish, tool)),
        "cancel": partial(cancel, tool),
    }
    moves = {
        name: partial(_arrow, tool if arrows else None, name, actions.get(name)) for name in ARROWS
    }
    return {**actions, **of_tool, **moves}


def open_next(tool: CaliperTool) -> None:
    """Open the caliper of the chosen lesion and hold its first end; then the next end."""
    caliper = tool.open_caliper or tool.desk.caliper_to_open()
    if caliper is None or tool.hand is not None:
        tool.desk.say(words.NOTHING_TO_OPEN)
        return
    holds = grips(tool.lines_of(caliper))
    held = tool.opened.grip if tool.opened else None
    tool.open(caliper, holds[(holds.index(held) + 1) % len(holds)] if held in holds else holds[0])
    if caliper.slice != tool.pane.slice or not tool.pane.shows(caliper.middle):
        tool.pane.zoom_to(max(tool.pane.pixels_per_mm, MEASURING_PX_PER_MM), caliper.middle)


def finish(tool: CaliperTool) -> None:
    """Leave the caliper as it is recorded; a node first takes the short axis that is offered."""
    zoom = tool.pane.pixels_per_mm
    if tool.hand is not None and tool.offer is not None:
        if tool.fine_enough(zoom, tool.offer.lines.long_axis[0]):
            tool.record(tool.offer, zoom)
            tool.cancel()
    elif tool.hand is not None:
        tool.desk.say(words.SHORT_AXIS_DUE.format(tool.hand.lesion.identifier))
    else:
        tool.cancel()


def cancel(tool: CaliperTool) -> None:
    """Drop what is in hand, or close what is open."""
    tool.cancel()


def nudge(tool: CaliperTool, right: int, down: int, *, voxels: bool = False) -> bool:
    """Move what is held by one screen pixel or voxel; ``False`` while nothing is held here."""
    caliper, grip = tool.open_caliper, tool.opened.grip if tool.opened else None
    if caliper is None or grip is None or tool.hand or caliper.slice != tool.pane.slice:
        return False
    if not tool.fine_enough(tool.pane.pixels_per_mm, grip.place(tool.lines_of(caliper))):
        return True
    rows, columns = (down, right) if voxels else tool.pane.pixels_to_index(right, down)
    begun = CaliperInHand(caliper.lesion, tool.lines_of(caliper), replaces=caliper, grip=grip)
    tool.record(begun.pulled(rows, columns), tool.pane.pixels_per_mm, held=True)
    return True


def _arrow(tool: CaliperTool | None, name: str, otherwise: Action | None) -> None:
    right, down, voxels = ARROWS[name]
    moved = tool is not None and nudge(tool, right, down, voxels=voxels)
    if not moved and otherwise is not None:
        otherwise()
