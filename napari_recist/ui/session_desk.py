"""Between the panes and the session: which lesion is chosen, and the calipers the record holds."""

from collections.abc import Callable

import numpy as np

from napari_recist.criteria import Lesion, Role
from napari_recist.reading import ReadingSession
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexLine, IndexPoint
from napari_recist.ui.lesion_words import cell_text


class SessionDesk:
    """The desk of a reading session, as the caliper tool needs one.

    Parameters
    ----------
    session : ReadingSession
        Where calipers are recorded.
    say : callable
        Shows the reader a hint in one line.
    zoom : callable
        Returns the pane's screen pixels per mm, recorded with a caliper.
    guard : callable
        Runs a command and shows its refusal in words.
    """

    def __init__(
        self,
        session: ReadingSession,
        say: Callable[[str], None],
        zoom: Callable[[], float],
        guard: Callable[[Callable[[], object]], bool],
    ) -> None:
        self.session = session
        self.chosen = ""
        self._say, self._zoom, self._guard = say, zoom, guard

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
            self._say(f"{self.session.visit} is signed: nothing can be drawn on it.")
        elif self.session.volume(self.session.visit).geometry is None:
            self._say("This series gives no millimetres: it can be looked at, not measured.")
        elif lesion is None:
            self._say("Choose a target in the list, or add one, then draw.")
        elif lesion.role is not Role.TARGET:
            self._say(f"{lesion.identifier} is not a target: say below the list what became of it.")
        else:
            return lesion
        return None

    def open_calipers(self) -> list[DrawnCaliper]:
        """Return the calipers of the current visit while it is not signed."""
        return [] if self.session.locked else self.drawn(self.session.visit)

    def same_lesion(self, drawn: Lesion, in_hand: Lesion) -> bool:
        """Tell whether both are one lesion: a line never completes another's caliper."""
        return drawn.identifier == in_hand.identifier

    def commit(self, lesion: Lesion, long_axis: IndexLine, short_axis: IndexLine | None) -> None:
        """Record a caliper at the current visit."""
        name = lesion.identifier
        self.chosen = name
        self._guard(lambda: self.session.draw_caliper(name, long_axis, short_axis, self._zoom()))

    def drawn(self, visit: str) -> list[DrawnCaliper]:
        """Return the calipers of a visit as a pane shows them."""
        if not visit:
            return []
        locked = visit != self.session.visit or self.session.locked
        return [
            DrawnCaliper(
                lesion,
                long_axis,
                short_axis,
                cell_text(lesion, self.session.read.observation(visit, lesion.identifier)),
                locked=locked,
                chosen=lesion.identifier == self.chosen,
            )
            for lesion in self.session.read.lesions
            for _, long_axis, short_axis in self.session.caliper_index(visit, lesion.identifier)
        ]

    def place_of(self, lesion: str, visit: str) -> IndexPoint | None:
        """Return the middle of a lesion's caliper at a visit as an index of its volume."""
        for caliper in self.drawn(visit):
            if caliper.lesion.identifier == lesion:
                middle = np.mean(np.array(caliper.long_axis), axis=0)
                return (float(caliper.slice), float(middle[1]), float(middle[2]))
        return None

    def neighbour(self, step: int) -> str:
        """Return the lesion after (1) or before (-1) the chosen one in the list."""
        names = [lesion.identifier for lesion in self.session.read.lesions]
        if not names:
            return ""
        if self.chosen not in names:
            return names[0]
        return names[(names.index(self.chosen) + step) % len(names)]

    def first_due(self) -> str:
        """Return the first lesion of which something must still be said, else the first of all."""
        names = [lesion.identifier for lesion in self.session.read.lesions]
        due = self.due()
        return next((name for name in names if name in due), names[0] if names else "")

    def due(self) -> frozenset[str]:
        """Return the lesions of which something must still be said at the current visit."""
        # Each sentence begins with the name of the lesion it is about.
        named = {gap.split()[0].rstrip(":") for gap in self.session.unfinished()}
        listed = (lesion.identifier for lesion in self.session.read.lesions)
        return frozenset(name for name in listed if name in named)
