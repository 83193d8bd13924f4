"""Facts as text: exact both ways, canonical, and of a format that later versions can rely on."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.criteria import (
    Axis,
    Caliper,
    Charter,
    ImagePlace,
    Lesion,
    LesionAdded,
    LesionLocated,
    LesionMeasured,
    MeasurementProposed,
    Provenance,
    Role,
    SignedFigures,
    Status,
    StatusStated,
    VisitSigned,
)
from napari_recist.errors import RecordError
from napari_recist.trial.record.fact_codec import KINDS, canonical, decode, encode
from napari_recist.trial.record.trial_facts import AnyFact, CharterAdopted

finite = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, finite)  # a length on record is a number
points = st.tuples(finite, finite, finite)
axes = st.builds(Axis, start=points, end=points, raw_mm=finite)
calipers = st.builds(
    Caliper,
    long_axis=axes,
    short_axis=st.none() | axes,
    frame=st.integers(),
    provenance=st.sampled_from(Provenance),
    pixels_per_mm=finite,
)
measured = st.builds(LesionMeasured, diameter=st.integers(), caliper=st.none() | calipers)
located = st.builds(
    LesionLocated,
    place=st.builds(ImagePlace, row=finite, column=finite, point=st.none() | points),
)
proposed = st.builds(MeasurementProposed, caliper=calipers)
SPECIAL = {
    LesionLocated: located,
    LesionMeasured: measured,
    MeasurementProposed: proposed,
    CharterAdopted: st.builds(CharterAdopted, charter=st.just(Charter())),
}
any_fact = st.one_of(
    [SPECIAL.get(kind, st.builds(kind)) for kind in KINDS.values()]  # type: ignore[call-overload]
)


@given(any_fact)
def test_every_fact_comes_back_as_it_was(fact: AnyFact) -> None:
    """Whatever a reader states is read back equal, to the last bit of every coordinate."""
    kind, payload = encode(fact)

    assert decode(kind, payload) == fact


@given(any_fact)
def test_a_payload_is_canonical(fact: AnyFact) -> None:
    """The same fact is always the same ASCII text, also after it was read back."""
    kind, payload = encode(fact)

    assert payload.isascii()
    assert encode(decode(kind, payload)) == (kind, payload)
    assert payload == json.dumps(json.loads(payload), sort_keys=True, separators=(",", ":"))


def test_the_kinds_on_record_are_these() -> None:
    """These names stand in databases: a later version adds to them and takes none away."""
    assert set(KINDS) == {
        "visit_opened.1",
        "series_chosen.1",
        "lesion_added.1",
        "lesion_corrected.1",
        "lesion_withdrawn.1",
        "lesion_located.1",
        "lesion_measured.1",
        "measurement_proposed.1",
        "proposal_dismissed.1",
        "status_stated.1",
        "observation_withdrawn.1",
        "advice_overridden.1",
        "target_response_argued.1",
        "visit_signed.1",
        "visit_reopened.1",
        "global_review_begun.1",
        "global_review_signed.1",
        "undone.1",
        "redone.1",
        "charter_adopted.1",
        "reader_added.1",
        "password_set.1",
        "person_admitted.1",
        "person_retired.1",
        "signed_in.1",
        "sign_in_refused.1",
        "visit_registered.1",
        "identity_registered.1",
        "images_accepted.1",
        "query_raised.1",
        "query_answered.1",
        "query_closed.1",
        "follow_up_ended.1",
        "read_assigned.1",
        "adjudicator_assigned.1",
        "assignment_withdrawn.1",
        "re_read_scheduled.1",
        "case_adjudicated.1",
        "adjudication_withdrawn.1",
        "clinical_data_given.1",
        "clinical_review_signed.1",
        "transfer_frozen.1",
        "transfer_exported.1",
    }


def test_a_measurement_of_the_first_version_stays_readable() -> None:
    """The text of a measurement as first recorded, written out by hand, is still read as that."""
    payload = (
        '{"caliper":{"frame":1,"frame_of_reference_uid":"1.2","long_axis":{"end":[10.5,0.0,-3.0],'
        '"raw_mm":10.5,"start":[0.0,0.0,-3.0]},"passport":"green","pixels_per_mm":2.0,'
        '"provenance":"drawn","series_uid":"1.3","short_axis":null,"sop_instance_uid":"1.4"},'
        '"diameter":105,"fragment":0,"lesion":"T1","visit":"BL"}'
    )
    caliper = Caliper(
        long_axis=Axis((0.0, 0.0, -3.0), (10.5, 0.0, -3.0), 10.5),
        short_axis=None,
        series_uid="1.3",
        sop_instance_uid="1.4",
        frame=1,
        frame_of_reference_uid="1.2",
        passport="green",
        provenance=Provenance.DRAWN,
        pixels_per_mm=2.0,
    )
    fact = LesionMeasured("BL", "T1", 105, caliper)

    assert decode("lesion_measured.1", payload) == fact


def test_a_lesion_and_a_status_are_written_by_their_words() -> None:
    """Enumerations stand in the record as the words of LESIONS.csv."""
    assert '"role":"nontarget"' in canonical(LesionAdded("BL", Lesion("NT1", Role.NON_TARGET)))
    assert '"status":"too_small"' in canonical(StatusStated("W8", "T1", Status.TOO_SMALL))
    assert canonical(dt.date(2025, 3, 4)) == '"2025-03-04"'


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("undone.2", '{"sequence":1}'),
        ("undone.1", '{"sequence":"1"}'),
        ("undone.1", '{"sequence":true}'),
        ("undone.1", '{"sequence":1,"reason":"x"}'),
        ("undone.1", "{}"),
        ("undone.1", "{"),
        ("status_stated.1", '{"into":"","lesion":"T1","reason":"","status":"big","visit":"W8"}'),
    ],
)
def test_what_is_no_fact_is_refused(kind: str, payload: str) -> None:
    """A record of a later version, or one that makes no sense, is refused and named."""
    with pytest.raises(RecordError, match=kind):
        decode(kind, payload)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_coordinate_is_a_number(number: float) -> None:
    """A coordinate that is not finite cannot be recorded."""
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical((number, 0.0, 0.0))


def test_only_values_are_recorded() -> None:
    """An object without a written form is refused, never recorded by its name."""
    with pytest.raises(TypeError, match="object has no place"):
        canonical(object())


def test_a_whole_coordinate_is_a_number_too() -> None:
    """A coordinate recorded as 3 is the 3.0 mm that it says."""
    fact = LesionMeasured(
        "BL", "T1", 30, Caliper(Axis((0, 0, 0), (3, 0, 0), 3), None, "", "", 1, "", "")
    )
    back = decode(*encode(fact))

    assert back == fact
    assert isinstance(back, LesionMeasured)
    assert back.caliper is not None
    assert [type(number) for number in back.caliper.long_axis.end] == [float] * 3


def test_a_signature_without_figures_is_written_as_it_was() -> None:
    """What earlier versions signed keeps its bytes; with figures it holds them and comes back."""
    bare = VisitSigned("BL", "anna", "I read", "", "c", "h", "p", "0.1")
    figures = SignedFigures(
        dt.date(2025, 1, 6), 250, 250, None, "", "", "", None, None, new_lesion=False
    )
    with_figures = replace(bare, figures=figures)

    assert "figures" not in json.loads(canonical(bare))
    assert decode(*encode(with_figures)) == with_figures
