"""Rows of text in columns, for a terminal."""

from collections.abc import Iterator, Sequence


def aligned(table: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield each row as a line, its cells under those of the rows before."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
