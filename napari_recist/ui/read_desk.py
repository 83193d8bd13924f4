"""The calipers and places that the record of a read holds, as panes show them; nothing is drawn."""

from collections.abc import Callable, Iterator
from typing import Any

from napari_recist.criteria import Lesion, Observation, Status, show
from napari_recist.errors import ImageError
from napari_recist.imaging import Geometry, Volume
from napari_recist.imaging.geometry import FloatArray
from napari_recist.reading.place_facts import place_index
from napari_recist.reading.view import ReadingView
from napari_recist.ui.caliper_words import source_of
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexPoint
from napari_recist.ui.lesion_words import value_text
from napari_recist.ui.place_marks import PlaceMark


class ReadDesk:
    """What a pane shows of a read, whoever reads it; ``chosen`` is the lesion chosen.

    Parameters
    ----------
    view : ReadingView
        The read.
    of_read : str
        The letter of one of two reads side by side, "" for a read alone.
    """

    def __init__(self, view: ReadingView, of_read: str = "") -> None:
        self.session = view
        self.of_read = of_read
        self.chosen = ""

    def marks(self, visit: str) -> list[PlaceMark]:
        """Return the places of a visit as a pane shows them; a caliper shows its lesion's place."""
        if not visit:
            return []
        return self._marks(visit, lambda lesion: self._index(visit, lesion))

    def marks_in(self, visit: str, volume: Volume) -> list[PlaceMark]:
        """Return the places of a visit as they lie in another volume of the same space."""
        places = self.session.read.places
        return self._marks(
            visit,
            lambda lesion: (
                place_index(places[visit, lesion], volume) if (visit, lesion) in places else None
            ),
        )

    def _marks(self, visit: str, index_of: Callable[[str], IndexPoint | None]) -> list[PlaceMark]:
        said = self.session.read.observation
        return [
            PlaceMark(lesion, index, lesion.identifier == self.chosen, self.of_read)
            for lesion in self.session.read.lesions
            if not ((seen := said(visit, lesion.identifier)) and any(seen.calipers))
            and (index := index_of(lesion.identifier)) is not None
        ]

    def _index(self, visit: str, lesion: str) -> IndexPoint | None:
        try:
            return self.session.place_index(visit, lesion)
        except ImageError:  # said when the visit was opened, and on the pane ever since
            return None

    def drawn(self, visit: str) -> list[DrawnCaliper]:
        """Return the calipers of a visit as a pane shows them."""
        volume = self._volume(visit) if visit else None
        if volume is None or volume.geometry is None:
            return []
        return [
            self._drawn(visit, lesion, said, place, volume)
            for lesion, said in self._said(visit)
            for place in self.session.caliper_index(visit, lesion.identifier)
        ]

    def drawn_in(self, visit: str, volume: Volume) -> list[DrawnCaliper]:
        """Return the calipers of a visit as they lie in another volume of the same space."""
        if volume.geometry is None:
            return []
        return [
            self._drawn(visit, lesion, said, place, volume)
            for lesion, said in self._said(visit)
            for place in self.session.calipers_in(visit, lesion.identifier, volume.geometry)
        ]

    def _drawn(
        self, visit: str, lesion: Lesion, said: Observation, place: Any, volume: Volume
    ) -> DrawnCaliper:
        caliper, long_axis, short_axis = place
        piece = said.calipers.index(caliper)
        value = show(said.diameters[piece])
        return DrawnCaliper(
            lesion,
            long_axis,
            short_axis,
            value_text(lesion, value),
            locked=self._closed(visit),
            chosen=lesion.identifier == self.chosen,
            fragment=piece + 1 if said.status is Status.SPLIT else 0,
            source=source_of(lesion, caliper, value, volume, round(long_axis[0][0])),
            of_read=self.of_read,
        )

    def _closed(self, _visit: str) -> bool:
        """Tell whether nothing of a visit can be changed: nothing ever can, by looking."""
        return True

    def _said(self, visit: str) -> Iterator[tuple[Lesion, Observation]]:
        for lesion in self.session.read.lesions:
            said = self.session.read.observation(visit, lesion.identifier)
            if said is not None:
                yield lesion, said

    def _volume(self, visit: str) -> Volume | None:
        try:
            return self.session.shown_volume(visit)
        except ImageError:  # said when the visit was opened, and on the pane ever since
            return None

    def _geometry(self, visit: str) -> Geometry | None:
        volume = self._volume(visit)
        return volume.geometry if volume else None

    def place_of(self, lesion: str, visit: str) -> IndexPoint | None:
        """Return where a lesion lies at a visit: the middle of its caliper, or where it was marked.

        An index of the visit's volume; ``None`` where neither is known.
        """
        for caliper in self.drawn(visit):
            if caliper.lesion.identifier == lesion:
                return caliper.middle
        return self._index(visit, lesion) if visit else None

    def point_of(self, lesion: str, visit: str) -> FloatArray | None:
        """Return where a lesion lies at a visit in the patient, mm LPS."""
        place, geometry = self.place_of(lesion, visit), self._geometry(visit) if visit else None
        return None if place is None or geometry is None else geometry.to_patient(place)

    def names(self) -> list[str]:
        """Return the names of the lesions in the order of the list."""
        return [lesion.identifier for lesion in self.session.read.lesions]

    def neighbour(self, step: int) -> str:
        """Return the lesion after (1) or before (-1) the chosen one in the list."""
        names = self.names()
        if not names:
            return ""
        if self.chosen not in names:
            return names[0]
        return names[(names.index(self.chosen) + step) % len(names)]
