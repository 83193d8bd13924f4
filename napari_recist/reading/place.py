"""Where a reader was in a patient's images, so that reopening leads exactly there.

A convenience, not a record: it is kept apart from the events, on this computer, and whatever is
wrong with it costs a few scrolls and nothing else. It names nobody and no image: patient, reader,
trial and series are there as hashes.
"""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import platformdirs

from napari_recist.reading.sequence import PriorChoice
from napari_recist.trial import SeriesEntry

STATE_VARIABLE = "NAPARI_RECIST_STATE"
"""Environment variable that names another folder than the user's state folder."""


@dataclass(frozen=True, slots=True)
class Place:
    """What was shown of a patient: visit, series, slice, place and zoom, window, lesion, prior.

    ``series`` is :func:`series_mark` of the series looked at; ``slice``, ``row`` and ``column``
    are the index in the middle of the pane.
    """

    visit: str
    series: str
    slice: int
    row: float
    column: float
    pixels_per_mm: float
    width: float
    level: float
    lesion: str = ""
    prior: str = PriorChoice.PREVIOUS.value

    @property
    def prior_choice(self) -> PriorChoice:
        """Which earlier visit stood beside."""
        return PriorChoice(self.prior)


def series_mark(series: SeriesEntry) -> str:
    """Return what tells a series from the others of its visit without naming it."""
    return _hash(series.series_uid, series.part)[:16]


class PlaceFolder:
    """The places of one reader in one trial: a small file per patient.

    Parameters
    ----------
    trial : str
        The trial's unique identifier.
    reader : str
        Who reads.
    folder : Path, optional
        Where places are kept; by default the user's state folder.
    """

    def __init__(self, trial: str, reader: str, folder: Path | None = None) -> None:
        self._folder = (folder or state_folder() / "places") / _hash(trial, reader)

    def recall(self, subject: str) -> Place | None:
        """Return where the reader was in this patient; ``None`` if that is not known."""
        with suppress(OSError, ValueError, TypeError):
            return _restored(json.loads(self._file(subject).read_text(encoding="ascii")))
        return None

    def keep(self, subject: str, place: Place) -> None:
        """Write a place: whole or not at all, and on the disk when this returns.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(asdict(place), file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._file(subject))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def last(self, subjects: Iterable[str]) -> str:
        """Return the patient the reader was in last, "" if none of these is known."""
        newest, when = "", -math.inf
        for subject in subjects:
            with suppress(OSError):
                written = self._file(subject).stat().st_mtime
                if written > when:
                    newest, when = subject, written
        return newest

    def _file(self, subject: str) -> Path:
        return self._folder / f"{_hash(subject)}.json"


KINDS: dict[object, tuple[type, ...]] = {int: (int,), str: (str,), float: (int, float)}
"""What a file may hold for each kind of field."""


def state_folder() -> Path:
    """Return the folder of what this computer remembers between sessions."""
    named = os.environ.get(STATE_VARIABLE)
    return Path(named or platformdirs.user_state_path("napari-recist")).expanduser()


def _restored(plain: object) -> Place:
    """Return the place a file tells of; ``ValueError`` or ``TypeError`` where it tells none."""
    if not isinstance(plain, dict):
        raise TypeError(plain)
    place = Place(**plain)
    for field in fields(Place):
        value = getattr(place, field.name)
        if isinstance(value, bool) or not isinstance(value, KINDS[field.type]):
            raise TypeError(field.name)
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(field.name)
    if place.pixels_per_mm <= 0 or place.width <= 0 or place.prior_choice.value != place.prior:
        raise ValueError(place)
    return place


def _hash(*names: str) -> str:
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
