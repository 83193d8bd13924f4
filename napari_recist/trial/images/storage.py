"""Where a trial keeps its images and the key they were de-identified with."""

from pathlib import Path

from napari_recist.errors import RecordError
from napari_recist.trial.record.database import database_path

SERVER = "postgresql://"


def images_folder(url: str, given: Path | None = None) -> Path:
    """Return the folder of a trial's images: ``trial.images`` beside ``trial.db``, or as given.

    Raises
    ------
    RecordError
        If the trial is on a server and no folder is given.
    """
    if given is not None:
        return given
    if url.startswith(SERVER):
        raise RecordError(
            "The images of a trial on a server need a folder that all its readers reach.",
            "Name it with --images.",
        )
    return database_path(url).with_suffix(".images")


def key_file(url: str, given: Path | None = None) -> Path | None:
    """Return the file of a trial's key: ``trial.key`` beside ``trial.db``, or as given.

    A trial on a server has none of its own: the key is the image manager's to keep. An embedded
    trial is one person's, who holds key and database alike; who reads it must be trusted.
    """
    if given is not None or url.startswith(SERVER):
        return given
    return database_path(url).with_suffix(".key")
