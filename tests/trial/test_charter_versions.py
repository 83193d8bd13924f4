"""Later versions of the charter: from when they hold, for whom, and which reads they concern."""

import datetime as dt
from pathlib import Path

import pytest

from napari_recist.criteria import VisitSigned
from napari_recist.errors import RecordError
from napari_recist.trial import ReadKey, Trial, register, reopen
from napari_recist.trial.charter_file import charter_hash, load_charter
from napari_recist.trial.reads.charter_change import amend_charter, concerned_reads
from tests.trial.conftest import scheduled, seated
from tests.trial.reading_by_hand import read_through, sign

SECOND = '[trial]\nid = "HCC-1"\n[criteria]\nmeasurement_precision_mm = 1\n'
TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """Return a later version of the charter: whole millimetres."""
    file = tmp_path / "second.toml"
    file.write_text(SECOND, encoding="utf-8")
    return file


@pytest.fixture
def read(trial: Trial) -> Trial:
    """Return the trial with P1 read by anna under the first version, P2 still to be read."""
    for subject in ("P1", "P2"):
        for week in (0, 8):
            register(trial, scheduled(subject, f"W{week}" if week else "BL", week))
    read_through(seated(trial, "anna", "P1", "P2"), "P1", (30, 15))
    return trial


def hashes(trial: Trial, subject: str) -> set[str]:
    """Return the charters that stand in the signatures of a read of anna's."""
    facts = [event.fact for event in trial.events(subject, "anna")]
    return {fact.charter_hash for fact in facts if isinstance(fact, VisitSigned)}


def test_a_later_version_holds_for_reads_begun_from_then(read: Trial, second: Path) -> None:
    """What was begun keeps its charter, what is begun later has the new one, each in its hash."""
    first = read.charter_version.charter_hash
    amend_charter(read, second, TODAY, "amendment 2")
    later = read.again()
    read_through(seated(later, "anna"), "P2", (30, 15))

    assert [version.adopted.version for version in later.charters] == [1, 2]
    assert hashes(later, "P1") == {first}
    assert hashes(later, "P2") == {charter_hash(load_charter(second))} != {first}
    assert later.verify().count > 0


def test_before_its_day_it_does_not_hold(read: Trial, second: Path) -> None:
    """A version adopted for next month leaves today's reads as they are."""
    amend_charter(read, second, TODAY + dt.timedelta(days=30), "amendment 2")
    later = read.again()

    assert later.charter_version.adopted.version == 1


def test_a_baseline_opened_again_is_read_by_the_version_then(read: Trial, second: Path) -> None:
    """Re-opening the baseline begins the read anew."""
    amend_charter(read, second, TODAY, "amendment 2")
    later = read.again()
    reopen(later, ReadKey("P1", "anna"), "BL", "read again under amendment 2")
    anna = seated(later, "anna")
    for visit in ("BL", "W8"):
        sign(anna, "P1", visit)

    assert len(hashes(later, "P1")) == 2
    assert later.verify().count > 0


def test_the_reads_it_concerns_are_listed(read: Trial, second: Path) -> None:
    """A limit that turns the response of a visit is told with that visit."""
    second.write_text('[trial]\nid = "HCC-1"\n[criteria]\nname = "irecist"\n', encoding="utf-8")
    (concerned,) = concerned_reads(read, load_charter(second))

    assert (concerned.read, concerned.version, concerned.finished) == (
        ReadKey("P1", "anna"),
        1,
        True,
    )
    assert concerned.differing == ("W8",)


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ('[trial]\nid = "HCC-1"\n', "why", "says what version 1 says already"),
        ('[trial]\nid = "HCC-2"\n', "why", "the charter of 'HCC-2', not of 'HCC-1'"),
        (SECOND, " ", "needs a reason"),
    ],
)
def test_what_is_no_later_version_is_refused(
    read: Trial, second: Path, text: str, reason: str, words: str
) -> None:
    """The same again, another trial's, or a change without a reason is not adopted."""
    second.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=words):
        amend_charter(read, second, TODAY, reason)
