"""Frames of an enhanced multi-frame image: each has its own place, spacing and rescale."""

from napari_recist.imaging.files.elements import Elements
from napari_recist.imaging.files.frames import Frame, Instance, Vector, vector

_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_FRAME_CONTENT, _POSITION, _ORIENTATION = 0x00209111, 0x00209113, 0x00209116
_MEASURES, _TRANSFORMATION = 0x00289110, 0x00289145
_ECHO, _DIFFUSION, _DIRECTION, _CARDIAC = 0x00189114, 0x00189117, 0x00189076, 0x00189118
_FRAME_TYPES = (0x00189226, 0x00189329, 0x00189751)
"""MR, CT and PET Image Frame Type Sequence."""


def enhanced_frames(instance: Instance) -> tuple[Frame, ...]:
    """Read every frame of the functional groups (PS3.3 C.7.6.16); the frame's own group wins."""
    elements = instance.elements
    shared = next(iter(elements.items(_SHARED)), Elements({}, {}))
    groups = elements.items(_PER_FRAME)
    empty = Elements({}, {})
    return tuple(
        _frame(instance, index, groups[index] if index < len(groups) else empty, shared)
        for index in range(instance.storage.frames)
    )


def _frame(instance: Instance, index: int, own: Elements, shared: Elements) -> Frame:
    def group(*tags: int) -> Elements:
        found = (items[0] for tag in tags for level in (own, shared) if (items := level.items(tag)))
        return next(found, Elements({}, {}))

    content, measures, transformation = (
        group(_FRAME_CONTENT),
        group(_MEASURES),
        group(_TRANSFORMATION),
    )
    diffusion = group(_DIFFUSION)
    if not transformation.values:
        transformation = instance.elements
    slope, intercept = transformation.number(0x00281053), transformation.number(0x00281052)
    return Frame(
        instance=instance,
        frame_index=index,
        position=vector(group(_POSITION), 0x00200032, 3),
        orientation=vector(group(_ORIENTATION), 0x00200037, 6),
        spacing=vector(measures, 0x00280030, 2),
        thickness=measures.number(0x00180050),
        slope=1.0 if slope is None else slope,
        intercept=0.0 if intercept is None else intercept,
        rescaled=slope is not None,
        image_type=_image_type(group(*_FRAME_TYPES), instance),
        echo_time=group(_ECHO).number(0x00189082),
        b_value=diffusion.number(0x00189087),
        temporal_position=content.integer(0x00209128),
        acquisition=content.integer(0x00209156),
        time=content.text(0x00189074),
        stack=content.text(0x00209056),
        diffusion_direction=_direction(diffusion),
        trigger_time=group(_CARDIAC).number(0x00209153),
        dimensions=content.numbers(0x00209157),
    )


def _image_type(frame_type: Elements, instance: Instance) -> tuple[str, ...]:
    """Frame Type with the complex component, which tells magnitude from phase."""
    kind = frame_type.texts(0x00089007) or instance.elements.texts(0x00080008)
    component = frame_type.text(0x00089208)
    return (*kind, component) if component else kind


def _direction(diffusion: Elements) -> Vector:
    items = diffusion.items(_DIRECTION)
    return vector(items[0], 0x00189089, 3) if items else ()
