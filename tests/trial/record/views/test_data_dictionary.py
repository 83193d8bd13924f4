"""The printed data dictionary is the one of this version."""

from pathlib import Path

from napari_recist.exporting.tables.table import READS
from napari_recist.trial.views.document import data_dictionary
from napari_recist.trial.views.making import VIEWS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "data_dictionary.md"


def test_the_page_is_not_stale() -> None:
    """docs/data_dictionary.md says what the views say now: make dictionary writes it."""
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(VIEWS, (READS,))
