"""Reference planes: a volume cut across its acquired slices, every slice where it truly lies.

A cut runs through the slice normal and one axis of the slices. Its millimetres come from the
geometry: slices that a tilted gantry has shifted are shifted in the cut, and where a slice is
missing nothing is shown, so that no organ is ever stretched over a gap.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.geometry import FloatArray, Geometry
from napari_recist.translation import _
from napari_recist.ui.orientation_letters import EdgeLetters, letters_around, plane_across
from napari_recist.ui.pane_frame import ShownVolume

EVEN_PART = 0.01
"""Gaps that differ by less than this part are one gap: less than a screen pixel over a slice."""
SMALLEST_PITCH_MM = 0.1
"""Uneven slices are laid out on lines no finer than this: no screen shows more."""
GREY_DIMENSIONS = 3


class Along(IntEnum):
    """The axis of the slices that a cut follows; the other one is fixed."""

    ROW = 2
    """Along a row: rising columns; for axial slices a coronal cut."""
    COLUMN = 1
    """Along a column: rising rows; for axial slices a sagittal cut."""


@dataclass(frozen=True, slots=True, eq=False)
class CutPlane:
    """How a cut lies in the patient and on the screen.

    ``along`` is (3,) the slices' axis it follows and ``normal`` (3,) the slice normal, unit vectors
    in LPS. ``across`` tells that ``along`` runs to the right on the screen (else the normal does);
    ``right`` and ``down`` are 1 or -1 where the axis runs with or against the screen. Chosen as
    radiologists look: R left and H or A at the top, in a sagittal plane A left.
    """

    along: FloatArray
    normal: FloatArray
    across: bool
    right: int
    down: int

    @classmethod
    def of(cls, geometry: Geometry, along: Along) -> "CutPlane":
        """Return the plane of a cut along an axis of a volume's slices."""
        axis = geometry.row_direction if along is Along.ROW else geometry.column_direction
        normal = geometry.normal
        to_right, to_bottom = _customary(np.cross(axis, normal))
        across = abs(axis @ to_right) + abs(normal @ to_bottom) >= (
            abs(normal @ to_right) + abs(axis @ to_bottom)
        )
        shown_right, shown_down = (axis, normal) if across else (normal, axis)
        right = 1 if shown_right @ to_right >= 0 else -1
        down = 1 if shown_down @ to_bottom >= 0 else -1
        return cls(axis, normal, bool(across), right, down)

    @property
    def name(self) -> str:
        """Name of the plane: axial, coronal, sagittal or an oblique one."""
        return plane_across(np.cross(self.along, self.normal))

    @property
    def letters(self) -> EdgeLetters:
        """What lies beyond each edge."""
        shown = (self.along, self.normal) if self.across else (self.normal, self.along)
        return letters_around(shown[0] * self.right, shown[1] * self.down)


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceCut:
    """A cut as it is painted.

    ``values`` is (down, right) on the screen; ``known`` tells where there is a slice; ``pixel_mm``
    is the size of a pixel (down, right). ``first_mm`` is the lower end of what is shown, (along,
    depth), as projections of patient points on the plane's axes.
    """

    plane: CutPlane
    values: npt.NDArray[np.generic]
    known: npt.NDArray[np.bool_]
    pixel_mm: tuple[float, float]
    first_mm: tuple[float, float]

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the picture."""
        rows, columns = self.values.shape
        return (columns * self.pixel_mm[1], rows * self.pixel_mm[0])

    def to_picture(self, point: FloatArray) -> tuple[float, float]:
        """Map a patient point, mm LPS, to mm (right, down) from the corner at the top left."""
        along = float(point @ self.plane.along) - self.first_mm[0]
        depth = float(point @ self.plane.normal) - self.first_mm[1]
        right, down = (along, depth) if self.plane.across else (depth, along)
        width, height = self.size_mm
        return (
            right if self.plane.right > 0 else width - right,
            down if self.plane.down > 0 else height - down,
        )

    def to_patient(self, place: tuple[float, float], near: FloatArray) -> FloatArray:
        """Map mm (right, down) to the patient, mm LPS, in the plane through ``near``."""
        width, height = self.size_mm
        right = place[0] if self.plane.right > 0 else width - place[0]
        down = place[1] if self.plane.down > 0 else height - place[1]
        along, depth = (right, down) if self.plane.across else (down, right)
        moved = near + (along + self.first_mm[0] - near @ self.plane.along) * self.plane.along
        moved = moved + (depth + self.first_mm[1] - near @ self.plane.normal) * self.plane.normal
        return np.asarray(moved)


def why_none(volume: ShownVolume | None) -> str:
    """Return why a volume has no reference planes, "" if it has."""
    if volume is None:
        return _("No picture, no reference views.")
    if volume.geometry is None:
        return _("Here are no millimetres: other planes cannot be shown true to size.")
    if volume.voxels.ndim != GREY_DIMENSIONS:
        return _("Colour images have no reference views.")
    if len(volume.voxels) == 1:
        return _("One slice alone has no other planes.")
    return ""


def reference_cut(
    volume: ShownVolume,
    along: Along,
    through: FloatArray,
    there: npt.NDArray[np.bool_] | None = None,
) -> ReferenceCut:
    """Cut a volume along an axis of its slices.

    Parameters
    ----------
    volume : ShownVolume
        A volume of which :func:`why_none` says nothing.
    along : Along
        The axis of the slices that the cut follows.
    through : (3,) float array
        A place in the patient on the cut, mm LPS.
    there : (slices,) bool array, optional
        Which slices are there while the volume is loaded: of the others nothing is known.

    Raises
    ------
    ValueError
        If the volume has no geometry.
    """
    geometry = volume.geometry
    if geometry is None:
        message = _("a picture without geometry has no other planes")
        raise ValueError(message)
    plane = CutPlane.of(geometry, along)
    lines, spacing, first_along = _lines(volume.voxels, geometry, along, through)
    if there is not None:
        lines[~there] = np.nan
    chosen, pitch, first_depth = _layout(geometry.slice_positions)
    known = np.isfinite(lines)[chosen] & (chosen >= 0)[:, None]
    values = np.nan_to_num(lines)[chosen]
    turned = [_turned(picture, plane) for picture in (values, known)]
    pixel_mm = (pitch, spacing) if plane.across else (spacing, pitch)
    first = (first_along - spacing / 2, first_depth - pitch / 2)
    return ReferenceCut(plane, turned[0], turned[1].astype(bool), pixel_mm, first)


def _customary(normal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where the right and the lower edge lie of a plane across ``normal``, in LPS."""
    left, posterior, foot = np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, -1.0])
    most = int(np.abs(normal).argmax())
    return ((posterior, foot), (left, foot), (left, posterior))[most]


def _lines(
    voxels: npt.NDArray[np.generic], geometry: Geometry, along: Along, through: FloatArray
) -> tuple[npt.NDArray[np.float32], float, float]:
    """Return one line of each slice on common places, their spacing and the first place, mm.

    Where a slice does not reach there is no number (NaN).
    """
    across_row = along is Along.ROW
    axis = geometry.row_direction if across_row else geometry.column_direction
    fixed = geometry.column_direction if across_row else geometry.row_direction
    spacing = geometry.column_spacing if across_row else geometry.row_spacing
    step = geometry.row_spacing if across_row else geometry.column_spacing
    starts, depth_of_fixed = geometry.slice_origins @ axis, geometry.slice_origins @ fixed
    places = np.floor((through @ fixed - depth_of_fixed) / step + 0.5).astype(int)
    size, others = (
        (geometry.columns, geometry.rows) if across_row else (geometry.rows, geometry.columns)
    )
    shifts = np.floor((starts - starts.min()) / spacing + 0.5).astype(int)
    lines = np.full((len(starts), size + int(shifts.max())), np.nan, dtype=np.float32)
    for number, (place, shift) in enumerate(zip(places, shifts, strict=True)):
        if 0 <= place < others:
            line = voxels[number, place] if across_row else voxels[number, :, place]
            lines[number, shift : shift + size] = line
    return lines, spacing, float(starts.min())


def _layout(positions: FloatArray) -> tuple[npt.NDArray[np.intp], float, float]:
    """Return which slice each line of the picture shows (-1: none), its pitch and the first, mm.

    A slice reaches half the usual gap to either side: in a wider gap nothing is shown.
    """
    gaps = np.diff(positions)
    usual = float(np.median(gaps))
    if gaps.max() - gaps.min() <= EVEN_PART * usual:
        gap = float(positions[-1] - positions[0]) / len(gaps)
        return np.arange(len(positions)), gap, float(positions[0])
    pitch = max(float(gaps.min()) / 2, SMALLEST_PITCH_MM)
    lines = np.arange(positions[0], positions[-1] + pitch / 2, pitch)
    away = np.abs(lines[:, None] - positions)
    nearest = away.argmin(axis=1)
    return np.where(away.min(axis=1) <= usual / 2, nearest, -1), pitch, float(positions[0])


def _turned(picture: npt.NDArray[np.generic], plane: CutPlane) -> npt.NDArray[np.generic]:
    """Turn a picture of (depth, along) as the plane is looked at."""
    upright = picture if plane.across else picture.T
    return upright[:: plane.down, :: plane.right]
