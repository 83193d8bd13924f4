"""Finds the image of a trial that a structured report was drawn on, by its UIDs alone.

A report made on the coded images names them as they are; one made on the originals names what the
trial's key maps onto them. Nothing else of a report tells which patient or visit it is of.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from napari_recist.errors import ImageError
from napari_recist.imaging import Series
from napari_recist.imaging.deidentify import TrialKey
from napari_recist.reading.registered import registered_series
from napari_recist.trial import ScheduledVisit, SeriesEntry


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An acquired slice of the trial: which visit, which series, and its place in the series.

    ``original`` tells that the report named it by the UID it had before it was coded.
    """

    visit: ScheduledVisit
    entry: SeriesEntry
    series: Series
    place: int
    original: bool


class TrialImages:
    """The images of some visits by SOP Instance UID, and their spaces by Frame of Reference UID.

    Parameters
    ----------
    visits : iterable of ScheduledVisit
        The visits that may be looked at. Headers are read once; a series whose files are gone is
        not there.
    key : TrialKey, optional
        Maps original UIDs onto the coded ones.
    """

    def __init__(self, visits: Iterable[ScheduledVisit], key: TrialKey | None = None) -> None:
        self._key = key
        self._slices: defaultdict[str, list[tuple[ScheduledVisit, SeriesEntry, Series, int]]]
        self._slices = defaultdict(list)
        self._spaces: defaultdict[str, list[tuple[ScheduledVisit, SeriesEntry, Series]]]
        self._spaces = defaultdict(list)
        for visit in visits:
            for entry in visit.series:
                self._take(visit, entry)

    def _take(self, visit: ScheduledVisit, entry: SeriesEntry) -> None:
        try:
            series = registered_series(visit, entry)
        except ImageError:
            return
        self._spaces[series.frame_of_reference_uid].append((visit, entry, series))
        for place, image in enumerate(series.slices):
            self._slices[image.sop_instance_uid].append((visit, entry, series, place))

    def coded(self, uid: str) -> str:
        """Return the coded UID of an original one; itself where there is no key."""
        return self._key.uid(uid) if self._key else uid

    def of_instance(self, uid: str) -> list[FoundImage]:
        """Return the slices of an image file: several where it holds several frames."""
        return [
            FoundImage(*found, original=name != uid)
            for name in dict.fromkeys((uid, self.coded(uid)))
            for found in self._slices.get(name, ())
        ]

    def of_space(self, uid: str) -> list[tuple[ScheduledVisit, SeriesEntry, Series, bool]]:
        """Return the series of a frame of reference, and whether its original UID named it."""
        return [
            (*found, name != uid)
            for name in dict.fromkeys((uid, self.coded(uid)))
            for found in self._spaces.get(name, ())
            if name
        ]
