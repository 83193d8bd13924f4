"""What a blinded reader is told when files or the database fail: a code and fixed words.

The whole text may name a file, and a file's name may hold a patient's. It is kept on this computer
for the image manager, under the code that the reader is shown.
"""

import hashlib
import json
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from napari_recist.errors import (
    AccessRefusedError,
    ImageError,
    ReadError,
    RecistError,
    RecordError,
    SignatureRefusedError,
)
from napari_recist.reading.place import state_folder
from napari_recist.translation import _

FAULT_FILE = "faults.jsonl"
"""In the user's state folder: a line of JSON for each fault, newest last."""

OF_THE_READ = (ReadError, SignatureRefusedError, AccessRefusedError)
"""Refusals about the read itself: coded patients, visits and lesions only, told as they are."""

FIXED_WORDS = (
    (ImageError, _("The images cannot be shown as they were registered")),
    (RecordError, _("The trial's database does not answer as it should")),
)
CODE_DIGITS = 6
"""Few enough to be read out, and enough to tell the faults of one computer apart."""
ANYTHING_ELSE = _("Something went wrong that is not of your doing")
REMEDY = _("Tell the image manager this code. Nothing that you recorded is lost.")


def for_reader(error: BaseException, folder: Path | None = None) -> RecistError:
    """Return an error in words fit for a blinded screen; what it says beyond them is kept.

    Parameters
    ----------
    error : BaseException
        What went wrong.
    folder : Path, optional
        Where the whole text is kept; by default the user's state folder.
    """
    if isinstance(error, OF_THE_READ):
        return error
    code = keep(error, folder or state_folder())
    kinds = (words for kind, words in FIXED_WORDS if isinstance(error, kind))
    return RecistError(
        _("{what} (fault {code}).", what=next(kinds, ANYTHING_ELSE), code=code), REMEDY
    )


def keep(error: BaseException, folder: Path) -> str:
    """Write the whole text of an error to the list of faults; return its code there."""
    kind = f"{type(error).__name__}: {error}"
    code = hashlib.sha256(kind.encode()).hexdigest()[:CODE_DIGITS].upper()
    expected = isinstance(error, RecistError)
    text = kind if expected else "".join(traceback.format_exception(error))
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "code": code, "text": text}
    with suppress(OSError):  # a list that cannot be written must not stop a read
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / FAULT_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return code
