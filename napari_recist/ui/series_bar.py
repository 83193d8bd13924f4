"""The second bar: the phases to step through, and what departs before anything is measured."""

from psygnal import Signal
from qtpy.QtCore import QSize, Qt
from qtpy.QtWidgets import QLabel, QSizePolicy, QToolBar, QToolButton

from napari_recist.translation import _
from napari_recist.ui.visit_bar import STYLE

WARNING_STYLE = "background: #5c4a00; color: #ffe27a; padding: 4px 10px; font-weight: bold"


class SeriesBar(QToolBar):
    """Hidden where a visit has one series that matches; else it shows phases and departures."""

    phase_wanted = Signal(str)
    series_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Series"))
        self.setMovable(False)
        self.setStyleSheet(STYLE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.phase_buttons: dict[str, QToolButton] = {}
        self.warning = _Warning()
        self.series_button = self._button(_("series… (W)"), _("The series of this visit (W)"))
        self.series_button.clicked.connect(lambda _on=False: self.series_wanted.emit())
        self.addWidget(self.series_button)
        self._first = self.addSeparator()
        self._warning_action = self.addWidget(self.warning)

    def show_phases(self, phases: tuple[str, ...], shown: str, read_on: str) -> None:
        """Show the phases of the visit, the one shown pressed, the one measured on marked."""
        if tuple(self.phase_buttons) != phases:
            self._replace(phases)
        for phase, button in self.phase_buttons.items():
            measured = phase == read_on
            button.setText(f"{phase or _('not told')} ●" if measured else phase)
            tip = (
                _("measured on this phase") if measured else _("to look at; measured on the other")
            )
            button.setToolTip(_("{phase}: {tip} (E steps, Shift+E back)", phase=phase, tip=tip))
            button.setChecked(phase == shown)

    def show_warning(self, words: str) -> None:
        """Show what departs, "" for nothing."""
        self.warning.setText(f"⚠ {words}" if words else "")
        self.warning.setToolTip(words)
        self._warning_action.setVisible(bool(words))

    def _replace(self, phases: tuple[str, ...]) -> None:
        for button in self.phase_buttons.values():
            button.deleteLater()
        self.phase_buttons = {}
        for action in self.actions():
            if action.data() == "phase":
                self.removeAction(action)
        for phase in phases if len(phases) > 1 else ():
            button = self._button(phase, "", checkable=True)
            button.clicked.connect(lambda _on=False, to=phase: self.phase_wanted.emit(to))
            self.insertWidget(self._first, button).setData("phase")
            self.phase_buttons[phase] = button

    def _button(self, title: str, tip: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button


class _Warning(QLabel):
    """Takes what the bar has left.

    A long warning is cut off, not the window made wider: all of it is in the tool tip. A bar gives
    a widget of an ignored width none at all, so that the width is wanted, only not told.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setStyleSheet(WARNING_STYLE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for no width."""
        return QSize(0, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Need no width."""
        return QSize(0, super().minimumSizeHint().height())
