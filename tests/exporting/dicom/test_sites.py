"""Finding sites: codes that are DICOM's own, and words that stay the reader's."""

import pytest
from pydicom.sr import _concepts_dict

from napari_recist.criteria import Lesion, Role
from napari_recist.criteria.organs import ORGANS, organ_named
from napari_recist.exporting.dicom import concepts
from napari_recist.exporting.dicom.sites import (
    LEFT,
    ORGAN_CODES,
    RIGHT,
    SITE_CODES,
    finding_site,
    site_words,
)

OTHERWISE = {"15425007": "Peritioneum", "276214006": "Findings category type (qualifier value)"}
"""Where pydicom's table has a slip of the pen, or SNOMED's name and not that of TID 1501."""

UNCODED = {"mesentery", "abdominal wall", "other"}


def known(scheme: str) -> dict[str, set[str]]:
    """Return the meanings of each code of a scheme, in lower case, as DICOM has them."""
    found: dict[str, set[str]] = {}
    for meanings in _concepts_dict.concepts[scheme].values():
        for code, (meaning, _groups) in meanings.items():
            found.setdefault(code, set()).add(meaning.casefold())
    return found


def test_every_site_is_a_concept_of_dicom() -> None:
    """Each code stands in a context group of DICOM under the meaning we write."""
    snomed = known("SCT")
    rows = [*ORGAN_CODES.values(), *(row for of in SITE_CODES.values() for row in of.values())]

    for code, meaning in rows:
        assert OTHERWISE.get(code, meaning).casefold() in snomed[code]


def test_every_public_concept_is_one_of_dicom() -> None:
    """The same holds for all other concepts of DICOM and SNOMED CT that reports are made of."""
    ours = [value for value in vars(concepts).values() if isinstance(value, concepts.Concept)]
    for table in (concepts.STATUSES, concepts.CATEGORIES, concepts.CRITERIA):
        ours += table.values()
    for table in (concepts.TARGET_RESPONSES, concepts.NON_TARGET_RESPONSES):
        ours += table.values()
    checked = [one for one in ours if one.scheme in {"DCM", "SCT"}]

    for one in checked:
        meaning = OTHERWISE.get(one.value, one.meaning)
        assert meaning.casefold() in known(one.scheme)[one.value]
    assert len(checked) > 40


def test_the_lists_agree() -> None:
    """Every organ of the readers' list has a code, but three; every site coded is of the list."""
    assert {organ.word for organ in ORGANS} - set(ORGAN_CODES) == UNCODED
    for word, sites in SITE_CODES.items():
        organ = organ_named(word)
        assert organ is not None
        assert set(sites) <= {site.word for site in organ.sites}


@pytest.mark.parametrize(
    ("lesion", "meaning", "side"),
    [
        (Lesion("T1", Role.TARGET, "liver", "iva"), "Couinaud hepatic segment IV", None),
        (Lesion("T1", Role.TARGET, "liver", "right lobe"), "Liver", None),
        (Lesion("T1", Role.TARGET, "lung", "left upper lobe"), "Upper lobe of lung", LEFT),
        (Lesion("T1", Role.TARGET, "adrenal", "right"), "Adrenal gland", RIGHT),
        (Lesion("T1", Role.TARGET, "lymph node", "subcarinal"), "subcarinal lymph node", None),
        (Lesion("T1", Role.TARGET, "lymph node", "left para-aortic"), "Lymph Node", LEFT),
        (Lesion("T1", Role.TARGET, "liver", "S7", node=True), "Lymph Node", None),
        (Lesion("T1", Role.TARGET, "pancreas", "leftish"), "Pancreas", None),
    ],
)
def test_sites_and_sides(lesion: Lesion, meaning: str, side: concepts.Concept | None) -> None:
    """A site is coded as narrowly as DICOM can; a node is one wherever it lies."""
    found = finding_site(lesion)

    assert found is not None
    assert (found[0].meaning, found[1]) == (meaning, side)


def test_what_has_no_code_keeps_its_words() -> None:
    """A place told in words alone has no code, and its words are written."""
    lesion = Lesion("T1", Role.TARGET, "other", "behind the knee")

    assert finding_site(lesion) is None
    assert site_words(lesion) == "other, behind the knee"
