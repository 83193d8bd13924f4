"""What liver cancer (HCC) asks of new findings before they count (RECIST.md H-5, H-8, H-9)."""

from collections.abc import Iterator

from napari_recist.criteria.assessment import Finding
from napari_recist.criteria.lesions import Lesion, Role, Status
from napari_recist.criteria.read import Read
from napari_recist.criteria.tenths import show

_TYPICAL_NODULE = 100  # H-8: from 10 mm on a typical new liver nodule is hepatocellular carcinoma
_NODULE_GROWTH = 100  # H-9: an atypical nodule is one once it has grown by 10 mm
_FLUID = ("ascites", "effusion")


def hcc_findings(read: Read) -> Iterator[Finding]:
    """Yield what a reader should look at in new lesions of a patient with liver cancer."""
    for lesion in read.lesions:
        if lesion.role is not Role.NEW:
            continue
        first_size = 0
        for visit in read.visits:
            said = read.observation(visit.identifier, lesion.identifier)
            if said is None:
                continue
            size = sum(said.diameters)
            yield from _proof(lesion, said.status, size, first_size, visit.identifier)
            first_size = first_size or size


def _proof(
    lesion: Lesion, status: Status, size: int, first_size: int, visit: str
) -> Iterator[Finding]:
    name, organ = lesion.identifier, lesion.organ.casefold()
    liver = "liver" in organ and not lesion.node
    if status is Status.UNEQUIVOCAL and any(fluid in organ for fluid in _FLUID):
        message = f"{name} at {visit}: new {organ} is progression only with cytological proof"
        yield Finding("H-5", message, name, visit)
    elif status is Status.UNEQUIVOCAL and liver and 0 < size < _TYPICAL_NODULE:
        message = (
            f"new liver nodule {name} is {show(size)} mm at {visit}: below 10 mm it cannot be "
            "told from a harmless focus; call it equivocal unless proven"
        )
        yield Finding("H-8", message, name, visit)
    elif status is Status.EQUIVOCAL and liver and first_size:
        growth = size - first_size
        if growth >= _NODULE_GROWTH:
            message = (
                f"equivocal liver nodule {name} has grown {show(growth)} mm by {visit}: it counts "
                "as hepatocellular carcinoma; call it unequivocal"
            )
            yield Finding("H-9", message, name, visit)
