"""The panel at the right of the panes: lesions, response and trend, one under the other."""

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

WIDTH_PX = 480


class SidePanel(QScrollArea):
    """Stacks panels with a rule between them, from the top; it scrolls where the screen is low."""

    def __init__(self, panels: tuple[QWidget, ...], width_px: int = WIDTH_PX) -> None:
        super().__init__()
        self._width_px = width_px
        inside = QWidget()
        layout = QVBoxLayout(inside)
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
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(WIDTH_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave all keys to the window, which gives them to the pictures: arrows turn slices."""
        event.ignore()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the width that shows the visits of most patients."""
        return QSize(self._width_px, super().sizeHint().height())
