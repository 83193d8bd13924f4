"""One image (a frame of a file) with every fact that decides which volume it belongs to."""

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from napari_recist.imaging.elements import PRIVATE_B_VALUES, Elements
from napari_recist.imaging.header import Header

Vector = tuple[float, ...]

NOT_ORTHOGONAL = 1e-2
"""Direction cosines further than this from unit length or a right angle are no directions."""

FARTHEST = 1e6
"""No coordinate, spacing or direction in a patient is a kilometre; such a number is damage."""


@dataclass(frozen=True, slots=True)
class Storage:
    """How and where one file keeps its pixels.

    ``offset`` and ``length`` are Pixel Data's place (length None: encapsulated); bits as in
    PS3.3 C.7.6.3.1.
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

    @property
    def frame_bytes(self) -> int:
        """Size of one uncompressed frame."""
        return self.rows * self.columns * self.samples * self.bits_allocated // 8


@dataclass(frozen=True, slots=True)
class Instance:
    """The facts all frames of one file share."""

    storage: Storage
    elements: Elements
    patient_id: str
    study_uid: str
    series_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    modality: str
    number: int | None
    instance_number: int | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One image: where it lies, what it shows, how its numbers become values.

    ``position``, ``orientation`` and ``spacing`` are empty when the file does not give them.
    """

    instance: Instance
    index: int
    position: Vector
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
    time: str
    stack: str = ""
    diffusion_direction: Vector = ()
    trigger_time: float | None = None
    inversion_time: float | None = None
    flip_angle: float | None = None
    peak_voltage: float | None = None
    kernel: str = ""
    sequence: str = ""
    private_b_value: float | None = None

    @property
    def placed(self) -> bool:
        """Whether position and directions put the image somewhere in the patient."""
        error = directions_error(self.orientation) if self.position and self.orientation else None
        return error is not None and error <= NOT_ORTHOGONAL

    @property
    def name(self) -> str:
        """The file's name, with the frame number where there are several."""
        storage = self.instance.storage
        frame = f" frame {self.index + 1}" if storage.frames > 1 else ""
        return f"{storage.file.name}{frame}"


@lru_cache(maxsize=256)
def directions_error(orientation: Vector) -> float:
    """Return how far six direction cosines are from unit vectors at a right angle."""
    row, column = orientation[:3], orientation[3:]
    across = sum(a * b for a, b in zip(row, column, strict=True))
    return max(abs(math.hypot(*row) - 1), abs(math.hypot(*column) - 1), abs(across))


def single_frame(instance: Instance, index: int) -> Frame:
    """Read one frame whose facts all stand at the top level of the file."""
    elements = instance.elements
    return Frame(
        instance=instance,
        index=index,
        position=vector(elements, 0x00200032, 3),
        orientation=vector(elements, 0x00200037, 6),
        spacing=vector(elements, 0x00280030, 2),
        thickness=elements.number(0x00180050),
        slope=_or(elements.number(0x00281053), 1.0),
        intercept=_or(elements.number(0x00281052), 0.0),
        rescaled=bool(elements.raw(0x00281053)),
        image_type=elements.texts(0x00080008),
        echo_time=elements.number(0x00180081),
        b_value=elements.number(0x00189087),
        temporal_position=elements.integer(0x00200100),
        acquisition=elements.integer(0x00200012),
        time=elements.text(0x00080032) or elements.text(0x00080033),
        diffusion_direction=vector(elements, 0x00189089, 3),
        trigger_time=elements.number(0x00181060),
        inversion_time=elements.number(0x00180082),
        flip_angle=elements.number(0x00181314),
        peak_voltage=elements.number(0x00180060),
        kernel=elements.text(0x00181210),
        sequence=elements.text(0x00180024),
        private_b_value=_private_b_value(elements),
    )


def _private_b_value(elements: Elements) -> float | None:
    """Return the b-value where Siemens, GE and Philips keep it outside the standard."""
    for creator_tag, creator, tag in PRIVATE_B_VALUES:
        if elements.text(creator_tag).startswith(creator):
            return elements.number(tag)
    return None


def vector(elements: Elements, tag: int, count: int) -> Vector:
    """Return exactly ``count`` sensible numbers, or nothing: half a position is none."""
    numbers = elements.numbers(tag)
    sensible = len(numbers) == count and all(abs(number) < FARTHEST for number in numbers)
    return numbers if sensible else ()


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def storage_of(header: Header) -> Storage:
    """Read how the file keeps its pixels; absent facts take the value that means "none"."""
    elements = header.elements
    allocated = elements.integer(0x00280100) or 0
    stored = elements.integer(0x00280101) or allocated
    high_bit = elements.integer(0x00280102)
    return Storage(
        file=header.file,
        transfer_syntax=header.transfer_syntax,
        offset=header.pixel_offset or 0,
        length=header.pixel_length,
        frames=frame_count(elements),
        rows=elements.integer(0x00280010) or 0,
        columns=elements.integer(0x00280011) or 0,
        samples=elements.integer(0x00280002) or 1,
        photometric=elements.text(0x00280004),
        planar=elements.integer(0x00280006) or 0,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=stored - 1 if high_bit is None else high_bit,
        signed=elements.integer(0x00280103) == 1,
    )


def frame_count(elements: Elements) -> int:
    """Return Number of Frames: 1 when absent, 0 when it is no number."""
    if not elements.raw(0x00280008).strip(b" \0"):
        return 1
    return elements.integer(0x00280008) or 0
