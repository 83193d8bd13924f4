"""Window and level: which range of values a pane shows from black to white."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SMALLEST_WIDTH = 1.0
VALUES_PER_PIXEL = 2.0  # 200 px of drag widen a soft-tissue window by one more of its kind


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
        width = max(SMALLEST_WIDTH, self.width + right_px * VALUES_PER_PIXEL)
        return WindowLevel(width, self.level - down_px * VALUES_PER_PIXEL)

    def __str__(self) -> str:
        """Write the window as a radiologist reads it."""
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
    return WindowLevel(max(SMALLEST_WIDTH, high - low), (low + high) / 2)


def window_of_values(voxels: npt.NDArray[np.generic]) -> WindowLevel:
    """Return a window for values that have no agreed one: all but the outermost percent.

    Every eighth row and column of the middle slices is enough to judge by.
    """
    middle = len(voxels) // 2
    sample = np.asarray(voxels[max(0, middle - 2) : middle + 3, ::8, ::8], dtype=float)
    low, high = np.percentile(sample, (1.0, 99.0))
    return from_limits(float(low), float(high))


def opening_window(modality: str, voxels: npt.NDArray[np.generic]) -> WindowLevel:
    """Return the window a volume opens with: soft tissue for CT, by its values otherwise."""
    return PRESETS["soft tissue"] if modality == "CT" else window_of_values(voxels)
