"""Where two readers drew: reads get calipers, so that lesions can be matched by place."""

from collections.abc import Mapping
from dataclasses import replace

from napari_recist.criteria import Axis, Caliper, ImagePlace, Point, Read

SERIES = "1.2.826.0.1"
FRAME = "1.2.826.0.2"


def caliper(
    middle: Point, long_mm: float, *, short_mm: float = 0, series: str = SERIES, frame: str = FRAME
) -> Caliper:
    """Return a caliper lying along x (its short axis along y) with this midpoint."""
    x, y, z = middle
    long_axis = Axis((x - long_mm / 2, y, z), (x + long_mm / 2, y, z), long_mm)
    short = Axis((x, y - short_mm / 2, z), (x, y + short_mm / 2, z), short_mm) if short_mm else None
    return Caliper(long_axis, short, series, "1.2.826.0.3", 1, frame, "")


def drawn(
    read: Read,
    middles: Mapping[str, Point],
    *,
    series: Mapping[str, str] | None = None,
) -> Read:
    """Return the read with every lesion at its place at every visit.

    A visit has a frame of reference of its own, as two scans do; ``series`` names the series of a
    visit where it is not the usual one.
    """
    said, places = dict(read.observations), dict(read.places)
    for (visit, lesion), one in read.observations.items():
        if lesion not in middles:
            continue
        frame = f"{FRAME}.{[v.identifier for v in read.visits].index(visit)}"
        if one.diameters:
            uid = (series or {}).get(visit, SERIES)
            at = caliper(middles[lesion], sum(one.diameters) / 10, series=uid, frame=frame)
            said[visit, lesion] = replace(one, calipers=(at,) * len(one.diameters))
        else:
            places[visit, lesion] = ImagePlace(
                SERIES, "1.2.826.0.3", 1, 0, 0, middles[lesion], frame
            )
    return replace(read, observations=said, places=places)
