"""The panel at the right of the panes: lesions, response and trend, one under the other."""

from qtpy.QtCore import QSize
from qtpy.QtWidgets import QFrame, QVBoxLayout, QWidget

WIDTH_PX = 480


class SidePanel(QWidget):
    """Stacks panels with a rule between them, from the top."""

    def __init__(self, panels: tuple[QWidget, ...]) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        for place, panel in enumerate(panels):
            if place:
                rule = QFrame()
                rule.setFrameShape(QFrame.Shape.HLine)
                rule.setFixedHeight(1)
                rule.setStyleSheet("background-color: #5a626c")
                layout.addWidget(rule)
            layout.addWidget(panel)
        layout.addStretch(1)
        self.setMinimumWidth(WIDTH_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the width that shows five visits."""
        return QSize(WIDTH_PX, super().sizeHint().height())
