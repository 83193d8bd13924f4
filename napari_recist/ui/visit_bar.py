"""The bar over the panes: subject code, visits, what stands beside, the link and the tool."""

from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QAction
from qtpy.QtWidgets import (
    QButtonGroup,
    QLabel,
    QSizePolicy,
    QToolBar,
    QToolButton,
)

from napari_recist.reading import PriorChoice
from napari_recist.translation import _

PRIORS = (
    (PriorChoice.BASELINE, _("baseline"), _("Baseline beside the current visit (B)")),
    (PriorChoice.NADIR, _("nadir"), _("The visit of the smallest sum beside the current one (D)")),
    (PriorChoice.PREVIOUS, _("previous"), _("The previous visit beside the current one (P)")),
)

REGISTERED = _("registered")
SHOWN_MM = 0.05  # less is shown as no offset
STYLE = """
QToolBar { padding: 2px; spacing: 3px; }
QToolButton { padding: 4px 9px; border-radius: 3px; background: #3a414b; }
QToolButton:hover { background: #4b545f; }
QToolButton:checked { background: #1f6fa8; color: white; font-weight: bold; }
QLabel { background: transparent; }
"""
"""Pressed buttons must be told from others at a glance; napari's style does not mark them."""


@dataclass(frozen=True, slots=True)
class VisitTab:
    """One visit in the bar: its label, what it is called in words, and whether it is signed."""

    label: str
    words: str
    signed: bool
    signature: str = ""


class VisitBar(QToolBar):
    """A tool bar that shows state and tells what was pressed."""

    visit_wanted = Signal(str)
    prior_wanted = Signal(object)
    link_toggled = Signal(str, bool)
    """Which part ("scroll", "zoom", "window") and whether it is linked."""
    sync_wanted = Signal()
    tool_toggled = Signal(bool)
    worklist_wanted = Signal()
    lock_wanted = Signal()
    keys_wanted = Signal()
    napari_toggled = Signal()

    def __init__(self) -> None:
        super().__init__(_("Reading room"))
        self.setMovable(False)
        self.setStyleSheet(STYLE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.visit_buttons: dict[str, QToolButton] = {}
        self._visit_actions: dict[str, QAction] = {}
        self.subject, self.reader = QLabel(), QLabel()
        self._group = QButtonGroup(self)
        self._priors = QButtonGroup(self)
        self.offset = QLabel()
        self.message = QLabel()
        self._lay_out()

    def show_reader(self, subject: str, reader: str) -> None:
        """Show who is read and who reads."""
        self.subject.setText(subject)
        self.reader.setText(f"{reader}  ")

    def show_visits(self, tabs: tuple[VisitTab, ...], current: str) -> None:
        """Show the visits the reader may see, the current one pressed in."""
        for label in self._visit_actions.keys() - {tab.label for tab in tabs}:
            self.removeAction(self._visit_actions.pop(label))
            self.visit_buttons.pop(label).deleteLater()
        for tab in tabs:
            if tab.label not in self.visit_buttons:
                self._add_visit(tab.label)
            button = self.visit_buttons[tab.label]
            button.setText(f"{tab.label} ✓" if tab.signed else tab.label)
            state = _("signed") if tab.signed else _("open")
            button.setToolTip(f"{tab.words}, {tab.signature or state}")
            button.setChecked(tab.label == current)

    def show_prior(self, choice: PriorChoice) -> None:
        """Show which earlier visit stands beside."""
        self.prior_buttons[choice].setChecked(True)

    def show_link(self, parts: dict[str, bool], offset_mm: float, *, registered: bool) -> None:
        """Show what is linked, whether by a registration, and the shift set by hand."""
        for part, on in parts.items():
            self.link_buttons[part].setChecked(on)
        shift = _("{offset_mm:+.1f} mm", offset_mm=offset_mm) if abs(offset_mm) >= SHOWN_MM else ""
        self.offset.setText(" ".join(filter(None, (REGISTERED if registered else "", shift))))

    def show_tool(self, *, on: bool) -> None:
        """Show whether the caliper tool is on."""
        self.tool_button.setChecked(on)

    def say(self, message: str) -> None:
        """Show a short hint on what the next gesture does."""
        self.message.setText(message)

    def _lay_out(self) -> None:
        self.subject.setStyleSheet("font-weight: bold; font-size: 13pt; padding: 0 10px")
        self.addWidget(self.subject)
        self.worklist_button = self._button(_("worklist"), _("My patients (Shift+P)"))
        self.worklist_button.clicked.connect(lambda _on=False: self.worklist_wanted.emit())
        self._visit_place = self.addSeparator()
        self.addWidget(QLabel(_(" beside: ")))
        self.prior_buttons = {
            choice: self._button(title, tip, checkable=True) for choice, title, tip in PRIORS
        }
        for choice, button in self.prior_buttons.items():
            self._priors.addButton(button)
            button.clicked.connect(lambda _on, choice=choice: self.prior_wanted.emit(choice))
        self.addSeparator()
        self.addWidget(QLabel(_(" link: ")))
        self.link_buttons = {
            part: self._button(title, tip, checkable=True)
            for part, title, tip in (
                (
                    "scroll",
                    _("slices"),
                    _("Both panes show the same height in the patient (K: all)"),
                ),
                ("zoom", _("zoom"), _("Both panes show the same place at the same zoom")),
                ("window", _("W/L"), _("Both panes have the same window")),
            )
        }
        for part, button in self.link_buttons.items():
            button.clicked.connect(lambda on, part=part: self.link_toggled.emit(part, on))
        sync = self._button(_("sync here"), _("The two places shown are the same place (Shift+K)"))
        sync.clicked.connect(lambda _on=False: self.sync_wanted.emit())
        self.addWidget(self.offset)
        self.addSeparator()
        self.tool_button = self._button(_("measure"), _("Caliper tool (M)"), checkable=True)
        self.tool_button.clicked.connect(self.tool_toggled.emit)
        self.message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.message.setMinimumWidth(1)  # a long hint is cut: it must not push buttons out
        self.message.setStyleSheet("color: #f0e442; padding-left: 12px")
        self.addWidget(self.message)
        self.addWidget(self.reader)
        panels = self._button("napari", _("Show or hide napari's layer list and controls"))
        panels.clicked.connect(lambda _on=False: self.napari_toggled.emit())
        self.lock_button = self._button(_("lock"), _("Hide everything till you are back (Ctrl+L)"))
        self.lock_button.clicked.connect(lambda _on=False: self.lock_wanted.emit())
        self.keys_button = self._button("?", _("Keys and mouse (? or F1)"))
        self.keys_button.clicked.connect(lambda _on=False: self.keys_wanted.emit())

    def _add_visit(self, label: str) -> None:
        button = QToolButton()
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _on=False: self.visit_wanted.emit(label))
        self._group.addButton(button)
        self._visit_actions[label] = self.insertWidget(self._visit_place, button)
        self.visit_buttons[label] = button

    def _button(self, title: str, tip: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addWidget(button)
        return button
