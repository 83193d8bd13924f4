"""A progress bar on standard error for work that takes more than a second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from napari_recist.imaging.pacs import Progress, Watch

PATIENCE_SECONDS = 1.0
"""Shorter work shows nothing: a flashing bar tells nobody anything."""


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with (done, total); the bar appears after ``PATIENCE_SECONDS``.

    Without a terminal, and with an empty title, nothing is shown.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not (title and console.is_terminal))
    task = bar.add_task(title, total=None)
    started = time.monotonic()

    def advance(done: int, total: int) -> None:
        if time.monotonic() - started > PATIENCE_SECONDS:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        bar.stop()


@contextmanager
def transfer_bar(title: str) -> Iterator["Watch"]:
    """Give a function to call with the progress of a transfer: instances, bytes, time left."""
    from rich.console import Console
    from rich.filesize import decimal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[moved]}"),
        TimeRemainingColumn(),
    )
    bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task(title, total=None, moved="")
    started = time.monotonic()

    def watch(progress: "Progress") -> None:
        seconds = time.monotonic() - started
        if seconds > PATIENCE_SECONDS:
            bar.start()
        speed = decimal(int(progress.moved / max(seconds, PATIENCE_SECONDS)))
        moved = f"{decimal(progress.moved)}, {speed}/s"
        bar.update(task, completed=progress.done, total=progress.total, moved=moved)

    try:
        yield watch
    finally:
        bar.stop()
