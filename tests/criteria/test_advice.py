"""Advice while reading: which rules speak at which visit, and what an answer does to it."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from napari_recist.criteria import (
    AdviceOverridden,
    Charter,
    Lesion,
    Nature,
    Observation,
    Read,
    Role,
    Scanned,
    Status,
    Technique,
    Visit,
    advice_at,
    assess_read,
)
from tests.criteria.reads import day

LIVER = Lesion("T1", Role.TARGET, "liver")
NODE = Lesion("T1", Role.TARGET, "lymph node", node=True)
LUNG = Lesion("NT1", Role.NON_TARGET, "lung")


def a_baseline(*lesions: Lesion, **tenths: int) -> Read:
    """Return a baseline with these lesions, of these diameters in tenths of a millimetre."""
    return Read(
        visits=(Visit("BL", day(0)),),
        lesions=lesions,
        observations=MappingProxyType(
            {("BL", name): Observation(Status.MEASURED, (size,)) for name, size in tenths.items()}
        ),
        added_at=MappingProxyType({lesion.identifier: "BL" for lesion in lesions}),
    )


def rules(read: Read, visit: str = "BL", scanned: Scanned | None = None) -> list[str]:
    """Return which rules advise at a visit, each with the lesion it is about."""
    advice = advice_at(read, assess_read(read), Charter(), visit, scanned or Scanned())
    return [f"{one.finding.rule} {one.finding.lesion}".strip() for one in advice]


@pytest.mark.parametrize(
    ("read", "scanned", "expected"),
    [
        (a_baseline(LIVER, T1=100), Scanned(), []),
        (a_baseline(LIVER, T1=99), Scanned(), ["M-1 T1"]),
        (a_baseline(LIVER, T1=119), Scanned(slice_thickness=60), ["M-1 T1"]),
        (a_baseline(LIVER, T1=120), Scanned(slice_thickness=60), []),
        (a_baseline(LIVER, T1=300), Scanned(Technique.MRI), ["M-2 T1"]),
        (a_baseline(LIVER, T1=300), Scanned(Technique.ULTRASOUND), ["M-3 T1"]),
        (a_baseline(LIVER, T1=300), Scanned(Technique.PET), ["M-5 T1"]),
        (a_baseline(NODE, T1=149), Scanned(), ["M-4 T1"]),
        (a_baseline(replace(NODE, porta_hepatis=True), T1=199), Scanned(), ["H-3 T1"]),
        (a_baseline(replace(LIVER, nature=Nature.BLASTIC_BONE)), Scanned(), ["M-5 T1"]),
        (a_baseline(replace(LIVER, nature=Nature.ASCITES)), Scanned(), ["M-8 T1"]),
        (a_baseline(replace(LIVER, prior_local_therapy=True)), Scanned(), ["M-7 T1"]),
        (a_baseline(LIVER), Scanned(), []),
        (a_baseline(), Scanned(), ["M-10"]),
        (a_baseline(LIVER, replace(LUNG, nature=Nature.SIMPLE_CYST)), Scanned(), ["M-6 NT1"]),
        (a_baseline(LIVER, LUNG), Scanned(), ["L-3 NT1"]),
        (a_baseline(LIVER, replace(LUNG, organ="Livers")), Scanned(), []),
        (a_baseline(LIVER, replace(LUNG, nature=Nature.EFFUSION)), Scanned(), []),
        (a_baseline(*(replace(LIVER, identifier=f"T{n}") for n in (1, 2, 3))), Scanned(), ["L-1"]),
        (a_baseline(*(replace(NODE, identifier=f"T{n}") for n in (1, 2, 3))), Scanned(), ["L-2"]),
    ],
)
def test_each_rule_speaks_at_baseline(read: Read, scanned: Scanned, expected: list[str]) -> None:
    """M-1 to M-8, M-10, L-1 to L-3 and H-3 are told where they apply, and only there."""
    assert rules(read, scanned=scanned) == expected


def test_the_list_is_judged_at_baseline_only() -> None:
    """At a follow-up the size at baseline is not told again; what is wrong there is."""
    read = a_baseline(LIVER, T1=90)
    later = replace(
        read,
        visits=(*read.visits, Visit("W8", day(56))),
        lesions=(LIVER, Lesion("N1", Role.NEW, "liver", nature=Nature.SIMPLE_CYST)),
        added_at=MappingProxyType({"T1": "BL", "N1": "W8"}),
    )

    assert rules(later, "W8") == ["M-6 N1"]


def test_an_answer_stands_beside_the_advice_it_answers() -> None:
    """An answer settles the advice as worded then; when the diameter changes it is open again."""
    read = a_baseline(LIVER, T1=90)
    (advice,) = advice_at(read, assess_read(read), Charter(), "BL", Scanned())
    answer = AdviceOverridden("BL", "M-1", "T1", advice.finding.message, "sharp border")
    answered = replace(read, overridden=(answer,))
    redrawn = replace(a_baseline(LIVER, T1=91), overridden=(answer,))
    now, then = (
        advice_at(one, assess_read(one), Charter(), "BL", Scanned())[0]
        for one in (answered, redrawn)
    )

    assert advice.open
    assert (now.open, now.answer) == (False, answer)
    assert (then.open, then.answer) == (True, None)


def test_a_hint_needs_no_answer() -> None:
    """M-2 reminds of the sequence and speaks against nothing."""
    read = a_baseline(LIVER, T1=300)
    (hint,) = advice_at(read, assess_read(read), Charter(), "BL", Scanned(Technique.MRI))

    assert hint.finding.rule == "M-2"
    assert not hint.open
