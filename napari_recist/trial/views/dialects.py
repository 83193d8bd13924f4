"""What the views' SQL says differently on SQLite and on PostgreSQL; everything else is one text.

A view is written once, in ``sql/``. Where the two databases differ (JSON, dates, booleans) it says
``$name(argument, ...)``, and this module has both words for it. ``$facts(e)`` stands for the record
under the name ``e``, with the payload as ``e.fact``, ready to be taken apart.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

LOOKED_UP = (
    "(SELECT {shift} FROM events i WHERE i.kind = 'identity_registered.1' AND i.reader = ''"
    " AND i.subject = {subject} ORDER BY i.sequence DESC LIMIT 1)"
)
"""By how many days the dates of a patient are shifted: as told last."""

RE_READ_CODES = "SELECT {alias} FROM events rr WHERE rr.kind = 're_read_scheduled.1'"
"""The codes under which patients come again: not patients."""


class Dialect(StrEnum):
    """A database that has the views."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


Word = Callable[..., str]
"""What a ``$name`` becomes, from its arguments."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one database, by the names that the views use."""

    dialect: Dialect
    words: Mapping[str, Word]

    def rendered(self, template: str) -> str:
        """Return a view's text with every ``$name(...)`` in the words of this database."""
        text = self._replaced(template)
        for alias in re.findall(r"\$facts\((\w+)\)", template):
            text = re.sub(rf"\b{alias}\.fact\b", self.words["fact_of"](alias), text)
        return text

    def _replaced(self, text: str) -> str:
        start = text.find("$")
        if start < 0:
            return text
        opened = text.index("(", start)
        closed = _closing(text, opened)
        arguments = [self._replaced(part) for part in _parts(text[opened + 1 : closed])]
        word = self.words[text[start + 1 : opened]](*arguments)
        return text[:start] + word + self._replaced(text[closed + 1 :])


def _closing(text: str, opened: int) -> int:
    depth = 0
    for place in range(opened, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    message = f"a bracket is not closed: {text[opened:][:40]!r}"
    raise ValueError(message)


def _parts(inside: str) -> Iterator[str]:
    """Yield what commas at the top level separate."""
    depth, start = 0, 0
    for place, sign in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            yield inside[start:place].strip()
            start = place + 1
    if inside.strip():
        yield inside[start:].strip()


PLACE = "(SELECT t.place FROM reads_on_table t WHERE t.subject = {subject} AND t.reader = {reader})"
"""Where a read lies on an adjudicator's table."""

# --- SQLite -------------------------------------------------------------------------------------


def _in_json(fact: str, path: str) -> str:
    keys = "".join(f"[{key}]" if key.isdigit() else f".{key}" for key in path.split("."))
    return f"json_extract({fact}, '${keys}')"


def _moment(recorded_at: str) -> str:
    return f"replace(substr({recorded_at}, 1, 26), 'T', ' ')"


def _true_day(subject: str, day: str) -> str:
    shift = LOOKED_UP.format(shift=_in_json("i.payload", "shift_days"), subject=subject)
    return f"date({day}, -coalesce({shift}, 0) || ' days')"


_SQLITE: dict[str, Word] = {
    "facts": lambda alias: f"events {alias}",
    "fact_of": lambda alias: f"{alias}.payload",
    "record": lambda: "events",
    "text": _in_json,
    "word": lambda fact, path: f"nullif({_in_json(fact, path)}, '')",
    "integer": _in_json,
    "number": lambda fact, path: f"CAST({_in_json(fact, path)} AS REAL)",
    "flag": _in_json,
    "count": lambda fact, path: f"json_array_length({fact}, '$.{path}')",
    "decimal": lambda text: f"CAST({text} AS REAL)",
    "millimetres": lambda tenths: f"(({tenths}) / 10.0)",
    "day": lambda text: text,
    "moment": _moment,
    "local_moment": lambda utc, offset: f"datetime(substr({utc}, 1, 19), {offset} || ' minutes')",
    "true_date": _true_day,
    "re_read_codes": lambda: RE_READ_CODES.format(alias=_in_json("rr.payload", "alias")),
    "joined": lambda texts: f"group_concat({texts}, '')",
    "character": lambda code: f"char({code})",
    "code": lambda text: f"unicode({text})",
    "place_on_table": lambda subject, reader: PLACE.format(subject=subject, reader=reader),
}


COMPUTED_PLACE = (
    "encode(sha256(convert_to((SELECT t.payload::json ->> 'trial_uid' FROM events t"
    " WHERE t.kind = 'charter_adopted.1' ORDER BY t.sequence LIMIT 1)"
    " || E'\\n' || {subject} || E'\\n' || {reader}, 'UTF8')), 'hex') COLLATE \"C\""
)
"""As place_on_table() of ``trial/reads/cases.py``, and case_events() of this database."""

# --- PostgreSQL ---------------------------------------------------------------------------------


def _at(fact: str, path: str) -> str:
    opened = fact if fact.endswith(".fact") else f"({fact})::json"
    return f"({opened} #>> '{{{path.replace('.', ',')}}}')"


def _day(text: str) -> str:
    return f"({text})::date"


def _utc(recorded_at: str) -> str:
    return f"(({recorded_at})::timestamptz AT TIME ZONE 'UTC')"


SEES_IDENTITY = (
    "('identity_registered.1' = ANY ((SELECT kinds_seen())::text[])"
    " OR (SELECT my_role()) = 'owner')"
)


def _true_day_if_seen(subject: str, day: str) -> str:
    shift = LOOKED_UP.format(shift=f"{_at('i.payload', 'shift_days')}::integer", subject=subject)
    return f"CASE WHEN {SEES_IDENTITY} THEN {_day(day)} - coalesce({shift}, 0) END"


_POSTGRESQL: dict[str, Word] = {
    # The payload is parsed once, however many columns are taken from it.
    "facts": lambda alias: (
        f"(events {alias} CROSS JOIN LATERAL"
        f" (SELECT {alias}.payload::jsonb AS fact OFFSET 0) {alias}_as)"
    ),
    "fact_of": lambda alias: f"{alias}_as.fact",
    "record": lambda: "visible_events",
    "text": _at,
    "word": lambda fact, path: f"nullif({_at(fact, path)}, '')",
    "integer": lambda fact, path: f"{_at(fact, path)}::integer",
    "number": lambda fact, path: f"{_at(fact, path)}::double precision",
    "flag": lambda fact, path: f"{_at(fact, path)}::boolean",
    "count": lambda fact, path: f"jsonb_array_length({fact} #> '{{{path.replace('.', ',')}}}')",
    "decimal": lambda text: f"({text})::numeric(9, 1)",
    "millimetres": lambda tenths: f"(({tenths}) * 0.1)::numeric(9, 1)",
    "day": _day,
    "moment": _utc,
    "local_moment": lambda utc, offset: (
        f"(date_trunc('second', {_utc(utc)}) + make_interval(mins => {offset}))"
    ),
    "true_date": _true_day_if_seen,
    "re_read_codes": lambda: RE_READ_CODES.format(alias=_at("rr.payload", "alias")),
    "joined": lambda texts: f"string_agg({texts}, '')",
    "character": lambda code: f"chr({code})",
    "code": lambda text: f"ascii({text})",
    "place_on_table": lambda subject, reader: COMPUTED_PLACE.format(subject=subject, reader=reader),
}


def wording(dialect: Dialect, *, identity_withheld: bool = False) -> Wording:
    """Return the words of a database.

    ``identity_withheld``: SQLite has no roles; true where a copy is made for somebody who may not
    see true dates. They are null there, as PostgreSQL makes them by itself.
    """
    if dialect is Dialect.POSTGRESQL:
        return Wording(dialect, MappingProxyType(_POSTGRESQL))
    words = _SQLITE | ({"true_date": lambda *_: "NULL"} if identity_withheld else {})
    return Wording(dialect, MappingProxyType(words))
