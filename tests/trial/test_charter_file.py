"""The charter file: defaults, every problem at once, and a hash of what it says."""

from decimal import Decimal
from pathlib import Path

import pytest

from napari_recist.criteria import AdjudicationTrigger, Charter, CriteriaName, PrPersistence
from napari_recist.errors import CharterError
from napari_recist.trial.charter_file import charter_hash, load_charter, parse_charter


def problems(text: str) -> list[tuple[int, str]]:
    """Return the line and key of each problem."""
    with pytest.raises(CharterError) as refused:
        parse_charter(text)
    return [(problem.row, problem.column) for problem in refused.value.problems]


def test_an_empty_charter_is_the_suggested_one() -> None:
    """Every key that is left out has its default."""
    assert parse_charter("") == Charter()
    assert parse_charter("[criteria]\n[read]\n") == Charter()


def test_every_key_of_the_contract() -> None:
    """A charter that names every key is read to the letter."""
    charter = parse_charter(
        """
        [trial]
        id = "HCC-1"
        sponsor = "S"
        title = "T"
        sites = ["A", "B"]
        [criteria]
        name = "mrecist"
        measurement_precision_mm = 1
        max_targets = 2
        max_per_organ = 1
        pr_persistence = "off"
        provable_pd_with_missing = false
        too_small_default_mm = 4.5
        node_cr_below_mm = 10
        node_target_min_mm = 15
        porta_hepatis_node_min_mm = 20
        mrecist_pd_abs_min_mm = 0
        [confirmation]
        required = false
        min_days = 30
        max_ne_between = 0
        accept_sd_between_pr = true
        [duration]
        sd_min_days = 56
        [schedule]
        interval_weeks = 6
        window_days = 3
        baseline_max_days_before = 21
        [landmark]
        day = 84
        window_days = 7
        rule = "confirmed"
        [censoring]
        missed_visits = 1
        [blinding]
        hide = ["name"]
        dates = "shifted"
        prior_calipers = false
        [read]
        readers = 1
        sequential = false
        adjudication = ["progression", "overall_response"]
        global_review = true
        [series]
        phase = "arterial"
        max_thickness_mm = 3
        continuity_checks = false
        """
    )

    assert charter.trial.sites == ("A", "B")
    assert charter.criteria.name is CriteriaName.MRECIST
    assert charter.criteria.pr_persistence is PrPersistence.OFF
    assert charter.criteria.too_small_default_mm == Decimal("4.5")
    assert charter.criteria.too_small_tenths == 45
    assert charter.criteria.precision_tenths == 10
    assert charter.criteria.mrecist_pd_abs_min_tenths == 0
    assert charter.read.adjudication == (
        AdjudicationTrigger.PROGRESSION,
        AdjudicationTrigger.OVERALL_RESPONSE,
    )
    assert charter.series.max_thickness_mm == 3
    assert charter.confirmation.accept_sd_between_pr


def test_all_problems_at_once() -> None:
    """Unknown keys, wrong kinds and senseless values are told together, by line and key."""
    text = """\
[criteria]
name = "recist2"
max_target = 5
too_small_default_mm = 5.05
[confirmation]
required = "yes"
min_days = -3
[blind]
dates = "weeks"
"""
    assert problems(text) == [
        (2, "criteria.name"),
        (3, "criteria.max_target"),
        (4, "criteria.too_small_default_mm"),
        (6, "confirmation.required"),
        (7, "confirmation.min_days"),
        (8, "blind"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("trial = 3", (1, "trial")),
        ("speed = 3", (1, "speed")),
        ("[criteria]\nmax_targets = 0", (2, "criteria.max_targets")),
        ("[criteria]\nmax_targets = 2.5", (2, "criteria.max_targets")),
        ("[criteria]\nmax_targets = true", (2, "criteria.max_targets")),
        ("[criteria]\nmeasurement_precision_mm = 0.5", (2, "criteria.measurement_precision_mm")),
        ("[criteria]\nnode_cr_below_mm = 0", (2, "criteria.node_cr_below_mm")),
        ("[criteria]\nnode_cr_below_mm = -1", (2, "criteria.node_cr_below_mm")),
        ("[criteria]\nnode_cr_below_mm = inf", (2, "criteria.node_cr_below_mm")),
        ("[criteria]\nnode_cr_below_mm = nan", (2, "criteria.node_cr_below_mm")),
        ("criteria.max_targets = 0", (1, "criteria.max_targets")),
        ("[trial]\nsites = ['A', 3]", (2, "trial.sites")),
        ("[trial]\nid = 3", (2, "trial.id")),
        ("[read]\nadjudication = ['coin']", (2, "read.adjudication")),
        ("[landmark]\nday = 0", (2, "landmark.day")),
        ("[criteria", (1, "TOML")),
        ("[trial]\nid = 'a'\nid = 'b'", (3, "TOML")),
    ],
)
def test_one_problem(text: str, place: tuple[int, str]) -> None:
    """A key or value that makes no sense is refused at its line."""
    assert problems(text) == [place]


def test_a_misspelt_key_is_told_its_likely_name() -> None:
    """An unknown key or section is refused with the nearest that is known, or with all."""
    with pytest.raises(CharterError, match="did you mean max_targets"):
        parse_charter("[criteria]\nmax_target = 5")
    with pytest.raises(CharterError, match="did you mean blinding"):
        parse_charter("[blindin]")
    with pytest.raises(CharterError, match="known are sd_min_days"):
        parse_charter("[duration]\nwxyz = 5")


def test_files(tmp_path: Path) -> None:
    """A charter file is read as UTF-8, with or without a byte order mark; others are refused."""
    file = tmp_path / "charter.toml"
    file.write_bytes('\ufeff[trial]\nid = "é"'.encode())

    assert load_charter(file).trial.id == "é"
    file.write_bytes("[trial]\nid = 'é'".encode("latin-1"))
    with pytest.raises(CharterError, match="not UTF-8"):
        load_charter(file)
    with pytest.raises(CharterError, match="cannot be read"):
        load_charter(tmp_path / "none.toml")
    with pytest.raises(CharterError, match="cannot be read"):
        load_charter(tmp_path)


def test_hash_is_of_what_is_said() -> None:
    """Comments, order and trailing zeros leave the hash; any setting changes it."""
    plain = charter_hash(Charter())
    same = parse_charter("# as suggested\n[criteria]\ntoo_small_default_mm = 5.0\nmax_targets = 5")
    other = parse_charter("[criteria]\ntoo_small_default_mm = 5.1")

    assert charter_hash(same) == plain
    assert charter_hash(other) != plain
    assert len(plain) == 64
