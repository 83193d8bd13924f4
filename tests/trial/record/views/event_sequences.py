"""Sequences of facts as no reader would state them, and what replay says they add up to."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from napari_recist.criteria import (
    Axis,
    Caliper,
    Event,
    Fact,
    GlobalReviewBegun,
    GlobalReviewSigned,
    Lesion,
    LesionAdded,
    LesionCorrected,
    LesionMeasured,
    LesionWithdrawn,
    MeasurementProposed,
    Nature,
    Observation,
    ObservationWithdrawn,
    ProposalDismissed,
    Provenance,
    Read,
    Redone,
    Response,
    Role,
    SeriesChosen,
    SignedFigures,
    Status,
    StatusStated,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
    WhyNotEvaluable,
)
from napari_recist.criteria.read import whole_reason
from napari_recist.trial.record.chain import Record
from napari_recist.trial.record.fact_codec import encode

BEGINNING = dt.datetime(2025, 1, 6, 9, 30, 0, 250_000, tzinfo=dt.UTC)

visits = st.sampled_from(("BL", "W8"))
lesions = st.sampled_from(("T1", "N'1"))
numbers = st.integers(1, 12) | st.integers(1, 40)
words = st.sampled_from(("", "motion", "é 'quoted'"))
dates = st.dates(dt.date(2025, 1, 1), dt.date(2025, 1, 4))
lengths = st.floats(0, 400, allow_subnormal=False)
points = st.tuples(*[st.floats(-500, 500)] * 3)
axes = st.builds(Axis, start=points, end=points, raw_mm=lengths)
calipers = st.builds(
    Caliper,
    long_axis=axes,
    short_axis=st.none() | axes,
    series_uid=st.just("1.2"),
    sop_instance_uid=st.just("1.2.3"),
    frame=st.integers(1, 9),
    frame_of_reference_uid=st.just("1.9"),
    passport=words,
    provenance=st.sampled_from(Provenance),
    pixels_per_mm=lengths,
)
listed = st.builds(
    Lesion,
    identifier=lesions,
    role=st.sampled_from(Role),
    organ=words,
    site=words,
    node=st.booleans(),
    nature=st.sampled_from(Nature),
)
responses = st.none() | st.sampled_from(Response)
sums = st.none() | st.integers(0, 3000)
percents = st.sampled_from(("", "-12.5", "0.0", "33.3"))
figures = st.builds(
    SignedFigures,
    response_date=dates,
    sum=sums,
    baseline_sum=sums,
    nadir_sum=sums,
    nadir_visit=st.sampled_from(("", "BL")),
    change_from_baseline_pct=percents,
    change_from_nadir_pct=percents,
    target=responses,
    nontarget=responses,
    new_lesion=st.booleans(),
)
hashes = dict.fromkeys(("content_hash", "charter_hash", "chain_head", "software"), st.just("h"))
signatures = st.builds(
    VisitSigned,
    visit=visits,
    signer=st.just("anna"),
    meaning=words,
    response=st.sampled_from(("", *Response)),
    figures=st.none() | figures,
    **hashes,
)
measured = st.builds(
    LesionMeasured,
    visit=visits,
    lesion=lesions,
    diameter=st.integers(0, 3000),
    caliper=st.none() | calipers,
    fragment=st.sampled_from((0, 1, 1, 2, 2, 3, 5)),
    viable=st.sampled_from((False, False, True)),
)
facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(VisitOpened, visit=visits, date=dates, series_uid=st.sampled_from(("", "1.2"))),
    st.builds(SeriesChosen, visit=visits, series_uid=st.just("1.4"), reason=words),
    st.builds(LesionAdded, visit=visits, lesion=listed),
    st.builds(LesionAdded, visit=visits, lesion=listed),
    st.builds(LesionCorrected, visit=visits, lesion=listed, reason=st.just("a slip")),
    st.builds(LesionWithdrawn, lesion=lesions, reason=st.just("none")),
    measured,
    measured,
    measured,
    st.builds(
        StatusStated,
        visit=visits,
        lesion=lesions,
        status=st.sampled_from(Status),
        reason=words,
        into=st.sampled_from(("", "T1")),
        viable=st.sampled_from((False, False, True)),
        code=st.none() | st.sampled_from(WhyNotEvaluable),
    ),
    st.builds(
        ObservationWithdrawn,
        visit=visits,
        lesion=lesions,
        reason=st.just("none"),
        viable=st.booleans(),
    ),
    signatures,
    signatures,
    st.builds(MeasurementProposed, visit=visits, lesion=lesions, caliper=calipers, source=words),
    st.builds(ProposalDismissed, visit=visits, proposal=numbers),
    st.builds(VisitReopened, visit=visits, reason=st.just("a slip")),
    st.builds(GlobalReviewBegun),
    st.builds(GlobalReviewSigned, signer=st.just("anna"), meaning=words, **hashes),
    st.builds(Undone, sequence=numbers),
    st.builds(Undone, sequence=numbers),
    st.builds(Redone, sequence=numbers),
    st.builds(Redone, sequence=numbers),
)
sequences = st.lists(facts, min_size=12, max_size=40)
"""Long enough that facts meet: of short ones most say nothing of each other."""


def recorded(
    stated: Sequence[Fact], subject: str, reader: str, first: int, named_from: int
) -> list[Event]:
    """Return facts as events numbered from ``first``; undo and redo count from ``named_from``."""
    events = []
    for place, fact in enumerate(stated):
        moved = (
            type(fact)(fact.sequence + named_from - 1)
            if isinstance(fact, Undone | Redone)
            else fact
        )
        moment = BEGINNING + dt.timedelta(seconds=first + place)
        events.append(Event(first + place, moment, subject, reader, moved, reader))
    return events


def as_record(event: Event) -> Record:
    """Return an event as a row of the record; its hashes bind nothing."""
    kind, payload = encode(event.fact)
    return Record(
        sequence=event.sequence,
        recorded_at=event.recorded_at.isoformat(timespec="microseconds"),
        utc_offset_minutes=60,
        subject=event.subject,
        reader=event.reader,
        kind=kind,
        payload=payload,
        previous_hash=f"h{event.sequence - 1}",
        hash=f"h{event.sequence}",
        actor=event.actor,
    )


# --- what the views must say, from replay ---------------------------------------------------------


LESION_COLUMNS = "place, lesion, role, organ, site, node, nature, listed_at"


def lesion_rows(read: Read) -> list[tuple[Any, ...]]:
    """Return the rows of ``lesions`` as far as replay tells them."""
    return [
        (
            *(place, lesion.identifier, lesion.role, lesion.organ or None, lesion.site or None),
            *(lesion.node, lesion.nature, read.added_at[lesion.identifier]),
        )
        for place, lesion in enumerate(read.lesions, start=1)
    ]


def measurement_rows(read: Read) -> list[tuple[Any, ...]]:
    """Return the rows of ``measurements`` as far as replay tells them, sorted."""
    rows = [
        row
        for viable, said in ((False, read.observations), (True, read.viable))
        for (visit, lesion), observation in said.items()
        for row in _rows_of(read, (visit, lesion, viable), observation)
    ]
    return sorted(rows, key=lambda row: row[:4])


def _rows_of(
    read: Read, key: tuple[str, str, bool], said: Observation
) -> Iterator[tuple[Any, ...]]:
    visit, lesion, viable = key
    date = next((one.date for one in read.visits if one.identifier == visit), None)
    known = next((one for one in read.lesions if one.identifier == lesion), None)
    of_lesion = (known.role, known.organ or None) if known else (None, None)
    split = said.status is Status.SPLIT and bool(said.diameters)
    drawn = zip(said.diameters, said.calipers, strict=True) if said.diameters else [(None, None)]
    for place, (diameter, caliper) in enumerate(drawn, start=int(split)):
        yield (
            *(visit, lesion, viable, place, date, *of_lesion, said.status),
            None if diameter is None else diameter / 10,
            *_caliper_columns(caliper),
            *(said.reason or None, said.into or None),
        )


def _caliper_columns(caliper: Caliper | None) -> tuple[Any, ...]:
    if caliper is None:
        return (None,) * 9
    long_axis, short = caliper.long_axis, caliper.short_axis
    return (
        *(long_axis.raw_mm, *long_axis.start, *long_axis.end[:1]),
        short.end[2] if short else None,
        *(caliper.frame, caliper.provenance, caliper.passport or None),
    )


MEASUREMENT_COLUMNS = (
    "visit, lesion, viable, fragment, date, role, organ, status, diameter_mm, long_axis_raw_mm, "
    "long_x1, long_y1, long_z1, long_x2, short_z2, frame, provenance, passport, reason_code, "
    "reason_words, merged_into"
)


def whole(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row of :data:`MEASUREMENT_COLUMNS` with its reason as replay words it."""
    *before, code, said, into = row
    reason = whole_reason(WhyNotEvaluable(code) if code else None, said or "")
    return (*before, reason or None, into)


def visit_rows(read: Read) -> list[tuple[Any, ...]]:
    """Return the rows of ``read_visits`` as far as replay tells them."""
    return [
        (place, visit.identifier, visit.date, visit.signed is not None)
        for place, visit in enumerate(read.visits, start=1)
    ]


RESPONSE_COLUMNS = (
    "visit, date, overall, response_date, sum_mm, baseline_sum_mm, nadir_sum_mm, nadir_visit, "
    "change_from_baseline_pct, change_from_nadir_pct, target, nontarget, new_lesion"
)


def response_rows(read: Read) -> list[tuple[Any, ...]]:
    """Return the rows of ``responses`` as far as replay tells them."""
    rows: list[tuple[Any, ...]] = []
    for visit in read.visits:
        if visit.signed is None:
            continue
        shown, head = visit.signed.figures, (visit.identifier, visit.date)
        overall = visit.signed.response or None
        if shown is None:
            rows.append((*head, overall, *[None] * 10))
            continue
        lengths_mm = [
            None if tenths is None else tenths / 10
            for tenths in (shown.sum, shown.baseline_sum, shown.nadir_sum)
        ]
        changes = [
            float(text) if text else None
            for text in (shown.change_from_baseline_pct, shown.change_from_nadir_pct)
        ]
        rows.append(
            (
                *(*head, overall, shown.response_date, *lengths_mm, shown.nadir_visit or None),
                *(*changes, shown.target, shown.nontarget, shown.new_lesion),
            )
        )
    return rows
