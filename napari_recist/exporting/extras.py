"""What an export says when a library of others that it writes with is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

from napari_recist.errors import ExportError


@contextmanager
def exports_extra(what: str) -> Iterator[None]:
    """Turn a failed import into words: what needs which package, and how to install it.

    Parameters
    ----------
    what : str
        What is to be written, as the sentence begins: "Define-XML".

    Raises
    ------
    ExportError
        If a module imported inside is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        problem = f"{what} needs the package {error.name}, which is not installed."
        raise ExportError(
            problem, 'Install it with: pip install "napari-recist[exports]".'
        ) from error
