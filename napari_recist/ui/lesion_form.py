"""The form that puts a lesion on the list: role, coded organ, site, and what decides its rules."""

from dataclasses import dataclass, replace

from psygnal import Signal
from qtpy.QtCore import QSignalBlocker, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.criteria import Lesion, Nature, Role
from napari_recist.criteria.organs import (
    NODE_ORGAN,
    ORGANS,
    OTHER,
    PORTA_HEPATIS,
    organ_named,
    site_word,
)
from napari_recist.translation import _, coded

ROLE_TITLES = {
    Role.TARGET: _("Target"),
    Role.NON_TARGET: _("Non-target"),
    Role.NEW: _("New lesion"),
}
ADD = _("Add")
ADD_PROPOSED = _("Add, as proposed")
SITE_HINT = _("site, e.g. S6")
NO_SUCH_ORGAN = _("Choose an organ of the list, or '{other}' with the site in words.", other=OTHER)
OTHER_WHERE = _("Say where it is: '{other}' needs a site in words.", other=OTHER)


@dataclass(frozen=True, slots=True)
class NewLesion:
    """What the form says of the lesion to add."""

    role: Role
    organ: str
    site: str
    node: bool
    porta_hepatis: bool
    nature: Nature = Nature.SOLID
    prior_local_therapy: bool = False
    progressed_since: bool = False

    @property
    def described(self) -> Lesion:
        """The lesion, still without its name."""
        treated = self.prior_local_therapy, self.progressed_since
        place = self.organ, self.site, self.node, self.porta_hepatis
        return Lesion("", self.role, *place, *treated, self.nature)


class LesionForm(QWidget):
    """Three lines of fields and a button; ``wanted`` carries what is to be added."""

    wanted = Signal(object)
    corrected = Signal(object)
    """What a lesion of the list is to be, with its name."""
    left = Signal()
    """The reader left the form with Esc."""

    def __init__(self) -> None:
        super().__init__()
        self.role, self.organ, self.site, self.nature = (QComboBox() for _ in range(4))
        for box in (self.organ, self.site):
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.organ.addItems([organ.word for organ in ORGANS])
        # Completed as it is typed, "S" would become S1: a segment is never guessed.
        self.site.setCompleter(None)
        self.site.lineEdit().setPlaceholderText(SITE_HINT)
        for nature in Nature:
            self.nature.addItem(coded(nature), nature)
        self.node, self.porta_hepatis = QCheckBox(_("node")), QCheckBox(PORTA_HEPATIS)
        self.treated, self.progressed = QCheckBox(_("treated before")), QCheckBox(_("grown since"))
        self.add_button, self.refusal = QPushButton(ADD), QLabel()
        self.refusal.setStyleSheet("color: #e69f00")
        self.refusal.hide()
        self._corrects: Lesion | None = None
        self._explain()
        self._wire()
        self._lay_out()
        self._organ_changed(self.organ.currentText())

    def offer(self, roles: tuple[Role, ...]) -> None:
        """Offer the roles a lesion may have at this visit; none leaves the form disabled."""
        self.setEnabled(bool(roles))
        if tuple(self.role.itemData(n) for n in range(self.role.count())) == roles:
            return
        self.role.clear()
        for role in roles:
            self.role.addItem(ROLE_TITLES[role], role)

    def begin(self) -> None:
        """Take the keyboard: a role by its first letter, then the organ."""
        (self.role if self.role.count() > 1 else self.organ).setFocus()
        self.organ.lineEdit().selectAll()

    def propose(self, lesion: Lesion) -> None:
        """Take the keyboard to add the lesion of a proposal: what is told of it stands there."""
        self.stop_correcting()
        self.add_button.setText(ADD_PROPOSED)
        self.role.setCurrentIndex(max(self.role.findData(lesion.role), 0))
        if lesion.organ:
            self.organ.setCurrentText(lesion.organ)
            self.site.setEditText(lesion.site)
            self.site.setFocus()
            self.site.lineEdit().selectAll()
        else:
            self.organ.setFocus()
            self.organ.lineEdit().selectAll()

    def forget_proposal(self) -> None:
        """Be ready to add a lesion that no proposal is of."""
        if self._corrects is None:
            self.add_button.setText(ADD)

    def correct(self, lesion: Lesion) -> None:
        """Take the keyboard to correct what the list says of a lesion: all but its role."""
        self._corrects = lesion
        self.role.setCurrentIndex(self.role.findData(lesion.role))
        self.role.setEnabled(False)
        self.organ.setCurrentText(lesion.organ)
        self.node.setChecked(lesion.node)
        self.site.setEditText(lesion.site)
        self.nature.setCurrentIndex(self.nature.findData(lesion.nature))
        self.porta_hepatis.setChecked(lesion.porta_hepatis)
        self.treated.setChecked(lesion.prior_local_therapy)
        self.progressed.setChecked(lesion.progressed_since)
        self.add_button.setText(_("Correct {lesion}", lesion=lesion.identifier))
        self.organ.setFocus()
        self.organ.lineEdit().selectAll()

    def stop_correcting(self) -> None:
        """Be ready to add a lesion again."""
        if self._corrects is not None:
            self._corrects = None
            self.role.setEnabled(True)
            self.add_button.setText(ADD)
            self._clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves the form; no key of it reaches the pictures."""
        if event.key() == Qt.Key.Key_Escape:
            self.stop_correcting()
            self.left.emit()
        event.accept()

    def _explain(self) -> None:
        self.organ.setToolTip(_("Organ of the closed list: type its first letters"))
        self.site.setToolTip(
            _("Of the liver the Couinaud segment, as 6, S6 or VI; S4a and S4b too")
        )
        self.node.setToolTip(_("A lymph node: its short axis counts"))
        self.porta_hepatis.setToolTip(
            _("A node at the porta hepatis: a target from 20 mm short axis")
        )
        self.nature.setToolTip(_("The kind of lesion, where it decides whether it can be measured"))
        self.treated.setToolTip(_("Irradiated, ablated or embolised before baseline (M-7)"))
        self.progressed.setToolTip(_("It has progressed since that treatment (M-7)"))
        self.add_button.setToolTip(_("Put this lesion on the list"))

    def _wire(self) -> None:
        self.organ.currentTextChanged.connect(self._organ_changed)
        self.site.editTextChanged.connect(self._site_changed)
        self.node.toggled.connect(self._node_toggled)
        self.treated.toggled.connect(self._treated_toggled)
        self.add_button.clicked.connect(self._submit)
        for box in (self.organ, self.site):
            box.lineEdit().returnPressed.connect(self._submit)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widgets in (
            ((self.role, 2), (self.organ, 3), (self.site, 3)),
            ((self.nature, 1), (self.node, 0), (self.porta_hepatis, 0)),
            ((self.treated, 0), (self.progressed, 1), (self.add_button, 0)),
        ):
            line = QHBoxLayout()
            for widget, stretch in widgets:
                line.addWidget(widget, stretch)
            layout.addLayout(line)
        layout.addWidget(self.refusal)
        self.nature.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for widget in (self.role, self.nature, self.node, self.porta_hepatis, self.treated):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in (self.progressed, self.add_button):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _organ_changed(self, text: str) -> None:
        organ = organ_named(text)
        self.node.setChecked(organ is not None and organ.word == NODE_ORGAN)
        with QSignalBlocker(self.site):  # filled, it shows its first site, which nobody has said
            self.site.clear()
            if organ is not None:
                self.site.addItems([site.word for site in organ.sites])
            self.site.clearEditText()

    def _site_changed(self, text: str) -> None:
        if self.node.isChecked() and text.strip().casefold() == PORTA_HEPATIS:
            self.porta_hepatis.setChecked(True)

    def _node_toggled(self, node: bool) -> None:
        self.porta_hepatis.setEnabled(node)
        if not node:
            self.porta_hepatis.setChecked(False)

    def _treated_toggled(self, treated: bool) -> None:
        self.progressed.setEnabled(treated)
        if not treated:
            self.progressed.setChecked(False)

    def _submit(self) -> None:
        role, organ = self.role.currentData(), organ_named(self.organ.currentText())
        if role is None:
            return
        site = site_word(organ, self.site.currentText()) if organ else ""
        nowhere = organ is not None and organ.word == OTHER and not site
        self.refusal.setText(OTHER_WHERE if nowhere else NO_SUCH_ORGAN)
        self.refusal.setVisible(organ is None or nowhere)
        if organ is None or nowhere:
            (self.site if nowhere else self.organ).setFocus()
            return
        wanted = NewLesion(
            Role(role),
            organ.word,
            site,
            self.node.isChecked(),
            self.porta_hepatis.isChecked(),
            Nature(self.nature.currentData()),
            self.treated.isChecked(),
            self.progressed.isChecked(),
        )
        before = self._corrects
        if before is None:
            self.wanted.emit(wanted)
            self._clear()
        else:
            self.stop_correcting()
            self.corrected.emit(replace(wanted.described, identifier=before.identifier))

    def _clear(self) -> None:
        self.site.clearEditText()
        self.nature.setCurrentIndex(0)
        for box in (self.porta_hepatis, self.treated):
            box.setChecked(False)
