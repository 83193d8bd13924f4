"""Content items of a DICOM structured report (PS3.3, C.17.3), each built by one pure function.

Every function returns a new dataset; ``relation`` is the Relationship Type to the item's parent.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydicom.dataset import Dataset

from napari_recist.exporting.dicom.concepts import MILLIMETRE, Concept


class Relation(StrEnum):
    """How an item belongs to its parent (PS3.3, table C.17.3-8)."""

    CONTAINS = "CONTAINS"
    CONTEXT = "HAS OBS CONTEXT"
    ACQUISITION = "HAS ACQ CONTEXT"
    MODIFIES = "HAS CONCEPT MOD"
    INFERRED = "INFERRED FROM"
    SELECTED = "SELECTED FROM"


def coded(concept: Concept) -> Dataset:
    """Return the item of a code sequence."""
    item = Dataset()
    item.CodeValue = concept.value
    item.CodingSchemeDesignator = concept.scheme
    item.CodeMeaning = concept.meaning
    return item


def container(
    name: Concept, children: Iterable[Dataset], template: str = "", *, root: bool = False
) -> Dataset:
    """Return a container; ``template`` is the number of the DCMR template it follows."""
    item = _item("" if root else Relation.CONTAINS, "CONTAINER", name)
    item.ContinuityOfContent = "SEPARATE"
    if template:
        identification = Dataset()
        identification.MappingResource = "DCMR"
        identification.TemplateIdentifier = template
        item.ContentTemplateSequence = [identification]
    return _with(item, list(children))


def code(relation: Relation, name: Concept, value: Concept, *children: Dataset) -> Dataset:
    """Return an item whose value is a concept."""
    item = _item(relation, "CODE", name)
    item.ConceptCodeSequence = [coded(value)]
    return _with(item, children)


def text(relation: Relation, name: Concept, value: str) -> Dataset:
    """Return an item whose value is text."""
    item = _item(relation, "TEXT", name)
    item.TextValue = value
    return item


def uid(relation: Relation, name: Concept, value: str) -> Dataset:
    """Return an item whose value is a UID."""
    item = _item(relation, "UIDREF", name)
    item.UID = value
    return item


def person(relation: Relation, name: Concept, value: str) -> Dataset:
    """Return an item whose value is a person's name."""
    item = _item(relation, "PNAME", name)
    item.PersonName = value
    return item


def millimetres(name: Concept, decimal: str, drawn: Dataset | None) -> Dataset:
    """Return a measurement of so many mm, decimal text of at most 16 characters, with its line."""
    measured = Dataset()
    measured.MeasurementUnitsCodeSequence = [coded(MILLIMETRE)]
    measured.NumericValue = decimal
    item = _item(Relation.CONTAINS, "NUM", name)
    item.MeasuredValueSequence = [measured]
    return _with(item, (drawn,) if drawn else ())


def line(coordinates: Sequence[float], image: Dataset) -> Dataset:
    """Return a line on an image: (column, row) of both ends, from the image's outer corner."""
    item = _item(Relation.INFERRED, "SCOORD")
    item.GraphicType = "POLYLINE"
    item.GraphicData = list(coordinates)
    return _with(item, (image,))


def line_in_patient(coordinates: Sequence[float], frame_of_reference_uid: str) -> Dataset:
    """Return a line in the patient: (x, y, z) of both ends, mm LPS."""
    item = _item(Relation.INFERRED, "SCOORD3D")
    item.GraphicType = "POLYLINE"
    item.GraphicData = list(coordinates)
    item.ReferencedFrameOfReferenceUID = frame_of_reference_uid
    return item


def image(
    relation: Relation, sop_class_uid: str, sop_instance_uid: str, frame: int | None = None
) -> Dataset:
    """Return a reference to an image; ``frame`` counts from 1 and is told of multi-frame only."""
    reference = Dataset()
    reference.ReferencedSOPClassUID = sop_class_uid
    reference.ReferencedSOPInstanceUID = sop_instance_uid
    if frame is not None:
        reference.ReferencedFrameNumber = frame
    item = _item(relation, "IMAGE")
    item.ReferencedSOPSequence = [reference]
    return item


def _item(relation: str, value_type: str, name: Concept | None = None) -> Dataset:
    item = Dataset()
    if relation:
        item.RelationshipType = str(relation)
    item.ValueType = value_type
    if name is not None:
        item.ConceptNameCodeSequence = [coded(name)]
    return item


def _with(item: Dataset, children: Sequence[Dataset]) -> Dataset:
    if children:
        item.ContentSequence = list(children)
    return item
