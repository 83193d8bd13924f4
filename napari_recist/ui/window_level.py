"""Window and level: which range of values a pane shows from black to white."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PIXELS_PER_WIDTH = 200.0
"""So long a drag widens a window by one more of its kind: HU, signal and SUV alike."""
JUDGED_SLICES = 5
WIDTH_OF_NOTHING = 1.0  # of a picture whose values are all the same
WHOLE_VALUES_FROM = 10.0  # narrower windows are written with decimals


@dataclass(frozen=True, slots=True)
class WindowLevel:
    """Width and level (centre) of the window, in values of the image (HU in CT)."""

    width: float
    level: float

    @property
    def limits(self) -> tuple[float, float]:
        """Values shown black and white."""
        return (self.level - self.width / 2, self.level + self.width / 2)

    def dragged(self, right_px: float, down_px: float) -> "WindowLevel":
        """Return the window after a drag: to the right is wider, downwards is a lower level."""
        per_pixel = self.width / PIXELS_PER_WIDTH
        width = max(per_pixel, self.width + right_px * per_pixel)
        return WindowLevel(width, self.level - down_px * per_pixel)

    def __str__(self) -> str:
        """Write the window as a radiologist reads it."""
        if self.width < WHOLE_VALUES_FROM:
            return f"W {self.width:.2g}  L {self.level:.2g}"
        return f"W {self.width:.0f}  L {self.level:.0f}"


PRESETS: dict[str, WindowLevel] = {
    "soft tissue": WindowLevel(400, 40),
    "liver": WindowLevel(150, 90),
    "lung": WindowLevel(1500, -600),
    "bone": WindowLevel(2500, 480),
}
"""Named windows for CT, in HU, in the order of the number keys."""


def from_limits(low: float, high: float) -> WindowLevel:
    """Return the window between two values."""
    return WindowLevel(high - low if high > low else WIDTH_OF_NOTHING, (low + high) / 2)


def window_of_values(
    voxels: npt.NDArray[np.generic], there: npt.NDArray[np.bool_] | None = None
) -> WindowLevel:
    """Return a window for values that have no agreed one: all but the outermost percent.

    Every eighth row and column of the middle slices is enough to judge by, of those that are
    ``there``, (slices,), by default all.
    """
    read = np.arange(len(voxels)) if there is None else np.flatnonzero(there)
    nearest = np.argsort(np.abs(read - len(voxels) // 2), kind="stable")[:JUDGED_SLICES]
    sample = np.asarray(voxels[np.sort(read[nearest]), ::8, ::8], dtype=float)
    low, high = np.percentile(sample, (1.0, 99.0))
    return from_limits(float(low), float(high))


def opening_window(
    modality: str, voxels: npt.NDArray[np.generic], there: npt.NDArray[np.bool_] | None = None
) -> WindowLevel:
    """Return the window a volume opens with: soft tissue for CT, by its values otherwise."""
    return PRESETS["soft tissue"] if modality == "CT" else window_of_values(voxels, there)
