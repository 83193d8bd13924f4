"""The charter as its TOML file: read, checked as a whole, and made the one frozen object.

Every key has a default (RECIST.md, last section); a key that is not known is refused, as is a
value that makes no sense, all of them at once and each with its line.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from napari_recist.criteria import Charter
from napari_recist.errors import CharterError, Problem

_ADAPTER = TypeAdapter(Charter)
_Complaint: TypeAlias = tuple[str, str, str]  # the dotted key, its value as text, the rule
_REMEDY = "Correct the charter; a key left out has its default."
_PRECISIONS = (Decimal("0.1"), Decimal(1))
_LENGTHS_FROM_ZERO = frozenset({"criteria.mrecist_pd_abs_min_mm", "criteria.too_small_default_mm"})
_NUMBERS_FROM_ONE = frozenset(
    {
        "criteria.max_targets",
        "criteria.max_per_organ",
        "schedule.interval_weeks",
        "read.readers",
        "censoring.missed_visits",
        "landmark.day",
        "access.idle_minutes",
        "access.attempts",
        "quality.re_read_min_days",
    }
)


def load_charter(path: Path) -> Charter:
    """Read a charter file.

    Raises
    ------
    CharterError
        If the file cannot be read, or with all that is wrong in it.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except OSError as error:
        rule = f"the charter cannot be read: {error.strerror}"
        raise CharterError([Problem(str(path), 0, "file", path.name, rule)]) from error
    except UnicodeDecodeError as error:
        problem = Problem(str(path), 0, "file", path.name, "the charter is not UTF-8 text")
        raise CharterError([problem], _REMEDY) from error
    return parse_charter(content, str(path))


def parse_charter(text: str, file: str = "charter.toml") -> Charter:
    """Read the text of a charter file; ``file`` names it in messages.

    Raises
    ------
    CharterError
        With all that is wrong.
    """
    text = text.removeprefix("\ufeff")
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())  # else: at the end of the file
        raise CharterError([Problem(file, line, "TOML", "", str(error))], _REMEDY) from error
    lines = _lines_of_keys(text)
    _pair_up_countries(stated)
    problems = [
        Problem(file, lines.get(key, 0), key, value, rule)
        for key, value, rule in (*_unknown_keys(stated), *_wrong_values(stated))
    ]
    if problems:
        raise CharterError(sorted(problems, key=lambda problem: problem.row), _REMEDY)
    return _ADAPTER.validate_json(json.dumps(stated, default=str), strict=True)


def charter_hash(charter: Charter) -> str:
    """Return the SHA-256 of what the charter says; comments and the order of keys do not count."""
    said = json.dumps(_plain(charter), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _pair_up_countries(stated: dict[str, Any]) -> None:
    """Make the table of countries pairs: settings are values that never change."""
    transfer = stated.get("transfer")
    if isinstance(transfer, dict) and isinstance(transfer.get("countries"), dict):
        transfer["countries"] = [list(pair) for pair in transfer["countries"].items()]


def _unknown_keys(stated: Mapping[str, Any]) -> Iterator[_Complaint]:
    sections = {section.name: section.default_factory for section in fields(Charter)}
    for name, values in stated.items():
        if name not in sections:
            yield name, _text(values), _unknown("section", name, sections)
        elif not isinstance(values, dict):
            yield name, _text(values), f"[{name}] is a section with keys of its own"
        else:
            known = [key.name for key in fields(getattr(Charter(), name))]
            for key, value in values.items():
                if key not in known:
                    yield f"{name}.{key}", _text(value), _unknown("key", key, known)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return f"not a {what} of a charter; {hint}"


def _wrong_values(stated: Mapping[str, Any]) -> Iterator[_Complaint]:
    """Yield values of the wrong kind, and values of the right kind without sense."""
    sections = {name: values for name, values in stated.items() if isinstance(values, dict)}
    wrong: set[str] = set()
    try:
        _ADAPTER.validate_json(json.dumps(sections, default=str), strict=True)
    except ValidationError as refused:
        for error in refused.errors():
            key = ".".join([part for part in error["loc"] if isinstance(part, str)][:2])
            wrong.add(key)
            yield key, _text(error["input"]), error["msg"]
    for name, values in sections.items():
        defaults = getattr(Charter(), name, None)
        for key, value in values.items():
            dotted = f"{name}.{key}"
            rule = _nonsense(dotted, value, getattr(defaults, key, None))
            if rule and dotted not in wrong:
                yield dotted, _text(value), rule


def _nonsense(key: str, value: object, default: object) -> str:
    """Return why a value of the right kind makes no sense; "" where it does."""
    if key == "deidentification.subject_code":
        return _nonsense_expression(str(value))
    if key == "transfer.countries" and isinstance(value, list):
        wrong = [country for _, country in value if not re.fullmatch("[A-Z]{3}", country)]
        return f"{wrong[0]!r} is no country code of three letters (ISO 3166)" if wrong else ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    number = Decimal(str(value))
    if key == "criteria.measurement_precision_mm":
        known = number in _PRECISIONS
        return "" if known else "diameters are reported to 0.1 mm or to 1 mm (N-1)"
    if isinstance(default, Decimal):
        return _nonsense_length(number, may_be_zero=key in _LENGTHS_FROM_ZERO)
    least = 1 if key in _NUMBERS_FROM_ONE else 0
    return f"at least {least}" if number < least else ""


def _nonsense_expression(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error as error:
        return f"no regular expression: {error}"
    return ""


def _nonsense_length(length: Decimal, *, may_be_zero: bool) -> str:
    if not length.is_finite() or length < 0 or not (length or may_be_zero):
        return "a length is a positive number of millimetres"
    return "a length is given to a tenth of a millimetre (N-1)" if length * 10 % 1 else ""


def _text(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False).strip('"')


def _lines_of_keys(text: str) -> dict[str, int]:
    """Return the line of each section and of each dotted key, as far as one key has one line."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
            section = header[1]
            found.setdefault(section, number)
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            name = f"{section}.{key[1]}" if section else key[1]
            found.setdefault(name, number)
    return found


def _plain(value: object) -> object:
    """Return settings as what JSON can write; lengths as text, without trailing zeros."""
    if is_dataclass(value):
        return {key.name: _plain(getattr(value, key.name)) for key in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
