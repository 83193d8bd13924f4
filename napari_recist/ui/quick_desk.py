"""Scratch calipers of the quick look: kept in memory, part of no trial and of no record."""

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from napari_recist.criteria import CriteriaSettings, Lesion, Role
from napari_recist.imaging import Volume
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexLine

PRECISION = CriteriaSettings().precision_tenths


@dataclass(frozen=True, slots=True)
class ScratchMeasurement:
    """One scratch caliper in words: name, long and short axis in mm ("" while none), slice."""

    name: str
    long_mm: str
    short_mm: str
    slice: int


class QuickDesk:
    """The desk of the quick look, as the caliper tool needs one.

    Parameters
    ----------
    volume : Volume
        What is measured.
    say : callable
        Shows a hint in one line.
    """

    changed = Signal()

    def __init__(self, volume: Volume, say: Callable[[str], None]) -> None:
        self.volume, self._say = volume, say
        self._states: list[tuple[DrawnCaliper, ...]] = [()]
        self._given = 0

    @property
    def calipers(self) -> tuple[DrawnCaliper, ...]:
        """The calipers drawn so far."""
        return self._states[-1]

    def lesion_in_hand(self) -> Lesion | None:
        """Return a new scratch lesion, or say why this series cannot be measured."""
        if self.volume.geometry is None:
            self._say(f"This series gives no millimetres: {self.volume.passport.summary}")
            return None
        return Lesion(f"M{self._given + 1}", Role.TARGET)

    def open_calipers(self) -> tuple[DrawnCaliper, ...]:
        """Return all calipers: scratch is never locked."""
        return self.calipers

    def same_lesion(self, _drawn: Lesion, in_hand: Lesion) -> bool:
        """Let a new line across any lone caliper complete it."""
        return in_hand.identifier == f"M{self._given + 1}"

    def commit(
        self,
        lesion: Lesion,
        long_axis: IndexLine,
        short_axis: IndexLine | None,
        _replaces: DrawnCaliper | None,
    ) -> None:
        """Keep a caliper, in the place of an earlier one of the same name."""
        if lesion.identifier == f"M{self._given + 1}":
            self._given += 1
        others = [one for one in self.calipers if one.lesion.identifier != lesion.identifier]
        words = self._words(lesion, long_axis, short_axis)
        value = f"{words.long_mm} x {words.short_mm}" if words.short_mm else words.long_mm
        drawn = DrawnCaliper(lesion, long_axis, short_axis, value)
        order = sorted([*others, drawn], key=lambda one: int(one.lesion.identifier[1:]))
        self._keep(tuple(order))

    def remove(self, name: str) -> None:
        """Take a caliper away."""
        self._keep(tuple(one for one in self.calipers if one.lesion.identifier != name))

    def undo(self) -> None:
        """Go back one step."""
        if len(self._states) > 1:
            self._states.pop()
            self.changed.emit()

    def measurements(self) -> tuple[ScratchMeasurement, ...]:
        """Return the calipers in words."""
        return tuple(
            self._words(one.lesion, one.long_axis, one.short_axis) for one in self.calipers
        )

    def _keep(self, calipers: tuple[DrawnCaliper, ...]) -> None:
        self._states.append(calipers)
        self.changed.emit()

    def _words(
        self, lesion: Lesion, long_axis: IndexLine, short_axis: IndexLine | None
    ) -> ScratchMeasurement:
        geometry = self.volume.geometry
        if geometry is None:
            return ScratchMeasurement(lesion.identifier, "", "", 0)
        lines = CaliperLines(geometry, long_axis, short_axis)
        return ScratchMeasurement(
            lesion.identifier,
            lines.reported(PRECISION, node=False),
            lines.reported(PRECISION, node=True),
            round(long_axis[0][0]),
        )
