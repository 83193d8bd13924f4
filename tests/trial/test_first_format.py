"""Records of the first format: read, judged, signed and exported as they were when written."""

import datetime as dt

from napari_recist.criteria import Event, Read, Status, assess_read, replay
from napari_recist.exporting.lesions_csv import lesion_rows
from napari_recist.trial.reads.signing import content_hash
from napari_recist.trial.record.fact_codec import decode
from napari_recist.trial.record.trial_facts import TrialFact

LESION = (
    '{"lesion":{"identifier":"%s","node":false,"organ":"%s","porta_hepatis":false,'
    '"prior_local_therapy":false,"progressed_since":false,"role":"%s","site":"%s"},"visit":"BL"}'
)
NOT_EVALUABLE = (
    '{"into":"","lesion":"NT1","reason":"motion artefact","status":"not_evaluable",'
    '"viable":false,"visit":"W8"}'
)
RECORD = (
    ("visit_opened.1", '{"date":"2025-01-06","series_uid":"1.3","visit":"BL"}'),
    ("lesion_added.1", LESION % ("T1", "liver", "target", "S7")),
    ("lesion_added.1", LESION % ("NT1", "lung", "nontarget", "")),
    (
        "lesion_measured.1",
        '{"caliper":null,"diameter":300,"fragment":0,"lesion":"T1","viable":false,"visit":"BL"}',
    ),
    ("visit_opened.1", '{"date":"2025-03-03","series_uid":"1.4","visit":"W8"}'),
    ("status_stated.1", NOT_EVALUABLE),
    (
        "lesion_measured.1",
        '{"caliper":null,"diameter":200,"fragment":0,"lesion":"T1","viable":false,"visit":"W8"}',
    ),
)
"""Payloads written out as the first version recorded them: before places, codes and answers."""

SIGNED = {
    "BL": "145d4faf81ba041ac483e0ff608f76fe6622aa66f668712f6603a8b9ae55bb5f",
    "W8": "84a399ce487ea367d33601cfbe3ca3e05bffe2223e44bf89780ebd40bab6dd3e",
}
"""What the first version hashed into the signatures of these visits."""


def first_read() -> Read:
    """Return the read that the record adds up to."""
    now = dt.datetime(2025, 3, 4, tzinfo=dt.UTC)
    events = []
    for number, (kind, payload) in enumerate(RECORD, start=1):
        fact = decode(kind, payload)
        assert not isinstance(fact, TrialFact)
        events.append(Event(number, now, "P1", "anna", fact))
    return replay(events)


def test_a_read_of_the_first_format_is_read_as_it_was() -> None:
    """A reason without a code, a lesion without a nature and without a place are what they were."""
    read = first_read()
    said = read.observation("W8", "NT1")
    assert said is not None

    assert (said.status, said.reason, said.code) == (
        Status.NOT_EVALUABLE,
        "motion artefact",
        None,
    )
    assert (dict(read.places), read.overridden) == ({}, ())


def test_a_signature_of_the_first_format_still_holds() -> None:
    """What was signed before later fields came hashes to what stands in its signature."""
    read = first_read()
    assessment = assess_read(read)

    assert {visit: content_hash(read, assessment.visit(visit)) for visit in SIGNED} == SIGNED


def test_a_read_of_the_first_format_is_exported_as_it_was() -> None:
    """Its rows of LESIONS.csv are those the first version wrote."""
    rows = [",".join(row.values()) for row in lesion_rows(first_read())]

    assert rows == [
        "P1,anna,BL,2025-01-06,T1,target,no,liver,measured,30.0,,",
        "P1,anna,BL,2025-01-06,NT1,nontarget,no,lung,present,,,",
        "P1,anna,W8,2025-03-03,T1,target,no,liver,measured,20.0,,",
        "P1,anna,W8,2025-03-03,NT1,nontarget,no,lung,not_evaluable,,,motion artefact",
    ]
