"""Between the panes and the session: which lesion is chosen, and the calipers the record holds."""

from collections.abc import Callable, Iterator
from typing import Any

from psygnal import Signal

from napari_recist.criteria import Lesion, Observation, Role, Status, show
from napari_recist.errors import ImageError
from napari_recist.imaging import Geometry
from napari_recist.imaging.geometry import FloatArray
from napari_recist.reading import ReadingSession
from napari_recist.reading.worklist import next_due
from napari_recist.translation import _
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.caliper_state import MEASURING_PX_PER_MM
from napari_recist.ui.caliper_words import hand_value, source_of
from napari_recist.ui.drawn_caliper import CaliperKey, DrawnCaliper, IndexPoint
from napari_recist.ui.lesion_words import value_text
from napari_recist.ui.place_marks import PlaceMark


class SessionDesk:
    """The desk of a reading session, as the caliper tool needs one.

    Parameters
    ----------
    session : ReadingSession
        Where calipers are recorded.
    say : callable
        Shows the reader a hint in one line.
    guard : callable
        Runs a command and shows its refusal in words.

    Notes
    -----
    ``measuring_zoom`` is the zoom at which the reader measured last, in screen pixels per mm:
    going to a lesion zooms in at least so far, also at another visit.
    """

    measured = Signal(str)
    """A caliper of this lesion was recorded."""
    taken_up = Signal()
    """Another lesion is chosen, because its caliper was opened."""

    placed = Signal(str)
    """The place of this lesion was recorded."""

    def __init__(
        self,
        session: ReadingSession,
        say: Callable[[str], None],
        guard: Callable[[Callable[[], object]], bool],
    ) -> None:
        self.session = session
        self.chosen = ""
        self.splitting = False
        self.measuring_zoom = MEASURING_PX_PER_MM
        self._say, self._guard = say, guard

    @property
    def lesion(self) -> Lesion | None:
        """The chosen lesion; ``None`` while there is none."""
        for lesion in self.session.read.lesions:
            if lesion.identifier == self.chosen:
                return lesion
        return None

    def lesion_in_hand(self) -> Lesion | None:
        """Return the target that the next line measures, or say why there is none."""
        lesion = self.lesion
        if self.session.locked:
            self._say(_("{visit} is signed: nothing can be drawn on it.", visit=self.session.visit))
        elif self._geometry(self.session.visit) is None:
            self._say(_("Here are no millimetres: the series can be looked at, not measured."))
        elif refused := "".join(self.session.why_not_measured()[:1]):
            self._say(refused)
        elif lesion is None:
            self._say(_("Choose a target in the list, or add one, then draw."))
        elif lesion.role is not Role.TARGET:
            self._say(
                _(
                    "{lesion} is not measured: a click marks where it lies.",
                    lesion=lesion.identifier,
                )
            )
        else:
            return lesion
        return None

    def lesion_to_place(self, *, any_role: bool) -> str:
        """Return the lesion whose place a click marks: not a target, unless asked for any."""
        lesion = self.lesion
        if lesion is None or self.session.locked:
            return ""
        return lesion.identifier if any_role or lesion.role is not Role.TARGET else ""

    def locate(self, lesion: str, place: IndexPoint) -> None:
        """Record where a lesion lies at the current visit."""
        if self._guard(lambda: self.session.locate_lesion(lesion, place)):
            self._say(_("{lesion} lies here.", lesion=lesion))
            self.placed.emit(lesion)

    def marks(self, visit: str) -> list[PlaceMark]:
        """Return the places of a visit as a pane shows them; a caliper shows its lesion's place."""
        if not visit:
            return []
        said = self.session.read.observation
        return [
            PlaceMark(lesion, index, chosen=lesion.identifier == self.chosen)
            for lesion in self.session.read.lesions
            if not ((seen := said(visit, lesion.identifier)) and any(seen.calipers))
            and (index := self._index(visit, lesion.identifier)) is not None
        ]

    def _index(self, visit: str, lesion: str) -> IndexPoint | None:
        try:
            return self.session.place_index(visit, lesion)
        except ImageError:  # said when the visit was opened, and on the pane ever since
            return None

    def say(self, message: str) -> None:
        """Show the reader a hint."""
        self._say(message)

    def draws_anew(self, lesion: Lesion) -> bool:
        """Tell whether a lesion has no caliper yet at the current visit, or one more fragment."""
        return self.splitting or not self._calipers_of(lesion.identifier)

    def caliper_to_open(self) -> DrawnCaliper | None:
        """Return the chosen lesion's caliper at the current visit, its first where it is split."""
        return next(iter(self._calipers_of(self.chosen)), None)

    def _calipers_of(self, lesion: str) -> list[DrawnCaliper]:
        return [one for one in self.open_calipers() if one.lesion.identifier == lesion]

    def take_up(self, caliper: DrawnCaliper) -> None:
        """Choose the lesion whose caliper was opened."""
        if caliper.lesion.identifier != self.chosen:
            self.chosen, self.splitting = caliper.lesion.identifier, False
            self.taken_up.emit()

    def open_calipers(self) -> list[DrawnCaliper]:
        """Return the calipers of the current visit while it is not signed."""
        shown = self.drawn(self.session.visit)
        return [caliper for caliper in shown if not caliper.locked]

    def value_of(self, hand: CaliperInHand) -> str:
        """Return the value that would be reported, and beside it the short axis of a lesion."""
        return hand_value(hand, self.session.charter.criteria.precision_tenths)

    def commit(self, hand: CaliperInHand, pixels_per_mm: float) -> CaliperKey | None:
        """Record a caliper at the current visit."""
        name = self.chosen = hand.lesion.identifier
        fragment = hand.replaces.fragment if hand.replaces else self._next_fragment(name)
        lines = hand.lines
        drawn = self._guard(
            lambda: self.session.draw_caliper(
                name, lines.long_axis, lines.short_axis, pixels_per_mm, fragment
            )
        )
        if not drawn:
            return None
        self.measuring_zoom = pixels_per_mm
        self.measured.emit(name)
        return name, fragment

    def _next_fragment(self, lesion: str) -> int:
        """Return the number of the fragment a new line measures; 0 for a whole lesion."""
        if not self.splitting:
            return 0
        said = self.session.read.observation(self.session.visit, lesion)
        pieces = len(said.diameters) if said and said.status is Status.SPLIT else 0
        return pieces + 1

    def drawn(self, visit: str) -> list[DrawnCaliper]:
        """Return the calipers of a visit as a pane shows them."""
        if not visit or self._geometry(visit) is None:
            return []
        return [
            self._drawn(visit, lesion, said, place)
            for lesion, said in self._said(visit)
            for place in self.session.caliper_index(visit, lesion.identifier)
        ]

    def _drawn(self, visit: str, lesion: Lesion, said: Observation, place: Any) -> DrawnCaliper:
        caliper, long_axis, short_axis = place
        piece = said.calipers.index(caliper)
        value = show(said.diameters[piece])
        volume, slice_index = self.session.shown_volume(visit), round(long_axis[0][0])
        source = source_of(lesion, caliper, value, volume, slice_index) if volume else ()
        return DrawnCaliper(
            lesion,
            long_axis,
            short_axis,
            value_text(lesion, value),
            locked=self._closed(visit),
            chosen=lesion.identifier == self.chosen,
            fragment=piece + 1 if said.status is Status.SPLIT else 0,
            source=source,
        )

    def _closed(self, visit: str) -> bool:
        """Tell whether nothing of a visit can be changed: signed, prior, or another phase shown."""
        session = self.session
        shown_to_look_at = session.series_shown(visit) != session.series_read(visit)
        return visit != session.visit or session.locked or shown_to_look_at

    def _said(self, visit: str) -> Iterator[tuple[Lesion, Observation]]:
        for lesion in self.session.read.lesions:
            said = self.session.read.observation(visit, lesion.identifier)
            if said is not None:
                yield lesion, said

    def _geometry(self, visit: str) -> Geometry | None:
        try:
            volume = self.session.shown_volume(visit)
        except ImageError:  # said when the visit was opened, and on the pane ever since
            return None
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

    def last_point_of(self, lesion: str) -> FloatArray | None:
        """Return where a lesion lay at the latest earlier visit that tells, its mm (LPS)."""
        labels = [visit.visit for visit in self.session.visits]
        before = labels[: labels.index(self.session.visit)]
        points = (self.point_of(lesion, visit) for visit in reversed(before))
        return next((point for point in points if point is not None), None)

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

    def first_due(self) -> str:
        """Return the first lesion of which something must still be said, else the first of all."""
        names = self.names()
        return next_due(self.session.read, self.session.tasks(), "") or (names or [""])[0]

    def due_after(self, lesion: str) -> str:
        """Return the next lesion of which something must still be said, "" where none is."""
        return next_due(self.session.read, self.session.tasks(), lesion)

    def due(self) -> frozenset[str]:
        """Return the lesions of which something must still be said at the current visit."""
        return frozenset(task.lesion for task in self.session.tasks())
