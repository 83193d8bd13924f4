"""Files that leave as a trial's: its coded images, and reports and segmentations of these alone."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydicom import dcmread

from napari_recist.imaging.pacs import Outgoing, Refused
from napari_recist.trial import Action, Trial

_TELLS_OF_IMAGES = ("1.2.840.10008.5.1.4.1.1.88.", "1.2.840.10008.5.1.4.1.1.66.4")
"""SOP classes that hold no image themselves: structured reports, segmentations."""

_EVIDENCE = ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
"""Where a structured report names the images it tells of (PS3.3, C.17.2)."""


def of_trial(
    trial: Trial, files: Sequence[Outgoing]
) -> tuple[tuple[Outgoing, ...], tuple[Refused, ...]]:
    """Return the files that are the trial's, and why the others may not leave as such.

    An image is the trial's if its series is registered; a structured report or a segmentation, if
    it names series and all of them are.

    Raises
    ------
    AccessRefusedError
        If whoever acts may neither import images nor export.
    """
    if not trial.may(Action.IMPORT_IMAGES):
        trial.require(Action.EXPORT)
    registered = {
        entry.series_uid
        for subject in trial.subjects()
        for visit in trial.visits(subject)
        for entry in visit.series
    }
    leaving, refused = [], []
    for one in files:
        if _stands_for(one) <= registered:
            leaving.append(one)
        else:
            refused.append(Refused(one.file, "it is not of this trial's coded images"))
    return tuple(leaving), tuple(refused)


def _stands_for(one: Outgoing) -> set[str]:
    """Return the series whose registration lets a file leave: its own, or those it tells of."""
    if one.instance.sop_class.startswith(_TELLS_OF_IMAGES):
        named = set(_referenced(dcmread(one.file, stop_before_pixels=True)))
        if named:
            return named
    return {one.instance.series_uid}


def _referenced(dataset: Any) -> Iterator[str]:
    for keyword in _EVIDENCE:
        for study in dataset.get(keyword) or ():
            yield from _referenced(study)
    for series in dataset.get("ReferencedSeriesSequence") or ():
        yield str(series.SeriesInstanceUID)
