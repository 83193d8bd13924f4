"""A folder de-identified into another: in several processes, safe to stop and to repeat.

Each file is written beside its place and moved there whole; what is there already with the same
bytes is left alone. So a second run finishes a first one, and changes nothing after a whole one.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from napari_recist.errors import DeidentificationError
from napari_recist.imaging.deidentify.file import FileDeidentifier, Made, Order, Progress
from napari_recist.imaging.deidentify.report import Actions, Report, digest_of, grouped
from napari_recist.imaging.files.walking import files_at

FILES_AT_ONCE = 16
"""Files given to a process at a time: enough to make asking cheap, few enough to show progress."""

FILES_WORTH_PROCESSES = 200
"""Below, a second process takes longer to start than it saves."""

_PART = ".part"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Parameters
    ----------
    source : Path
        The file as it came. It may tell who the patient is: show it to those who may know.
    place : Path or None
        Where it went, relative to the folder; None where it was left out.
    reason : str
        Why it was left out; repeats no value and no name.
    subject, patient_id : str
        The coded subject, and the PatientID it stands for.
    actions : str
        Names the entry of the report that tells what was done.
    written : bool
        Whether the file was not there yet, or other.
    """

    source: Path
    place: Path | None
    reason: str = ""
    subject: str = ""
    patient_id: str = ""
    actions: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Deidentified:
    """What de-identifying a folder did, file by file in the order in which they were found."""

    outcomes: tuple[Outcome, ...]

    @property
    def kept(self) -> tuple[Outcome, ...]:
        """The files that went through."""
        return tuple(outcome for outcome in self.outcomes if outcome.place is not None)

    @property
    def left_out(self) -> tuple[Outcome, ...]:
        """The files that did not."""
        return tuple(outcome for outcome in self.outcomes if outcome.place is None)


def deidentify_folder(
    source: Path, out: Path, order: Order, progress: Progress | None = None
) -> Deidentified:
    """De-identify every file below a folder into another one.

    Raises
    ------
    NoImagesError
        If there is no such folder.
    DeidentificationError
        If one folder lies in the other, or ``out`` was made with another key or other settings.
    """
    one, other = source.resolve(), out.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise DeidentificationError(
            "The folder with the images and the folder for the de-identified ones overlap.",
            "Choose an output folder apart from the images.",
        )
    files, skipped = files_at([source])
    done = deidentify_files(files, out, order, progress)
    left = tuple(Outcome(skip.file, None, skip.reason.rstrip(".")) for skip in skipped)
    return Deidentified((*done.outcomes, *left))


def deidentify_files(
    files: Sequence[Path], out: Path, order: Order, progress: Progress | None = None
) -> Deidentified:
    """De-identify files into a folder and tell in its report what was done.

    Raises
    ------
    DeidentificationError
        If ``out`` was made with another key or other settings, or cannot be written.
    """
    report = Report(out, order)
    try:
        report.begin()
        _clear_parts(out)
        outcomes = []
        for told in _worked(files, out, order):
            for outcome, actions in told:
                outcomes.append(outcome)
                report.note(outcome.place, outcome.actions, actions, outcome.source, outcome.reason)
            if progress:
                progress(len(outcomes), len(files))
        report.end()
    except OSError as error:
        raise DeidentificationError(
            f"{out}: cannot be written ({error.strerror}).", "Choose another folder."
        ) from error
    return Deidentified(tuple(outcomes))


_Told = list[tuple[Outcome, Actions | None]]
"""Outcomes; the actions stand only where this process did not tell them before."""


def _worked(files: Sequence[Path], out: Path, order: Order) -> Iterator[_Told]:
    chunks = [files[at : at + FILES_AT_ONCE] for at in range(0, len(files), FILES_AT_ONCE)]
    workers = os.cpu_count() or 1
    if len(files) < FILES_WORTH_PROCESSES or workers == 1:
        worker = _Worker(out, order)
        yield from map(worker.chunk, chunks)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (out, order)) as pool:
        try:
            yield from pool.map(_chunk, chunks)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class _Worker:
    """De-identifies chunks of files; tells each set of actions once."""

    def __init__(self, out: Path, order: Order) -> None:
        self._out = out
        self._files = FileDeidentifier(order)
        self._told: set[str] = set()

    def chunk(self, files: Iterable[Path]) -> _Told:
        return [self._one(file) for file in files]

    def _one(self, file: Path) -> tuple[Outcome, Actions | None]:
        made = self._files.make(file)
        if isinstance(made, str):
            return Outcome(file, None, made), None
        digest = digest_of(made.done)
        new = digest not in self._told
        self._told.add(digest)
        written = _write(self._out / made.place, made)
        outcome = Outcome(file, made.place, "", made.subject, made.patient_id, digest, written)
        return outcome, grouped(made.done) if new else None


def _write(target: Path, made: Made) -> bool:
    """Put a file in its place, whole or not at all; False where it is there already."""
    if _there(target, made):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}{_PART}")
    with part.open("wb") as stream:
        for piece in made.pieces:
            stream.write(piece)
    part.replace(target)
    return True


def _there(target: Path, made: Made) -> bool:
    try:
        with target.open("rb") as stream:
            same = all(stream.read(len(piece)) == piece for piece in made.pieces)
            return same and not stream.read(1)
    except OSError:
        return False


def _clear_parts(out: Path) -> None:
    """Remove what an interrupted run left half-written."""
    for part in out.rglob(f"*{_PART}"):
        with suppress(OSError):
            part.unlink()


# In a worker process:

_workers: list[_Worker] = []


def _begin(out: Path, order: Order) -> None:
    _workers.append(_Worker(out, order))


def _chunk(files: Sequence[Path]) -> _Told:
    return _workers[-1].chunk(files)
