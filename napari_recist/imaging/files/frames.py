"""One image (a frame of a file) with every fact that decides which volume it belongs to.

Thousands are made at once, so these are named tuples: a frozen dataclass takes seven times as long.
"""

import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from napari_recist.imaging.files.elements import Elements

Vector = tuple[float, ...]

NOT_ORTHOGONAL = 1e-2
"""Direction cosines further than this from unit length or a right angle are no directions."""

FARTHEST = 1e6
"""No coordinate, spacing or direction in a patient is a kilometre; such a number is damage."""


class Storage(NamedTuple):
    """How and where one file keeps its pixels.

    ``offset`` and ``length`` are Pixel Data's place (length None: encapsulated); bits as in
    PS3.3 C.7.6.3.1. ``mosaic`` is the number of slices tiled along each side of a Siemens mosaic:
    ``rows`` and ``columns`` are those of the whole plane, a frame's index counts its tile.
    """

    file: Path
    transfer_syntax: str
    offset: int
    length: int | None
    frames: int
    rows: int
    columns: int
    samples: int
    photometric: str
    planar: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    mosaic: int = 1

    @property
    def frame_bytes(self) -> int:
        """Size of one uncompressed frame."""
        return self.rows * self.columns * self.samples * self.bits_allocated // 8


class Instance(NamedTuple):
    """The facts all frames of one file share."""

    storage: Storage
    elements: Elements
    sop_instance_uid: str
    instance_number: int | None
    patient_id: str
    study_uid: str
    series_uid: str
    sop_class_uid: str
    modality: str
    number: int | None
    frame_of_reference_uid: str
    stated_lossy: bool


class Frame(NamedTuple):
    """One image: where it lies, what it shows, how its numbers become values.

    ``position``, ``orientation`` and ``spacing`` are empty when the file does not give them.
    """

    instance: Instance
    frame_index: int
    position: Vector
    time: str
    orientation: Vector
    spacing: Vector
    thickness: float | None
    slope: float
    intercept: float
    rescaled: bool
    image_type: tuple[str, ...]
    echo_time: float | None
    b_value: float | None
    temporal_position: int | None
    acquisition: int | None
    stack: str = ""
    diffusion_direction: Vector = ()
    trigger_time: float | None = None
    inversion_time: float | None = None
    flip_angle: float | None = None
    peak_voltage: float | None = None
    kernel: str = ""
    sequence: str = ""
    private_b_value: float | None = None
    mosaic_fault: str = ""
    dimensions: Vector = ()

    @property
    def rows(self) -> int:
        """Rows of this image, of one tile where the file is a mosaic."""
        return self.instance.storage.rows // self.instance.storage.mosaic

    @property
    def columns(self) -> int:
        """Columns of this image, of one tile where the file is a mosaic."""
        return self.instance.storage.columns // self.instance.storage.mosaic

    @property
    def placed(self) -> bool:
        """Whether position and directions put the image somewhere in the patient."""
        error = directions_error(self.orientation) if self.position and self.orientation else None
        return error is not None and error <= NOT_ORTHOGONAL

    @property
    def one_of_many(self) -> bool:
        """Whether its file holds other images too."""
        return self.instance.storage.frames > 1 or self.instance.storage.mosaic > 1

    @property
    def name(self) -> str:
        """The file's name, with the frame number where there are several."""
        storage = self.instance.storage
        number = self.frame_index + 1
        if storage.mosaic > 1:
            return f"{storage.file.name} tile {number}"
        frame = f" frame {number}" if storage.frames > 1 else ""
        return f"{storage.file.name}{frame}"


@lru_cache(maxsize=256)
def directions_error(orientation: Vector) -> float:
    """Return how far six direction cosines are from unit vectors at a right angle."""
    row, column = orientation[:3], orientation[3:]
    across = sum(a * b for a, b in zip(row, column, strict=True))
    return max(abs(math.hypot(*row) - 1), abs(math.hypot(*column) - 1), abs(across))


def vector(elements: Elements, tag: int, count: int) -> Vector:
    """Return exactly ``count`` sensible numbers, or nothing: half a position is none."""
    numbers = elements.numbers(tag)
    if len(numbers) != count:
        return ()
    near = math.hypot(*numbers) < FARTHEST or max(map(abs, numbers)) < FARTHEST
    return numbers if near else ()
