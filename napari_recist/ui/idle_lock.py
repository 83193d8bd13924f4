"""Locks a workplace when nobody is at it: every window vanishes until its person is back."""

import time
from collections.abc import Callable
from typing import ClassVar
from weakref import WeakSet

from qtpy.compat import isalive
from qtpy.QtCore import QEvent, QObject, Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QApplication, QWidget

from napari_recist.trial import Trial
from napari_recist.ui.lock_screen import LockScreen

SECONDS_A_MINUTE = 60.0
LOOK_EVERY_MS = 1000
"""How often the time is looked at: nothing stays on the screen longer than this beyond its time."""

ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)
"""What tells that somebody is there. Pictures that run by themselves do not."""

PASSING = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip})
"""Menus and tips: they do not come back."""


class IdleLock(QObject):
    """Hides every window of the program after the charter's time without a key or the mouse.

    Hidden windows show nothing anywhere, not in a task switcher's preview either, and take no key.
    In their place stands a screen that asks for the password of the person who is signed in. Where
    two people are signed in to one program, each has a lock, and one screen stands after the other.

    Parameters
    ----------
    trial : Trial
        The trial as that person has it open.
    sign_out : callable
        Closes the workplace.
    clock : callable, optional
        Seconds that go on while the computer sleeps.
    """

    _at_work: ClassVar["WeakSet[IdleLock]"] = WeakSet()

    def __init__(
        self,
        trial: Trial,
        sign_out: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.trial, self.sign_out, self._clock = trial, sign_out, clock
        self.screen: LockScreen | None = None
        self._hidden: list[QWidget] = []
        self._had_keys: QWidget | None = None
        self._last, self._due = clock(), False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QGuiApplication.instance().focusWindowChanged.connect(self._listen)
        IdleLock._at_work.add(self)
        self._listen()

    def stop(self) -> None:
        """Watch no longer, and give back what is hidden."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        IdleLock._at_work.discard(self)
        QGuiApplication.instance().focusWindowChanged.disconnect(self._listen)
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)
        self._uncover()

    def look(self) -> None:
        """Lock if nobody was there for long enough; keep hidden what opens while it is locked."""
        self._listen()
        idle = self._clock() - self._last
        limit = self.trial.charter.access.idle_minutes * SECONDS_A_MINUTE
        if self.screen is not None:
            self._hide_others()
        elif self._due or not 0 <= idle < limit:  # a clock that was put back tells nothing: lock
            self._due = True
            self.lock()

    def lock(self) -> None:
        """Lock at once, or as soon as another's lock is open."""
        if any(one.screen is not None for one in IdleLock._at_work):
            return
        window = _foremost()
        self._had_keys = window.focusWidget() if window is not None else None
        self.screen = LockScreen(self.trial.actor, self.trial.check_password)
        self.screen.unlocked.connect(self.unlock)
        self.screen.left.connect(self._leave)
        self.screen.cover(window)
        self._hide_others()

    def unlock(self) -> None:
        """Show again what was hidden, and give the keys back to what had them."""
        self._all_begin_anew()
        self._uncover()
        if self._had_keys is not None and isalive(self._had_keys):
            self._had_keys.window().activateWindow()
            self._had_keys.setFocus()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note that somebody is there; pass everything on."""
        if event.type() in ACTIVITY:
            self._last = self._clock()
        return False

    def _listen(self, *_window: object) -> None:
        """Hear keys and mouse where they come in: at the windows, before any widget has them."""
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)

    def _hide_others(self) -> None:
        for window in QApplication.topLevelWidgets():
            if window is not self.screen and window.isVisible():
                if window.windowType() not in PASSING:
                    self._hidden.append(window)
                window.hide()

    def _uncover(self) -> None:
        screen, self.screen = self.screen, None
        hidden, self._hidden = self._hidden, []
        for window in sorted(filter(isalive, hidden), key=_depth):
            window.show()
        if screen is not None:
            screen.put_away()
        for one in tuple(IdleLock._at_work):  # before anything is painted
            one.look()

    def _leave(self) -> None:
        mine = self._all_begin_anew()
        self._uncover()
        for one in mine:
            one.sign_out()

    def begin_anew(self) -> None:
        """Let the time begin anew: its person is here."""
        self._last, self._due = self._clock(), False

    def _all_begin_anew(self) -> "tuple[IdleLock, ...]":
        """Let the time begin anew in every window of this person, and return their locks."""
        who = self.trial.uid, self.trial.actor
        mine = tuple(one for one in IdleLock._at_work if (one.trial.uid, one.trial.actor) == who)
        for one in mine:
            one.begin_anew()
        return mine


def _foremost() -> QWidget | None:
    """Return the window somebody works in, or where none is active the largest."""
    seen = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    largest = max(seen, key=lambda window: window.width() * window.height(), default=None)
    return QApplication.activeWindow() or largest


def _depth(window: QWidget) -> int:
    """Return how many windows a window belongs to: those are shown before it."""
    parent = window.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)
