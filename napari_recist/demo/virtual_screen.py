"""A screen where there is none: Xvfb for the scripted read and for the tests of the window."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from napari_recist.errors import DisplayError

SIZE = "1920x1200x24"


def has_display() -> bool:
    """Tell whether this process has a screen to show windows on."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or os.name == "nt"


@contextmanager
def virtual_screen() -> Iterator[None]:
    """Run the body on a virtual screen with settings of its own; must precede any Qt window.

    napari's settings are kept in a temporary file, so that no user's are read or written.

    Raises
    ------
    DisplayError
        If Xvfb is not installed or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise DisplayError("There is no virtual screen: Xvfb is missing.", "Install 'xvfb'.")
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as settings:
        Path(settings).chmod(0o700)
        server, number = _started(program)
        os.environ.pop("WAYLAND_DISPLAY", None)
        os.environ.update(
            DISPLAY=f":{number}",
            QT_QPA_PLATFORM="xcb",
            LIBGL_ALWAYS_SOFTWARE="1",
            XDG_RUNTIME_DIR=settings,
            NAPARI_CONFIG=str(Path(settings) / "napari.yaml"),
        )
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            server.terminate()
            server.wait(timeout=10)


def _started(program: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start Xvfb on the first free display number, which it tells through a pipe."""
    told, tells = os.pipe()
    server = subprocess.Popen(  # noqa: S603 - the path found by which, and our own arguments
        [program, "-displayfd", str(tells), "-screen", "0", SIZE, "-nolisten", "tcp"],
        pass_fds=[tells],
        stderr=subprocess.DEVNULL,
    )
    os.close(tells)
    with os.fdopen(told) as answer:
        number = answer.readline().strip()
    if not number:
        server.wait(timeout=10)
        raise DisplayError("Xvfb did not start.", "Run 'Xvfb :99' to see why.")
    return server, int(number)
