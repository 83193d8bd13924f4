"""The closed list of organs: spellings readers use, and the CDISC terms they map onto."""

import json

import pytest

from napari_recist.criteria.organs import LIVER, ORGANS, organ_named, sdtm_location, site_word
from tests.conftest import SHARED, unavailable

TERMS = SHARED / "data" / "standards" / "ct_oncology.json"


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("S6", "S6"),
        ("6", "S6"),
        ("vi", "S6"),
        ("Segment VIII", "S8"),
        ("IVa", "S4a"),
        ("s4B", "S4b"),
        ("4", "S4"),
        ("I", "S1"),
        ("left  lobe", "left lobe"),
        ("Left Lobe", "left lobe"),
        ("dome", "dome"),
        ("9", "9"),
        ("", ""),
    ],
)
def test_segments_are_read_as_the_field_writes_them(written: str, word: str) -> None:
    """Couinaud I to VIII in Arabic or Roman, with or without S, halves of IV; else as written."""
    organ = organ_named(LIVER)
    assert organ is not None

    assert site_word(organ, written) == word


def test_a_segment_letter_means_nothing_elsewhere() -> None:
    """A kidney has no segment VI."""
    organ = organ_named("kidney")
    assert organ is not None

    assert site_word(organ, "vi") == "vi"


@pytest.mark.parametrize(
    ("organ", "site", "term"),
    [
        ("liver", "S5", ("LIVER, RIGHT LOBE ANTEROINFERIOR SEGMENT", "")),
        ("liver", "viii", ("LIVER, RIGHT LOBE ANTEROSUPERIOR SEGMENT", "")),
        ("liver", "dome", ("LIVER", "")),
        ("Lymph node", "porta hepatis", ("PORTA HEPATIS LYMPH NODE", "")),
        ("lymph node", "", ("LYMPH NODE", "")),
        ("kidney", "left", ("KIDNEY", "LEFT")),
        ("toe", "", ("", "")),
    ],
)
def test_places_map_onto_cdisc_terms(organ: str, site: str, term: tuple[str, str]) -> None:
    """The term of the segment or station where the list has one, else that of the organ."""
    assert sdtm_location(organ, site) == term


def test_every_term_is_in_the_cdisc_codelist() -> None:
    """Each LOC and LAT of the list is a submission value that CDISC publishes (C74456, C99073)."""
    if not TERMS.exists():
        unavailable("the CDISC terminology is not here")
    published = json.loads(TERMS.read_text(encoding="utf-8"))
    locations, sides = (set(published[code]["terms"]) for code in ("C74456", "C99073"))
    places = [place for organ in ORGANS for place in (organ, *organ.sites) if place.loc]

    assert {place.loc for place in places} <= locations
    assert {site.lat for organ in ORGANS for site in organ.sites if site.lat} <= sides
