"""A DICOM file as it arrived or is to be sent: which instance it holds, and whether it is whole."""

from pathlib import Path

from napari_recist.errors import ImageError
from napari_recist.imaging.files.header import HeaderReader
from napari_recist.imaging.pacs.archive import Instance, Outgoing

_PREAMBLE, _PREFIX = 128, b"DICM"
_SOP_CLASS, _INSTANCE, _STUDY, _SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E


def is_dicom(file: Path) -> bool:
    """Return whether a file begins as DICOM files do (PS3.10, 7.1).

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with file.open("rb") as stream:
        stream.seek(_PREAMBLE)
        return stream.read(len(_PREFIX)) == _PREFIX


def read_instance(file: Path) -> Outgoing:
    """Return what a file holds.

    Raises
    ------
    ImageError
        If it is no DICOM file (PS3.10), ends too early, or lacks one of its UIDs. The message
        names the file.
    """
    if not is_dicom(file):
        raise ImageError(f"{file}: it is no DICOM file.")
    header = HeaderReader().read(file)
    offset, length = header.pixel_offset, header.pixel_length
    if header.cut_short or (offset and length and offset + length > header.size):
        raise ImageError(f"{file}: it ends before its pixels do.", "Have it sent again.")
    study, series, uid, sop_class = (
        header.elements.text(tag) for tag in (_STUDY, _SERIES, _INSTANCE, _SOP_CLASS)
    )
    if not (study and series and uid and sop_class):
        raise ImageError(f"{file}: it lacks a UID of its study, its series or itself.")
    instance = Instance(study, series, uid, sop_class)
    return Outgoing(file, instance, header.transfer_syntax, file.stat().st_size)
