"""What leaves the reading room: rows built purely, then written."""

from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.lesions_csv import LESION_COLUMNS, lesion_rows, signed_part
from napari_recist.exporting.trend import draw_trend, trend_figure, write_trend

__all__ = [
    "LESION_COLUMNS",
    "draw_trend",
    "export_csv",
    "lesion_rows",
    "signed_part",
    "trend_figure",
    "write_trend",
]
