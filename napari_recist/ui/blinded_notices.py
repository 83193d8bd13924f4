"""What napari would show on a reader's screen by itself: errors in words, with no file name.

napari shows every error and warning of whatever library, traceback and all. While a reading room
is open, errors become a code and fixed words; their text is kept for the image manager. Warnings
and notes are kept from the screen: napari's own list of notifications has them.
"""

from typing import ClassVar

from napari.utils.events import EventEmitter
from napari.utils.notifications import ErrorNotification, Notification, notification_manager

from napari_recist.reading.faults import for_reader
from napari_recist.ui.napari_compat import Notice, notify

FIT = EventEmitter(event_class=Notification)
"""What listens to notifications hears this instead while a room is open: napari puts its own
listeners before all others, so that nobody can stand before them."""


class BlindedNotices:
    """Stands between napari's notifications and the screen while a room is open."""

    _open: ClassVar[int] = 0

    def __init__(self) -> None:
        BlindedNotices._open += 1
        if BlindedNotices._open == 1:
            _move(notification_manager.notification_ready, FIT)
            notification_manager.notification_ready.connect(pass_on)

    def stop(self) -> None:
        """Let napari show what it likes again, once no room is open."""
        BlindedNotices._open -= 1
        if not BlindedNotices._open:
            notification_manager.notification_ready.disconnect(pass_on)
            _move(FIT, notification_manager.notification_ready)


def pass_on(notification: Notification) -> None:
    """Show a notice of ours as it is, an error as a code, and nothing else."""
    if isinstance(notification, Notice):
        FIT(notification)
    elif isinstance(notification, ErrorNotification):
        notify(str(for_reader(notification.exception)), serious=True, blinded=True)


def _move(source: EventEmitter, target: EventEmitter) -> None:
    for listener in source.callbacks:
        source.disconnect(listener)
        target.connect(listener)
