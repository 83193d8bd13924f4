"""What is said about calipers: hints of the tool, and where a measured value came from."""

from napari_recist.criteria import Caliper, Lesion, Provenance
from napari_recist.imaging import Volume
from napari_recist.translation import _, coded
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.caliper_source import caliper_lines, drawn_at, raw_text
from napari_recist.ui.lesion_words import place_text, value_text

OPEN = _("{} is open: pull an end or its middle, or draw it anew. Enter closes it")
PROPOSED = _("{}: Enter accepts, a pulled end corrects, Shift+D dismisses")
TO_OPEN = _(
    "{} is measured here: double-click it or press Shift+M to adjust it, N for the next lesion"
)
SHORT_AXIS_DUE = _("{}: place its short axis by a click, or a drag across (Esc: drop)")
SHORT_AXIS_OFFERED = _("{}: short axis by a click, or a drag across. Enter: none")
TOO_COARSE = _(
    "Zoomed in to {:.0f} px/mm, draw now: a pixel of the screen was {:.1f} mm, too coarse"
)
LEFT_PICTURE = _("The line ended outside the pane: nothing was recorded, draw it again")
DROPPED = _("The drag was interrupted: nothing was recorded, draw it again")
NOTHING_TO_OPEN = _("There is no caliper to open here")


def source_of(
    lesion: Lesion, caliper: Caliper, value: str, volume: Volume, slice_index: int
) -> tuple[str, ...]:
    """Return a caliper's value and what it came from, line by line: the passport of a number."""
    axis = _("short axis") if lesion.node else _("longest diameter")
    place = _(
        "{images}, slice {slice} of {slices}",
        images=_images(volume),
        slice=slice_index + 1,
        slices=volume.series.shape[0],
    )
    if caliper.series_uid != volume.series.series_uid:
        place = _("drawn on another series than the one shown")
    return (
        f"{lesion.identifier}  {place_text(lesion)}",
        _("{axis} {value} mm", axis=axis, value=value),
        place,
        *caliper_lines(caliper),
    )


def hand_value(hand: CaliperInHand, precision: int) -> str:
    """Return what stands beside a caliper in hand: the value that counts, then a short axis."""
    long_mm, short_mm = (hand.lines.reported(precision, node=node) for node in (False, True))
    if hand.lesion.node:
        return value_text(hand.lesion, short_mm) or _("short axis?")
    return both_axes(long_mm, short_mm)


def both_axes(long_mm: str, short_mm: str) -> str:
    """Return the lengths of both axes; of the long one alone while there is no other."""
    return f"{long_mm} x {short_mm}" if short_mm else long_mm


def scratch_source(
    name: str, lines: CaliperLines, volume: Volume, pixels_per_mm: float
) -> tuple[str, ...]:
    """Return the same of a scratch caliper, which is in no record."""
    return (
        _("{name}  scratch measurement, part of no record", name=name),
        raw_text(*lines.raw_mm),
        _(
            "{images}, slice {slice} of {slices}",
            images=_images(volume),
            slice=lines.slice + 1,
            slices=volume.series.shape[0],
        ),
        _("passport: {summary}", summary=volume.passport.summary),
        drawn_at(coded(Provenance.DRAWN), pixels_per_mm),
    )


def _images(volume: Volume) -> str:
    series = volume.series
    words = (
        series.modality,
        series.phase,
        _("series"),
        "" if series.number is None else series.number,
    )
    return " ".join(str(word) for word in words if word != "")
