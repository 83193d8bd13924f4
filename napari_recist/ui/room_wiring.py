"""Which signal of a panel, bar or tool calls which command of the reading room."""

from typing import Any


def wire(room: Any) -> None:
    """Wire the parts of a room, just built, to its commands."""
    _wire_panels(room)
    _wire_bar(room)
    _wire_tools(room)


def _wire_panels(room: Any) -> None:
    lesions, actions = room.lesions, room.lesion_actions
    lesions.chosen.connect(room.choose_lesion)
    lesions.statuses.stated.connect(actions.state)
    lesions.form.wanted.connect(room.add_lesion)
    lesions.withdrawn.connect(actions.withdraw)
    lesions.corrected.connect(actions.correct)
    lesions.correction_wanted.connect(actions.correct_lesion)
    lesions.overridden.connect(actions.override)
    lesions.proposals.chosen.connect(room.proposals.go_to)
    lesions.proposals.accepted.connect(room.proposals.accept_looked_at)
    lesions.proposals.dismissed.connect(room.proposals.dismiss_proposal)
    lesions.form.left.connect(room.proposals.forget_new_lesion)
    for left in (lesions.prompt.closed, lesions.form.left):
        left.connect(room.take_keys)
    room.response.completed.connect(room.complete_visit)
    room.response.lesion_wanted.connect(room.choose_lesion)
    room.trend.visit_wanted.connect(room.open_visit)
    room.trend.lesion_wanted.connect(room.choose_lesion)


def _wire_bar(room: Any) -> None:
    bar, link = room.bar, room.link
    bar.visit_wanted.connect(room.open_visit)
    bar.prior_wanted.connect(room.choose_prior)
    bar.sync_wanted.connect(link.sync_here)
    bar.link_toggled.connect(link.set_part)
    bar.tool_toggled.connect(room.on_tool_button)
    bar.worklist_wanted.connect(room.show_worklist)
    room.review.originals_wanted.connect(room.show_originals)
    room.review.sign_wanted.connect(room.complete_visit)
    bar.lock_wanted.connect(room.idle.lock)
    bar.keys_wanted.connect(room.show_keys)
    bar.napari_toggled.connect(room.toggle_napari)
    link.changed.connect(room.show_link)
    room.show_link()


def _wire_tools(room: Any) -> None:
    room.tool.changed.connect(room.display.refresh_hand)
    room.desk.measured.connect(room.actions.tie_at)
    room.desk.taken_up.connect(room.display.refresh)
    room.current.take_drag(room.places.click)
    room.current.take_tool(room.tool)
