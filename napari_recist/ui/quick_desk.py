"""Scratch calipers of the quick look: kept in memory, part of no trial and of no record."""

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from napari_recist.criteria import CriteriaSettings, Lesion, Role
from napari_recist.imaging import Volume
from napari_recist.translation import _
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.caliper_words import both_axes, hand_value, scratch_source
from napari_recist.ui.drawn_caliper import CaliperKey, DrawnCaliper

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
            self._say(
                _(
                    "This series gives no millimetres: {summary}",
                    summary=self.volume.passport.summary,
                )
            )
            return None
        return Lesion(f"M{self._given + 1}", Role.TARGET)

    def say(self, message: str) -> None:
        """Show the user a hint."""
        self._say(message)

    def draws_anew(self, _lesion: Lesion) -> bool:
        """Let every line beside a caliper be one more measurement."""
        return True

    def open_calipers(self) -> tuple[DrawnCaliper, ...]:
        """Return all calipers: no scratch is ever signed."""
        return self.calipers

    def caliper_to_open(self) -> DrawnCaliper | None:
        """Return the caliper drawn last."""
        return self.calipers[-1] if self.calipers else None

    def take_up(self, caliper: DrawnCaliper) -> None:
        """Nothing is chosen in a quick look."""

    def value_of(self, hand: CaliperInHand) -> str:
        """Return the lengths of both axes."""
        return hand_value(hand, PRECISION)

    def commit(self, hand: CaliperInHand, pixels_per_mm: float) -> CaliperKey | None:
        """Keep a caliper, in the place of an earlier one of the same name."""
        lesion, lines = hand.lesion, hand.lines
        if lesion.identifier == f"M{self._given + 1}":
            self._given += 1
        others = [one for one in self.calipers if one.lesion.identifier != lesion.identifier]
        drawn = DrawnCaliper(
            lesion,
            lines.long_axis,
            lines.short_axis,
            both_axes(*_lengths(lines)),
            source=scratch_source(lesion.identifier, lines, self.volume, pixels_per_mm),
        )
        order = sorted([*others, drawn], key=lambda one: int(one.lesion.identifier[1:]))
        self._keep(tuple(order))
        return drawn.key

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
        return tuple(self._words(one) for one in self.calipers)

    def _keep(self, calipers: tuple[DrawnCaliper, ...]) -> None:
        self._states.append(calipers)
        self.changed.emit()

    def _words(self, drawn: DrawnCaliper) -> ScratchMeasurement:
        name, place = drawn.lesion.identifier, drawn.slice
        if self.volume.geometry is None:
            return ScratchMeasurement(name, "", "", place)
        lines = CaliperLines(self.volume.geometry, drawn.long_axis, drawn.short_axis)
        return ScratchMeasurement(name, *_lengths(lines), place)


def _lengths(lines: CaliperLines) -> tuple[str, str]:
    """Return the long and the short axis in mm as text, "" for one that is not there."""
    return lines.reported(PRECISION, node=False), lines.reported(PRECISION, node=True)
