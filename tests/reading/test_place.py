"""Where a reader was: kept whole or not at all, naming nobody; a damaged file is no place."""

import json
import math
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.reading import PriorChoice
from napari_recist.reading.place import Place, PlaceFolder, series_mark
from tests.reading.profiles import PORTAL, taken

HERE = Place("W8", series_mark(PORTAL), 12, 70.5, 80.25, 4.0, 400.0, 40.0, "T2", "baseline")
numbers = st.floats(-1e6, 1e6)
positive = st.floats(1e-3, 1e6)
places = st.builds(
    Place,
    visit=st.text(max_size=9),
    series=st.text("0123456789abcdef", min_size=16, max_size=16),
    slice=st.integers(0, 2000),
    row=numbers,
    column=numbers,
    pixels_per_mm=positive,
    width=positive,
    level=numbers,
    lesion=st.text(max_size=5),
    prior=st.sampled_from([choice.value for choice in PriorChoice]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for places."""
    return tmp_path_factory.mktemp("places")


@given(place=places, subject=st.text(max_size=20), reader=st.text(max_size=20))
def test_a_place_comes_back_as_it_was(
    folder: Path, place: Place, subject: str, reader: str
) -> None:
    """Whatever was shown comes back to the last bit, for its reader and patient alone."""
    kept = PlaceFolder("trial", reader, folder)
    kept.keep(subject, place)

    assert kept.recall(subject) == place
    assert kept.recall(subject + "x") != place or (subject + "x") == subject
    assert PlaceFolder("another trial", reader, folder).recall(subject) is None


def test_the_files_name_nobody(tmp_path: Path) -> None:
    """Neither names nor content of the files hold reader, patient, trial or series UID."""
    PlaceFolder("1.2.3.trial", "Dr Anna Reader", tmp_path).keep("NRC-001-0001", HERE)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    told = str(file.relative_to(tmp_path)) + file.read_text(encoding="ascii")

    for name in ("Anna", "NRC-001", "1.2.3", PORTAL.series_uid + '"'):
        assert name not in told


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b"null",
        json.dumps(asdict(HERE) | {"slice": "12"}).encode(),
        json.dumps(asdict(HERE) | {"slice": True}).encode(),
        json.dumps(asdict(HERE) | {"later": 1}).encode(),
        json.dumps(asdict(HERE) | {"row": math.nan}).encode(),
        json.dumps(asdict(HERE) | {"width": 0}).encode(),
        json.dumps(asdict(HERE) | {"prior": "the next one"}).encode(),
        json.dumps({"visit": "W8"}).encode(),
    ],
)
def test_a_damaged_place_is_no_place(tmp_path: Path, damage: bytes) -> None:
    """Cut, foreign, of a later version or senseless: it is as if nothing had been kept."""
    kept = PlaceFolder("trial", "anna", tmp_path)
    kept.keep("P1", HERE)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)

    assert kept.recall("P1") is None
    kept.keep("P1", HERE)
    assert kept.recall("P1") == HERE


def test_a_write_that_fails_leaves_the_former_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk refuses in the middle, the place before is still there and nothing else is."""
    kept = PlaceFolder("trial", "anna", tmp_path)
    kept.keep("P1", HERE)

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        kept.keep("P1", replace(HERE, slice=3))

    assert kept.recall("P1") == HERE
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_the_patient_left_last_is_known(tmp_path: Path) -> None:
    """Of several patients the one whose place is newest was left last."""
    kept = PlaceFolder("trial", "anna", tmp_path)
    for hour, subject in enumerate(("P1", "P3", "P2")):
        kept.keep(subject, HERE)
        os.utime(kept._file(subject), (hour, hour))

    assert kept.last(["P1", "P2", "P3"]) == "P2"
    assert kept.last(["P1", "P3"]) == "P3"
    assert kept.last(["P9"]) == ""


def test_marks_tell_series_and_parts_apart() -> None:
    """Two volumes of one series, and two series, have different marks."""
    several = (PORTAL, taken(uid="1.2"), taken(part="2"))

    assert len(set(map(series_mark, several))) == 3
