"""Measurements proposed to a reader: which wait at the visit, where they lie, what accepting says.

Nothing here counts. Accepting is the reader's own measurement, with the caliper as it was proposed
or as the reader corrected it.
"""

from dataclasses import replace

from napari_recist.criteria import (
    Charter,
    Lesion,
    LesionMeasured,
    Proposal,
    Provenance,
    Read,
    Role,
    Status,
)
from napari_recist.errors import ReadError, UnmeasurableError
from napari_recist.imaging import Geometry, Volume
from napari_recist.measuring.calipers import reported_diameter
from napari_recist.reading.caliper_facts import (
    Drawn,
    IndexAxis,
    index_axes,
    measured,
    refuse_unmeasured,
)
from napari_recist.reading.drawable import volume_seen
from napari_recist.reading.view import ReadingView
from napari_recist.translation import _


def waiting(view: ReadingView) -> tuple[Proposal, ...]:
    """Return what is proposed at the current visit and not answered; nothing once it is signed."""
    if view.locked or not view.charter.blinding.proposals:
        return ()
    return view.read.proposals_at(view.visit)


def proposal_numbered(view: ReadingView, number: int) -> Proposal:
    """Return the waiting proposal with this number.

    Raises
    ------
    ReadError
        If none waits here.
    """
    for proposal in waiting(view):
        if proposal.number == number:
            return proposal
    raise ReadError(_("This proposal is answered already, or of another visit."))


def proposal_index(
    proposal: Proposal, geometry: Geometry
) -> tuple[IndexAxis, IndexAxis | None] | None:
    """Return where the axes of a proposal lie in a volume; ``None`` in one of another space."""
    if proposal.caliper.frame_of_reference_uid != geometry.frame_of_reference_uid:
        return None
    return index_axes(proposal.caliper, geometry)


def volume_of_proposal(view: ReadingView, proposal: Proposal) -> Volume:
    """Return the volume measured on, if the image of a proposal is one of its and can be seen.

    Raises
    ------
    UnmeasurableError
        If it lies on another series, or its slice is still being loaded.
    """
    shown = view.shown_volume(view.visit)
    return volume_seen(view, 0 if shown is None else _slice_of(proposal, shown))


def named_by(proposal: Proposal) -> tuple[str, int]:
    """Return the lesion a proposal names and the fragment of it: T1.2 is fragment 2 of T1."""
    lesion, _point, fragment = proposal.lesion.partition(".")
    return lesion, int(fragment or 0)


def meant_lesion(read: Read, proposal: Proposal, chosen: str) -> str:
    """Return the target a proposal measures, "" where it is none of the list.

    It is the one the proposal names; where it names none, the one chosen; and only while nothing
    is said of that at the visit: a proposal never takes the place of a measurement by itself.
    """
    name, fragment = named_by(proposal)
    wanted = name or chosen
    targets = {lesion.identifier for lesion in read.lesions if lesion.role is Role.TARGET}
    said = read.observation(proposal.visit, wanted)
    pieces = len(said.diameters) if said and said.status is Status.SPLIT else 0
    free = said is None or 0 < pieces < fragment
    return wanted if wanted in targets and free else ""


def accepted(read: Read, proposal: Proposal, lesion: Lesion, charter: Charter) -> LesionMeasured:
    """Return the fact that a proposal measures a lesion, just as it was proposed.

    Raises
    ------
    ReadError
        If this lesion is not one that is measured, or the fragment is out of turn.
    UnmeasurableError
        If it is a node and no short axis is proposed.
    """
    caliper, (_name, fragment) = proposal.caliper, named_by(proposal)
    refuse_unmeasured(read, proposal.visit, lesion, fragment)
    precision = charter.criteria.precision_tenths
    diameter = reported_diameter(caliper.long_axis, caliper.short_axis, precision, node=lesion.node)
    return LesionMeasured(
        proposal.visit, lesion.identifier, diameter, caliper, fragment, proposal=proposal.number
    )


def corrected_proposal(
    read: Read, proposal: Proposal, lesion: Lesion, drawn: Drawn, charter: Charter
) -> LesionMeasured:
    """Return the fact that a proposal measures a lesion as the reader corrected it.

    Raises as :func:`accepted`, and where it lies on another series than the one measured on, or
    the line leaves the slice or has no length.
    """
    _slice_of(proposal, drawn.volume)
    drawn = replace(drawn, fragment=named_by(proposal)[1])
    fact = measured(read, proposal.visit, lesion, drawn, charter)
    if fact.caliper is None:
        raise AssertionError("what is drawn has a caliper")
    edited = replace(fact.caliper, provenance=Provenance.EDITED)
    return replace(fact, caliper=edited, proposal=proposal.number)


def _slice_of(proposal: Proposal, volume: Volume) -> int:
    image = proposal.caliper.sop_instance_uid, proposal.caliper.frame
    for place, one in enumerate(volume.series.slices):
        if (one.sop_instance_uid, one.frame + 1) == image:
            return place
    raise UnmeasurableError(
        _("This proposal lies on another series than the one measured on."),
        _("Choose its series for measuring (W), or dismiss it (Shift+D)."),
    )
