"""Lesions whose longest and short diameters are exact by construction.

In its key plane a lesion is an ellipse that is only ever dented inwards, by a lobulation that
vanishes at the four ends of its axes. The outline then contains both ends of the major axis and
lies within the ellipse, so its longest diameter is exactly the major axis; by the same argument
the longest chord perpendicular to it is exactly the minor axis. Above and below the key plane the
outline only gets smaller.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy.special

from napari_recist.phantom.shapes import Array, Place
from napari_recist.phantom.truth import Point, Segment

DENT = 0.11
"""How deep the lobulation goes, as a share of the radius."""

POLE = 3.0
"""Exponent along z: with 2, thick slices would shave the outline of small lesions."""

SUB_SLICES = 7


class Kind(StrEnum):
    """How a lesion looks in the portal venous phase."""

    DARK = "dark"
    BRIGHT = "bright"
    RIM = "rim"
    NECROTIC = "necrotic"
    FAINT = "faint"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class Look:
    """Attenuations of a lesion's outer shell and of its core, in HU, and the shell's share.

    ``shell`` is the thickness of the outer shell as a share of the short radius; ``ragged`` how
    uneven its inner border is; ``grain`` the texture inside in HU.
    """

    shell_hu: float
    core_hu: float
    shell: float
    ragged: float
    grain: float


LOOKS: dict[Kind, Look] = {
    Kind.DARK: Look(62, 54, 0.5, 0.3, 5),
    Kind.BRIGHT: Look(160, 152, 0.4, 0.3, 6),
    Kind.RIM: Look(174, 64, 0.34, 0.2, 6),
    Kind.NECROTIC: Look(72, 24, 0.36, 0.7, 6),
    Kind.FAINT: Look(84, 84, 0.5, 0.0, 3),
    Kind.NODE: Look(84, 72, 0.45, 0.3, 4),
}


@dataclass(frozen=True, slots=True)
class Solid:
    """A lesion placed in the patient: centre, diameters in mm, direction of the long axis.

    ``degrees`` is the angle of the long axis in the axial plane, from +x towards +y; ``wobble``
    places the dents of the outline.
    """

    kind: Kind
    centre: Point
    long_mm: float
    short_mm: float
    degrees: float
    wobble: float

    @property
    def half_height(self) -> float:
        """Reach above and below the key plane in mm."""
        return 0.46 * (self.long_mm + self.short_mm) / 2

    @property
    def long_axis(self) -> Segment:
        """End-points of the longest diameter, patient mm."""
        return self._axis(self.degrees, self.long_mm)

    @property
    def short_axis(self) -> Segment:
        """End-points of the longest chord perpendicular to it, patient mm."""
        return self._axis(self.degrees + 90, self.short_mm)

    def _axis(self, degrees: float, length: float) -> Segment:
        x, y, z = self.centre
        reach = length / 2
        dx, dy = reach * np.cos(np.radians(degrees)), reach * np.sin(np.radians(degrees))
        start, end = (x - dx, y - dy, z), (x + dx, y + dy, z)
        return tuple(map(float, start)), tuple(map(float, end))  # type: ignore[return-value]

    def radius(self, place: Place) -> Array:
        """Distance from the centre relative to the surface: 1 on it, less inside (any unit)."""
        dx, dy, dz = (axis - middle for axis, middle in zip(place, self.centre, strict=True))
        cosine, sine = np.cos(np.radians(self.degrees)), np.sin(np.radians(self.degrees))
        along = (cosine * dx + sine * dy) / (self.long_mm / 2)
        across = (cosine * dy - sine * dx) / (self.short_mm / 2)
        in_plane = along**2 + across**2
        # sin^2 of twice the angle is 0 at the four axis ends, so the ends stay where they are
        twice = 2 * along * across / np.maximum(in_plane, 1e-12)
        angle = np.arctan2(across, along)
        depth = DENT * twice**2 * (0.5 + 0.5 * np.cos(3 * angle + self.wobble))
        return np.asarray(
            np.sqrt(in_plane / (1 - depth) ** 2 + np.abs(dz / self.half_height) ** POLE)
        )

    def distance(self, place: Place) -> Array:
        """Signed distance to the surface in mm, first order, negative inside."""
        x, y, z = place
        step = 0.05
        here = self.radius(place)
        slope = np.sqrt(
            ((self.radius((x + step, y, z)) - here) / step) ** 2
            + ((self.radius((x, y + step, z)) - here) / step) ** 2
            + ((self.radius((x, y, z + step)) - here) / step) ** 2
        )
        return np.asarray((here - 1) / np.maximum(slope, 1 / self.long_mm))


@dataclass(frozen=True, slots=True, eq=False)
class Stain:
    """What a lesion does to the voxels of a box: cover them by a share, with these attenuations.

    ``cover`` (0 to 1) and ``hu`` are (slice, row, column); ``clearance`` is the distance in mm from
    the lesion's surface at the middle of each slice, within which no vessel should pass.
    """

    cover: Array
    hu: Array
    clearance: Array


def stain(solid: Solid, look: Look, place: Place, thickness_mm: float, blur_mm: float) -> Stain:
    """Average a lesion over the thickness of each slice: partial volume, blurred by the scanner.

    Parameters
    ----------
    solid : the lesion
    look : how it looks in this phase
    place : x, y and z of the voxel centres in mm, shapes (1, 1, n), (1, m, 1), (k, 1, 1)
    thickness_mm : slice thickness
    blur_mm : standard deviation of the in-plane point spread
    """
    x, y, z = place
    offsets = ((np.arange(SUB_SLICES) + 0.5) / SUB_SLICES - 0.5) * thickness_mm
    clearance = np.asarray(solid.distance(place))
    shape = clearance.shape
    cover, core = np.zeros(shape), np.zeros(shape)
    short_radius = solid.short_mm / 2
    angle = np.arctan2(y - solid.centre[1], x - solid.centre[0])
    uneven = 0.5 * np.cos(2 * angle + solid.wobble) + 0.6 * np.cos(3 * angle - 2 * solid.wobble)
    shell = look.shell * short_radius * (1 + look.ragged * uneven)
    for offset in offsets:
        inward = -solid.distance((x, y, z + offset))
        cover += scipy.special.ndtr(inward / blur_mm) / SUB_SLICES
        core += scipy.special.ndtr((inward - shell) / (1.2 * blur_mm)) / SUB_SLICES
    share = np.clip(core / np.maximum(cover, 1e-6), 0, 1)
    hu = look.shell_hu + share * (look.core_hu - look.shell_hu)
    return Stain(cover, hu, clearance)
