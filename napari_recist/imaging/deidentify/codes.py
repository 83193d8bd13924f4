"""Coded entries: a code of a public scheme keeps its meaning, any other becomes a coded word."""

from functools import cache

from napari_recist.imaging.deidentify.texts import REMOVED, Coded, coded_already

VALUE, SCHEME, MEANING = 0x00080100, 0x00080102, 0x00080104
"""Code Value, Coding Scheme Designator and Code Meaning."""

VALUES = frozenset({VALUE, 0x00080119, 0x00080120})
"""Code Value, Long Code Value, URN Code Value: one of them makes an item a coded entry."""

PARTS = frozenset(
    {
        *(VALUE, SCHEME, MEANING, 0x00080103, 0x00080105, 0x00080106, 0x00080107),
        *(0x0008010B, 0x0008010C, 0x0008010D, 0x0008010F, 0x00080117, 0x00080119),
        *(0x00080120, 0x00080121, 0x00080122),
    }
)
"""Attributes of a coded entry (PS3.3, 8.8). Version, context and alternatives are left out."""

OWN_SCHEME = "99NRC"
"""The private scheme of codes that stand for unknown ones (PS3.3, 8.2)."""

_LONGEST_MEANING = 64


def coded_entry(value: str, scheme: str, coded: Coded) -> tuple[str, str, str]:
    """Return value, scheme and meaning of a coded entry without free text."""
    if scheme == OWN_SCHEME and coded_already(value):
        return value, scheme, REMOVED
    meaning = _meaning(value, scheme)
    if meaning:
        return value, scheme, meaning[:_LONGEST_MEANING]
    return coded(f"{scheme}:{value}"), OWN_SCHEME, REMOVED


def _meaning(value: str, scheme: str) -> str:
    """Return the meaning that the public scheme itself gives a code; "" for an unknown one."""
    from pydicom.sr._snomed_dict import mapping  # noqa: PLC0415 - large, and codes are few

    known = _meanings()
    if scheme in ("SRT", "SNM3", "99SDM"):
        return known.get(("SCT", str(mapping["SRT"].get(value, ""))), "")
    return known.get((scheme, value), "")


@cache
def _meanings() -> dict[tuple[str, str], str]:
    from pydicom.sr._concepts_dict import concepts  # noqa: PLC0415 - large, and codes are few

    return {
        (scheme, value): meaning
        for scheme, by_keyword in concepts.items()
        for by_value in by_keyword.values()
        for value, (meaning, *_) in by_value.items()
        if meaning.isascii()
    }
