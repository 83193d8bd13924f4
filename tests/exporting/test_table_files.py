"""Tables on disk: all of them whole, or none of them touched."""

from pathlib import Path

import pytest

from napari_recist.errors import ExportError
from napari_recist.exporting.table_files import csv_text, write_texts


def test_text_of_a_table() -> None:
    """A table is a header and rows with plain line ends; cells with commas are quoted."""
    assert csv_text(("a", "b"), [{"a": "1", "b": "x, y"}]) == 'a,b\n1,"x, y"\n'


def test_folders_are_made(tmp_path: Path) -> None:
    """Folders that are not there are made, and only the files asked for are left."""
    place = tmp_path / "new" / "deep" / "table.csv"

    assert write_texts({place: "é\n"}) == (place,)
    assert place.read_bytes() == "é\n".encode()
    assert [found.name for found in place.parent.iterdir()] == ["table.csv"]


def test_all_or_nothing(tmp_path: Path) -> None:
    """When one file cannot be written, an older one beside it stays as it was."""
    old, taken = tmp_path / "old.csv", tmp_path / "taken.csv"
    old.write_text("before")
    taken.mkdir()

    with pytest.raises(ExportError, match=r"taken\.csv: is a folder"):
        write_texts({old: "after", taken: "after"})

    assert old.read_text() == "before"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["old.csv", "taken.csv"]


def test_place_that_cannot_be(tmp_path: Path) -> None:
    """A folder under a file is refused by name."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ExportError, match="Nothing was written"):
        write_texts({tmp_path / "file" / "table.csv": ""})
