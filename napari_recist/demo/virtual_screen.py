"""A screen where there is none: Xvfb for the scripted read and for the tests of the window."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from napari_recist.errors import DisplayError

SIZE = "1920x1080x24"

# The shell waits for the end of this process, however it comes, and only then takes the screen
# away: a screen that goes before Qt has closed its connection makes Xlib end the process.
_KEEPER = """
"$1" -displayfd 1 -screen 0 "$2" -nolisten tcp 2>/dev/null &
read -r _
kill $! && wait $!
rm -rf "$3"
"""


def has_display() -> bool:
    """Tell whether this process has a screen to show windows on."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def use_virtual_screen() -> None:
    """Give this process a virtual screen until it ends; must precede any Qt window.

    napari's settings are kept in a temporary file, so that no user's are read or written.

    Raises
    ------
    DisplayError
        If Xvfb is not installed or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise DisplayError("There is no virtual screen: Xvfb is missing.", "Install 'xvfb'.")
    settings = tempfile.mkdtemp(prefix="napari-recist-screen-")  # for this user only (mode 700)
    number = _started(["/bin/sh", "-c", _KEEPER, "sh", program, SIZE, settings])
    if not number:
        raise DisplayError("Xvfb did not start.", "Run 'Xvfb :99' to see why.")
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ.update(
        DISPLAY=f":{number}",
        QT_QPA_PLATFORM="xcb",
        LIBGL_ALWAYS_SOFTWARE="1",
        XDG_RUNTIME_DIR=settings,
        NAPARI_CONFIG=str(Path(settings) / "napari.yaml"),
    )


def _started(command: list[str]) -> str:
    """Start the keeper, whose standard input ends with this process; return its first line."""
    ends_with_us, _kept_open = os.pipe()
    told, tells = os.pipe()
    os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, ends_with_us, 0), (os.POSIX_SPAWN_DUP2, tells, 1)],
    )
    os.close(ends_with_us)
    os.close(tells)
    with os.fdopen(told) as answer:
        return answer.readline().strip()
