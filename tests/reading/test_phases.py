"""The phases of a study: in order, one series each, around the series that is measured on."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from napari_recist.reading.phases import PHASES, phase_steps
from napari_recist.trial import SeriesEntry
from tests.reading.profiles import PORTAL, entries, taken, visits


def test_phases_come_in_the_order_of_the_contrast() -> None:
    """Native, arterial, portal venous, delayed: whatever the order of the series."""
    others = [taken(uid=f"1.{n}", phase=p) for n, p in enumerate(("delayed", "arterial", "native"))]
    steps = phase_steps([*others, PORTAL], PORTAL)

    assert [step.phase for step in steps] == ["native", "arterial", "portal venous", "delayed"]


def test_of_two_series_of_a_phase_the_one_like_the_one_read_is_taken() -> None:
    """2.5 and 5 mm arterial beside a 5 mm portal venous series: the 5 mm one."""
    thin = taken(uid="1.2", phase="arterial", thickness_mm=2.5)
    thick = taken(uid="1.3", phase="arterial")

    assert phase_steps([thin, PORTAL, thick], PORTAL) == (thick, PORTAL)


def test_other_planes_modalities_and_places_unknown_are_no_steps() -> None:
    """What cannot be laid over the series read is not stepped to."""
    others = [
        taken(uid="1.2", phase="arterial", plane="coronal"),
        taken(uid="1.3", phase="native", modality="MR"),
        taken(uid="1.4", phase="delayed", verdict="blocked"),
        taken(uid="1.5", phase=""),
    ]

    assert phase_steps([*others, PORTAL], PORTAL) == (PORTAL,)


@given(visits, entries, st.randoms())
def test_the_series_read_is_always_a_step(
    others: list[SeriesEntry], read_on: SeriesEntry, dice: Any
) -> None:
    """Each phase comes once and in order, the series read among them, however files were found."""
    series = [*others, read_on]
    steps = phase_steps(series, read_on)
    dice.shuffle(series)

    assert read_on in steps
    assert phase_steps(series, read_on) == steps
    named = [PHASES.index(step.phase) for step in steps if step.phase]
    assert named == sorted(set(named))
