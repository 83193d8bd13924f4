"""CSV text as rows of named cells, with every fault of the table's form placed by line and column.

Values are checked by the tables that know them; nothing here knows what a column means.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from napari_recist.errors import Problem, TableError

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on (the header is line 1) and its cells without outer blanks."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell."""
        return self.cells[column]


@dataclass(slots=True)
class Complaints:
    """What is wrong with a file (``problems``), and what merely deserves a look (``warnings``)."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, row: Row | None, column: str, rule: str, value: str | None = None) -> None:
        """Note a fault: nothing of the file may be used."""
        self.problems.append(self._placed(row, column, rule, value))

    def warn(self, row: Row | None, column: str, rule: str, value: str | None = None) -> None:
        """Note something to look at."""
        self.warnings.append(self._placed(row, column, rule, value))

    def _placed(self, row: Row | None, column: str, rule: str, value: str | None) -> Problem:
        if value is None:
            value = row.cells.get(column, "") if row else ""
        return Problem(self.file, row.line if row else 0, column, value, rule)


def rows_of(content: bytes | str, columns: Sequence[str], complaints: Complaints) -> list[Row]:
    """Read CSV content whose header must name ``columns``, in any order.

    A byte order mark, either line ending and blank lines are accepted. Every fault goes to
    ``complaints``; rows that could be read are returned even so, that their values be checked.
    """
    text = _decoded(content, complaints)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if not header:
                header = stripped
                if not _header_fits(header, columns, complaints):
                    return []
                continue
            row = Row(reader.line_num, dict(zip(header, stripped, strict=False)))
            if len(stripped) == len(header):
                rows.append(row)
            else:
                rule = f"the row has {len(stripped)} cells, the header {len(header)}"
                complaints.refuse(row, "row", rule, ",".join(cells))
    except csv.Error as error:
        place = Row(reader.line_num, {})
        complaints.refuse(place, "row", f"not readable as CSV from here on: {error}")
    if not header:
        complaints.refuse(None, "header", "the file is empty; its first line names the columns")
    elif not rows and not complaints.problems:
        complaints.refuse(None, "row", "the file has a header and no rows")
    return rows


def content_of(file: Path) -> bytes:
    """Return the content of a table's file; ``TableError`` where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        rule = f"the table cannot be read: {error.strerror}"
        raise TableError([Problem(str(file), 0, "file", file.name, rule)]) from error


def _decoded(content: bytes | str, complaints: Complaints) -> str | None:
    if isinstance(content, str):
        text = content
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = Row(content.count(b"\n", 0, error.start) + 1, {})
            complaints.refuse(line, "row", "not UTF-8 text; save the file as CSV UTF-8")
            return None
    if "\0" in text:
        complaints.refuse(None, "file", "not a text file; save the table as CSV UTF-8")
        return None
    return text.removeprefix("\ufeff")


def _header_fits(header: list[str], columns: Sequence[str], complaints: Complaints) -> bool:
    found = Row(1, {"header": ",".join(header)})
    missing = [column for column in columns if column not in header]
    foreign = [name for name in header if name not in columns]
    for column in missing:
        near = get_close_matches(column, foreign, 1)
        hint = f"; did {near[0]!r} mean it?" if near else ""
        hint = "; cells are separated by commas" if ";" in "".join(header) else hint
        complaints.refuse(found, "header", f"the column {column!r} is missing{hint}")
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        complaints.refuse(found, "header", f"the column {name!r} is there more than once")
    for name in foreign:
        complaints.warn(found, "header", "this column is not known and was not read", name)
    return not complaints.problems


def date_of(row: Row, column: str, complaints: Complaints) -> dt.date | None:
    """Return a cell as a date; a missing, partial or impossible one is refused (E-6)."""
    text = row[column]
    if not text:
        complaints.refuse(row, column, "a date is needed, written YYYY-MM-DD")
        return None
    if not _ISO_DATE.fullmatch(text) or not text.isascii():
        complaints.refuse(row, column, "not a whole date written YYYY-MM-DD (E-6)")
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        complaints.refuse(row, column, "there is no such day")
        return None


def natural_order(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sorting key by which T2 comes before T10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in parts)
