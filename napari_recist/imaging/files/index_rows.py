"""Put the headers of one folder's files into text and back: what a header index keeps.

Bytes become text one to one (Latin-1); nothing that could run is stored. What files of one form
share is stored once.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from napari_recist.imaging.files.elements import Elements, Form
from napari_recist.imaging.files.header import Header

Stamp = tuple[int, int, int, int]
"""Size, times of last change of content and of status (ns), and inode: all alike, same content."""


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what tells whether a file is still the one that was read."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


@dataclass(slots=True)
class FolderRows:
    """What is known of the files of one folder: each either a header or why there is none."""

    forms: list[Form] = field(default_factory=list)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    changed: bool = False

    def recall(self, file: Path, name: str, stamp: Stamp) -> Header | str | None:
        """Return a file's header, or the reason it has none; None where it must be read."""
        self.met.add(name)
        row = self.rows.get(name)
        if row is None or row[0] != [*stamp]:
            return None
        if len(row) == _REASON:
            return str(row[1])
        _, form, size, syntax, offset, length, cut_short, own = row
        elements = _elements(own) if form is None else _of_form(self.forms[form], own)
        return Header(file, size, elements, syntax, offset, length, cut_short)

    def note(self, name: str, stamp: Stamp, found: Header | str) -> None:
        """Keep what was read from a file, or why it was left out."""
        self.changed = True
        if isinstance(found, str):
            self.rows[name] = [[*stamp], found]
            return
        elements, form = found.elements, found.elements.form
        if form is None:
            place, own = None, _texts(elements)
        else:
            place = self._place(form)
            own = [elements.raw(tag).decode("latin-1") for tag in form.own]
        self.rows[name] = [[*stamp], place, found.size, *found[3:], own]

    def _place(self, form: Form) -> int:
        """Return the number of a form, the latest being the likeliest."""
        if not self.forms or self.forms[-1] is not form:
            if form in self.forms:
                return self.forms.index(form)
            self.forms.append(form)
        return len(self.forms) - 1


_REASON = 2
"""Length of a row that holds a reason instead of a header."""


def packed(folder: FolderRows) -> bytes:
    """Return a folder's rows as text; forms no file has any more are left out."""
    used = sorted({row[1] for row in folder.rows.values() if len(row) > _REASON} - {None})
    number = {old: new for new, old in enumerate(used)}
    for row in folder.rows.values():
        if len(row) > _REASON and row[1] is not None:
            row[1] = number[row[1]]
    folder.forms = [folder.forms[old] for old in used]
    forms = [
        [_texts(Elements(form.values, form.representations)), form.own] for form in folder.forms
    ]
    return json.dumps([forms, folder.rows], separators=(",", ":")).encode("ascii")


def unpacked(text: bytes) -> FolderRows:
    """Read what ``packed`` wrote.

    Raises
    ------
    ValueError, TypeError, KeyError, LookupError
        It is something else.
    """
    forms, rows = json.loads(text)
    return FolderRows([_form(*form) for form in forms], rows)


def _form(texts: list[Any], own: list[int]) -> Form:
    elements = _elements(texts)
    return Form((), b"", elements.values, elements.representations, tuple(own))


def _of_form(form: Form, own: list[Any]) -> Elements:
    values = form.values.copy()
    for tag, text in zip(form.own, own, strict=True):
        values[tag] = text.encode("latin-1")
    return Elements(values, form.representations, form=form)


def _texts(elements: Elements) -> list[Any]:
    """Return elements, those of items included, as values JSON has."""
    values = {str(tag): _text(value) for tag, value in elements.values.items()}
    letters = {str(tag): one for tag, one in elements.representations.items()}
    return [values, letters, elements.little_endian]


def _text(value: bytes | list[Elements]) -> Any:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return [_texts(item) for item in value]


def _elements(texts: list[Any]) -> Elements:
    values, letters, little_endian = texts
    return Elements(
        {int(tag): _value(value) for tag, value in values.items()},
        {int(tag): one for tag, one in letters.items()},
        little_endian,
    )


def _value(value: Any) -> bytes | list[Elements]:
    if isinstance(value, str):
        return value.encode("latin-1")
    return [_elements(item) for item in value]
