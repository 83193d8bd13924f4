"""Say why a DICOM file is not an image this program can show."""

from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.files.header import Header
from napari_recist.imaging.files.syntaxes import COMPRESSED, NATIVE

_NOT_SCANS = {
    "SEG": "a segmentation, not an acquired image",
    "RTDOSE": "a radiotherapy dose grid, not a scan",
    "RTPLAN": "a radiotherapy plan, not an image",
    "RTSTRUCT": "radiotherapy contours, not an image",
    "SR": "a report, not an image",
    "PR": "a presentation state, not an image",
    "KO": "a list of key objects, not an image",
    "REG": "a registration, not an image",
}
"""Modalities of DICOM objects that are never measured on."""

_SYNTAXES = NATIVE | COMPRESSED
_BITS = (8, 16, 32)
_SAMPLES = (1, 3)
_COLOURS_NATIVE = frozenset({"RGB", "YBR_FULL"})
_COLOURS_COMPRESSED = frozenset({"YBR_FULL_422", "YBR_RCT", "YBR_ICT"})
_DIRECTORY_TAGS = (0x00041130, 0x00041200)

LARGEST_IMAGE = 1 << 28
"""Pixels of one image: 16384 squared is the largest detector; more is damage or an attack."""

MOST_FRAMES = 1 << 16
"""Frames of one file: more do not fit the dimension counters of any scanner."""


def refusal(header: Header) -> str:
    """Return why the elements describe no image to show; empty when they do."""
    elements = header.elements
    modality = elements.text(0x00080060)
    if modality in _NOT_SCANS:
        return _NOT_SCANS[modality]
    if any(tag in elements.values for tag in _DIRECTORY_TAGS):
        return "a DICOMDIR index, not an image; the files themselves are searched"
    if header.pixel_offset is None:
        return "it holds no image (no Pixel Data of whole numbers)"
    return ""


def layout_refusal(storage: Storage) -> str:
    """Return why pixels laid out like this are not read; empty when they are."""
    if not (storage.rows > 0 and storage.columns > 0 and storage.frames > 0):
        return "the number of rows, columns or frames is missing or zero"
    if storage.rows * storage.columns > LARGEST_IMAGE or storage.frames > MOST_FRAMES:
        return f"{storage.frames} x {storage.rows} x {storage.columns} is no medical image"
    if storage.transfer_syntax not in _SYNTAXES:
        return f"the transfer syntax {storage.transfer_syntax or 'is missing:'} is not supported"
    return _values_refusal(storage)


def _values_refusal(storage: Storage) -> str:
    """Return why numbers or colours stored like this are not read; empty when they are."""
    allocated, stored, top = storage.bits_allocated, storage.bits_stored, storage.high_bit + 1
    if allocated not in _BITS or not 0 < stored <= top <= allocated:
        return f"{stored} of {allocated} bits per value, the highest {top - 1}, are not supported"
    if storage.samples not in _SAMPLES:
        return f"{storage.samples} values per pixel are not supported"
    if storage.samples > 1 and storage.photometric not in _colours(storage.transfer_syntax):
        return f"colours stored as {storage.photometric or 'nothing known'} are not supported"
    return ""


def _colours(syntax: str) -> frozenset[str]:
    """Return the Photometric Interpretations of colour images that are read rightly."""
    return _COLOURS_NATIVE if syntax in NATIVE else _COLOURS_NATIVE | _COLOURS_COMPRESSED


def pixels_refusal(header: Header, storage: Storage) -> str:
    """Return why pixels whose layout is fine are not all there; empty when they are."""
    native = storage.transfer_syntax in NATIVE
    if native != (storage.length is not None):
        return "damaged: the pixels are not stored in the way the transfer syntax says"
    if storage.length is None:
        return "truncated: the compressed pixels end early" if header.cut_short else ""
    needed = storage.frame_bytes * storage.frames
    there = min(storage.length, header.size - storage.offset)
    return f"truncated: {there} of {needed} bytes of pixels are there" if there < needed else ""
