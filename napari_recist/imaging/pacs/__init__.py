"""Images from and to a PACS: by DICOMweb, or by DIMSE where that cannot be reached."""

from napari_recist.imaging.pacs.access import Access, access_of
from napari_recist.imaging.pacs.address import Address, address_of
from napari_recist.imaging.pacs.archive import (
    Archive,
    ArchivedSeries,
    ArchivedStudy,
    Instance,
    Outgoing,
    Search,
)
from napari_recist.imaging.pacs.fetching import Fetched, fetch
from napari_recist.imaging.pacs.opening import archive_at, first_reachable
from napari_recist.imaging.pacs.private_folder import private_folder
from napari_recist.imaging.pacs.sending import Refused, Sent, ToSend, send, to_send
from napari_recist.imaging.pacs.transfer import Progress, Watch

__all__ = [
    "Access",
    "Address",
    "Archive",
    "ArchivedSeries",
    "ArchivedStudy",
    "Fetched",
    "Instance",
    "Outgoing",
    "Progress",
    "Refused",
    "Search",
    "Sent",
    "ToSend",
    "Watch",
    "access_of",
    "address_of",
    "archive_at",
    "fetch",
    "first_reachable",
    "private_folder",
    "send",
    "to_send",
]
