"""What the caliper tool holds: the caliper in hand, the one offered, the one opened, and no more.

Nothing here is a record. What is drawn goes to the desk, and what is then shown is what the record
says; a recorded caliper is locked until it is opened.
"""

from collections.abc import Iterable
from dataclasses import replace

from psygnal import Signal

from napari_recist.ui import caliper_words as words
from napari_recist.ui.caliper_desk import CaliperDesk
from napari_recist.ui.caliper_drag import CaliperDrag
from napari_recist.ui.caliper_hand import CaliperInHand, Grip, OpenedCaliper, Part
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexPoint
from napari_recist.ui.pane_view import PaneView

ENOUGH_PIXELS_PER_MM = 2.0
"""Below this a screen pixel is half a millimetre or more: too coarse to place an end."""
MEASURING_PX_PER_MM = 4.0
"""A pane that is too coarse zooms in so far: a screen pixel is then a quarter of a millimetre."""


class CaliperState:
    """The calipers in the hand of the tool of one pane.

    Parameters
    ----------
    pane : PaneView
        The pane drawn on.
    desk : CaliperDesk
        Where lines go.

    Notes
    -----
    ``hand`` is what is drawn and not recorded, ``offer`` what a click would add, ``opened`` which
    recorded caliper may be changed.
    """

    changed = Signal()
    """What is in hand, offered, opened or held is another now."""

    def __init__(self, pane: PaneView, desk: CaliperDesk) -> None:
        self.pane, self.desk = pane, desk
        self.on = True
        self.hand: CaliperInHand | None = None
        self.offer: CaliperInHand | None = None
        self.opened: OpenedCaliper | None = None
        self._calipers: tuple[DrawnCaliper, ...] = ()
        self._drag: CaliperDrag | None = None
        self._geometry = pane.frame.geometry if pane.frame else None
        pane.slice_changed.connect(self._stay_on_slice)
        pane.volume_changed.connect(self._on_volume)

    @property
    def open_caliper(self) -> DrawnCaliper | None:
        """The recorded caliper that may be changed now."""
        key = self.opened.key if self.opened else None
        return next((one for one in self._calipers if one.key == key), None)

    @property
    def magnified(self) -> IndexPoint | None:
        """The end that moves or is held: the loupe shows it."""
        if self.hand is not None:
            return _end(self.hand.grip, self.hand.lines)
        caliper = self.open_caliper
        if self.opened is None or caliper is None or caliper.slice != self.pane.slice:
            return None
        return _end(self.opened.grip, self.lines_of(caliper))

    def picture(self, standing: Iterable[DrawnCaliper]) -> list[DrawnCaliper]:
        """Return recorded calipers with what is opened, offered and in hand marked among them."""
        hand = self.hand
        replaced = hand.replaces.key if hand and hand.replaces else None
        shown = [self._marked(one) for one in standing if one.key != replaced]
        if hand is not None:
            drawn = DrawnCaliper(
                hand.lesion,
                hand.lines.long_axis,
                hand.lines.short_axis,
                self.desk.value_of(self.offer or hand),
                in_hand=True,
                fragment=hand.replaces.fragment if hand.replaces else 0,
                offered=self.offer.lines.short_axis if self.offer else None,
            )
            shown.append(drawn)
        return shown

    def follow_record(self) -> None:
        """Take what the record holds now; a drag over what has changed is dropped."""
        self.interrupt()
        self._calipers = tuple(self.desk.open_calipers())
        if self.open_caliper is None:
            self.opened = None
            self.make_offer(None)

    def interrupt(self) -> None:
        """Drop a drag that cannot go on: the mouse was lost, or the record has moved."""
        if self._drag is not None:
            before, self._drag = self._drag.before, None
            self.hold(before)
            self.desk.say(words.DROPPED)

    def let_go(self) -> None:
        """Drop everything in hand and close what is open."""
        self._drag = self.opened = self.offer = self.hand = None
        self.changed.emit()

    def leave_for(self, lesion: str) -> None:
        """Let go of the calipers of other lesions."""
        held = self.hand.lesion.identifier if self.hand else lesion
        opened = self.opened.key[0] if self.opened else lesion
        if held != lesion or opened != lesion:
            self.let_go()

    def cancel(self) -> bool:
        """Drop the drag, else the caliper in hand, else close the open one; ``False`` if none."""
        if self._drag is not None:
            self.interrupt()
        elif self.hand is not None or self.opened is not None:
            self.let_go()
            self.desk.say("")
        else:
            return False
        return True

    def open(self, caliper: DrawnCaliper, held: Grip | None = None) -> None:
        """Open a recorded caliper on purpose: it may be changed, or drawn anew."""
        self.opened = OpenedCaliper(caliper.key, anew=True, grip=held)
        self.desk.take_up(caliper)
        self.desk.say((words.PROPOSED if caliper.proposal else words.OPEN).format(caliper.name))
        self.changed.emit()

    def lines_of(self, caliper: DrawnCaliper) -> CaliperLines:
        """Return the lines of a recorded caliper on the volume shown."""
        if self._geometry is None:
            raise AssertionError("without a geometry there are no calipers")
        return CaliperLines(self._geometry, caliper.long_axis, caliper.short_axis)

    def record(self, hand: CaliperInHand, pixels_per_mm: float, *, held: bool = False) -> None:
        """Have a caliper recorded; it stays open, and its grip held, until the reader goes on."""
        ordered, opened = hand.ordered(), self.opened
        self.offer = None
        self.hold(None)
        key = self.desk.commit(ordered, pixels_per_mm)
        if key is None:
            return
        self._calipers = tuple(self.desk.open_calipers())
        kept = opened if opened is not None and opened.key == key else OpenedCaliper(key)
        self.opened = replace(kept, grip=ordered.grip if held else None)
        self.changed.emit()
        lone = ordered.lines.short_axis is None
        self.desk.say(words.SHORT_AXIS_OFFERED.format(ordered.lesion.identifier) if lone else "")

    def fine_enough(self, pixels_per_mm: float, place: IndexPoint) -> bool:
        """Tell whether a screen pixel is fine enough to place an end; zoom in where it is not."""
        if pixels_per_mm >= ENOUGH_PIXELS_PER_MM:
            return True
        about = self.pane.world_of(place)
        self.pane.zoom_by(MEASURING_PX_PER_MM / self.pane.pixels_per_mm, about)
        self.desk.say(words.TOO_COARSE.format(MEASURING_PX_PER_MM, 1 / pixels_per_mm))
        return False

    def short_axis_due(self) -> CaliperInHand | None:
        """Return the caliper whose short axis may be placed on the slice shown."""
        caliper, due = self.open_caliper, self.hand if self.hand and self.hand.waits else None
        if due is None and caliper is not None and caliper.short_axis is None:
            due = CaliperInHand(caliper.lesion, self.lines_of(caliper), replaces=caliper)
        return due if due is not None and due.lines.slice == self.pane.slice else None

    def hold(self, hand: CaliperInHand | None) -> None:
        """Take a caliper in hand, or none."""
        if hand != self.hand:
            self.hand = hand
            self.changed.emit()

    def make_offer(self, offer: CaliperInHand | None) -> None:
        """Offer a caliper with the short axis that a click would add, or none."""
        if offer != self.offer:
            self.offer = offer
            self.changed.emit()

    def _marked(self, caliper: DrawnCaliper) -> DrawnCaliper:
        if self.opened is None or caliper.key != self.opened.key or caliper.locked:
            return caliper
        grip, offer = self.opened.grip, self.offer
        return replace(
            caliper,
            opened=True,
            held=grip.place(self.lines_of(caliper)) if grip else None,
            offered=offer.lines.short_axis if offer else None,
            value=self.desk.value_of(offer) if offer else caliper.value,
        )

    def _stay_on_slice(self) -> None:
        """Keep to the slice while the button is down: both ends are placed on what is seen."""
        if self._drag is not None and self.pane.slice != self._drag.start[0]:
            self.pane.go_to(round(self._drag.start[0]))

    def _on_volume(self) -> None:
        """Let go of what was drawn on another volume."""
        geometry = self.pane.frame.geometry if self.pane.frame else None
        if geometry is not self._geometry:
            self.interrupt()
            self._geometry = geometry
            self.let_go()


def _end(grip: Grip | None, lines: CaliperLines) -> IndexPoint | None:
    return None if grip is None or grip.part is Part.WHOLE else grip.place(lines)
