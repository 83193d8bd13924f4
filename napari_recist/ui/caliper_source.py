"""What a caliper's number came from, in words: raw lengths, passport, and how it was drawn.

Nothing of it tells who the patient is, nor when or where the scan was taken.
"""

from napari_recist.criteria import Caliper
from napari_recist.translation import _, coded


def caliper_lines(caliper: Caliper) -> tuple[str, ...]:
    """Return what a recorded caliper came from, a line each."""
    short = caliper.short_axis
    return (
        raw_text(caliper.long_axis.raw_mm, short.raw_mm if short else None),
        _("passport: {summary}", summary=caliper.passport),
        drawn_at(coded(caliper.provenance), caliper.pixels_per_mm),
    )


def raw_text(long_mm: float, short_mm: float | None) -> str:
    """Return the lengths as drawn, before any rounding."""
    if short_mm is None:
        return _("raw: long axis {long_mm:.3f} mm", long_mm=long_mm)
    return _(
        "raw: long axis {long_mm:.3f} mm, short axis {short_mm:.3f} mm",
        long_mm=long_mm,
        short_mm=short_mm,
    )


def drawn_at(how: str, pixels_per_mm: float) -> str:
    """Return how a caliper came to be and at which zoom, where that is known."""
    if not pixels_per_mm:
        return how
    return _(
        "{how} at {pixels_per_mm:.1f} px/mm: one pixel is {pixel_mm:.2f} mm",
        how=how,
        pixels_per_mm=pixels_per_mm,
        pixel_mm=1 / pixels_per_mm,
    )
