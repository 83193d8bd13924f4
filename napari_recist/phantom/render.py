"""One scan of one patient as Hounsfield units: anatomy, vessels, lesions, grain and noise.

Shapes are evaluated on every second pixel and refined, which is exact enough for organs; lesions,
whose diameters are the truth, are evaluated at every pixel and averaged over each slice's
thickness. Arrays are (slice, row, column), slices from head to feet.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.special

from napari_recist.phantom.anatomy import organs
from napari_recist.phantom.body import Box, Build, Organ
from napari_recist.phantom.lesions import Solid, Stain, stain
from napari_recist.phantom.scan import Scan
from napari_recist.phantom.shapes import Array, Place, Triple, tube
from napari_recist.phantom.texture import grain, noise, refined
from napari_recist.phantom.vessels import Tube, liver_vessels

AIR_HU = -1000.0
BLUR_MM = 0.75
MARGIN_MM = 10.0
VESSEL_CLEARANCE_MM = 4.0

Window: TypeAlias = tuple[slice, slice, slice]
Painted: TypeAlias = tuple[Window, Array]


@dataclass(frozen=True, slots=True)
class Patient:
    """What of a patient stays the same from visit to visit."""

    seed: int
    build: Build


@dataclass(slots=True, eq=False)
class Canvas:
    """A volume being painted, and the coordinates of its voxels.

    ``x``, ``y``, ``z`` are those of the voxel centres in the scan; shapes (1, 1, n), (1, n, 1),
    (k, 1, 1).
    """

    scan: Scan
    hu: Array
    texture: Array
    x: Array
    y: Array
    z: Array

    def window(self, box: Box, shift: Triple) -> Window | None:
        """Return the voxels a box may touch, starting and ending on even rows and columns."""
        windows = []
        for coordinates, (low, high), offset, even in zip(
            (self.z, self.y, self.x), box[::-1], shift[::-1], (1, 2, 2), strict=True
        ):
            inside = (coordinates.ravel() >= low + offset) & (coordinates.ravel() <= high + offset)
            touched = np.flatnonzero(inside)
            if not touched.size:
                return None
            first, last = int(touched[0]) // even * even, int(touched[-1]) + 1
            windows.append(slice(first, min(-(-last // even) * even, coordinates.size)))
        return (windows[0], windows[1], windows[2])


def render(patient: Patient, scan: Scan, solids: tuple[Solid, ...], fluid_mm: float) -> Array:
    """Return the scan in HU as float32 (slice, row, column), noise included.

    Parameters
    ----------
    patient : who was scanned
    scan : how
    solids : the lesions, already where they lie in this scan
    fluid_mm : thickness of the rim of ascites around liver and spleen, 0 for none
    """
    canvas = clean(patient, scan, solids, fluid_mm)
    dice = np.random.default_rng([patient.seed, 5, scan.visit, *scan.phase.dice])
    strength = _noise_strength(canvas, patient.build) * scan.noise_hu
    canvas.hu += strength * noise(canvas.hu.shape, scan.pixel, dice)
    return np.clip(canvas.hu, -1024, 3071)


def clean(patient: Patient, scan: Scan, solids: tuple[Solid, ...], fluid_mm: float) -> Canvas:
    """Return the painted volume without the scanner's noise, tissue grain included."""
    canvas = _blank(patient, scan)
    cover = None
    for organ in organs(patient.build, patient.seed, fluid_mm):
        painted = paint(canvas, organ)
        cover = painted if organ.name == "liver" else cover
    stains = [(solid, _window_of(canvas, solid)) for solid in solids]
    placed = [
        (solid, place, _stained(canvas, solid, place))
        for solid, place in stains
        if place is not None
    ]
    _paint_vessels(canvas, patient.seed, cover, [(place, mark) for _, place, mark in placed])
    for solid, place, mark in placed:
        region = canvas.hu[place]
        tissue = mark.hu + scan.phase.looks[solid.kind].grain * canvas.texture[place]
        region += (mark.cover * (tissue - region)).astype(np.float32)
    return canvas


def paint(canvas: Canvas, organ: Organ) -> Painted | None:
    """Paint an organ over what is there; return the voxels touched and its share of each."""
    scan = canvas.scan
    shift = scan.moved((0.0, 0.0, 0.0), organ.follows_breath)
    place = canvas.window(organ.box, shift)
    if place is None:
        return None
    cover = _share(organ.shape(_coarse(canvas, place, shift)), scan, organ.blur)
    change = canvas.texture[place] * np.float32(organ.grain)
    change += np.float32(scan.phase.organs.get(organ.name, organ.hu))
    region = canvas.hu[place]
    change -= region
    change *= cover
    region += change
    return place, cover


def _share(distance: Array, scan: Scan, blur: float) -> Array:
    """Share of each voxel inside a surface, from signed distances on every second pixel.

    The blur across the surface grows with the slice thickness where the surface leans over.
    """
    lean = np.zeros(1, np.float32)
    if len(distance) > 1:
        lean = np.clip(np.gradient(distance, scan.slice_distance, axis=0), -1, 1)
    width = np.sqrt(blur**2 + (scan.thickness * lean) ** 2 / 12)
    # a smooth step that resembles the blurred edge's error function, in place for speed
    coarse = np.clip(0.5 - 0.22 * distance / width, -0.5, 1.5).astype(np.float32, copy=False)
    step = refined(coarse)
    np.clip(step, 0, 1, out=step)
    inverse = 3 - 2 * step
    step *= step
    step *= inverse
    return step


def _coarse(canvas: Canvas, place: Window, shift: Triple) -> Place:
    """Coordinates of every second pixel of a window, one more than half, in the resting patient."""
    slices, rows, columns = place
    step = np.float32(2 * canvas.scan.pixel)
    counts = [(part.stop - part.start) // 2 + 1 for part in (rows, columns)]
    y = canvas.y.ravel()[rows.start] + step * np.arange(counts[0], dtype=np.float32)
    x = canvas.x.ravel()[columns.start] + step * np.arange(counts[1], dtype=np.float32)
    z = canvas.z.ravel()[slices]
    return (
        x[None, None, :] - shift[0],
        y[None, :, None] - shift[1],
        z[:, None, None] - shift[2],
    )


def _blank(patient: Patient, scan: Scan) -> Canvas:
    shape = (scan.slices, scan.matrix, scan.matrix)
    left, front = scan.first_pixel
    steps = scan.pixel * np.arange(scan.matrix)
    dice = np.random.default_rng([patient.seed, 3, scan.visit])
    return Canvas(
        scan=scan,
        hu=np.full(shape, AIR_HU, np.float32),
        texture=grain(shape, (scan.slice_distance, scan.pixel), dice),
        x=(left + steps).astype(np.float32)[None, None, :],
        y=(front + steps).astype(np.float32)[None, :, None],
        z=scan.heights.astype(np.float32)[:, None, None],
    )


def _stained(canvas: Canvas, solid: Solid, place: Window) -> Stain:
    look, thickness = canvas.scan.phase.looks[solid.kind], canvas.scan.thickness
    return stain(solid, look, _coordinates(canvas, place), thickness, BLUR_MM)


def _window_of(canvas: Canvas, solid: Solid) -> Window | None:
    reach = solid.long_mm / 2 + MARGIN_MM
    x, y, z = ((middle - reach, middle + reach) for middle in solid.centre)
    return canvas.window((x, y, z), (0.0, 0.0, 0.0))


def _coordinates(canvas: Canvas, place: Window) -> Place:
    slices, rows, columns = place
    scan = canvas.scan
    left, front = scan.first_pixel
    pixels = scan.pixel * np.arange(scan.matrix)
    return (
        (left + pixels)[None, None, columns],
        (front + pixels)[None, rows, None],
        scan.heights[slices, None, None],
    )


def _paint_vessels(
    canvas: Canvas, seed: int, liver: Painted | None, marks: list[tuple[Window, Stain]]
) -> None:
    """Paint the vessels inside the liver, bent out of the way of lesions."""
    if liver is None:
        return
    place, room = liver
    vessels = np.zeros(canvas.hu.shape, np.float32)
    for vessel in liver_vessels(seed):
        _draw(canvas, vessels, vessel)
    for around, mark in marks:
        vessels[around] *= scipy.special.ndtr((mark.clearance - VESSEL_CLEARANCE_MM) / 1.5)
    region = canvas.hu[place]
    region += room * vessels[place] * (canvas.scan.phase.vessel_hu - region)


def _draw(canvas: Canvas, vessels: Array, vessel: Tube) -> None:
    """Add one tube to the share of each voxel that is vessel, averaged over the slice."""
    shift = canvas.scan.moved((0.0, 0.0, 0.0), 1.0)
    reach = max(vessel.radii) + 2 + canvas.scan.thickness / 2
    (x0, x1), (y0, y1), (z0, z1) = (
        sorted(ends) for ends in zip(vessel.start, vessel.end, strict=True)
    )
    box = ((x0 - reach, x1 + reach), (y0 - reach, y1 + reach), (z0 - reach, z1 + reach))
    place = canvas.window(box, shift)
    if place is None:
        return
    slices, rows, columns = place
    x, y = canvas.x[..., columns] - shift[0], canvas.y[:, rows] - shift[1]
    z = canvas.z[slices] - shift[2]
    share = np.zeros(1, np.float32)
    for offset in np.linspace(-1, 1, 3) * canvas.scan.thickness / 3:
        distance = tube((x, y, z + np.float32(offset)), vessel.start, vessel.end, vessel.radii)
        share = share + np.clip(0.5 - distance / np.float32(2.5 * BLUR_MM), 0, 1) / 3
    np.maximum(vessels[place], share, out=vessels[place])


def _noise_strength(canvas: Canvas, build: Build) -> Array:
    """Relative noise of each pixel column: strongest in the middle of the body, little in air."""
    x, y = canvas.x - canvas.scan.table[0], canvas.y - canvas.scan.table[1]
    depth = build.depth((x, y, np.zeros((1, 1, 1), np.float32)))
    return np.asarray(np.where(depth > 0, 0.8 + 0.3 * np.minimum(depth, 80) / 80, 0.5))
