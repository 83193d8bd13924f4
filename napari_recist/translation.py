"""Every text that a window shows passes through ``_``: English, or a translation of it.

Translations are gettext catalogues, ``locale/LANGUAGE/LC_MESSAGES/napari_recist.mo`` beside this
file, made from ``locale/napari_recist.pot``. The language is that of the user's environment
(``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``), chosen once when the program starts.

What is recorded stays English, whatever the screen shows: see docs/decisions/0018.
"""

import gettext
from enum import StrEnum
from pathlib import Path

DOMAIN = "napari_recist"
FOLDER = Path(__file__).resolve().parent / "locale"

_CATALOGUE = gettext.translation(DOMAIN, FOLDER, fallback=True)


def _(text: str, /, **fields: object) -> str:
    """Return a text of the program in the user's language, its ``{fields}`` filled in."""
    shown = _CATALOGUE.gettext(text)
    return shown.format(**fields) if fields else shown


def coded(word: StrEnum) -> str:
    """Return a code that is English words, as the record holds it, in the user's language."""
    return _CATALOGUE.gettext(str(word))
