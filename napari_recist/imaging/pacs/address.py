"""Where an archive is: its address tells the way (DICOMweb or DIMSE), the host and the name."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from napari_recist.errors import ArchiveAccessError, ArchiveError

DICOMWEB, DIMSE = ("https", "http"), ("dicoms", "dicom")
"""The schemes of each way, the encrypted one first."""

_PORTS = {"https": 443, "http": 80, "dicoms": 2762, "dicom": 104}
"""Where none is given: the registered ports (PS3.15 B.9, PS3.8 9.1.1)."""

_FORMS = (
    "Write https://HOST/dicom-web for DICOMweb, dicom://CALLED_AE@HOST:PORT for DIMSE, or "
    "dicoms://CALLED_AE@HOST:PORT for DIMSE over TLS."
)

_TITLE = re.compile(r"[\x21-\x5b\x5d-\x7e](?:[\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?")
"""An AE title (PS3.5, 6.2): up to 16 printable characters, no backslash, no blanks around it."""


@dataclass(frozen=True, slots=True)
class Address:
    """The address of an archive.

    Parameters
    ----------
    scheme : str
        ``https``, ``http``, ``dicoms`` or ``dicom``.
    host : str
        A name or an IP address.
    port : int
        TCP port.
    path : str
        Where the DICOMweb services begin, without a slash at the end; "" for DIMSE.
    called : str
        The archive's AE title; "" for DICOMweb.
    """

    scheme: str
    host: str
    port: int
    path: str = ""
    called: str = ""

    def __str__(self) -> str:
        """Return the address as it is shown: it never holds a password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        called = f"{self.called}@" if self.called else ""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{called}{host}{port}{self.path}"

    @property
    def dicomweb(self) -> bool:
        """Whether the archive is asked by DICOMweb; else by DIMSE."""
        return self.scheme in DICOMWEB

    @property
    def encrypted(self) -> bool:
        """Whether everything goes through TLS."""
        return self.scheme in {DICOMWEB[0], DIMSE[0]}

    @property
    def loopback(self) -> bool:
        """Whether nothing leaves this computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def address_of(text: str) -> Address:
    """Return the address that a text tells.

    Raises
    ------
    ArchiveError
        If it is none, or holds a password.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ArchiveError("The address of the archive cannot be read.", _FORMS) from error
    if parts.scheme not in _PORTS or not host:
        raise ArchiveError("The address of the archive is incomplete.", _FORMS)
    port = port or _PORTS[parts.scheme]
    if parts.scheme in DICOMWEB:
        if parts.username is not None or parts.query or parts.fragment:
            raise ArchiveError(
                f"The address of the archive at {host} holds more than a place.",
                "Name and password go into NAPARI_RECIST_PACS_USER and NAPARI_RECIST_PACS_PASSWORD",
            )
        return Address(parts.scheme, host, port, parts.path.rstrip("/"))
    if parts.password is not None or parts.path.strip("/"):
        raise ArchiveError(f"The address of the archive at {host} is no DIMSE address.", _FORMS)
    return Address(parts.scheme, host, port, called=ae_title(parts.username or ""))


def ae_title(text: str) -> str:
    """Return an AE title, refused where it is none.

    Raises
    ------
    ArchiveError
        If it is empty, too long, or holds what no AE title may hold.
    """
    if not _TITLE.fullmatch(text):
        raise ArchiveError(
            f"{text!r} is no AE title.", f"It has 1 to 16 characters and no backslash. {_FORMS}"
        )
    return text


def refuse_plain(address: Address, *, insecure: bool) -> None:
    """Refuse to send names and images over a network that anybody can listen to.

    Raises
    ------
    ArchiveAccessError
        If nothing is encrypted, the archive is another computer, and nobody said ``--insecure``.
    """
    if not (address.encrypted or address.loopback or insecure):
        other = DICOMWEB[0] if address.dicomweb else DIMSE[0]
        raise ArchiveAccessError(
            f"{address} is not encrypted: patients' names would cross the network readable.",
            f"Use {other}://, or say --insecure where the network itself is protected.",
        )
