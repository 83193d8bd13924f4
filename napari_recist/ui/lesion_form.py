"""The form that puts a lesion on the list: role, organ, site and whether it is a node."""

from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.criteria import Role

ORGANS = (
    "liver",
    "lung",
    "lymph node",
    "adrenal",
    "bone",
    "brain",
    "kidney",
    "pancreas",
    "peritoneum",
    "pleura",
    "soft tissue",
    "spleen",
)
"""Offered in the list; any other word may be typed."""
ROLE_TITLES = {Role.TARGET: "Target", Role.NON_TARGET: "Non-target", Role.NEW: "New lesion"}
NODE_ORGAN = "lymph node"


@dataclass(frozen=True, slots=True)
class NewLesion:
    """What the form says of the lesion to add."""

    role: Role
    organ: str
    site: str
    node: bool
    porta_hepatis: bool


class LesionForm(QWidget):
    """Two lines of fields and a button; ``wanted`` carries what is to be added."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.role, self.organ = QComboBox(), QComboBox()
        self.organ.setEditable(True)
        self.organ.addItems(ORGANS)
        self.site = QLineEdit()
        self.site.setPlaceholderText("site, e.g. S6")
        self.node, self.porta_hepatis = QCheckBox("node"), QCheckBox("porta hepatis")
        self.node.setToolTip("A lymph node: its short axis counts")
        self.porta_hepatis.setToolTip("A node at the porta hepatis: a target from 20 mm short axis")
        self.add_button = QPushButton("Add")
        self.add_button.setToolTip("Put this lesion on the list")
        self.organ.currentTextChanged.connect(self._organ_changed)
        self.node.toggled.connect(self._node_toggled)
        self._node_toggled(node=False)
        self.add_button.clicked.connect(self._submit)
        self.site.returnPressed.connect(self._submit)
        self._lay_out()

    def offer(self, roles: tuple[Role, ...]) -> None:
        """Offer the roles a lesion may have at this visit; none leaves the form disabled."""
        self.setEnabled(bool(roles))
        if tuple(self.role.itemData(n) for n in range(self.role.count())) == roles:
            return
        self.role.clear()
        for role in roles:
            self.role.addItem(ROLE_TITLES[role], role)

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for widget, stretch in ((self.role, 2), (self.organ, 3), (self.site, 2)):
            upper.addWidget(widget, stretch)
        for widget in (self.node, self.porta_hepatis):
            lower.addWidget(widget)
        lower.addStretch(1)
        lower.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(upper)
        layout.addLayout(lower)
        for widget in (self.role, self.node, self.porta_hepatis, self.add_button):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _organ_changed(self, organ: str) -> None:
        self.node.setChecked(organ.strip().lower() == NODE_ORGAN)

    def _node_toggled(self, node: bool) -> None:
        self.porta_hepatis.setEnabled(node)
        if not node:
            self.porta_hepatis.setChecked(False)

    def _submit(self) -> None:
        role = self.role.currentData()
        if role is None:
            return
        node = self.node.isChecked()
        porta_hepatis = self.porta_hepatis.isChecked()
        organ, site = self.organ.currentText().strip(), self.site.text().strip()
        self.wanted.emit(NewLesion(Role(role), organ, site, node, porta_hepatis))
        self.site.clear()
        self.porta_hepatis.setChecked(False)
