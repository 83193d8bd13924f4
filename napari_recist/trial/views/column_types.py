"""The types of the views' columns, in the words of PostgreSQL, SQLite and a statistician."""

from enum import StrEnum


class ColumnType(StrEnum):
    """What a column holds, as PostgreSQL names the type."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "numeric(9,1)"
    """A reported value with one decimal, exact. SQLite has no such type and gives a double."""
    NUMBER = "double precision"
    DATE = "date"
    """SQLite has it as text, YYYY-MM-DD."""
    MOMENT = "timestamp without time zone"
    """SQLite has it as text, YYYY-MM-DD HH:MM:SS.ffffff."""
    FLAG = "boolean"
    """SQLite has it as 0 and 1."""
