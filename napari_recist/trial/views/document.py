"""The data dictionary as a page of the documentation."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.dialects import Dialect
from napari_recist.trial.views.dictionary import Column, View
from napari_recist.trial.views.examples import EXAMPLES, Example

LONGEST_LIST = 14
"""So many allowed words are shown; a longer list stands in ``dictionary.csv`` of an export."""

INTRODUCTION = Path(__file__).with_name("introduction.md")
"""What stands before the views: how to connect, and what to know before the first query."""

TYPES = (
    (ColumnType.TEXT, "text", "string"),
    (ColumnType.INTEGER, "integer", "int64"),
    (ColumnType.DECIMAL, "real, nearest to one decimal", "decimal128(9, 1)"),
    (ColumnType.NUMBER, "real", "double"),
    (ColumnType.DATE, "text YYYY-MM-DD", "date32"),
    (ColumnType.MOMENT, "text YYYY-MM-DD HH:MM:SS.ffffff", "timestamp(us), UTC"),
    (ColumnType.FLAG, "integer 0, 1", "bool"),
)
SHORT = {ColumnType.MOMENT: "timestamp", ColumnType.NUMBER: "double"}


def data_dictionary(views: Iterable[View], in_exports: Iterable[View] = ()) -> str:
    """Return the page: how to connect, each view with its columns, and examples."""
    return INTRODUCTION.read_text(encoding="utf-8") + "\n".join(
        [
            *(f"| {_short(kind)} | {kind} | {sqlite} | {arrow} |" for kind, sqlite, arrow in TYPES),
            *(line for view in views for line in _of_view(view, "")),
            *(line for view in in_exports for line in _of_view(view, " (in exports only)")),
            "",
            "## Examples",
            *(line for example in EXAMPLES for line in _of_example(example)),
            "",
        ]
    )


def _of_view(view: View, note: str) -> Iterator[str]:
    yield from ("", f"## {view.name}{note}", "", view.description, "")
    yield f"One row by: {', '.join(view.keys)}."
    yield from ("", "| column | type | unit | meaning |", "|---|---|---|---|")
    for column in view.columns:
        kind = _short(column.type) + ("" if column.required else ", or null")
        yield f"| `{column.name}` | {kind} | {column.unit} | {_meaning(column)} |"


def _meaning(column: Column) -> str:
    if not column.allowed:
        return column.description
    shown = ", ".join(f"`{word}`" for word in column.allowed[:LONGEST_LIST])
    more = " …" if len(column.allowed) > LONGEST_LIST else ""
    return f"{column.description} One of: {shown}{more}."


def _short(kind: ColumnType) -> str:
    return SHORT.get(kind, kind)


def _of_example(example: Example) -> Iterator[str]:
    yield from ("", f"**{example.question}**", "", "```sql", example.query, "```")
    if example.on_sqlite:
        query = example.on(Dialect.SQLITE)
        yield from ("", "On SQLite:", "", "```sql", query, "```")
