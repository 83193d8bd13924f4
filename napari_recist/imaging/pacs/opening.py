"""An archive opened at its address; the fallback where the first cannot be reached, and said so."""

import logging
from collections.abc import Callable, Sequence
from itertools import pairwise

from napari_recist.errors import ArchiveError, UnreachableArchiveError
from napari_recist.imaging.pacs.access import Access
from napari_recist.imaging.pacs.address import Address, refuse_plain
from napari_recist.imaging.pacs.archive import Archive

_NEEDS = 'Install them: pip install "napari-recist[pacs]".'

# At its most talkative the library logs each path asked for, a patient's name in it.
logging.getLogger("urllib3").setLevel(logging.ERROR)


def archive_at(address: Address, access: Access, *, insecure: bool = False) -> Archive:
    """Return the archive at an address, not yet connected.

    Raises
    ------
    ArchiveAccessError
        If nothing would be encrypted on a network, and ``insecure`` was not said.
    ArchiveError
        If a library is missing.
    """
    refuse_plain(address, insecure=insecure)
    try:
        if address.dicomweb:
            from napari_recist.imaging.pacs.dicomweb import DicomWeb  # noqa: PLC0415 - an extra

            return DicomWeb(address, access)
        from napari_recist.imaging.pacs.dimse import Dimse  # noqa: PLC0415 - an extra

        return Dimse(address, access)
    except ModuleNotFoundError as error:
        raise ArchiveError("The libraries to ask an archive are missing.", _NEEDS) from error


def first_reachable(archives: Sequence[Archive], tell: Callable[[str], None]) -> Archive:
    """Return the first archive that answers; ``tell`` is told of each that cannot be reached.

    An archive that answers and refuses us is not passed over: that is not for us to go around.

    Raises
    ------
    ArchiveError
        What the last one, or the first that refuses, gives as its reason.
    """
    for archive, other in pairwise(archives):
        try:
            archive.check()
        except UnreachableArchiveError as error:
            tell(f"{error.problem} {other} is asked instead.")
        else:
            return archive
    archives[-1].check()
    return archives[-1]
