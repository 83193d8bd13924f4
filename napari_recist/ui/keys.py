"""The keys of the reading room in one table: bound from it, shown on "?" and printed in the README.

They are bound on each viewer and layer of ours, because napari's layers have keys of their own
that delete shapes and leave the reading mode (3, Delete, Backspace); ours win there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ANY_OTHER = ...
"""How napari writes the keys that a keymap does not name."""


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that do one thing: as napari writes them, as people do, and what they do.

    An empty ``action`` is the mouse, or a key that is deliberately harmless. ``typed`` are
    characters that lie on another key on every keyboard: they are heard as text. ``released`` is
    what the end of a held key does.
    """

    bound: tuple[str, ...]
    shown: str
    action: str
    says: str
    typed: tuple[str, ...] = ()
    released: str = ""


KEYS: tuple[Key, ...] = (
    Key((), "wheel", "", "next slice; with Shift five at once; with Ctrl zoom at the mouse"),
    Key((), "left drag", "", "draw the longest diameter, then across it the short axis"),
    Key(
        (), "click", "", "place the short axis offered; on an end of an open caliper: hold that end"
    ),
    Key((), "double-click", "", "open a caliper: pull an end or the middle, or draw it anew"),
    Key((), "right drag", "", "window (sideways) and level (up and down)"),
    Key((), "middle drag", "", "move the picture"),
    Key(("Up",), "Up", "next_slice", "one slice up; the held end one screen pixel up"),
    Key(("Down",), "Down", "previous_slice", "one slice down; the held end one screen pixel down"),
    Key(("Shift+Up",), "Shift+Up", "five_slices_up", "five slices up; the held end one voxel up"),
    Key(
        ("Shift+Down",),
        "Shift+Down",
        "five_slices_down",
        "five slices down; the held end one voxel down",
    ),
    Key(("Left",), "Left", "nudge_left", "the held end one screen pixel to the left"),
    Key(("Right",), "Right", "nudge_right", "the held end one screen pixel to the right"),
    Key(("Shift+Left",), "Shift+Left", "nudge_left_by_voxel", "the held end one voxel to the left"),
    Key(
        ("Shift+Right",),
        "Shift+Right",
        "nudge_right_by_voxel",
        "the held end one voxel to the right",
    ),
    Key(("Home",), "Home", "first_slice", "first slice"),
    Key(("End",), "End", "last_slice", "last slice"),
    Key(("S",), "S", "ask_slice", "go to a slice by its number"),
    Key(("C",), "C", "toggle_cine", "cine: run through the slices, and stop"),
    Key((".",), ".", "faster_cine", "cine faster"),
    Key((",",), ",", "slower_cine", "cine slower"),
    Key(("PageUp",), "Page Up", "previous_visit", "previous visit"),
    Key(("PageDown",), "Page Down", "next_visit", "next visit"),
    Key(("B",), "B", "beside_baseline", "baseline beside the current visit"),
    Key(("D",), "D", "beside_nadir", "the visit of the nadir beside the current visit"),
    Key(("P",), "P", "beside_previous", "the previous visit beside the current visit"),
    Key(("E",), "E", "next_phase", "next phase (arterial, portal venous…) at the same place"),
    Key(("Shift+E",), "Shift+E", "previous_phase", "the phase before, at the same place"),
    Key(("W",), "W", "choose_series", "series of this visit: which one is measured on, and why"),
    Key(("M", "L"), "M or L", "toggle_tool", "caliper tool on or off"),
    Key(
        ("Space",),
        "Space",
        "begin_moving",
        "held: the left button moves the picture",
        released="end_moving",
    ),
    Key(("N",), "N", "next_lesion", "next lesion, in both panes"),
    Key(("Shift+N",), "Shift+N", "previous_lesion", "previous lesion, in both panes"),
    Key(("G",), "G", "go_to_lesion", "go to the chosen lesion in both panes"),
    Key((), "click", "", "with a non-target or new lesion chosen: mark where it lies (Shift: any)"),
    Key(("Y",), "Y", "state_present", "the lesion is present"),
    Key(("A",), "A", "state_absent", "the lesion is absent; a new one has resolved"),
    Key(("T",), "T", "state_too_small", "the target is too small to measure"),
    Key(("Q",), "Q", "state_not_evaluable", "the lesion is not evaluable, and why"),
    Key(("V",), "V", "state_split", "the target has split: draw its fragments"),
    Key(("Shift+V",), "Shift+V", "state_merged", "the target has merged into another"),
    Key(
        ("U",), "U", "state_unequivocal", "unequivocal: a non-target's progression, or a new lesion"
    ),
    Key(("Shift+U",), "Shift+U", "state_equivocal", "the new lesion is equivocal"),
    Key(("Z",), "Z", "take_back", "take back what was said of the lesion, with a reason"),
    Key(("Shift+Z",), "Shift+Z", "take_off_list", "take the lesion off the list, with a reason"),
    Key(("Shift+A",), "Shift+A", "begin_lesion", "add a lesion to the list"),
    Key(("Shift+Q",), "Shift+Q", "answer_advice", "do otherwise than advised, with a reason"),
    Key(("Shift+W",), "Shift+W", "show_why", "why the response is what it is"),
    Key(("Shift+T",), "Shift+T", "toggle_trend_lesions", "trend of each lesion, or of the sum"),
    Key(("K",), "K", "toggle_link", "link of the panes on or off"),
    Key(("Alt+1",), "Alt+1", "toggle_slice_link", "link of the slices alone on or off"),
    Key(("Alt+2",), "Alt+2", "toggle_zoom_link", "link of zoom and place alone on or off"),
    Key(("Alt+3",), "Alt+3", "toggle_window_link", "link of the windows alone on or off"),
    Key(("Shift+K",), "Shift+K", "sync_here", "take the two places shown for the same place"),
    Key(("Alt+K",), "Alt+K", "forget_offset", "forget the offset set by hand"),
    Key(("H",), "H", "toggle_calipers", "hide or show the calipers"),
    Key(("J",), "J", "toggle_panes", "one pane or two"),
    Key(("X",), "X", "other_pane", "keys to the other pane"),
    Key(("O",), "O", "toggle_second_window", "prior pane in a window of its own, and back"),
    Key(("R",), "R", "toggle_references", "reference views of the other planes, shown or hidden"),
    Key(("F",), "F", "fit", "fit the whole slice"),
    Key(("=",), "+ or =", "zoom_in", "zoom in", typed=("+",)),
    Key(("-",), "-", "zoom_out", "zoom out"),
    Key(("Ctrl+Left",), "Ctrl+Left", "move_left", "move the picture to the left"),
    Key(("Ctrl+Right",), "Ctrl+Right", "move_right", "move the picture to the right"),
    Key(("Ctrl+Up",), "Ctrl+Up", "move_up", "move the picture up"),
    Key(("Ctrl+Down",), "Ctrl+Down", "move_down", "move the picture down"),
    Key(("1",), "1", "window_soft_tissue", "soft tissue window (W 400 L 40)"),
    Key(("2",), "2", "window_liver", "liver window (W 150 L 90)"),
    Key(("3",), "3", "window_lung", "lung window (W 1500 L -600)"),
    Key(("4",), "4", "window_bone", "bone window (W 2500 L 480)"),
    Key(("5",), "5", "window_of_values", "window from the image's own values"),
    Key(("0",), "0", "reset_window", "window as the series was opened, in plain grey"),
    Key(("I",), "I", "toggle_inverse", "inverse grey: low values white"),
    Key(("Alt+Right",), "Alt+Right", "widen_window", "wider window"),
    Key(("Alt+Left",), "Alt+Left", "narrow_window", "narrower window"),
    Key(("Alt+Up",), "Alt+Up", "raise_level", "higher level"),
    Key(("Alt+Down",), "Alt+Down", "lower_level", "lower level"),
    Key(
        ("Shift+M",),
        "Shift+M",
        "open_caliper",
        "adjust: open the chosen lesion's caliper; again: hold its next end",
    ),
    Key(
        ("Enter",),
        "Enter",
        "finish_caliper",
        "lock the caliper (a node takes the short axis offered); then the lesion due next",
    ),
    Key(("Escape",), "Esc", "cancel", "drop the caliper in hand, or close the open one"),
    Key(("Ctrl+Z",), "Ctrl+Z", "undo", "undo (recorded)"),
    Key(("Ctrl+Shift+Z",), "Ctrl+Shift+Z", "redo", "redo (recorded)"),
    Key(("Ctrl+Enter",), "Ctrl+Enter", "complete_visit", "complete and sign the visit"),
    Key(("F1",), "? or F1", "show_keys", "this list", typed=("?",)),
    Key(
        ("Delete", "Backspace"),
        "Delete, Backspace",
        "",
        "nothing on the pictures; in the table as Z: no key deletes a measurement",
    ),
)


def bind(provider: Any, actions: Mapping[str, Callable[[], None]], *, alone: bool = False) -> None:
    """Bind every key of the table on a viewer or a layer; keys without an action do nothing.

    ``alone``: no other key does anything there, so that none of napari's reaches a picture that
    is read (transpose, roll, 3-D, delete, transform).
    """
    for key in KEYS:
        for name in key.bound:
            pressed, released = actions.get(key.action), actions.get(key.released)
            call = _held(pressed, released) if key.released else _called(pressed)
            provider.bind_key(name, call, overwrite=True)
    if alone:
        provider.bind_key(ANY_OTHER, _called(None), overwrite=True)


def typed(text: str) -> str:
    """Return the action of a typed character, "" if it has none."""
    return next((key.action for key in KEYS if text in key.typed), "")


def unbind(provider: Any) -> None:
    """Take every key of the table off a viewer or a layer."""
    for key in KEYS:
        for name in key.bound:
            provider.bind_key(name, None)
    provider.bind_key(ANY_OTHER, None)


def key_table_markdown() -> str:
    """Return the table of keys as the README shows it."""
    rows = "\n".join(f"| {key.shown} | {key.says} |" for key in KEYS)
    return f"| key | does |\n|---|---|\n{rows}\n"


def key_table_html(some: tuple[Key, ...] = KEYS) -> str:
    """Return the table of keys, or of some of them, as the reading room shows it."""
    rows = "".join(
        f"<tr><td><b>{key.shown}</b>&nbsp;&nbsp;</td><td>{key.says}</td></tr>" for key in some
    )
    return f"<table cellpadding='2'>{rows}</table>"


def _called(action: Callable[[], None] | None) -> Callable[[Any], None]:
    # napari calls with the viewer or layer, and starts what it gets back: hand back nothing.
    def call(_provider: Any) -> None:
        if action is not None:
            action()

    return call


def _held(
    pressed: Callable[[], None] | None, released: Callable[[], None] | None
) -> Callable[[Any], Iterator[None]]:
    def call(_provider: Any) -> Iterator[None]:
        if pressed is not None:
            pressed()
        yield
        if released is not None:
            released()

    return call
