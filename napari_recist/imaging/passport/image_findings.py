"""What the facts of the images themselves, beside their place, say about a volume."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from napari_recist.imaging.files.frames import NOT_ORTHOGONAL, Frame, directions_error
from napari_recist.imaging.files.mosaic import MOSAIC
from napari_recist.imaging.files.syntaxes import LOSSY
from napari_recist.imaging.passport.findings import Finding

UNIT_LENGTH = 1e-3
"""Direction cosines further from unit length or a right angle were rounded to two decimals."""

LARGEST_RESCALE = 1e12
"""No unit of any scanner needs more; beyond it float32 loses everything."""

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_LOCALIZER_WORDS = ("LOCALIZER", "LOCALISER", "SCOUT", "SURVEY", "TOPOGRAM", "SURVIEW", "LOC ")
_SCREEN_WORDS = frozenset({"SCREEN SAVE", "SCREEN_SAVE", "SCREENSAVE", "DOSE_INFO", "REPORT"})
_HOUNSFIELD = ("", "HU", "HU_MOD")
"""Rescale Type of CT values that are Hounsfield units; often left out."""

_PROJECTION_WORDS = ("PROJECTION IMAGE", "MIP", "MINIP", "MNIP", "AVERAGE IP")


def place_findings(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Yield what forbids millimetres altogether, or makes directions doubtful."""
    first = frames[0]
    storage = first.instance.storage
    if not first.position:
        yield Finding(
            "no-position",
            f"No Image Position (Patient) in {first.name}: where the image"
            " lies in the patient is unknown.",
        )
    if not first.orientation:
        yield Finding("no-orientation", f"No Image Orientation (Patient) in {first.name}.")
    elif (error := directions_error(first.orientation)) > UNIT_LENGTH:
        code = "bad-orientation" if error > NOT_ORTHOGONAL else "imprecise-orientation"
        yield Finding(
            code,
            f"Image Orientation (Patient) is off by {error:.4f}: its two directions"
            " are not unit vectors at a right angle.",
        )
    if not first.spacing:
        other = first.instance.elements.text(0x00181164)
        hint = f" Imager Pixel Spacing {other} is no distance in the patient." if other else ""
        yield Finding("no-pixel-spacing", f"No Pixel Spacing in {first.name}.{hint}")
    elif min(first.spacing) <= 0:
        yield Finding("no-pixel-spacing", f"Pixel Spacing in {first.name} is not above zero.")
    if len({frame.instance.storage.signed for frame in frames}) > 1:
        yield Finding("mixed-signedness", "Some images are stored signed, others unsigned.")
    if storage.photometric == "PALETTE COLOR":
        yield Finding("palette", "The values number colours of a palette; they measure nothing.")
    if any(frame.slope == 0 or _absurd(frame) for frame in frames):
        yield Finding("bad-rescale", "Rescale Slope is zero or absurd: the values are lost.")


def _absurd(frame: Frame) -> bool:
    return max(abs(frame.slope), abs(frame.intercept)) > LARGEST_RESCALE


def kind_findings(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Yield what kind of image this is, where it is not an acquired cross-section."""
    first = frames[0]
    words = {word.upper() for word in first.image_type}
    elements = first.instance.elements
    told = any(map(names_localizer, (elements.text(0x0008103E), elements.text(0x00181030))))
    if "LOCALIZER" in words and first.instance.modality == "CT":
        yield Finding(
            "localizer-projection", "A localizer is a projection: no distance in it can be trusted."
        )
    elif "LOCALIZER" in words or told:
        yield Finding("localizer", "This looks like a localizer: thick slices to plan the scan by.")
    if MOSAIC in words:
        yield _mosaic(first)
    if words & set(_PROJECTION_WORDS):
        yield Finding("projection", "A projection of several slices, not an acquired slice.")
    if first.instance.sop_class_uid.startswith(_SECONDARY_CAPTURE):
        yield Finding("secondary-capture", "Secondary capture: a picture of images, not the scan.")
    elif words & {"DERIVED", "SECONDARY", "MPR"}:
        yield Finding("derived", "Derived images: " + "\\".join(first.image_type) + ".")
    if first.instance.storage.samples > 1:
        yield Finding("colour", "Colour images: the values are not the scanner's.")
    yield from _burnt_in(first, words)


def names_localizer(text: str) -> bool:
    """Whether a description or a protocol names a localizer."""
    return any(word in f"{text.upper()} " for word in _LOCALIZER_WORDS)


def _burnt_in(frame: Frame, words: set[str]) -> Iterator[Finding]:
    """Suspect names in the pixels by what the file says of itself, never by the pixels."""
    said = frame.instance.elements.text(0x00280301).upper()
    if said == "YES":
        yield Finding("burnt-in", "Burned In Annotation is YES: names may stand in the pixels.")
    elif burnt_in(said, frame.instance.sop_class_uid, words):
        yield Finding(
            "burnt-in", "A picture of a screen or a report: names may stand in the pixels."
        )


def burnt_in(said: str, sop_class_uid: str, words: set[str]) -> bool:
    """Whether Burned In Annotation says, or class and Image Type suggest, text in the pixels."""
    said = said.upper()
    captured = sop_class_uid.startswith(_SECONDARY_CAPTURE)
    picture = bool(words & _SCREEN_WORDS) or (captured and "DERIVED" in words)
    return said == "YES" or (said != "NO" and picture)


def _mosaic(frame: Frame) -> Finding:
    side = frame.instance.storage.mosaic
    if side == 1:
        reason = frame.mosaic_fault or "where they lie is not told"
        return Finding(
            "mosaic", f"Siemens mosaic: several slices are tiled in one plane, and {reason}."
        )
    return Finding(
        "mosaic-cut",
        f"Siemens mosaic: the slices were cut from one plane of {side} x {side} tiles. Their places"
        " follow from Siemens' private header, not from a position of each slice.",
    )


def value_findings(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Yield what concerns the values: loss, rescale, units, and the frame of reference."""
    first = frames[0]
    if lossy(frames):
        ratio = first.instance.elements.text(0x00282112)
        much = f", {ratio} to 1" if ratio else ""
        yield Finding("lossy", f"The images were compressed with loss{much}: edges may have moved.")
    scales = {(frame.slope, frame.intercept) for frame in frames}
    if len(scales) > 1:
        yield Finding(
            "rescale-per-slice", f"{len(scales)} different rescales; each slice uses its own."
        )
    if first.instance.modality == "CT" and not all(frame.rescaled for frame in frames):
        yield Finding(
            "no-rescale", "CT without Rescale Slope: the values may not be Hounsfield units."
        )
    if first.instance.modality == "CT" and rescale_type(first).upper() not in _HOUNSFIELD:
        yield Finding(
            "not-hounsfield", f"The values are in {rescale_type(first)}, not Hounsfield units."
        )
    kernels = {frame.kernel for frame in frames}
    if len(kernels) > 1:
        yield Finding("kernel-varies", f"Slices differ in kernel: {', '.join(sorted(kernels))}.")
    if not first.instance.frame_of_reference_uid:
        yield Finding(
            "no-frame-of-reference",
            "No Frame of Reference UID: positions cannot be compared with other series.",
        )
    if len({frame.orientation for frame in frames}) > 1:
        yield Finding(
            "orientation-jitter", "The orientation differs between slices in its last digits."
        )


def rescale_type(frame: Frame) -> str:
    """Return the unit of the values: Rescale Type, or Units of PET; empty when not stated."""
    elements = frame.instance.elements
    return elements.text(0x00281054) or elements.text(0x00541001)


def lossy(frames: Sequence[Frame]) -> bool:
    """Whether any image says that it lost detail, or is stored in a way that may."""
    stated = any(map(attrgetter("instance.stated_lossy"), frames))
    return stated or not LOSSY.isdisjoint(
        map(attrgetter("instance.storage.transfer_syntax"), frames)
    )
