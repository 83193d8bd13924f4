"""Rows as the text of a CSV file: comma, quotes where needed, one line feed per row."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a header of ``columns`` and the rows below it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
