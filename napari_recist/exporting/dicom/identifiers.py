"""UIDs that follow from what they identify, so that the same data give the same objects again."""

import hashlib
import uuid
from collections.abc import Iterable

from napari_recist.criteria import Event, LesionAdded
from napari_recist.criteria.read import effective

DEVICE_UID = "2.25.105659585747197878458721493218166507461"
"""This program as a maker of objects: 2.25 and a random UUID, the same as on coded images."""


def derived_uid(*names: str) -> str:
    """Return the UID that belongs to these names: 2.25 and their SHA-256 as a UUID (PS3.5, B.2)."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return f"2.25.{uuid.UUID(bytes=digest[:16], version=5).int}"


def tracking_uid(trial_uid: str, events: Iterable[Event], lesion: str, part: str = "") -> str:
    """Return the Tracking Unique Identifier of a lesion of one reader's list.

    It follows from the record that put the lesion on the list. So it is the same at every visit
    and in every transfer, differs between readers and patients, and tells nobody who read.

    Parameters
    ----------
    trial_uid : str
        The trial's own identifier.
    events : iterable of Event
        What the reader stated of the patient.
    lesion : str
        The lesion's name on the list.
    part : str
        "2" for the second fragment of a split lesion, "viable" for the arterially enhancing part,
        "" for the whole: viewers want each to be unique within a report.

    Raises
    ------
    KeyError
        If the list has no such lesion.
    """
    listed = [
        event
        for event in effective(events)
        if isinstance(event.fact, LesionAdded) and event.fact.lesion.identifier == lesion
    ]
    if not listed:
        raise KeyError(lesion)
    last = listed[-1]
    return derived_uid("lesion", trial_uid, last.subject, str(last.sequence), lesion, part)
