"""What every room has in which a patient is looked at blinded: refusals in words, and its end."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.ui import napari_compat
from napari_recist.ui.blinded_notices import BlindedNotices
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.room_panes import RoomPanes
from napari_recist.ui.room_window import RoomWindow
from napari_recist.ui.window_watch import WindowWatch


class BlindedRoom(ABC):
    """A room in a napari window; while it is open napari shows nothing that may name somebody.

    Who derives from it sets what is annotated here before the room can be closed.
    """

    viewer: Any
    panes: RoomPanes
    idle: IdleLock
    _furnished: RoomWindow
    _watch: WindowWatch

    def __init__(self) -> None:
        self._open, self._notices = True, BlindedNotices()

    @abstractmethod
    def say(self, message: str) -> None:
        """Show a hint in the bar."""

    def refuse(self, refusal: RecistError) -> RecistError:
        """Show a refusal in words, with what to do about it; return it as it may be seen here."""
        told = for_reader(refusal)
        self.say(told.problem)
        napari_compat.notify(str(told), serious=True, blinded=True)
        return told

    def guard(self, command: Callable[[], object]) -> bool:
        """Run a command; a refusal is shown in words and nothing else happens."""
        try:
            command()
        except RecistError as refusal:
            self.refuse(refusal)
            return False
        return True

    def screenshot(self, path: Path | str) -> None:
        """Write a picture of the whole window."""
        self._furnished.screenshot(path)

    @property
    def is_open(self) -> bool:
        """Whether the window is there."""
        return self._open

    def close(self) -> None:
        """Close the window and everything in it. The record needs no saving."""
        if self._open:
            self._let_go()
            self.viewer.close()

    def _let_go(self) -> None:
        """Take everything of ours out of the window, which is closing; once is enough."""
        if not self._open:
            return
        self._open = False
        self._watch.stop()
        self.idle.stop()
        self._notices.stop()
        self._put_away()
        self.panes.close()
        self._furnished.strip()

    @abstractmethod
    def _put_away(self) -> None:
        """End what the room itself has going on."""
