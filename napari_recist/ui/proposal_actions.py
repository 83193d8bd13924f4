"""What keys and buttons do to proposals: go there, accept, dismiss; each is one gesture."""

from typing import Any

from napari_recist.criteria import Proposal, show
from napari_recist.reading.proposals import meant_lesion, named_by, waiting
from napari_recist.translation import _
from napari_recist.ui.caliper_state import MEASURING_PX_PER_MM
from napari_recist.ui.drawn_proposal import lesion_of, program_of
from napari_recist.ui.proposal_list import ProposalRow

NOTHING_PROPOSED = _("Nothing is proposed at this visit.")
NONE_OPEN = _("Go to a proposal first (Shift+G).")


class ProposalActions:
    """Commands on the proposals of a reading room.

    Parameters
    ----------
    room : ReadingRoom
        The room they act on.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self.for_new_lesion = 0
        """The number of the proposal for which the form asks where its lesion is, 0 for none."""

    @property
    def opened(self) -> int:
        """The number of the proposal that is looked at, 0 while none is."""
        caliper = self._room.tool.open_caliper
        return caliper.proposal if caliper else 0

    def rows(self) -> tuple[ProposalRow, ...]:
        """Return the proposals of the visit as the list shows them."""
        return tuple(
            ProposalRow(one.number, self._words(one)) for one in waiting(self._room.session)
        )

    def next_proposal(self) -> None:
        """Go to the proposal after the one looked at, and open it."""
        numbers = [one.number for one in waiting(self._room.session)]
        if not numbers:
            self._room.say(NOTHING_PROPOSED)
            return
        later = [number for number in numbers if number > self.opened]
        self.go_to((later or numbers)[0])

    def go_to(self, number: int) -> None:
        """Show a proposal and open it: it may be accepted, corrected or dismissed."""
        room = self._room
        self.forget_new_lesion()
        drawn = next((one for one in room.desk.proposed() if one.proposal == number), None)
        if drawn is None:
            room.say(_("This proposal lies on another series: choose that for measuring (W)."))
            return
        room.tool.let_go()
        room.tool.open(drawn)
        room.current.zoom_to(max(room.current.pixels_per_mm, MEASURING_PX_PER_MM), drawn.middle)
        room.display.refresh()
        room.take_keys()

    def accept(self) -> bool:
        """Accept the proposal looked at for the lesion it means, or ask for that lesion.

        Returns
        -------
        bool
            Whether a proposal was looked at.
        """
        room, proposal = self._room, self._proposal()
        if proposal is None:
            return False
        lesion = meant_lesion(room.session.read, proposal, room.desk.chosen)
        name, _fragment = named_by(proposal)
        if lesion:
            self._accept(proposal, lesion)
        elif name in room.desk.names():
            room.say(
                _(
                    "{lesion} is assessed here already: Shift+Enter puts the proposal in its place",
                    lesion=name,
                )
            )
        elif room.session.at_baseline:
            self.for_new_lesion = proposal.number
            room.lesions.form.propose(lesion_of(room.session, proposal, room.desk.chosen))
            room.say(_("Say where it is: Enter lists the lesion with this measurement"))
        else:
            room.say(_("No target is meant: choose one in the list, then Shift+Enter"))
        return True

    def accept_for_chosen(self) -> None:
        """Accept the proposal looked at for the lesion chosen in the list."""
        proposal, lesion = self._proposal(), self._room.desk.lesion
        if proposal is None or lesion is None:
            self._room.say(NONE_OPEN if proposal is None else _("Choose a lesion first."))
        else:
            self._accept(proposal, lesion.identifier)

    def accept_looked_at(self) -> None:
        """Do what the button says."""
        if not self.accept():
            self._room.say(NONE_OPEN)

    def accept_number(self, number: int, lesion: str) -> None:
        """Accept the proposal with this number for the lesion just put on the list for it."""
        for proposal in waiting(self._room.session):
            if proposal.number == number:
                self._accept(proposal, lesion)

    def forget_new_lesion(self) -> None:
        """Let the next lesion put on the list be one that no proposal is of."""
        self.for_new_lesion = 0
        self._room.lesions.form.forget_proposal()

    def dismiss_proposal(self) -> None:
        """Dismiss the proposal looked at, and go to the next."""
        room, proposal = self._room, self._proposal()
        if proposal is None:
            room.say(NONE_OPEN)
        elif room.guard(lambda: room.session.dismiss_proposal(proposal.number)):
            self._go_on(_("{name} is dismissed (Ctrl+Z brings it back).", name=_name(proposal)))

    def _accept(self, proposal: Proposal, lesion: str) -> None:
        room = self._room
        if not room.guard(lambda: room.session.accept_proposal(proposal.number, lesion)):
            return
        room.desk.chosen = lesion
        said = room.session.read.observation(room.session.visit, lesion)
        value = show(said.diameters[-1])
        self._go_on(_("{lesion} {value} mm accepted.", lesion=lesion, value=value))

    def _go_on(self, said: str) -> None:
        """Go to the next proposal; without one the view stays."""
        room = self._room
        left = waiting(room.session)
        if left:
            self.go_to(left[0].number)
        else:
            room.tool.let_go()
            room.display.refresh()
        room.say(said)

    def _proposal(self) -> Proposal | None:
        number = self.opened
        return next((one for one in waiting(self._room.session) if one.number == number), None)

    def _words(self, proposal: Proposal) -> str:
        axes = (proposal.caliper.long_axis, proposal.caliper.short_axis)
        lengths = " x ".join(f"{axis.raw_mm:.1f}" for axis in axes if axis is not None)
        return _(
            "{name}  {lengths} mm  {organ}  by {program}",
            name=_name(proposal),
            lengths=lengths,
            organ=proposal.proposed.organ,
            program=program_of(proposal),
        )


def _name(proposal: Proposal) -> str:
    return f"{proposal.lesion}?"
