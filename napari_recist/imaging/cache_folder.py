"""Where this computer keeps what can be made again: headers read before, volumes decoded before."""

import os
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "NAPARI_RECIST_CACHE"
"""Environment variable that names another folder than the user's cache folder."""


def cache_folder() -> Path:
    """Return the folder of everything that is safe to delete; it need not exist yet."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named or platformdirs.user_cache_path("napari-recist")).expanduser()
