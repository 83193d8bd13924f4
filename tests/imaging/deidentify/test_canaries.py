"""The leak test: a canary in every attribute, at every depth, in no output; and a second pass."""

import logging
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest

from napari_recist.imaging.deidentify import deidentify_folder
from napari_recist.imaging.deidentify.annex_e import table
from tests.imaging.deidentify.canaries import SOUGHT, SYNTAXES, TEXT, attributes, found_below, whole
from tests.imaging.deidentify.conftest import order

STRICTEST = {
    "times": False,
    "device": False,
    "descriptors": False,
    "patient_characteristics": False,
    "safe_private": False,
}
"""Every option off: the Basic Profile with shifted dates."""

WITH_TIMES = tuple(canary for canary in SOUGHT if canary != "134711")
"""What is sought where times of day are kept: a true time may stay, by the charter."""


@pytest.fixture
def canaries(tmp_path: Path) -> Path:
    """Return a folder with a canary file in each uncompressed syntax, under telling names."""
    for number, syntax in enumerate(SYNTAXES):
        folder = tmp_path / "in" / f"{TEXT}^Jane 19470317"
        folder.mkdir(parents=True, exist_ok=True)
        numbers = number == 0
        (folder / f"{TEXT}-{number}.dcm").write_bytes(whole(syntax, numbers=numbers))
    return tmp_path / "in"


def test_the_canaries_are_there(canaries: Path) -> None:
    """The search finds what is sought before; and every attribute of Annex E carries a canary."""
    assert set().union(*found_below(canaries).values()) >= {TEXT, "19470317", "134711", "4711"}
    carried = {tag for tag, _, _ in attributes(numbers=True)}
    told = {tag for tag in table() if tag >> 16 >= 8 and tag < 0x7FE00000}
    known = {tag for tag in told if pydicom.datadict.dictionary_has_tag(tag)}
    sequences = {tag for tag in known if pydicom.datadict.dictionary_VR(tag) == "SQ"}
    binary = {tag for tag in known if pydicom.datadict.dictionary_VR(tag) in ("US", "UL", "FD")}
    assert known - sequences - binary - carried <= {0x00080018}


@pytest.mark.parametrize(
    ("settings", "sought"),
    [(STRICTEST, SOUGHT), ({}, WITH_TIMES)],
    ids=["basic profile", "default options"],
)
def test_no_canary_is_left(  # noqa: PLR0917 - two fixtures look where output could go
    canaries: Path,
    tmp_path: Path,
    settings: dict[str, object],
    sought: tuple[str, ...],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No text, date, UID or name is left in files, names, reports or logs, in any encoding.

    Numbers of attributes outside Annex E may stay: the file that carries them is sought for text.
    """
    caplog.set_level(logging.DEBUG)
    out = tmp_path / "out"
    done = deidentify_folder(canaries, out, order(**settings))

    assert len(done.kept) == len(SYNTAXES), [o.reason for o in done.left_out]
    words = tuple(canary for canary in sought if canary != "4711")
    assert found_below(out, words) == {}
    assert "CANARY" not in caplog.text
    assert "CANARY" not in "".join(capfd.readouterr())


def test_uids_and_numbers_of_annex_e_are_not_left(tmp_path: Path) -> None:
    """Without numbers elsewhere, no digit of a canary UID is left either."""
    (tmp_path / "in").mkdir()
    for number, syntax in enumerate(SYNTAXES):
        (tmp_path / "in" / f"{number}.dcm").write_bytes(whole(syntax))
    deidentify_folder(tmp_path / "in", tmp_path / "out", order(**STRICTEST))

    assert found_below(tmp_path / "out", (*SOUGHT, "47114711")) == {}


def test_kept_dates_are_all_that_is_kept(canaries: Path, tmp_path: Path) -> None:
    """With dates kept, dates stay in attributes that the option names, and nothing else does."""
    out = tmp_path / "out"
    deidentify_folder(canaries, out, order(dates="kept", **STRICTEST))
    words = (TEXT, "1.2.826.0.1", "134711")

    assert found_below(out, words) == {}
    first = pydicom.dcmread(next(out.rglob("*.dcm")))
    assert first.StudyDate == "19470317"
    assert first.PatientBirthDate == ""


@pytest.mark.parametrize("settings", [STRICTEST, {}], ids=["basic profile", "default options"])
def test_a_second_pass_changes_nothing(
    canaries: Path, tmp_path: Path, settings: dict[str, object]
) -> None:
    """Run again into the same folder, and run over its own output, every byte is the same."""
    one, two = tmp_path / "one", tmp_path / "two"
    deidentify_folder(canaries, one, order(**settings))
    before = contents(one, lambda _: True)
    again = deidentify_folder(canaries, one, order(**settings))
    deidentify_folder(one, two, order(**settings))

    assert contents(one, lambda _: True) == before
    assert not any(outcome.written for outcome in again.kept)
    images = contents(one, is_image)
    assert len(images) == len(SYNTAXES)
    assert contents(two, is_image) == images


def is_image(file: Path) -> bool:
    """Whether a file is one of the images, not the report."""
    return file.suffix == ".dcm"


def contents(folder: Path, wanted: Callable[[Path], bool]) -> dict[str, bytes]:
    """Return the bytes of files below a folder by their relative path."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and wanted(file)
    }
