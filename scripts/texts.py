"""Write every text of the program that a translator has to know into the catalogue's template.

Usage: python scripts/texts.py
"""

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum

from napari_recist.criteria import Nature, Provenance, WhyNotEvaluable
from napari_recist.criteria.differences import WhyDiffer
from napari_recist.criteria.why_differ import Weight
from napari_recist.imaging import Verdict
from napari_recist.reading.my_patients import Left
from napari_recist.reading.series_departures import Aspect
from napari_recist.translation import DOMAIN, FOLDER
from napari_recist.trial import AdjudicationReason, TrialRole
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.progress import CaseState

PACKAGE = FOLDER.parent
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
CODED: tuple[type[StrEnum], ...] = (
    AdjudicationReason,
    Aspect,
    CaseState,
    Left,
    Nature,
    Provenance,
    QueryCode,
    TrialRole,
    Verdict,
    Weight,
    WhyDiffer,
    WhyNotEvaluable,
)
"""Codes that are English words: shown through ``coded``."""

HEADER = """\
# Texts of napari-recist, made by scripts/texts.py. {In braces} stands what the program fills in.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def main() -> None:
    """Write the template."""
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_text(template(), encoding="utf-8")


def template() -> str:
    """Return the template: each text once, with the files it stands in, in a lasting order."""
    places: dict[str, list[str]] = {}
    for text, place in sorted(texts()):
        if place not in places.setdefault(text, []):
            places[text].append(place)
    return HEADER + "".join(f"\n{entry(text, files)}" for text, files in places.items())


def texts() -> Iterator[tuple[str, str]]:
    """Yield each text given to ``_`` and each coded word, with the file it stands in."""
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE.parent).as_posix()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_":
                yield literal(call, place), place
    for codes in CODED:
        place = f"{codes.__module__.replace('.', '/')}.py"
        yield from ((str(code), place) for code in codes)


def literal(call: ast.Call, place: str) -> str:
    """Return the text of a call of ``_``.

    Raises
    ------
    SystemExit
        If it is put together at run time: no translator could find it.
    """
    first = call.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    message = f"{place}, line {call.lineno}: _() takes one plain text, with fields in braces"
    raise SystemExit(message)


def entry(text: str, files: Iterable[str]) -> str:
    """Return a text as the template holds it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    flag = "#, python-brace-format\n" if "{" in text else ""
    return f'{"".join(f"#: {file}{chr(10)}" for file in files)}{flag}msgid "{escaped}"\nmsgstr ""\n'


if __name__ == "__main__":
    main()
