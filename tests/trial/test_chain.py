"""The chain: every way to change it is found, and named at the first record it touches."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.errors import BrokenChainError
from napari_recist.trial.record.chain import (
    GENESIS,
    ChainHead,
    Record,
    chained,
    check_links,
    record_hash,
)

COUNT = 7

FORGERIES = {
    "recorded_at": "2020-01-01T00:00:00.000000+00:00",
    "utc_offset_minutes": -60,
    "subject": "P9",
    "reader": "mallory",
    "kind": "undone.1",
    "payload": '{"sequence":99}',
    "actor": "mallory",
}


def chain(count: int = COUNT) -> list[Record]:
    """Return a sound chain."""
    records: list[Record] = []
    previous = GENESIS
    for sequence in range(1, count + 1):
        record = Record(
            sequence=sequence,
            recorded_at=f"2025-01-06T10:00:{sequence:02}.000000+00:00",
            utc_offset_minutes=60,
            subject="P1",
            reader="anna",
            kind="redone.1",
            payload=f'{{"sequence":{sequence}}}',
            previous_hash=previous,
            hash="",
            actor="anna",
        )
        records.append(chained(record))
        previous = records[-1].hash
    return records


def head_of(records: list[Record]) -> ChainHead:
    """Return the head of a chain."""
    return ChainHead(records[-1].sequence, records[-1].hash)


def fault(records: list[Record], head: ChainHead) -> str:
    """Return how the break is named."""
    with pytest.raises(BrokenChainError) as caught:
        list(check_links(records, head))
    return caught.value.problem


def test_a_sound_chain_passes() -> None:
    """An untouched chain passes whole, and so does an empty one."""
    records = chain()

    assert list(check_links(records, head_of(records))) == records
    assert list(check_links([], ChainHead(0, GENESIS))) == []


def test_the_hash_is_the_sha256_of_the_columns() -> None:
    """Anyone can compute the hash of a record with the standard library alone."""
    first = chain(1)[0]
    columns = [
        1,
        "2025-01-06T10:00:01.000000+00:00",
        60,
        "P1",
        "anna",
        "redone.1",
        '{"sequence":1}',
        "0" * 64,
        "anna",
    ]
    text = json.dumps(columns, separators=(",", ":"))

    assert first.hash == hashlib.sha256(text.encode("ascii")).hexdigest()


@given(st.integers(0, COUNT - 1), st.sampled_from(sorted(FORGERIES)))
def test_a_changed_column_is_named(place: int, column: str) -> None:
    """Whatever is changed in a record, that record is named."""
    records = chain()
    head = head_of(records)
    records[place] = replace(records[place], **{column: FORGERIES[column]})

    assert fault(records, head) == f"Record {place + 1} was changed."


@given(st.integers(0, COUNT - 2))
def test_a_changed_record_with_a_fitting_hash_is_named(place: int) -> None:
    """A record changed together with its hash is found where the next one stands on it."""
    records = chain()
    head = head_of(records)
    records[place] = chained(replace(records[place], reader="mallory"))

    assert f"record {place + 1} was changed and its hash made to fit" in fault(records, head)


def test_a_changed_last_record_with_a_fitting_hash_is_named() -> None:
    """The last record, changed together with its hash, does not fit the head."""
    records = chain()
    head = head_of(records)
    records[-1] = chained(replace(records[-1], reader="mallory"))

    assert fault(records, head).startswith(f"Record {COUNT} was changed")


@given(st.integers(0, COUNT - 1))
def test_a_removed_record_is_named(place: int) -> None:
    """A gap in the numbers, also at the end, is named by the number that is missing."""
    records = chain()
    head = head_of(records)
    del records[place]

    assert fault(records, head).startswith(f"Record {place + 1} was removed")


@given(st.integers(0, COUNT - 2))
def test_a_removed_record_with_closed_ranks_is_named(place: int) -> None:
    """Renumbering what comes after does not hide a removal."""
    records = chain()
    head = head_of(records)
    del records[place]
    renumbered = [replace(r, sequence=number) for number, r in enumerate(records, start=1)]

    assert fault(renumbered, head).startswith(f"Record {place + 1} was removed or re-ordered")


@given(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1))
def test_swapped_records_are_named(one: int, other: int) -> None:
    """Two records that changed places are found at the first of them."""
    records = chain()
    head = head_of(records)
    if one == other:
        return
    first, second = sorted((one, other))
    records[first], records[second] = (
        replace(records[second], sequence=first + 1),
        replace(records[first], sequence=second + 1),
    )

    assert fault(records, head).startswith(f"Record {first + 1} was removed or re-ordered")


@given(st.integers(0, COUNT - 1))
def test_an_added_record_is_named(place: int) -> None:
    """A well-made record put between others is found where the old ones were pushed on."""
    records = chain()
    head = head_of(records)
    previous = records[place - 1].hash if place else GENESIS
    forged = chained(
        replace(records[place], reader="mallory", sequence=place + 1, previous_hash=previous)
    )
    pushed = [replace(record, sequence=record.sequence + 1) for record in records[place:]]

    assert fault([*records[:place], forged, *pushed], head).startswith(
        f"Record {place + 1} was added"
    )


def test_a_record_behind_the_head_is_named() -> None:
    """A record after the end that the database knows of was added."""
    records = chain()

    assert fault(records, head_of(records[:-1])).startswith(f"Record {COUNT} was added")


def test_a_cut_tail_is_named() -> None:
    """Records cut off at the end are missed, for the head stands beyond them."""
    records = chain()

    assert fault(records[:3], head_of(records)).startswith("Record 4 was removed")


def test_every_column_enters_the_hash() -> None:
    """No column but the hash itself can change without the hash."""
    record = chain(1)[0]
    changed = [replace(record, **{name: value}) for name, value in FORGERIES.items()]
    changed += [replace(record, sequence=2), replace(record, previous_hash="f" * 64)]

    assert record.hash not in {record_hash(other) for other in changed}
