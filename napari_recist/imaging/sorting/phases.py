"""Tell apart images of one series that claim the same place, or phases that interleave."""

from collections.abc import Callable, Hashable

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.sorting.evenness import agree, doubtful, even, grouped, overlap, repeats

Parts = list[tuple[str, tuple[Frame, ...]]]
"""Groups of images, each with the words that tell it from the others."""

Fact = tuple[str, Callable[[Frame], Hashable]]

SMALLEST_PHASE = 3
"""Fewer slices than this do not make a phase of their own."""

_TEMPORAL: Fact = ("temporal position", lambda f: f.temporal_position)
_ACQUISITION: Fact = ("acquisition", lambda f: f.acquisition)
_KERNEL: Fact = ("kernel", lambda f: f.kernel)
_TIME: Fact = ("time", lambda f: f.time)

_PASSES = (_TEMPORAL, _ACQUISITION, _KERNEL, _TIME)
"""What numbers the passes of a scan over the same anatomy."""


def _text(tag: int) -> Callable[[Frame], Hashable]:
    return lambda frame: frame.instance.elements.text(tag)


def _dimension(axis: int) -> Fact:
    """Return one of an enhanced image's own counters."""

    def index(frame: Frame) -> Hashable:
        return frame.dimensions[axis] if axis < len(frame.dimensions) else None

    return f"dimension {axis + 1} index", index


_ATTRIBUTES: tuple[Fact, ...] = (
    ("echo number", lambda f: f.instance.elements.integer(0x00180086)),
    ("private b-value", lambda f: f.private_b_value),
    _TEMPORAL,
    _ACQUISITION,
    ("trigger time", lambda f: f.trigger_time),
    ("sequence", lambda f: f.sequence),
    ("protocol", _text(0x00181030)),
    ("gradient direction", lambda f: f.diffusion_direction),
    ("inversion time", lambda f: f.inversion_time),
    ("flip angle", lambda f: f.flip_angle),
    ("tube voltage", lambda f: f.peak_voltage),
    _KERNEL,
    ("slice thickness", lambda f: f.thickness),
    ("contrast agent", _text(0x00180010)),
    ("rescale", lambda f: (f.slope, f.intercept)),
    *map(_dimension, range(6)),
    ("series description", _text(0x0008103E)),
    _TIME,
    ("file", lambda f: f.instance.storage.file.name if f.one_of_many else None),
)
"""What may differ between two images of one place, in the order it is believed."""


def by_attribute(frames: tuple[Frame, ...], crowd: int) -> Parts | None:
    """Separate images of one place by the attributes that do so cleanly, one within the other.

    ``crowd`` is how often they repeat. The first attribute that leaves even stacks is taken, else
    the first that separates at all. Returns the frames whole when none is doubled, and None when
    nothing tells them apart.
    """
    if crowd == 1:
        return [("", frames)]
    first: Parts | None = None
    for name, of in _ATTRIBUTES:
        parts = _separated(frames, crowd, name, of)
        if parts is not None and all(even(members) for _, members in parts):
            return parts
        first = first if first is not None else parts
    return first


def _separated(
    frames: tuple[Frame, ...], crowd: int, name: str, of: Callable[[Frame], Hashable]
) -> Parts | None:
    """Separate by one attribute and, within each of its groups, by the others; None: it cannot."""
    if agree(frames, of):
        return None
    groups = grouped(frames, of)
    crowds = list(map(repeats, groups))
    if max(crowds) == crowd:
        return None
    if len(groups) > crowd and any(len(group) < SMALLEST_PHASE for group in groups):
        return None
    named = [
        (_named(name, of(group[0])), by_attribute(group, own))
        for group, own in zip(groups, crowds, strict=True)
    ]
    if any(inner is None for _, inner in named):
        return None
    return [
        (", ".join(filter(None, (outer, label))), members)
        for outer, inner in named
        for label, members in inner or []
    ]


def _named(name: str, value: Hashable) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    text = "\\".join(f"{part:g}" if isinstance(part, float) else str(part) for part in parts)
    return f"{name} {'not stated' if value in (None, '', ()) else text}"


def interleaved(frames: tuple[Frame, ...]) -> Parts | None:
    """Separate two or more phases whose slices, none doubled, lie between each other.

    Temporal positions that overlap are always apart. An acquisition number, a kernel or a time
    separates only slices that are doubtful together and even apart: a slow MR scan takes odd and
    even slices one after the other.
    """
    if len(frames) < 2 * SMALLEST_PHASE:
        return None
    for name, of in _PASSES:
        if agree(frames, of):
            continue
        groups = grouped(frames, of)
        enough = all(len(group) >= SMALLEST_PHASE for group in groups)
        if not enough or not overlap(groups):
            continue
        if name == _TEMPORAL[0] or (doubtful(frames) and all(map(even, groups))):
            return [(_named(name, of(group[0])), group) for group in groups]
    return None
