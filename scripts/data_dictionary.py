"""Write docs/data_dictionary.md from the views of the trial database.

Usage: python scripts/data_dictionary.py
"""

from pathlib import Path

from napari_recist.exporting.tables.table import READS
from napari_recist.trial.views.document import data_dictionary
from napari_recist.trial.views.making import VIEWS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data_dictionary.md"

if __name__ == "__main__":
    PAGE.write_text(data_dictionary(VIEWS, (READS,)), encoding="utf-8")
