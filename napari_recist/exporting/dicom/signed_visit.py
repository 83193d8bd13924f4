"""What one structured report is made of: one reader's signed visit, taken out of a transfer."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria import (
    Caliper,
    Charter,
    Event,
    Lesion,
    Observation,
    Read,
    Response,
    Role,
    Status,
    VisitSigned,
)
from napari_recist.criteria.read import effective
from napari_recist.exporting.dicom.identifiers import tracking_uid
from napari_recist.exporting.lesions_csv import LISTED


@dataclass(frozen=True, slots=True)
class LesionPart:
    """What was said of a lesion, of its viable part, or of a fragment of it, with its caliper.

    ``diameter`` is the signed value in tenths of a millimetre. ``label`` is how a reader names it:
    T1, T1.2 for a fragment, "T1 viable" for the viable part.
    """

    lesion: Lesion
    label: str
    tracking_uid: str
    said: Observation
    diameter: int | None = None
    caliper: Caliper | None = None
    viable: bool = False


@dataclass(frozen=True, slots=True)
class SignedVisit:
    """One reader's signed visit.

    Attributes
    ----------
    trial_uid, subject : str
        The trial and the patient code.
    evaluator : str
        Who read, without a name: "RADIOLOGIST 1".
    visit : str
        Label of the visit.
    read : Read
        The read, of its signed visits only.
    events : tuple of Event
        What it was replayed from: these number the lesions and date the signature.
    charter : Charter
        By which it was read.
    target, nontarget : Response or None
        The responses of the visit; None at baseline.
    """

    trial_uid: str
    subject: str
    evaluator: str
    visit: str
    read: Read
    events: tuple[Event, ...]
    charter: Charter
    target: Response | None = None
    nontarget: Response | None = None

    @property
    def signed_at(self) -> dt.datetime:
        """When the signature that stands was recorded, UTC."""
        return self._signatures()[-1].recorded_at.astimezone(dt.UTC)

    @property
    def times_signed(self) -> int:
        """How often the visit was signed so far: a re-opened visit is signed again."""
        return len(self._signatures())

    @property
    def signature(self) -> VisitSigned:
        """The signature that stands."""
        fact = self._signatures()[-1].fact
        assert isinstance(fact, VisitSigned)  # noqa: S101 - by _signatures
        return fact

    def _signatures(self) -> list[Event]:
        return [
            event
            for event in effective(self.events)
            if isinstance(event.fact, VisitSigned) and event.fact.visit == self.visit
        ]

    def parts(self) -> Iterator[LesionPart]:
        """Yield what was said at this visit, in the order of the list; nothing said, nothing told.

        A non-target that was just listed is present (L-4).
        """
        for lesion in self.read.lesions:
            said = self.read.observation(self.visit, lesion.identifier)
            listed_here = self.read.added_at[lesion.identifier] == self.visit
            if said is None and lesion.role is Role.NON_TARGET and listed_here:
                said = LISTED
            if said is not None:
                yield from self._parts(lesion, said, viable=False)
            viable = self.read.viable.get((self.visit, lesion.identifier))
            if viable is not None:
                yield from self._parts(lesion, viable, viable=True)

    def _parts(self, lesion: Lesion, said: Observation, *, viable: bool) -> Iterator[LesionPart]:
        calipers = said.calipers or (None,) * len(said.diameters)
        measured: list[tuple[int | None, Caliper | None]] = [(None, None)]
        if said.diameters:
            measured = list(zip(said.diameters, calipers, strict=True))
        for number, (diameter, caliper) in enumerate(measured, start=1):
            fragment = str(number) if said.status is Status.SPLIT else ""
            label = ".".join(filter(None, (lesion.identifier, fragment)))
            part = " ".join(filter(None, (fragment, "viable" if viable else "")))
            yield LesionPart(
                lesion,
                f"{label} viable" if viable else label,
                tracking_uid(self.trial_uid, self.events, lesion.identifier, part),
                said,
                diameter,
                caliper,
                viable,
            )
