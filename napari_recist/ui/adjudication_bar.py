"""The bar over the panes of an adjudication: subject code, visits, where each read lies, link."""

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QLabel, QSizePolicy, QToolBar, QToolButton

from napari_recist.translation import _
from napari_recist.ui.visit_bar import STYLE

LINKS = (
    ("scroll", _("slices"), _("Both panes show the same height in the patient (K: all)")),
    ("zoom", _("zoom"), _("Both panes show the same place at the same zoom")),
    ("window", _("W/L"), _("Both panes have the same window")),
)


class AdjudicationBar(QToolBar):
    """A tool bar that shows state and tells what was pressed."""

    visit_wanted = Signal(str)
    link_toggled = Signal(str, bool)
    swap_wanted = Signal()
    both_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Adjudication"))
        self.setMovable(False)
        self.setStyleSheet(STYLE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.subject, self.waiting, self.message = QLabel(), QLabel(), QLabel()
        self.visit_buttons: dict[str, QToolButton] = {}
        self._visit_actions: list[QAction] = []
        self._lay_out()

    def show_case(self, subject: str, visits: tuple[tuple[str, str], ...]) -> None:
        """Show a case: the patient's code, and each visit's label with its week in words."""
        self.subject.setText(subject)
        for action in self._visit_actions:
            self.removeAction(action)
        for button in self.visit_buttons.values():
            button.deleteLater()
        self.visit_buttons, self._visit_actions = {}, []
        for label, words in visits:
            button = self._made(label, _("{week} of both reads", week=words), checkable=True)
            button.clicked.connect(lambda _on=False, label=label: self.visit_wanted.emit(label))
            self.visit_buttons[label] = button
            self._visit_actions.append(self.insertWidget(self._visit_place, button))

    def show_visit(self, visit: str) -> None:
        """Show which visit is looked at."""
        for label, button in self.visit_buttons.items():
            button.setChecked(label == visit)

    def show_waiting(self, words: str) -> None:
        """Show how many cases wait."""
        self.waiting.setText(f"{words}  ")

    def show_link(self, parts: dict[str, bool]) -> None:
        """Show what is linked."""
        for part, on in parts.items():
            self.link_buttons[part].setChecked(on)

    def show_both(self, *, both: bool) -> None:
        """Show whether both reads' calipers lie over each picture."""
        self.both_button.setChecked(both)

    def say(self, message: str) -> None:
        """Show a short hint."""
        self.message.setText(message)
        self.message.setToolTip(message)

    def _lay_out(self) -> None:
        self.subject.setStyleSheet("font-weight: bold; font-size: 13pt; padding: 0 10px")
        self.addWidget(self.subject)
        self._visit_place = self.addSeparator()
        swap = self._button(_("swap A / B"), _("Which read is at the left (Shift+X)"))
        swap.clicked.connect(lambda _on=False: self.swap_wanted.emit())
        self.both_button = self._button(
            _("both over each"),
            _("Calipers of both reads over each picture (Shift+H)"),
            checkable=True,
        )
        self.both_button.clicked.connect(lambda _on=False: self.both_wanted.emit())
        self.addSeparator()
        self.addWidget(QLabel(_(" link: ")))
        self.link_buttons = {
            part: self._button(title, tip, checkable=True) for part, title, tip in LINKS
        }
        for part, button in self.link_buttons.items():
            button.clicked.connect(lambda on, part=part: self.link_toggled.emit(part, on))
        self.message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.message.setStyleSheet("color: #f0e442; padding-left: 12px")
        self.addWidget(self.message)
        self.addWidget(self.waiting)
        self.keys_button = self._button("?", _("Keys and mouse (? or F1)"))
        self.keys_button.clicked.connect(lambda _on=False: self.keys_wanted.emit())

    def _button(self, title: str, tip: str, *, checkable: bool = False) -> QToolButton:
        button = self._made(title, tip, checkable=checkable)
        self.addWidget(button)
        return button

    def _made(self, title: str, tip: str, *, checkable: bool) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button
