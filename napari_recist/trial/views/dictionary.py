"""What each view and column means: the one source of the data dictionary, comments and schemas.

A row of ``docs/data_dictionary.md``, a ``COMMENT ON`` of PostgreSQL and a field of a Parquet file
all come from here.
"""

from dataclasses import dataclass

from napari_recist.trial.views.column_types import ColumnType


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view.

    ``allowed`` are the words a text can be, where it is coded; ``unit`` is "" where there is none.
    ``required`` columns are never null.
    """

    name: str
    type: ColumnType
    description: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A view: what a row is, by which columns it is known (its order too), and its columns."""

    name: str
    description: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of this name; ``KeyError`` where the view has none."""
        return {column.name: column for column in self.columns}[name]
