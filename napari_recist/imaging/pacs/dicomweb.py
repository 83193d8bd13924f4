"""An archive asked by DICOMweb (PS3.18): QIDO-RS to search, WADO-RS to fetch, STOW-RS to send."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import requests
from pydicom.datadict import tag_for_keyword
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.util import Retry

from napari_recist.errors import ArchiveError
from napari_recist.imaging.pacs.access import Access, tls_context
from napari_recist.imaging.pacs.address import Address
from napari_recist.imaging.pacs.answers import (
    INSTANCE_KEYS,
    SERIES_KEYS,
    STUDY_KEYS,
    asked,
    instance_of,
    series_of,
    study_of,
)
from napari_recist.imaging.pacs.archive import (
    ArchivedSeries,
    ArchivedStudy,
    Instance,
    Outgoing,
    Receive,
    Search,
    storage_reason,
)
from napari_recist.imaging.pacs.http_errors import network_refusal, status_refusal
from napari_recist.imaging.pacs.multipart import DICOM, FilesBody, first_part

_TIMEOUT = (10, 120)
"""Seconds to connect, and between two pieces of an answer: archives fetch from slow stores."""

_PAGE = 1000
"""Answers asked for at a time."""

_CONNECTIONS = 16
_ONCE_MORE = Retry(total=1, connect=0, read=1, status=0, redirect=0, allowed_methods=["GET"])
"""Archives close connections that were idle for a second, at times just when we use one again."""

_CHUNK = 1 << 18
_JSON = "application/dicom+json"
_AS_STORED = f'multipart/related; type="{DICOM}"; transfer-syntax=*'
_STATUSES_WITH_ANSWER = frozenset({200, 202, 400, 409})
"""After STOW-RS: which instances were stored is told in the body."""


class DicomWeb:
    """An archive's DICOMweb services.

    Parameters
    ----------
    address : Address
        Where they begin.
    access : Access
        Login and certificates.
    """

    at_once = 1

    def __init__(self, address: Address, access: Access) -> None:
        self._address = address
        self._session = _session(address, access)

    def __str__(self) -> str:
        """Return its address."""
        return str(self._address)

    def check(self) -> None:
        """Ask whether it is there and lets us in."""
        self._answers("/studies", {"limit": "1"})

    def studies(self, search: Search) -> tuple[ArchivedStudy, ...]:
        """Return the studies that a search finds."""
        return tuple(map(study_of, self._all("/studies", asked(search), STUDY_KEYS)))

    def series(self, study_uid: str) -> tuple[ArchivedSeries, ...]:
        """Return the series of a study."""
        found = self._all(f"/studies/{study_uid}/series", {}, SERIES_KEYS)
        return tuple(series_of(told, study_uid) for told in found)

    def instances(self, series: ArchivedSeries) -> tuple[Instance, ...]:
        """Return the instances of a series."""
        path = f"/studies/{series.study_uid}/series/{series.series_uid}/instances"
        return tuple(instance_of(told, series) for told in self._all(path, {}, INSTANCE_KEYS))

    def fetch(self, wanted: Sequence[Instance], receive: Receive) -> None:
        """Have instances sent here, each in the transfer syntax in which it is stored."""
        for one in wanted:
            path = f"/studies/{one.study_uid}/series/{one.series_uid}/instances/{one.instance_uid}"
            # Images hardly shrink, and archives that pack them send them several times slower.
            headers = {"Accept": _AS_STORED, "Accept-Encoding": "identity"}
            with self._asked("GET", path, headers=headers, stream=True) as reply:
                self._refuse(reply)
                kind = reply.headers.get("Content-Type", "")
                receive(one, first_part(kind, self._chunks(reply), str(self)))

    def send(self, files: Sequence[Outgoing]) -> Mapping[str, str]:
        """Send files as they are; return why instances were not accepted, by their UID."""
        body = FilesBody([one.file for one in files])
        headers = {"Accept": _JSON, "Content-Type": body.content_type}
        with self._asked("POST", "/studies", headers=headers, data=body) as reply:
            told = _json(reply) if reply.status_code in _STATUSES_WITH_ANSWER else None
            if told is None:
                self._refuse(reply)
            stored, failed = _stored(told or {})
        return {
            uid: failed.get(uid, "it does not say that it stored it")
            for one in files
            if (uid := one.instance.instance_uid) not in stored
        }

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _all(
        self, path: str, filters: Mapping[str, str], keys: Sequence[str]
    ) -> Iterator[dict[str, str]]:
        """Yield every answer to a search: archives give them in pages."""
        own = max((key for key in keys if key.endswith("InstanceUID")), key=keys.index)
        seen: set[str] = set()
        while True:
            page = {"limit": str(_PAGE), "offset": str(len(seen))}
            answers = [
                _texts(item, keys) for item in self._answers(path, {**filters, **page}, keys)
            ]
            new = {told[own]: told for told in answers if told.get(own) and told[own] not in seen}
            if not new:
                return
            seen.update(new)
            yield from new.values()

    def _answers(
        self, path: str, query: Mapping[str, str], keys: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        fields = [("includefield", key) for key in keys]
        # Wildcards stay as they are: some archives take an escaped one for a letter, find nothing,
        # and say so as if there were nothing.
        written = "&".join(f"{k}={quote(v, safe='*?,-')}" for k, v in [*query.items(), *fields])
        with self._asked("GET", f"{path}?{written}", headers={"Accept": _JSON}) as reply:
            self._refuse(reply)
            if not reply.content:
                return []
            try:
                found = reply.json()
            except ValueError as error:
                raise ArchiveError(
                    f"{self} does not answer as a DICOMweb archive.", "Check the address."
                ) from error
            return found if isinstance(found, list) else [found]

    @contextmanager
    def _asked(self, method: str, path: str, **how: Any) -> Iterator[requests.Response]:
        """Give the answer to a request; what goes wrong until it is read becomes our error."""
        url = f"{self}{path}"
        try:
            with self._session.request(method, url, timeout=_TIMEOUT, **how) as reply:
                yield reply
        except requests.RequestException as error:
            raise network_refusal(self._address, error) from error

    def _chunks(self, reply: requests.Response) -> Iterator[bytes]:
        """Yield an answer as it arrives: what writes it down sees faults of the disk only."""
        try:
            yield from reply.iter_content(_CHUNK)
        except requests.RequestException as error:
            raise network_refusal(self._address, error) from error

    def _refuse(self, reply: requests.Response) -> None:
        if not reply.ok:
            raise status_refusal(self._address, reply.status_code)


def _session(address: Address, access: Access) -> requests.Session:
    if address.encrypted:
        tls_context(access)  # refuses files that hold no certificate before anything is asked
    session = requests.Session()
    session.trust_env = False  # REQUESTS_CA_BUNDLE and .netrc would go before what we were given
    session.proxies = get_environ_proxies(str(address))
    session.max_redirects = 0  # an archive has one address; another might not be encrypted
    session.verify = str(access.authorities) if access.authorities else True
    if access.certificate:
        own, key = str(access.certificate), access.key
        session.cert = (own, str(key)) if key else own
    if access.token:
        session.headers["Authorization"] = f"Bearer {access.token}"
    elif access.user:
        session.auth = (access.user.encode(), access.password.encode())
    for prefix in ("https://", "http://"):
        session.mount(prefix, HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=_ONCE_MORE))
    return session


def _texts(item: Mapping[str, Any], keys: Sequence[str]) -> dict[str, str]:
    """Return the wanted values of an answer in DICOM JSON (PS3.18 F.2) as texts."""
    told = {}
    for key in keys:
        values = item.get(f"{tag_for_keyword(key):08X}", {}).get("Value") or ()
        told[key] = "\\".join(_text(value) for value in values)
    return told


def _text(value: Any) -> str:
    if isinstance(value, dict):  # a person's name
        return str(value.get("Alphabetic", ""))
    return "" if value is None else str(value)


def _json(reply: requests.Response) -> dict[str, Any] | None:
    """Return an answer that is one data set in DICOM JSON; None where it is anything else."""
    try:
        told = reply.json()
    except ValueError:
        return None
    told = told[0] if isinstance(told, list) and told else told
    return told if isinstance(told, dict) else None


def _stored(told: Mapping[str, Any]) -> tuple[set[str], dict[str, str]]:
    """Return which instances an answer says were stored, and why others were not."""
    stored = {_value(item, "00081155") for item in _items(told, "00081199")}
    failed = {
        _value(item, "00081155"): storage_reason(int(_value(item, "00081197") or 0))
        for item in _items(told, "00081198")
    }
    return stored, failed


def _items(told: Mapping[str, Any], tag: str) -> list[dict[str, Any]]:
    return [item for item in told.get(tag, {}).get("Value") or () if isinstance(item, dict)]


def _value(item: Mapping[str, Any], tag: str) -> str:
    values = item.get(tag, {}).get("Value") or [""]
    return _text(values[0])
