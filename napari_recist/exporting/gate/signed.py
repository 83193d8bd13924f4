"""What a transfer holds as signed, statement by statement: what TR has to say, and nothing else."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from napari_recist.criteria import (
    Axis,
    Caliper,
    Lesion,
    Observation,
    Role,
    Status,
    VisitSigned,
    from_raw,
)
from napari_recist.exporting.transfer.frozen import FrozenRead, Transfer

TENTH = Decimal("0.1")

LESION_NAME = re.compile(r"(?:[RA]\d+-)?(T|NT|NEW|N)0*(\d+)(?:\.(\d+))?")
"""A lesion's name in the trial (T1, NT2, N1) or as a link of SDTM (R1-T01, R1-NEW01, R1-T04.1)."""

LesionKey: TypeAlias = tuple[str, int]
"""Letters and number of a lesion: of T1 and of R1-T01 it is the same."""

Place: TypeAlias = tuple[str, str, str, LesionKey, int, bool]
"""Subject, evaluator, visit, lesion, fragment (0: whole), and whether of the viable part."""


def lesion_key(name: str) -> tuple[LesionKey, int]:
    """Return which lesion a name or link means, and which fragment of it (0: the whole)."""
    found = LESION_NAME.fullmatch(name)
    if found is None:
        return (name, 0), 0
    letters, number, fragment = found.groups()
    return ("N" if letters == "NEW" else letters, int(number)), int(fragment or 0)


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """One statement of one reader on one lesion, or one fragment, at one signed visit.

    ``diameter`` is the reported value in tenths of a millimetre, ``None`` for a statement in
    words. ``caliper`` is what it was drawn with, ``None`` where it was not drawn.
    """

    place: Place
    lesion: Lesion
    status: Status
    date: dt.date
    diameter: int | None
    caliper: Caliper | None
    signature: VisitSigned | None
    too_small: Decimal
    precision: int

    @property
    def words(self) -> str:
        """The statement's place in words: subject, evaluator, visit, lesion and fragment."""
        subject, evaluator, visit, _, fragment, _ = self.place
        lesion = f"{self.lesion.identifier}.{fragment}" if fragment else self.lesion.identifier
        return f"{subject}, {evaluator}, {visit}, {lesion}"

    @property
    def length(self) -> Decimal | None:
        """What a target counts as in mm, ``None`` where it counts as nothing."""
        if self.diameter is not None:
            return self.diameter * TENTH
        if self.lesion.role is not Role.TARGET:
            return None
        return {Status.ABSENT: Decimal(0), Status.TOO_SMALL: self.too_small}.get(self.status)

    @property
    def measured_axis(self) -> Axis | None:
        """The axis whose length was reported: of a node the short one (R-11)."""
        if self.caliper is None:
            return None
        return self.caliper.short_axis if self.lesion.node else self.caliper.long_axis

    @property
    def other_axis(self) -> Axis | None:
        """The axis that does not count, where one is drawn."""
        if self.caliper is None:
            return None
        return self.caliper.long_axis if self.lesion.node else self.caliper.short_axis

    @property
    def other_length(self) -> Decimal | None:
        """The other axis in mm, rounded as a reported value is, ``None`` where none is drawn."""
        other = self.other_axis
        return None if other is None else from_raw(other.raw_mm, self.precision) * TENTH


def signed_statements(transfer: Transfer) -> dict[Place, SignedStatement]:
    """Return every statement of a transfer's reads, by its place."""
    return {
        statement.place: statement
        for patient in transfer.patients
        for frozen in patient.reads
        for statement in _of_read(patient.subject, frozen)
    }


def _of_read(subject: str, frozen: FrozenRead) -> Iterator[SignedStatement]:
    read, settings = frozen.read, frozen.charter.criteria
    for visit in read.visits:
        for lesion in read.lesions:
            key, _ = lesion_key(lesion.identifier)
            for viable, said in _said(frozen, visit.identifier, lesion):
                numbered = said.status is Status.SPLIT
                for number, diameter in enumerate(said.diameters or (None,), start=1):
                    fragment = number if numbered else 0
                    calipers = said.calipers[number - 1 : number]
                    yield SignedStatement(
                        (subject, frozen.evaluator, visit.identifier, key, fragment, viable),
                        lesion,
                        said.status,
                        said.date or visit.date,
                        diameter,
                        calipers[0] if calipers else None,
                        visit.signed,
                        settings.too_small_default_mm,
                        settings.precision_tenths,
                    )


def _said(frozen: FrozenRead, visit: str, lesion: Lesion) -> Iterator[tuple[bool, Observation]]:
    """Yield what was said of a lesion; listing a non-target says that it is there (L-4)."""
    said = frozen.read.observation(visit, lesion.identifier)
    listed = frozen.read.added_at.get(lesion.identifier) == visit
    if said is None and lesion.role is Role.NON_TARGET and listed:
        said = Observation(Status.PRESENT)
    if said is not None:
        yield False, said
    viable = frozen.read.viable.get((visit, lesion.identifier))
    if viable is not None:
        yield True, viable
