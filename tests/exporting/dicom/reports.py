"""Reports read back with pydicom alone, as flat facts for tests."""

import io
from dataclasses import dataclass

from pydicom import dcmread
from pydicom.dataset import Dataset


@dataclass(frozen=True)
class Measured:
    """A measurement of a group: its name, its value as text, its line and the image it is on."""

    name: str
    value: str
    kind: str
    graphic: tuple[float, ...]
    image: str = ""
    frame: int | None = None


def report(content: bytes) -> Dataset:
    """Return a report as a dataset."""
    return dcmread(io.BytesIO(content))


def named(parent: Dataset, meaning: str) -> list[Dataset]:
    """Return the children whose concept has this meaning."""
    return [
        item
        for item in parent.get("ContentSequence", ())
        if "ConceptNameCodeSequence" in item
        and item.ConceptNameCodeSequence[0].CodeMeaning == meaning
    ]


def groups(document: Dataset) -> dict[str, Dataset]:
    """Return the measurement groups by their comment, the lesion's label."""
    (measurements,) = named(document, "Imaging Measurements")
    return {
        named(group, "Comment")[0].TextValue: group
        for group in named(measurements, "Measurement Group")
    }


def said(group: Dataset, meaning: str) -> str:
    """Return what a group says of a concept: a code's meaning, a text, a UID; "" for nothing."""
    for item in named(group, meaning):
        if item.ValueType == "CODE":
            return str(item.ConceptCodeSequence[0].CodeMeaning)
        return str(item.UID if item.ValueType == "UIDREF" else item.TextValue)
    return ""


def measured(group: Dataset) -> list[Measured]:
    """Return the measurements of a group in their order."""
    return [_measured(item) for item in group.get("ContentSequence", ()) if item.ValueType == "NUM"]


def _measured(item: Dataset) -> Measured:
    name = str(item.ConceptNameCodeSequence[0].CodeMeaning)
    value = str(item.MeasuredValueSequence[0].NumericValue)
    if "ContentSequence" not in item:
        return Measured(name, value, "", ())
    (drawn,) = item.ContentSequence
    graphic = tuple(map(float, drawn.GraphicData))
    if drawn.ValueType == "SCOORD3D":
        return Measured(name, value, "SCOORD3D", graphic)
    (picture,) = drawn.ContentSequence
    reference = picture.ReferencedSOPSequence[0]
    return Measured(
        name,
        value,
        "SCOORD",
        graphic,
        str(reference.ReferencedSOPInstanceUID),
        reference.get("ReferencedFrameNumber"),
    )
