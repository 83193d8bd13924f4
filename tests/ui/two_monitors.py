"""A reader with two monitors, in a process of its own: the prior pane goes to the second one.

Run as ``python -m tests.ui.two_monitors URL READER PICTURES`` on an X display of 3840 x 1080
pixels, which becomes two monitors of 1920 x 1080; prints what stood where, as JSON.
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1920, 1080
NAMES = (b"left", b"right")


class Monitor(ctypes.Structure):
    """XRRMonitorInfo of libXrandr."""

    _fields_ = (
        ("name", ctypes.c_ulong),
        *((name, ctypes.c_int) for name in ("primary", "automatic", "noutput", "x", "y")),
        *((name, ctypes.c_int) for name in ("width", "height", "mwidth", "mheight")),
        ("outputs", ctypes.POINTER(ctypes.c_ulong)),
    )


class Resources(ctypes.Structure):
    """The beginning of XRRScreenResources of libXrandr."""

    _fields_ = (
        ("timestamp", ctypes.c_ulong),
        ("config_timestamp", ctypes.c_ulong),
        ("ncrtc", ctypes.c_int),
        ("crtcs", ctypes.POINTER(ctypes.c_ulong)),
        ("noutput", ctypes.c_int),
        ("outputs", ctypes.POINTER(ctypes.c_ulong)),
    )


def two_monitors() -> None:
    """Divide the display into two monitors, as a desktop with two screens is; before Qt asks."""
    x11, randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    randr.XRRGetScreenResources.restype = ctypes.POINTER(Resources)
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    outputs = randr.XRRGetScreenResources(display, root).contents.outputs
    for place, name in enumerate(NAMES):
        first = place == 0
        atom = x11.XInternAtom(display, name, 0)
        size = (WIDTH, HEIGHT, 480, 270)
        monitor = Monitor(atom, first, 0, int(first), place * WIDTH, 0, *size)
        monitor.outputs = outputs if first else None
        randr.XRRSetMonitor(display, root, ctypes.byref(monitor))
    x11.XSync(display, 0)


def main() -> None:
    """Open week 8 beside baseline, send the prior to the other monitor and bring it back."""
    two_monitors()

    from napari_recist.demo import gestures  # noqa: PLC0415 - the monitors come first
    from napari_recist.reading import ReadingSession  # noqa: PLC0415
    from napari_recist.trial import open_trial  # noqa: PLC0415
    from napari_recist.ui.reading_room import open_reading_room  # noqa: PLC0415
    from tests.trial.conftest import PASSWORD  # noqa: PLC0415

    url, reader, pictures = sys.argv[1:]
    with open_trial(url) as opened:
        trial = opened.sign_in(reader, PASSWORD)
        session = ReadingSession(trial, trial.worklist()[0])
        session.sign_visit(PASSWORD, "read")
        session.open_visit("W8")
        room = open_reading_room(session)
        gestures.settle(0.3)
        told = [standing(room)]
        for name in ("apart", "together"):
            gestures.press(room.current.canvas_widget, "O")
            gestures.settle(0.3)
            gestures.wheel(room.prior.canvas_widget, (200, 200), 1)
            told.append(standing(room))
            for place, screen in enumerate(room.window.screen().virtualSiblings()):
                screen.grabWindow(0, 0, 0, WIDTH, HEIGHT).save(f"{pictures}/{name}-{place}.png")
        room.close()
    Path(pictures, "told.json").write_text(json.dumps(told), encoding="utf-8")


def standing(room: Any) -> dict[str, Any]:
    """Return on which screen each pane stands, where its window is and what it shows."""
    panes = {"current": room.current, "prior": room.prior}
    return {
        name: {
            "screen": pane.canvas_widget.window().screen().name(),
            "window": pane.canvas_widget.window().frameGeometry().getRect(),
            "canvas": (pane.canvas_widget.width(), pane.canvas_widget.height()),
            "slice": pane.slice,
            "zoom": pane.pixels_per_mm,
            "shown": pane.volume is not None and pane.canvas_widget.isVisible(),
        }
        for name, pane in panes.items()
    }


if __name__ == "__main__":
    main()
