"""mRECIST for hepatocellular carcinoma: which measurements it judges (RECIST.md H-10 to H-13).

In the liver it is the viable, arterially enhancing part of a lesion, by a measurement and an
evaluability of its own; nodes and lesions outside the liver go by RECIST 1.1. A lesion without
enhancement is ``absent``; one that still enhances is ``present`` (incomplete response).
"""

from dataclasses import replace
from types import MappingProxyType

from napari_recist.criteria.lesion_list import organ_of
from napari_recist.criteria.lesions import Lesion, Role
from napari_recist.criteria.read import Read

_LIVER = "liver"


def viable_part(read: Read) -> Read:
    """Return the read that mRECIST judges.

    Where a read holds viable measurements, those alone stand for intrahepatic lesions: a lesion
    without one is not evaluable, whatever its whole diameter (H-10). A read without any is taken
    to be a viable measurement set already, such as a LESIONS.csv made for mRECIST.
    """
    if not read.viable:
        return read
    whole = {lesion.identifier for lesion in read.lesions if not _by_enhancement(lesion)}
    observations = {key: said for key, said in read.observations.items() if key[1] in whole}
    observations |= {key: said for key, said in read.viable.items() if key[1] not in whole}
    return replace(read, observations=MappingProxyType(observations))


def _by_enhancement(lesion: Lesion) -> bool:
    return lesion.role is not Role.NEW and not lesion.node and _LIVER in organ_of(lesion)
