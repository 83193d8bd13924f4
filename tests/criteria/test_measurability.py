"""Which lesions may be targets, and what is unusual about a list of them."""

from dataclasses import replace

import pytest

from napari_recist.criteria import (
    Candidate,
    Charter,
    CriteriaName,
    CriteriaSettings,
    Lesion,
    Listing,
    Nature,
    Read,
    Role,
    Technique,
    list_findings,
    measurability,
    organ_of,
)
from tests.criteria.reads import a_read, day

SOLID = Lesion("T1", Role.TARGET, organ="liver")
NODE = Lesion("T1", Role.TARGET, organ="lymph node", node=True)
HILAR = replace(NODE, porta_hepatis=True)
TREATED = replace(SOLID, prior_local_therapy=True)


def of_nature(nature: Nature) -> Candidate:
    """Return a lesion of 30 mm of a kind."""
    return Candidate(replace(SOLID, nature=nature), 300)


@pytest.mark.parametrize(
    ("candidate", "listing", "rules"),
    [
        (Candidate(SOLID, 100), Listing.TARGET, []),
        (Candidate(SOLID, 99), Listing.NON_TARGET, ["M-1"]),
        (Candidate(SOLID, 119, slice_thickness=60), Listing.NON_TARGET, ["M-1"]),
        (Candidate(SOLID, 120, slice_thickness=60), Listing.TARGET, []),
        (Candidate(SOLID, 100, slice_thickness=50), Listing.TARGET, []),
        (Candidate(SOLID, 100, technique=Technique.MRI), Listing.TARGET, ["M-2"]),
        (Candidate(SOLID, 100, technique=Technique.SKIN_CALIPERS), Listing.TARGET, []),
        (Candidate(SOLID, 199, technique=Technique.CHEST_X_RAY), Listing.NON_TARGET, ["M-1"]),
        (Candidate(SOLID, 200, technique=Technique.CHEST_X_RAY), Listing.TARGET, []),
        (Candidate(SOLID, 300, technique=Technique.ULTRASOUND), Listing.NON_TARGET, ["M-3"]),
        (Candidate(SOLID, 300, technique=Technique.BONE_SCAN), Listing.NON_TARGET, ["M-5"]),
        (Candidate(NODE, 150), Listing.TARGET, []),
        (Candidate(NODE, 149), Listing.NON_TARGET, ["M-4"]),
        (Candidate(NODE, 100), Listing.NON_TARGET, ["M-4"]),
        (Candidate(NODE, 99), Listing.NONE, ["M-4"]),
        (Candidate(NODE, 150, slice_thickness=80), Listing.NON_TARGET, ["M-4"]),
        (Candidate(HILAR, 199), Listing.NON_TARGET, ["H-3"]),
        (Candidate(HILAR, 200), Listing.TARGET, []),
        (of_nature(Nature.BONE_WITH_SOFT_TISSUE), Listing.TARGET, []),
        (of_nature(Nature.BLASTIC_BONE), Listing.NON_TARGET, ["M-5"]),
        (of_nature(Nature.SIMPLE_CYST), Listing.NONE, ["M-6"]),
        (of_nature(Nature.CYSTIC_METASTASIS), Listing.TARGET, ["M-6"]),
        (of_nature(Nature.ASCITES), Listing.NON_TARGET, ["M-8"]),
        (
            of_nature(Nature.PORTAL_VEIN_THROMBUS),
            Listing.NON_TARGET,
            ["H-4"],
        ),
        (of_nature(Nature.INFILTRATIVE), Listing.NON_TARGET, ["H-7"]),
        (Candidate(TREATED, 300), Listing.NON_TARGET, ["M-7"]),
        (Candidate(replace(TREATED, progressed_since=True), 300), Listing.TARGET, []),
        (Candidate(SOLID, 300, enhancing=False), Listing.TARGET, []),
    ],
)
def test_listing(candidate: Candidate, listing: Listing, rules: list[str]) -> None:
    """A lesion may stand on the list that RECIST 1.1 gives it, with each rule against more."""
    found = measurability(candidate)

    assert found.listing == listing
    assert [finding.rule for finding in found.findings] == rules


def test_mrecist_wants_enhancement() -> None:
    """A lesion that does not enhance is no target of mRECIST (H-11)."""
    charter = Charter(criteria=CriteriaSettings(name=CriteriaName.MRECIST))
    found = measurability(Candidate(SOLID, 300, enhancing=False), charter)

    assert found.listing is Listing.NON_TARGET
    assert [finding.rule for finding in found.findings] == ["H-11"]


@pytest.mark.parametrize(
    ("organ", "counts_as"),
    [
        ("left lung", "lung"),
        ("Lung, right", "lung"),
        ("Lungs", "lung"),
        ("kidney left", "kidney"),
        ("liver", "liver"),
    ],
)
def test_paired_organs_are_one(organ: str, counts_as: str) -> None:
    """Sides of a paired organ count as one organ (L-2)."""
    assert organ_of(Lesion("T1", Role.TARGET, organ=organ)) == counts_as


def rules(read: Read, **options: object) -> list[str]:
    """Return the rules of all findings on a list."""
    return [finding.rule for finding in list_findings(read, **options)]  # type: ignore[arg-type]


def test_unnamed_organs_are_not_one() -> None:
    """Targets without a named organ are not taken for one organ's (L-1)."""
    read = a_read({f"T{place}": [20] for place in range(1, 4)}, organ="")

    assert rules(read) == []


def test_baseline_too_long_before_treatment() -> None:
    """A baseline 29 days before treatment is pointed out, one of 28 days is not (M-9)."""
    read = a_read({"T1": [20]})

    assert rules(read, treatment_start=day(4)) == []
    assert rules(read, treatment_start=day(5)) == ["M-9"]
    assert rules(Read(), treatment_start=day(5)) == []


def test_lesions_listed_late() -> None:
    """Targets listed after baseline, and new lesions at baseline, are pointed out (L-5, W-1)."""
    late = a_read({"T1": [20, 20], "T2": [None, 20]})
    early = a_read({"T1": [20]}, None, {"N1": ["equivocal"]})

    assert rules(late) == ["L-5"]
    assert rules(early) == ["W-1"]


def test_treated_target_on_the_list() -> None:
    """A target treated locally before baseline is pointed out (M-7)."""
    read = replace(a_read({"T1": [20]}), lesions=(TREATED,))

    assert rules(read) == ["M-7"]
