"""Writes one reader's signed visit as DICOM structured reports (TID 1500), one per study."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydicom.dataset import Dataset

from napari_recist.criteria import Response
from napari_recist.exporting.dicom import concepts
from napari_recist.exporting.dicom.content_items import (
    Relation,
    code,
    container,
    image,
    person,
    text,
    uid,
)
from napari_recist.exporting.dicom.identifiers import DEVICE_UID
from napari_recist.exporting.dicom.measurement_group import measurement_group
from napari_recist.exporting.dicom.report_document import ADJUDICATOR, PROGRAM, report_bytes
from napari_recist.exporting.dicom.signed_visit import LesionPart, SignedVisit
from napari_recist.exporting.dicom.source_images import SourceImage, VisitImages


@dataclass(frozen=True, slots=True)
class OneStudy:
    """What of a visit belongs to one study: the parts with their images, and one image at least.

    ``main`` marks the study that also holds what was said without a caliper, and the responses.
    """

    parts: tuple[tuple[LesionPart, SourceImage | None], ...]
    images: tuple[SourceImage, ...]
    main: bool


def structured_reports(signed: SignedVisit, images: VisitImages) -> Mapping[str, bytes]:
    """Return the reports of a signed visit by file name: one for each study that was measured on.

    Parameters
    ----------
    signed : SignedVisit
        One reader's signed visit.
    images : VisitImages
        The files of the visit.

    Returns
    -------
    mapping of str to bytes
        File name, which tells subject, visit and evaluator, to the DICOM file.

    Raises
    ------
    ExportError
        If an image is missing, or is not the one a caliper was drawn on.
    """
    studies = _studies(signed, images)
    name = f"{signed.subject}_{signed.visit}_{signed.evaluator.replace(' ', '-')}"
    names = [
        f"{name}{f'_{number}' if number > 1 else ''}.dcm" for number, _ in enumerate(studies, 1)
    ]
    return {
        file: report_bytes(signed, study.images, _content(signed, study))
        for file, study in zip(names, studies, strict=True)
    }


def _studies(signed: SignedVisit, images: VisitImages) -> list[OneStudy]:
    """Divide what was said by study, that with the first caliper first."""
    found = [(part, _source(part, images)) for part in signed.parts()]
    drawn = [source for _, source in found if source is not None]
    chosen = signed.read.chosen.get(signed.visit)
    fallback = drawn[0] if drawn else images.first(chosen.series_uid if chosen else "")
    studies = list(dict.fromkeys(source.study_uid for source in (fallback, *drawn)))
    return [
        OneStudy(
            tuple(
                (part, source) for part, source in found if (source or fallback).study_uid == study
            ),
            tuple(
                {
                    source.sop_instance_uid: source
                    for source in (*drawn, *([] if drawn else [fallback]))
                    if source.study_uid == study
                }.values()
            ),
            study == fallback.study_uid,
        )
        for study in studies
    ]


def _source(part: LesionPart, images: VisitImages) -> SourceImage | None:
    caliper = part.caliper
    return images.image(caliper.series_uid, caliper.sop_instance_uid) if caliper else None


def _content(signed: SignedVisit, study: OneStudy) -> Dataset:
    """Return the root of the content tree (TID 1500)."""
    modalities = list(dict.fromkeys(str(one.header.Modality) for one in study.images))
    known = [concepts.MODALITIES[one] for one in modalities if one in concepts.MODALITIES]
    children = [
        code(Relation.MODIFIES, concepts.LANGUAGE, concepts.ENGLISH),
        *_observers(signed),
        *(code(Relation.MODIFIES, concepts.PROCEDURE, procedure) for _, procedure in known),
        container(concepts.IMAGE_LIBRARY, _library(study, modalities)),
        container(
            concepts.MEASUREMENTS,
            [measurement_group(signed, part, source) for part, source in study.parts],
        ),
    ]
    responses = list(_responses(signed)) if study.main else []
    if responses:
        children.append(container(concepts.EVALUATIONS, responses))
    return container(concepts.REPORT, children, "1500", root=True)


def _observers(signed: SignedVisit) -> Iterator[Dataset]:
    """Yield who read, by the code of the role, and the program (TID 1001)."""
    within = Relation.CONTEXT
    adjudicates = signed.evaluator.startswith(ADJUDICATOR)
    role = concepts.ADJUDICATOR if adjudicates else concepts.READER
    yield code(within, concepts.OBSERVER_TYPE, concepts.PERSON)
    yield person(within, concepts.PERSON_NAME, f"{signed.evaluator}^")
    yield code(within, concepts.PERSON_ROLE, role)
    yield code(within, concepts.OBSERVER_TYPE, concepts.DEVICE)
    yield uid(within, concepts.DEVICE_UID, DEVICE_UID)
    yield text(within, concepts.DEVICE_NAME, PROGRAM)


def _library(study: OneStudy, modalities: list[str]) -> Iterator[Dataset]:
    """Yield the images referred to, a group per modality (TID 1600)."""
    for modality in modalities:
        named = concepts.MODALITIES.get(modality)
        about = [code(Relation.ACQUISITION, concepts.MODALITY, named[0])] if named else []
        entries = [
            image(Relation.CONTAINS, one.sop_class_uid, one.sop_instance_uid)
            for one in study.images
            if str(one.header.Modality) == modality
        ]
        yield container(concepts.IMAGE_LIBRARY_GROUP, [*about, *entries])


def _responses(signed: SignedVisit) -> Iterator[Dataset]:
    """Yield the responses of target and non-target lesions that DICOM has a code for."""
    answers: tuple[tuple[Response | None, dict[Response, concepts.Concept]], ...] = (
        (signed.target, concepts.TARGET_RESPONSES),
        (signed.nontarget, concepts.NON_TARGET_RESPONSES),
    )
    for response, coded in answers:
        if response is not None and response in coded:
            yield code(Relation.CONTAINS, concepts.CURRENT_RESPONSE, coded[response])
