"""The database writes JSON and hashes as the program does, whatever a person typed."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_recist.trial.record.chain import Record, record_hash
from tests.trial.record.shared_server import OWNER, ServerTrial

# PostgreSQL holds no NUL, and half of a surrogate pair is no character.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))

ON_ONE_DATABASE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80
)


@ON_ONE_DATABASE
@given(TEXT)
def test_text_is_written_as_python_writes_it(shared: ServerTrial, value: str) -> None:
    """Quotes, controls, accents and characters beyond the first plane are escaped alike."""
    ((written,),) = shared.sql(OWNER, "SELECT json_text(:value)", value=value)

    assert written == json.dumps(value)


def test_each_single_character(shared: ServerTrial) -> None:
    """Every character of the first pages, and the edges of the planes, is escaped alike."""
    letters = list(map(chr, [*range(1, 0x180), 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]))
    rows = shared.sql(
        OWNER,
        "SELECT json_text(letter) FROM unnest(CAST(:letters AS text[])) AS letter",
        letters=letters,
    )

    assert [written for (written,) in rows] == list(map(json.dumps, letters))


@ON_ONE_DATABASE
@given(st.integers(1, 2**31 - 1), st.integers(-1440, 1440), st.lists(TEXT, min_size=6, max_size=6))
def test_the_hash_is_the_programs(
    shared: ServerTrial, sequence: int, offset: int, texts: list[str]
) -> None:
    """A record has one hash, computed here or there, with an actor or without."""
    subject, reader, kind, payload, previous_hash, actor = texts
    for who in (actor, ""):
        record = Record(
            sequence=sequence,
            recorded_at="2025-01-06T10:00:00.000000+00:00",
            utc_offset_minutes=offset,
            subject=subject,
            reader=reader,
            kind=kind,
            payload=payload,
            previous_hash=previous_hash,
            hash="",
            actor=who,
        )
        ((hashed,),) = shared.sql(
            OWNER,
            "SELECT record_hash(ROW(:sequence, '2025-01-06T10:00:00.000000+00:00', :offset,"
            " :subject, :reader, :kind, :payload, :previous_hash, '', :actor)::events)",
            sequence=sequence,
            offset=offset,
            subject=subject,
            reader=reader,
            kind=kind,
            payload=payload,
            previous_hash=previous_hash,
            actor=who,
        )
        assert hashed == record_hash(record)
