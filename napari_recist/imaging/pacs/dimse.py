"""An archive asked by DIMSE (PS3.7): C-FIND to search, C-GET to fetch, C-STORE to send."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from pydicom.dataset import Dataset
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

from napari_recist.errors import ArchiveError, RecistError
from napari_recist.imaging.files.syntaxes import COMPRESSED, NATIVE
from napari_recist.imaging.pacs.access import Access
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
from napari_recist.imaging.pacs.associations import Associations, contexts_of

_SUCCESS = 0x0000
_PENDING = frozenset({0xFF00, 0xFF01})
_WARNINGS = frozenset({0xB000, 0xB006, 0xB007, 0x0001, 0x0107, 0x0116})
"""Stored, with a remark (PS3.4, B.2.3)."""

_OUT_OF_RESOURCES = 0xA700

_SYNTAXES = tuple(sorted(NATIVE | COMPRESSED))

_CONTEXTS = 127
"""An association proposes at most 128; one is for C-GET itself."""

_CLASSES_AT_ONCE = _CONTEXTS // len(_SYNTAXES)


class Dimse:
    """An archive's DIMSE services.

    Parameters
    ----------
    address : Address
        Where it is, and its AE title.
    access : Access
        Our AE title and certificates.
    """

    at_once = 16

    def __init__(self, address: Address, access: Access) -> None:
        self._associations = Associations(address, access)

    def __str__(self) -> str:
        """Return its address."""
        return str(self._associations.address)

    def check(self) -> None:
        """Ask whether it is there and lets us in."""
        obstacle = self._associations.obstacle()
        if obstacle:
            raise obstacle
        with self._associations.open([build_context(Verification)]) as association:
            if association.send_c_echo().get("Status") != _SUCCESS:
                raise self._associations.broke_off()

    def studies(self, search: Search) -> tuple[ArchivedStudy, ...]:
        """Return the studies that a search finds."""
        return tuple(map(study_of, self._found("STUDY", STUDY_KEYS, asked(search))))

    def series(self, study_uid: str) -> tuple[ArchivedSeries, ...]:
        """Return the series of a study."""
        found = self._found("SERIES", SERIES_KEYS, {"StudyInstanceUID": study_uid})
        return tuple(series_of(told, study_uid) for told in found)

    def instances(self, series: ArchivedSeries) -> tuple[Instance, ...]:
        """Return the instances of a series."""
        place = {"StudyInstanceUID": series.study_uid, "SeriesInstanceUID": series.series_uid}
        found = self._found("IMAGE", INSTANCE_KEYS, place)
        return tuple(instance_of(told, series) for told in found)

    def fetch(self, wanted: Sequence[Instance], receive: Receive) -> None:
        """Have instances sent here, each in the transfer syntax in which it is stored."""
        by_series: dict[tuple[str, str], list[Instance]] = {}
        for one in wanted:
            by_series.setdefault((one.study_uid, one.series_uid), []).append(one)
        for members in by_series.values():
            classes = sorted({one.sop_class for one in members})
            for few in _batched(classes, _CLASSES_AT_ONCE):
                self._get([one for one in members if one.sop_class in few], few, receive)

    def send(self, files: Sequence[Outgoing]) -> Mapping[str, str]:
        """Send files as they are; return why instances were not accepted, by their UID."""
        refused: dict[str, str] = {}
        kinds = sorted({(one.instance.sop_class, one.transfer_syntax) for one in files})
        for few in _batched(kinds, _CONTEXTS):
            these = [one for one in files if (one.instance.sop_class, one.transfer_syntax) in few]
            with self._associations.open(contexts_of(few)) as association:
                for number, one in enumerate(these, start=1):
                    reason = self._store(association, one, number)
                    if reason:
                        refused[one.instance.instance_uid] = reason
        return refused

    def close(self) -> None:
        """Close all connections: each call has its own and has closed it."""

    def _store(self, association: Any, one: Outgoing, number: int) -> str:
        try:
            answer = association.send_c_store(one.file, msg_id=number)
        except ValueError:
            return "it takes no such object in this transfer syntax"
        except RuntimeError as error:
            raise self._associations.broke_off() from error
        status = answer.get("Status")
        if status is None:
            raise self._associations.broke_off()
        if status == _SUCCESS or status in _WARNINGS:
            return ""
        return storage_reason(status)

    def _get(self, wanted: Sequence[Instance], classes: Sequence[str], receive: Receive) -> None:
        model = StudyRootQueryRetrieveInformationModelGet
        by_uid = {one.instance_uid: one for one in wanted}
        failures: list[RecistError | OSError] = []

        def arrived(event: Any) -> int:
            one = by_uid.get(str(event.request.AffectedSOPInstanceUID))
            if one is None:
                return _SUCCESS  # nobody asked for it: it is not kept
            try:
                receive(one, [event.encoded_dataset()])
            except (RecistError, OSError) as failure:
                failures.append(failure)
                return _OUT_OF_RESOURCES
            return _SUCCESS

        contexts = [build_context(model), *contexts_of(list(product(classes, _SYNTAXES)))]
        with self._associations.open(contexts, classes, arrived) as association:
            identifier = _identifier("IMAGE", wanted[0])
            identifier.SOPInstanceUID = list(by_uid)
            try:
                answers = list(association.send_c_get(identifier, model))
            except ValueError as error:
                raise ArchiveError(
                    f"{self} does not offer C-GET.",
                    "Fetch by its DICOMweb, or have C-GET switched on for our AE title "
                    f"{self._associations.title}.",
                ) from error
            if failures:
                raise failures[0]
            self._refuse(answers[-1][0] if answers else Dataset(), partly=True)

    def _found(
        self, level: str, keys: Sequence[str], matching: Mapping[str, str]
    ) -> Iterator[dict[str, str]]:
        model = StudyRootQueryRetrieveInformationModelFind
        identifier = Dataset()
        identifier.SpecificCharacterSet = "ISO_IR 192"
        identifier.QueryRetrieveLevel = level
        for key in keys:
            setattr(identifier, key, matching.get(key))
        with self._associations.open([build_context(model)]) as association:
            status = Dataset()
            for answer, found in association.send_c_find(identifier, model):
                status = answer
                if found is not None:
                    yield {key: _text(found, key) for key in keys}
            self._refuse(status)

    def _refuse(self, answer: Dataset, *, partly: bool = False) -> None:
        """Refuse an answer that is no success; ``partly`` leaves single failures to the count."""
        status = answer.get("Status")
        if status is None:
            raise self._associations.broke_off()
        some_failed = partly and answer.get("NumberOfFailedSuboperations")
        if status not in {_SUCCESS, *_PENDING} and not some_failed:
            raise ArchiveError(
                f"{self} did not do what it was asked (status {status:04X}).",
                "Its log tells more; ask its administrator.",
            )


def _identifier(level: str, one: Instance) -> Dataset:
    identifier = Dataset()
    identifier.QueryRetrieveLevel = level
    identifier.StudyInstanceUID = one.study_uid
    identifier.SeriesInstanceUID = one.series_uid
    return identifier


def _text(found: Dataset, key: str) -> str:
    value = found.get(key)
    if value is None:
        return ""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    return "\\".join(map(str, value))


def _batched(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]
