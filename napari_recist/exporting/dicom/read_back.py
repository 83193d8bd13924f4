"""Proves before an export that the reports, read back, hold every signed value once, and no other.

It reads the bytes that will be written, not the values they were made from.
"""

import io
from collections.abc import Iterator, Mapping

from pydicom import dcmread
from pydicom.dataset import Dataset

from napari_recist.criteria import show
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom import concepts
from napari_recist.exporting.dicom.signed_visit import SignedVisit

_OF_NODES = (concepts.SHORT_AXIS,)
_OF_OTHERS = (concepts.LONG_AXIS, concepts.LENGTH)
"""The measurements that may hold the value that counts (R-11)."""


def refuse_other_values(signed: SignedVisit, reports: Mapping[str, bytes]) -> None:
    """Compare the reports of a visit with what was signed.

    Raises
    ------
    ExportError
        Naming the lesion whose value is missing, doubled or another one.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for content in reports.values():
        for tracking, named in _groups(dcmread(io.BytesIO(content))):
            found.setdefault(tracking, []).append(named)
    for part in signed.parts():
        wanted = [] if part.diameter is None else [show(part.diameter)]
        counting = _OF_NODES if part.lesion.node else _OF_OTHERS
        told = found.pop(part.tracking_uid, [])
        values = [group[one.meaning] for group in told for one in counting if one.meaning in group]
        if len(told) != 1 or values != wanted or (not wanted and told[0]):
            raise _other(signed, part.label, wanted, told)
    for unlisted in found.values():
        raise _other(signed, "a lesion that is not on the list", [], unlisted)


def _groups(report: Dataset) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the tracking UID of each measurement group, and its values by their names."""
    (measurements,) = _named(report, concepts.MEASUREMENTS)
    for group in _named(measurements, concepts.GROUP):
        (tracking,) = _named(group, concepts.TRACKING_UID)
        yield (
            str(tracking.UID),
            {
                str(item.ConceptNameCodeSequence[0].CodeMeaning): str(
                    item.MeasuredValueSequence[0].NumericValue
                )
                for item in group.ContentSequence
                if item.ValueType == "NUM"
            },
        )


def _named(parent: Dataset, concept: concepts.Concept) -> list[Dataset]:
    return [
        item
        for item in parent.get("ContentSequence", ())
        for name in item.get("ConceptNameCodeSequence", ())
        if (name.CodeValue, name.CodingSchemeDesignator) == concept[:2]
    ]


def _other(
    signed: SignedVisit, lesion: str, wanted: list[str], told: list[dict[str, str]]
) -> ExportError:
    return ExportError(
        f"Nothing was exported: {signed.evaluator} signed {' '.join(wanted) or 'no value'} of "
        f"{lesion} at {signed.visit} of {signed.subject}, and its report says {told}.",
        "Report this.",
    )
