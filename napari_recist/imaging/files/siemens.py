"""Read what Siemens keeps in private elements: the CSA header and the protocol within it.

The layout of the CSA header is that documented by nibabel (``nibabel.nicom.csareader``): a list of
named tags, each with a list of text items. The protocol lists every slice's centre.
"""

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom

CSA = "SIEMENS CSA HEADER"
MR = "SIEMENS MR HEADER"
IMAGE, SERIES = 0x10, 0x20
"""Elements of the CSA block: the image's header and the series' one, with the protocol."""

IMAGES_IN_MOSAIC = 0x0A
"""Element of the MR block that counts the images of a mosaic."""

_MOST_TAGS, _MOST_ITEMS = 1000, 4096
"""No CSA header of any scanner comes near; more is damage."""

_tag_head = struct.Struct("<64si4siii").unpack_from
_item_head = struct.Struct("<4i").unpack_from
SLICE = re.compile(
    r"sSliceArray\.asSlice\[(\d+)\]\.(sPosition\.d(?:Sag|Cor|Tra)|dThickness)\s*=\s*(-?[\d.e+-]+)"
)
_AXES = ("sPosition.dSag", "sPosition.dCor", "sPosition.dTra")


@dataclass(frozen=True, slots=True)
class SiemensHeader:
    """What a mosaic's private elements say.

    Parameters
    ----------
    images : int or None
        How many images the mosaic holds.
    normal : tuple of float
        Slice normal, patient LPS; empty when not stated.
    first_slice : int
        Number in the protocol of the first tile, from 0.
    centres : tuple of (float, float, float)
        Centre of each slice of the protocol, mm LPS; empty when not listed.
    """

    images: int | None
    normal: tuple[float, ...]
    first_slice: int
    centres: tuple[tuple[float, float, float], ...]


def siemens_header(file: Path) -> SiemensHeader | None:
    """Return what the private elements of a file say; None when they are missing or damaged."""
    try:
        dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True)
        image = csa_items(_private(dataset, 0x29, CSA, IMAGE))
        series = csa_items(_private(dataset, 0x29, CSA, SERIES))
        stated = _private(dataset, 0x19, MR, IMAGES_IN_MOSAIC)
        counts = {*_numbers(image.get("NumberOfImagesInMosaic", ())), *_numbers(_listed(stated))}
        normal = _numbers(image.get("SliceNormalVector", ()))
        first = _numbers(image.get("ProtocolSliceNumber", ()))
    except Exception:  # noqa: BLE001 - whatever damage does, these elements cannot be trusted
        return None
    protocol = "".join(series.get("MrPhoenixProtocol") or series.get("MrProtocol") or ())
    return SiemensHeader(
        images=int(counts.pop()) if len(counts) == 1 else None,
        normal=normal if len(normal) == 3 else (),  # noqa: PLR2004 - x, y, z
        first_slice=int(first[0]) if first else 0,
        centres=_centres(protocol),
    )


def _private(dataset: Any, group: int, creator: str, element: int) -> Any:
    """Return a private value, or b"" when it is not there."""
    try:
        block = dataset.private_block(group, creator)
    except KeyError:
        return b""
    return block[element].value if element in block else b""


def _listed(value: Any) -> tuple[str, ...]:
    if isinstance(value, bytes):
        return (str(int.from_bytes(value, "little")),) if value else ()
    return (str(value),)


def _numbers(items: tuple[str, ...]) -> tuple[float, ...]:
    return tuple(float(item) for item in items)


def csa_items(raw: Any) -> dict[str, tuple[str, ...]]:
    """Return the text items of every tag of a CSA header, empty items left out.

    Raises
    ------
    ValueError, struct.error
        The header is damaged.
    """
    if not isinstance(raw, bytes) or not raw:
        return {}
    newer = raw[:4] == b"SV10"
    at = 8 if newer else 0
    count, at = struct.unpack_from("<I", raw, at)[0], at + 8
    if count > _MOST_TAGS:
        raise ValueError("a CSA header of too many tags")
    found: dict[str, tuple[str, ...]] = {}
    older_offset: int | None = None
    for _ in range(count):
        name, _vm, _vr, _syngo, items, _check = _tag_head(raw, at)
        at += 84
        if older_offset is None:
            older_offset = items
        if not 0 <= items <= _MOST_ITEMS:
            raise ValueError("a CSA tag of too many items")
        texts = []
        for _ in range(items):
            head = _item_head(raw, at)
            length = head[1] if newer else head[0] - older_offset
            at += 16
            if not 0 <= length <= len(raw) - at:
                raise ValueError("a CSA item beyond the end")
            text = raw[at : at + length].split(b"\0")[0].decode("latin-1").strip()
            texts += [text] if text else []
            at += -(-length // 4) * 4
        found[name.split(b"\0")[0].decode("latin-1")] = tuple(texts)
    return found


def _centres(protocol: str) -> tuple[tuple[float, float, float], ...]:
    """Return the centres the protocol lists; a coordinate that is zero is left out there."""
    slices: dict[int, dict[str, float]] = {}
    for number, name, value in SLICE.findall(protocol):
        try:
            slices.setdefault(int(number), {})[name] = float(value)
        except ValueError:
            return ()
    if sorted(slices) != list(range(len(slices))):
        return ()
    listed = [[slices[index].get(axis, 0.0) for axis in _AXES] for index in range(len(slices))]
    return tuple((x, y, z) for x, y, z in listed)
