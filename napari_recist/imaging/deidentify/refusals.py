"""Files that cannot be de-identified by their header alone: they are left out, with the reason."""

from collections.abc import Mapping
from typing import Any

from pydicom.uid import UID_dictionary

from napari_recist.imaging.deidentify.dataset import raw_text
from napari_recist.imaging.passport.image_findings import burnt_in

_PICTURES = (
    ("1.2.840.10008.5.1.4.1.1.7", "a secondary capture"),
    ("1.2.840.10008.5.1.4.1.1.3", "an ultrasound image"),
    ("1.2.840.10008.5.1.4.1.1.6", "an ultrasound image"),
    ("1.2.840.10008.5.1.4.1.1.77.1", "a photograph or a video"),
)
"""SOP classes, with those below them, whose pixels often show a name."""

_IMAGE_TYPE, _SOP_CLASS, _CONVERSION, _BURNT_IN = 0x00080008, 0x00080016, 0x00080064, 0x00280301
_OVERLAYS = range(0x6000, 0x6020, 2)

NAMES_MAY_SHOW = "names may stand in its pixels"
"""In the reason of every file that is refused for what its pixels may show."""


def refusal(elements: Mapping[Any, Any]) -> str:
    """Return why a file may not be de-identified, from its raw elements; "" where it may."""
    sop_class = raw_text(elements, _SOP_CLASS)
    kind = UID_dictionary.get(sop_class, ("", ""))[1]
    if kind != "SOP Class":
        return "its SOP class is not one of the standard"
    for root, what in _PICTURES:
        if sop_class == root or sop_class.startswith(f"{root}."):
            return f"it is {what}: {NAMES_MAY_SHOW}"
    if raw_text(elements, _CONVERSION):
        return f"it was converted from a screen, a film or a video: {NAMES_MAY_SHOW}"
    words = {word.strip().upper() for word in raw_text(elements, _IMAGE_TYPE).split("\\")}
    if burnt_in(raw_text(elements, _BURNT_IN), sop_class, words):
        return f"its header says or suggests that text is burnt in: {NAMES_MAY_SHOW}"
    for group in _OVERLAYS:
        if group << 16 | 0x0010 in elements and group << 16 | 0x3000 not in elements:
            return f"an overlay lies in the unused bits of its pixels: {NAMES_MAY_SHOW}"
    return ""
