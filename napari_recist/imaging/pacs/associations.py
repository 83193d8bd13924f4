"""Associations with an archive (PS3.8), and in words why there is none."""

import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pynetdicom import AE, _config, build_role, evt
from pynetdicom.presentation import PresentationContext, build_context

from napari_recist.errors import ArchiveAccessError, ArchiveError, UnreachableArchiveError
from napari_recist.imaging.pacs.access import TITLE_VARIABLE, Access, tls_context
from napari_recist.imaging.pacs.address import Address
from napari_recist.imaging.pacs.http_errors import no_tls, untrusted

_CONNECT_S, _ANSWER_S = 10, 120
"""Seconds to connect, and until the next message: archives fetch from slow stores."""

_CALLED_UNKNOWN, _CALLING_UNKNOWN = 7, 3
"""Why an association is rejected for good by the service user (PS3.8, table 9-21)."""

_REJECTED_FOR_NOW = 2

# Files go and come as they are. The library logs nothing: what went wrong we say ourselves, and its
# messages hold what was asked for, a patient's name too.
_config.STORE_SEND_CHUNKED_DATASET = True
_config.LOG_HANDLER_LEVEL = "none"
_config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)


class Associations:
    """Makes associations with one archive.

    Parameters
    ----------
    address : Address
        Where it is, and its AE title.
    access : Access
        Our AE title and certificates.
    """

    def __init__(self, address: Address, access: Access) -> None:
        self.address = address
        self.title = access.title
        self._tls = tls_context(access) if address.encrypted else None

    @contextmanager
    def open(
        self,
        contexts: Sequence[PresentationContext],
        stored: Sequence[str] = (),
        receive: Callable[[Any], int] | None = None,
    ) -> Iterator[Any]:
        """Give an association; afterwards it is released, after an error aborted.

        Parameters
        ----------
        contexts : sequence of PresentationContext
            What is proposed.
        stored : sequence of str
            SOP classes that the archive shall store with us on this association.
        receive : callable, optional
            Takes each of them (an event of pynetdicom) and returns a status.

        Raises
        ------
        ArchiveError
            If the archive accepts no association.
        """
        entity = AE(self.title)
        entity.connection_timeout, entity.acse_timeout = _CONNECT_S, _CONNECT_S
        entity.dimse_timeout = entity.network_timeout = _ANSWER_S
        association = entity.associate(
            self.address.host,
            self.address.port,
            list(contexts),
            self.address.called,
            ext_neg=[build_role(sop_class, scp_role=True) for sop_class in stored],
            tls_args=(self._tls, self.address.host) if self._tls else None,
            evt_handlers=[(evt.EVT_C_STORE, receive)] if receive else [],
        )
        if not association.is_established:
            raise self._refusal(association)
        try:
            yield association
        except BaseException:
            association.abort()
            raise
        if association.is_established:
            association.release()

    def broke_off(self) -> UnreachableArchiveError:
        """Return the error for an archive that ended an association without an answer."""
        return UnreachableArchiveError(
            f"{self.address} broke off without an answer.",
            f"It may be down, or not know our AE title {self.title}: have it added to the "
            f"archive's list, or set {TITLE_VARIABLE}.",
        )

    def _refusal(self, association: Any) -> ArchiveError:
        if association.is_rejected:
            return self._rejection(association.acceptor.primitive)
        if association.is_aborted and association.acceptor.primitive is not None:
            return ArchiveError(
                f"{self.address} accepts none of what we asked for.",
                "It may not offer this service; use its DICOMweb where it has one.",
            )
        return self.obstacle() or UnreachableArchiveError(
            f"{self.address} takes the connection, but answers no association.",
            "Check the port, and whether the archive wants TLS there (dicoms://).",
        )

    def _rejection(self, answer: Any) -> ArchiveError:
        if answer.result == _REJECTED_FOR_NOW:
            return UnreachableArchiveError(f"{self.address} is busy.", "Try again in a while.")
        if answer.diagnostic == _CALLED_UNKNOWN:
            return ArchiveAccessError(
                f"{self.address} does not answer to the AE title {self.address.called}.",
                "Correct the title before the @ of the address.",
            )
        if answer.diagnostic == _CALLING_UNKNOWN:
            return ArchiveAccessError(
                f"{self.address} does not know our AE title {self.title}.",
                f"Have it added to the archive's list, or set {TITLE_VARIABLE} to one it knows.",
            )
        return ArchiveAccessError(
            f"{self.address} rejects the association ({answer.reason_str}).",
            "Ask the archive's administrator.",
        )

    def obstacle(self) -> ArchiveError | None:
        """Try the way to the archive without DICOM; return what is in it, None where it is free.

        pynetdicom tells none of this, and forgets its socket where a connection is refused.
        """
        place = self.address.host, self.address.port
        try:
            with socket.create_connection(place, _CONNECT_S) as plain:
                if self._tls:
                    self._tls.wrap_socket(plain, server_hostname=self.address.host).close()
        except ssl.SSLCertVerificationError:
            return untrusted(self.address)
        except ssl.SSLError:
            return no_tls(self.address)
        except OSError as error:
            return UnreachableArchiveError(
                f"{self.address} cannot be reached ({error.strerror or 'no answer in time'}).",
                "Check host and port, the network, and whether the archive runs.",
            )
        return None


def contexts_of(kinds: Sequence[tuple[str, str]]) -> list[PresentationContext]:
    """Return presentation contexts, one for each SOP class and transfer syntax.

    Each has one transfer syntax only: so nothing is converted on the way.
    """
    return [build_context(sop_class, syntax) for sop_class, syntax in kinds]
