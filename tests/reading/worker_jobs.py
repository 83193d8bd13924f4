"""Work given to real workers in the tests: it dies, hogs memory, or waits to be stopped."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from napari_recist.reading.preparing import Job, Means, Outcome, State
from napari_recist.reading.preparing.jobs import Check

DEADLY, GREEDY, ENDLESS = "deadly", "greedy", "endless"
"""Descriptions of the series at which the work below goes wrong."""

ABSURD_BYTES = 1 << 40


def work_or_die(job: Job, means: Means, check: Check) -> Outcome:
    """Do nothing with a series, well or badly as its description says."""
    match job.entry.description:
        case "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        case "greedy":
            np.ones(ABSURD_BYTES, np.int8)
        case "endless":
            begun = means.cache_folder / f"begun-{os.getpid()}"
            begun.touch()
            try:
                while True:
                    check()
                    time.sleep(0.01)
            finally:
                begun.unlink()
    return Outcome(job, State.PREPARED)


def begun(folder: Path) -> list[int]:
    """Return the process ids of the endless jobs under way."""
    return [int(file.name.removeprefix("begun-")) for file in folder.glob("begun-*")]
