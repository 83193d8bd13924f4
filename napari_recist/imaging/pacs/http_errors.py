"""What went wrong on the way to a DICOMweb archive, in words and with what to do."""

from ssl import SSLCertVerificationError

import requests

from napari_recist.errors import ArchiveAccessError, ArchiveError, UnreachableArchiveError
from napari_recist.imaging.pacs.access import (
    CA_VARIABLE,
    PASSWORD_VARIABLE,
    TOKEN_VARIABLE,
    USER_VARIABLE,
)
from napari_recist.imaging.pacs.address import Address

_BUSY = frozenset({408, 429, 502, 503, 504})
"""The archive, or what stands before it, may answer later."""

_LOGIN = (
    f"Set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or {TOKEN_VARIABLE}, as the archive's "
    "administrator gave them."
)


def network_refusal(address: Address, error: requests.RequestException) -> ArchiveError:
    """Return our error for one of the network; texts of libraries may repeat what we asked."""
    if isinstance(error, requests.exceptions.SSLError):
        return untrusted(address) if _unverified(error) else no_tls(address)
    if isinstance(error, requests.exceptions.ProxyError):
        return UnreachableArchiveError(
            f"{address} cannot be reached through the proxy.", "Check HTTPS_PROXY and NO_PROXY."
        )
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return ArchiveError(f"{address} sends us elsewhere.", "Give the archive's own address.")
    if isinstance(error, requests.exceptions.Timeout):
        return UnreachableArchiveError(f"{address} did not answer in time.", "Try again later.")
    if isinstance(error, requests.exceptions.InvalidURL):
        return ArchiveError(f"{address} is no address.", "Correct it.")
    return UnreachableArchiveError(
        f"{address} cannot be reached, or broke off.",
        "Check host and port, the network, and whether the archive runs.",
    )


def untrusted(address: Address) -> ArchiveAccessError:
    """Return the refusal of an archive whose certificate is not trusted."""
    return ArchiveAccessError(
        f"The certificate of {address} is not trusted, or is for another host.",
        f"Set {CA_VARIABLE} to the PEM file of the authority that issued it.",
    )


def no_tls(address: Address) -> ArchiveAccessError:
    """Return the refusal of an archive with which no encrypted connection can be made."""
    return ArchiveAccessError(
        f"{address} makes no encrypted connection with us.",
        "It may not speak TLS on this port, or ask for a certificate of ours.",
    )


def status_refusal(address: Address, status: int) -> ArchiveError:
    """Return our error for an answer that is not what was asked for."""
    if status in _BUSY:
        return UnreachableArchiveError(
            f"{address} is busy (HTTP {status}).", "Try again in a while."
        )
    if status == requests.codes.unauthorized:
        return ArchiveAccessError(f"{address} does not know this login (HTTP 401).", _LOGIN)
    if status == requests.codes.forbidden:
        return ArchiveAccessError(
            f"{address} does not allow us this (HTTP 403).", "Ask the archive's administrator."
        )
    if status == requests.codes.not_found:
        return ArchiveError(
            f"{address} has nothing there (HTTP 404).",
            "Check the path of the address (often /dicom-web), and that the study is still there.",
        )
    if status == requests.codes.not_acceptable:
        return ArchiveError(
            f"{address} does not give images as they are stored (HTTP 406).",
            "Fetch them by DIMSE: dicom://CALLED_AE@HOST:PORT.",
        )
    return ArchiveError(
        f"{address} did not do what it was asked (HTTP {status}).",
        "Its log tells more; ask its administrator.",
    )


def _unverified(error: BaseException | None) -> bool:
    """Whether a failed check of a certificate is at the bottom of an error."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        if isinstance(one, SSLCertVerificationError):
            return True
        seen.add(id(one))
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None)]
        waiting += [
            *(i for i in inner if isinstance(i, BaseException)),
            *(a for a in one.args if isinstance(a, BaseException)),
        ]
    return False
