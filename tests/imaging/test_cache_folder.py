"""Where caches lie."""

from pathlib import Path

import platformdirs
import pytest

from napari_recist.imaging.cache_folder import CACHE_VARIABLE, cache_folder


def test_the_environment_names_the_cache_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The variable wins over the user's own cache folder, which is used without it."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert cache_folder() == tmp_path

    monkeypatch.delenv(CACHE_VARIABLE)
    assert cache_folder() == platformdirs.user_cache_path("napari-recist")
