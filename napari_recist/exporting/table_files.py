"""Files of an export on disk: all of them whole, or none of them touched."""

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from napari_recist.errors import ExportError


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV text: a header, one line per row, plain line ends."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_texts(files: Mapping[Path, str]) -> tuple[Path, ...]:
    """Write UTF-8 texts as :func:`write_files` does."""
    return write_files({place: text.encode() for place, text in files.items()})


def write_files(
    files: Mapping[Path, bytes], once_laid: Callable[[], object] = lambda: None
) -> tuple[Path, ...]:
    """Write files, replacing older ones only once every one lies whole on the disk.

    Folders are made where there are none.

    Parameters
    ----------
    files : mapping of Path to bytes
        What goes where.
    once_laid : callable, optional
        Called when all lie whole beside their places; if it raises, nothing is replaced.

    Raises
    ------
    ExportError
        If a place cannot be written; older files are then as they were.
    """
    waiting: dict[Path, Path] = {}
    try:
        for place, content in files.items():
            waiting[place] = _lay_beside(place, content)
        once_laid()
        for place, written in waiting.items():
            written.replace(place)
    except OSError as error:
        where = error.filename or "the output"
        problem = f"Nothing was written: {where}: {error.strerror}."
        raise ExportError(problem, "Choose another place with --out.") from error
    finally:
        for written in waiting.values():
            written.unlink(missing_ok=True)
    return tuple(waiting)


def _lay_beside(place: Path, content: bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        raise IsADirectoryError(21, "is a folder, a file was expected", str(place))
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    return Path(name)
