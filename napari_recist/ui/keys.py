"""The keys of the reading room in one table: bound from it, shown on "?" and printed in the README.

They are bound on each viewer and layer of ours, because napari's layers have keys of their own
that delete shapes and leave the reading mode (3, Delete, Backspace); ours win there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that do one thing: as napari writes them, as people do, and what they do.

    An empty ``action`` is the mouse, or a key that is deliberately harmless.
    """

    bound: tuple[str, ...]
    shown: str
    action: str
    says: str


KEYS: tuple[Key, ...] = (
    Key((), "wheel", "", "next slice; with Shift five at once; with Ctrl zoom"),
    Key((), "left drag", "", "draw the longest diameter, across it the short axis; move an end"),
    Key((), "right drag", "", "window (sideways) and level (up and down)"),
    Key((), "middle drag", "", "move the picture"),
    Key(("Up",), "Up", "next_slice", "one slice up"),
    Key(("Down",), "Down", "previous_slice", "one slice down"),
    Key(("Home",), "Home", "first_slice", "first slice"),
    Key(("End",), "End", "last_slice", "last slice"),
    Key(("PageUp",), "Page Up", "previous_visit", "previous visit"),
    Key(("PageDown",), "Page Down", "next_visit", "next visit"),
    Key(("M", "L"), "M or L", "toggle_tool", "caliper tool on or off"),
    Key(("N",), "N", "next_lesion", "next lesion, in both panes"),
    Key(("Shift+N",), "Shift+N", "previous_lesion", "previous lesion, in both panes"),
    Key(("G",), "G", "go_to_lesion", "go to the chosen lesion in both panes"),
    Key(("K",), "K", "toggle_link", "link of the panes on or off"),
    Key(("Shift+K",), "Shift+K", "sync_here", "take the two places shown for the same place"),
    Key(("H",), "H", "toggle_calipers", "hide or show the calipers"),
    Key(("J",), "J", "toggle_panes", "one pane or two"),
    Key(("F",), "F", "fit", "fit the whole slice"),
    Key(("1",), "1", "window_soft_tissue", "soft tissue window (W 400 L 40)"),
    Key(("2",), "2", "window_liver", "liver window (W 150 L 90)"),
    Key(("3",), "3", "window_lung", "lung window (W 1500 L -600)"),
    Key(("4",), "4", "window_bone", "bone window (W 2500 L 480)"),
    Key(("5",), "5", "window_of_values", "window from the image's own values"),
    Key(("Escape",), "Esc", "cancel", "drop the caliper in hand"),
    Key(("Ctrl+Z",), "Ctrl+Z", "undo", "undo (recorded)"),
    Key(("Ctrl+Shift+Z",), "Ctrl+Shift+Z", "redo", "redo (recorded)"),
    Key(("Ctrl+Enter",), "Ctrl+Enter", "complete_visit", "complete and sign the visit"),
    Key(("F1",), "? or F1", "show_keys", "this list"),
    Key(("Delete", "Backspace"), "Delete, Backspace", "", "nothing: no key deletes a measurement"),
)


def bind(provider: Any, actions: Mapping[str, Callable[[], None]]) -> None:
    """Bind every key of the table on a viewer or a layer; keys without an action do nothing."""
    for key in KEYS:
        for name in key.bound:
            provider.bind_key(name, _called(actions.get(key.action)), overwrite=True)


def unbind(provider: Any) -> None:
    """Take every key of the table off a viewer or a layer."""
    for key in KEYS:
        for name in key.bound:
            provider.bind_key(name, None)


def key_table_markdown() -> str:
    """Return the table of keys as the README shows it."""
    rows = "\n".join(f"| {key.shown} | {key.says} |" for key in KEYS)
    return f"| key | does |\n|---|---|\n{rows}\n"


def key_table_html() -> str:
    """Return the table of keys as the reading room shows it."""
    rows = "".join(
        f"<tr><td><b>{key.shown}</b>&nbsp;&nbsp;</td><td>{key.says}</td></tr>" for key in KEYS
    )
    return f"<table cellpadding='3'>{rows}</table>"


def _called(action: Callable[[], None] | None) -> Callable[[Any], None]:
    # napari calls with the viewer or layer, and starts what it gets back: hand back nothing.
    def call(_provider: Any) -> None:
        if action is not None:
            action()

    return call
