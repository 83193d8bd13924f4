"""A proposal as a pane and the list show it: a caliper that names itself with a question mark."""

from napari_recist.criteria import Lesion, Proposal, Role
from napari_recist.criteria.organs import NODE_ORGAN
from napari_recist.imaging import Volume
from napari_recist.reading import ReadingSession
from napari_recist.reading.proposals import meant_lesion, named_by, proposal_index
from napari_recist.translation import _
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.caliper_source import raw_text
from napari_recist.ui.caliper_words import hand_value
from napari_recist.ui.drawn_caliper import DrawnCaliper

TO_ACCEPT_FIRST = _(
    "No target of the list is meant: Enter lists a new one, Shift+Enter takes the chosen one; "
    "correct it then"
)


def drawn_proposal(
    session: ReadingSession, proposal: Proposal, volume: Volume, chosen: str = ""
) -> DrawnCaliper | None:
    """Return a proposal as it lies in the volume shown; ``None`` in one of another space.

    ``chosen`` is the lesion chosen in the list: a proposal without a name is meant for it.
    """
    if volume.geometry is None:
        return None
    lines = proposal_index(proposal, volume.geometry)
    if lines is None:
        return None
    lesion = lesion_of(session, proposal, chosen)
    hand = CaliperInHand(lesion, CaliperLines(volume.geometry, *lines))
    value = hand_value(hand, session.charter.criteria.precision_tenths)
    return DrawnCaliper(
        lesion, *lines, value, source=_source(proposal, value), proposal=proposal.number
    )


def lesion_of(session: ReadingSession, proposal: Proposal, chosen: str) -> Lesion:
    """Return the lesion a proposal is of: of the list, or as far as its source tells."""
    name = meant_lesion(session.read, proposal, chosen) or named_by(proposal)[0]
    for lesion in session.read.lesions:
        if lesion.identifier == name:
            return lesion
    organ, site = proposal.proposed.organ, proposal.proposed.site
    return Lesion(proposal.lesion, Role.TARGET, organ, site, node=organ == NODE_ORGAN)


def program_of(proposal: Proposal) -> str:
    """Return by which program it was drawn, as its source names it last."""
    return proposal.proposed.source.rpartition(" of ")[2]


def _source(proposal: Proposal, value: str) -> tuple[str, ...]:
    caliper = proposal.caliper
    short = caliper.short_axis
    return (
        _("{name}? {value} mm, not counted", name=proposal.lesion, value=value),
        _("drawn elsewhere, by {program}", program=program_of(proposal)),
        raw_text(caliper.long_axis.raw_mm, short.raw_mm if short else None),
        _("passport: {summary}", summary=caliper.passport),
    )
