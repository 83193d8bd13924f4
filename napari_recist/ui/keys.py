"""The keys of the rooms in their tables: bound from them, shown on "?" and printed in the README.

They are bound on each viewer and layer of ours, because napari's layers have keys of their own
that delete shapes and leave the reading mode (3, Delete, Backspace); ours win there.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from napari_recist.translation import _

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
    Key((), _("wheel"), "", _("next slice; with Shift five at once; with Ctrl zoom at the mouse")),
    Key((), _("left drag"), "", _("draw the longest diameter, then across it the short axis")),
    Key(
        (),
        _("click"),
        "",
        _("place the short axis offered; on an end of an open caliper: hold that end"),
    ),
    Key((), _("double-click"), "", _("open a caliper: pull an end or the middle, or draw it anew")),
    Key((), _("right drag"), "", _("window (sideways) and level (up and down)")),
    Key((), _("middle drag"), "", _("move the picture")),
    Key(("Up",), _("Up"), "next_slice", _("one slice up; the held end one screen pixel up")),
    Key(
        ("Down",),
        _("Down"),
        "previous_slice",
        _("one slice down; the held end one screen pixel down"),
    ),
    Key(
        ("Shift+Up",),
        _("Shift+Up"),
        "five_slices_up",
        _("five slices up; the held end one voxel up"),
    ),
    Key(
        ("Shift+Down",),
        _("Shift+Down"),
        "five_slices_down",
        _("five slices down; the held end one voxel down"),
    ),
    Key(("Left",), _("Left"), "nudge_left", _("the held end one screen pixel to the left")),
    Key(("Right",), _("Right"), "nudge_right", _("the held end one screen pixel to the right")),
    Key(
        ("Shift+Left",),
        _("Shift+Left"),
        "nudge_left_by_voxel",
        _("the held end one voxel to the left"),
    ),
    Key(
        ("Shift+Right",),
        _("Shift+Right"),
        "nudge_right_by_voxel",
        _("the held end one voxel to the right"),
    ),
    Key(("Home",), _("Home"), "first_slice", _("first slice")),
    Key(("End",), _("End"), "last_slice", _("last slice")),
    Key(("S",), "S", "ask_slice", _("go to a slice by its number")),
    Key(("C",), "C", "toggle_cine", _("cine: run through the slices, and stop")),
    Key((".",), ".", "faster_cine", _("cine faster")),
    Key((",",), ",", "slower_cine", _("cine slower")),
    Key(("PageUp",), _("Page Up"), "previous_visit", _("previous visit")),
    Key(("PageDown",), _("Page Down"), "next_visit", _("next visit")),
    Key(("Shift+P",), _("Shift+P"), "show_worklist", _("worklist: my patients, what is left")),
    Key(("B",), "B", "beside_baseline", _("baseline beside the current visit")),
    Key(("D",), "D", "beside_nadir", _("the visit of the nadir beside the current visit")),
    Key(("P",), "P", "beside_previous", _("the previous visit beside the current visit")),
    Key(("E",), "E", "next_phase", _("next phase (arterial, portal venous…) at the same place")),
    Key(("Shift+E",), _("Shift+E"), "previous_phase", _("the phase before, at the same place")),
    Key(("W",), "W", "choose_series", _("series of this visit: which one is measured on, and why")),
    Key(("M", "L"), _("M or L"), "toggle_tool", _("caliper tool on or off")),
    Key(
        ("Space",),
        _("Space"),
        "begin_moving",
        _("held: the left button moves the picture"),
        released="end_moving",
    ),
    Key(("N",), "N", "next_lesion", _("next lesion, in both panes")),
    Key(("Shift+N",), _("Shift+N"), "previous_lesion", _("previous lesion, in both panes")),
    Key(("G",), "G", "go_to_lesion", _("go to the chosen lesion in both panes")),
    Key(
        (),
        _("click"),
        "",
        _("with a non-target or new lesion chosen: mark where it lies (Shift: any)"),
    ),
    Key(("Y",), "Y", "state_present", _("the lesion is present")),
    Key(("A",), "A", "state_absent", _("the lesion is absent; a new one has resolved")),
    Key(("T",), "T", "state_too_small", _("the target is too small to measure")),
    Key(("Q",), "Q", "state_not_evaluable", _("the lesion is not evaluable, and why")),
    Key(("V",), "V", "state_split", _("the target has split: draw its fragments")),
    Key(("Shift+V",), _("Shift+V"), "state_merged", _("the target has merged into another")),
    Key(
        ("U",),
        "U",
        "state_unequivocal",
        _("unequivocal: a non-target's progression, or a new lesion"),
    ),
    Key(("Shift+U",), _("Shift+U"), "state_equivocal", _("the new lesion is equivocal")),
    Key(("Z",), "Z", "take_back", _("take back what was said of the lesion, with a reason")),
    Key(
        ("Shift+Z",),
        _("Shift+Z"),
        "take_off_list",
        _("take the lesion off the list, with a reason"),
    ),
    Key(
        ("Shift+C",),
        _("Shift+C"),
        "correct_lesion",
        _("correct what the list says of the lesion (organ, site, kind), with a reason"),
    ),
    Key(("Shift+A",), _("Shift+A"), "begin_lesion", _("add a lesion to the list")),
    Key(("Shift+Q",), _("Shift+Q"), "answer_advice", _("do otherwise than advised, with a reason")),
    Key(("Shift+W",), _("Shift+W"), "show_why", _("why the response is what it is")),
    Key(
        ("Shift+T",), _("Shift+T"), "toggle_trend_lesions", _("trend of each lesion, or of the sum")
    ),
    Key(("K",), "K", "toggle_link", _("link of the panes on or off")),
    Key(("Alt+1",), _("Alt+1"), "toggle_slice_link", _("link of the slices alone on or off")),
    Key(("Alt+2",), _("Alt+2"), "toggle_zoom_link", _("link of zoom and place alone on or off")),
    Key(("Alt+3",), _("Alt+3"), "toggle_window_link", _("link of the windows alone on or off")),
    Key(("Shift+K",), _("Shift+K"), "sync_here", _("take the two places shown for the same place")),
    Key(("Alt+K",), _("Alt+K"), "forget_offset", _("forget the offset set by hand")),
    Key(("H",), "H", "toggle_calipers", _("hide or show the calipers")),
    Key(("J",), "J", "toggle_panes", _("one pane or two")),
    Key(("X",), "X", "other_pane", _("keys to the other pane")),
    Key(("O",), "O", "toggle_second_window", _("prior pane in a window of its own, and back")),
    Key(
        ("R",), "R", "toggle_references", _("reference views of the other planes, shown or hidden")
    ),
    Key(("F",), "F", "fit", _("fit the whole slice")),
    Key(("=",), _("+ or ="), "zoom_in", _("zoom in"), typed=("+",)),
    Key(("-",), "-", "zoom_out", _("zoom out")),
    Key(("Ctrl+Left",), _("Ctrl+Left"), "move_left", _("move the picture to the left")),
    Key(("Ctrl+Right",), _("Ctrl+Right"), "move_right", _("move the picture to the right")),
    Key(("Ctrl+Up",), _("Ctrl+Up"), "move_up", _("move the picture up")),
    Key(("Ctrl+Down",), _("Ctrl+Down"), "move_down", _("move the picture down")),
    Key(("1",), "1", "window_soft_tissue", _("soft tissue window (W 400 L 40)")),
    Key(("2",), "2", "window_liver", _("liver window (W 150 L 90)")),
    Key(("3",), "3", "window_lung", _("lung window (W 1500 L -600)")),
    Key(("4",), "4", "window_bone", _("bone window (W 2500 L 480)")),
    Key(("5",), "5", "window_of_values", _("window from the image's own values")),
    Key(("0",), "0", "reset_window", _("window as the series was opened, in plain grey")),
    Key(("I",), "I", "toggle_inverse", _("inverse grey: low values white")),
    Key(("Alt+Right",), _("Alt+Right"), "widen_window", _("wider window")),
    Key(("Alt+Left",), _("Alt+Left"), "narrow_window", _("narrower window")),
    Key(("Alt+Up",), _("Alt+Up"), "raise_level", _("higher level")),
    Key(("Alt+Down",), _("Alt+Down"), "lower_level", _("lower level")),
    Key(
        ("Shift+M",),
        _("Shift+M"),
        "open_caliper",
        _("adjust: open the chosen lesion's caliper; again: hold its next end"),
    ),
    Key(
        ("Enter",),
        _("Enter"),
        "finish_caliper",
        _("lock the caliper (a node takes the short axis offered); then the lesion due next"),
    ),
    Key(
        ("Shift+G",),
        _("Shift+G"),
        "next_proposal",
        _("next proposal drawn elsewhere: go there; Enter accepts it for the lesion it names"),
    ),
    Key(
        ("Shift+Enter",),
        _("Shift+Enter"),
        "accept_for_chosen",
        _("accept the open proposal for the chosen lesion"),
    ),
    Key(("Shift+D",), _("Shift+D"), "dismiss_proposal", _("dismiss the open proposal")),
    Key(("Escape",), _("Esc"), "cancel", _("drop the caliper in hand, or close the open one")),
    Key(("Ctrl+Z",), _("Ctrl+Z"), "undo", _("undo (recorded)")),
    Key(("Ctrl+Shift+Z",), _("Ctrl+Shift+Z"), "redo", _("redo (recorded)")),
    Key(("Ctrl+Enter",), _("Ctrl+Enter"), "complete_visit", _("complete and sign the visit")),
    Key(
        ("Ctrl+L",),
        _("Ctrl+L"),
        "lock",
        _("lock: everything is hidden until your password is typed"),
    ),
    Key(("F1",), _("? or F1"), "show_keys", _("this list"), typed=("?",)),
    Key(
        ("Delete", "Backspace"),
        _("Delete, Backspace"),
        "",
        _("nothing on the pictures; in the table as Z: no key deletes a measurement"),
    ),
)


ADJUDICATION_KEYS: tuple[Key, ...] = (
    Key(("Shift+D",), _("Shift+D"), "next_reason", _("next reason why the reads differ: go there")),
    Key(("Shift+X",), _("Shift+X"), "swap_reads", _("swap which read is at the left")),
    Key(
        ("Shift+H",),
        _("Shift+H"),
        "toggle_both",
        _("calipers of both reads over each picture, or each read's over its own"),
    ),
    Key(("Ctrl+Enter",), _("Ctrl+Enter"), "decide", _("decide which read is accepted, and sign")),
)
"""The keys the adjudication room has beside those it shares with the reading room."""

_MOUSE_ALSO = frozenset({_("wheel"), _("right drag"), _("middle drag")})
_HOLD_AN_END_TOO = frozenset({"next_slice", "previous_slice", "five_slices_up", "five_slices_down"})


def table_with(own: tuple[Key, ...], actions: Collection[str]) -> tuple[Key, ...]:
    """Return a room's own keys and those of the reading room for which it has an action too.

    Nothing is drawn there: no end of a caliper is held.
    """
    shared = (
        replace(key, says=key.says.partition(";")[0]) if key.action in _HOLD_AN_END_TOO else key
        for key in KEYS
        if key.action in actions or key.shown in _MOUSE_ALSO
    )
    return (*own, *shared)


def bind(
    provider: Any,
    actions: Mapping[str, Callable[[], None]],
    *,
    alone: bool = False,
    table: tuple[Key, ...] = KEYS,
) -> None:
    """Bind every key of a table on a viewer or a layer; keys without an action do nothing.

    ``alone``: no other key does anything there, so that none of napari's reaches a picture that
    is read (transpose, roll, 3-D, delete, transform).
    """
    for key in table:
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
    """Take every key of every table off a viewer or a layer."""
    for key in (*KEYS, *ADJUDICATION_KEYS):
        for name in key.bound:
            provider.bind_key(name, None)
    provider.bind_key(ANY_OTHER, None)


def key_table_markdown(some: tuple[Key, ...] = KEYS) -> str:
    """Return a table of keys as the README shows it."""
    rows = "\n".join(f"| {key.shown} | {key.says} |" for key in some)
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
