"""What exactly a signature binds: one visit of a read, as replayed and as judged."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields

from napari_recist.criteria import Assessment, Observation, Read, SignedFigures, VisitAssessment
from napari_recist.trial.record.fact_codec import canonical


def signed_content(read: Read, assessment: VisitAssessment) -> str:
    """Return the canonical JSON of the read up to a visit, with the judgement of that visit.

    Visits, lesions and observations later than the visit do not enter, so the content of a
    signature can be made again from the record at any time.
    """
    date = read.visit(assessment.visit).date
    visits = tuple(visit for visit in read.visits if visit.date <= date)
    labels = {visit.identifier for visit in visits}
    content = {
        "subject": read.subject,
        "reader": read.reader,
        "visits": [(visit.identifier, visit.date) for visit in visits],
        "lesions": [
            (lesion, read.added_at[lesion.identifier])
            for lesion in read.lesions
            if read.added_at[lesion.identifier] in labels
        ],
        "observations": _said(read.observations, labels),
        "viable": _said(read.viable, labels),
        "assessment": assessment,
    }
    # These came later: what was signed without them is written as it was then.
    later = {
        "places": [
            (at, lesion, place)
            for (at, lesion), place in sorted(read.places.items())
            if at in labels
        ],
        "overridden": [answer for answer in read.overridden if answer.visit in labels],
    }
    return canonical(content | {name: said for name, said in later.items() if said})


def _said(
    observations: Mapping[tuple[str, str], Observation], labels: set[str]
) -> list[tuple[str, str, Observation]]:
    return [
        (visit, lesion, observations[visit, lesion])
        for visit, lesion in sorted(observations)
        if visit in labels
    ]


def content_hash(read: Read, assessment: VisitAssessment) -> str:
    """Return the SHA-256 of :func:`signed_content`."""
    return hashlib.sha256(signed_content(read, assessment).encode()).hexdigest()


def signed_figures(assessment: VisitAssessment) -> SignedFigures:
    """Return the figures of a visit that stand in the record beside its signature."""
    return SignedFigures(
        **{field.name: getattr(assessment, field.name) for field in fields(SignedFigures)}
    )


def read_hash(read: Read, assessment: Assessment) -> str:
    """Return the SHA-256 of a whole read as judged: of its last visit, which holds all before."""
    return content_hash(read, assessment.visit(read.visits[-1].identifier))


def closed_part(read: Read) -> str:
    """Return what is said of the signed visits of a read, as canonical JSON: "" where none is."""
    signed = tuple(visit for visit in read.visits if visit.signed)
    labels = {visit.identifier for visit in signed}
    if not signed:
        return ""
    return canonical(
        {
            "visits": [(visit.identifier, visit.date, visit.signed) for visit in signed],
            "lesions": [
                lesion for lesion in read.lesions if read.added_at[lesion.identifier] in labels
            ],
            "observations": _said(read.observations, labels),
            "viable": _said(read.viable, labels),
            "places": [place for place in sorted(read.places.items()) if place[0][0] in labels],
            "argued": [fact for visit, fact in sorted(read.argued.items()) if visit in labels],
            "chosen": [fact for visit, fact in sorted(read.chosen.items()) if visit in labels],
            "overridden": [answer for answer in read.overridden if answer.visit in labels],
        }
    )
