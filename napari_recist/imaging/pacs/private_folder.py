"""A folder for images as they came, with names in them: its owner's alone, and gone afterwards."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_NAME = "napari-recist-originals-"
_PROCESS = re.compile(rf"{_NAME}(\d+)-")


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a new folder of mode 700 that is removed with all in it, whatever happens meanwhile.

    A process that was killed cannot remove its own: the next one does.
    """
    _remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _remove_left_behind() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_NAME}*"):
        process = _PROCESS.match(folder.name)
        gone = process is not None and not psutil.pid_exists(int(process.group(1)))
        if gone and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)  # another user's stays theirs
