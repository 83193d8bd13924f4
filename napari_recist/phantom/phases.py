"""The phases in which a patient is scanned: what contrast has reached, and what it looks like then.

Attenuations in HU follow a four-phase liver protocol at 120 kV: in the late arterial phase aorta
and renal cortex are bright, the liver is hardly enhanced, its veins are not yet, and hepatocellular
carcinoma lights up; in the portal venous phase it has washed out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from napari_recist.phantom.lesions import LOOKS, Kind, Look


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: its name, Series Number, and seconds after the start of the bolus.

    ``organs`` maps an organ to its attenuation where it is not that of the portal venous phase;
    ``vessel_hu`` is that of the liver's veins. ``dice`` keeps the noise of phases apart.
    """

    name: str
    series_number: int
    seconds: int
    looks: Mapping[Kind, Look]
    vessel_hu: float
    organs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    dice: tuple[int, ...] = ()

    @property
    def of_its_own(self) -> tuple[str, ...]:
        """What tells the files of this phase from those every visit has."""
        return (self.name,) if self.dice else ()


PORTAL_VENOUS = Phase("portal venous", 3, 72, MappingProxyType(LOOKS), 168.0)

ARTERIAL = Phase(
    name="arterial",
    series_number=2,
    seconds=34,
    looks=MappingProxyType(
        {
            Kind.DARK: Look(138, 122, 0.5, 0.3, 6),
            Kind.BRIGHT: Look(186, 170, 0.4, 0.3, 6),
            Kind.RIM: Look(168, 52, 0.34, 0.2, 6),
            Kind.NECROTIC: Look(132, 26, 0.36, 0.7, 6),
            Kind.FAINT: Look(104, 104, 0.5, 0.0, 3),
            Kind.NODE: Look(72, 64, 0.45, 0.3, 4),
        }
    ),
    vessel_hu=84.0,
    organs=MappingProxyType(
        {
            "liver": 74.0,
            "spleen": 138.0,
            "pancreas": 118.0,
            "aorta": 312.0,
            "artery": 296.0,
            "vena cava": 74.0,
            "portal vein": 92.0,
            "splenic vein": 96.0,
            "renal vein": 150.0,
            "kidney cortex": 214.0,
            "kidney medulla": 92.0,
            "heart": 236.0,
            "muscle": 52.0,
            "stomach": 104.0,
            "bowel": 98.0,
        }
    ),
    dice=(1,),
)
