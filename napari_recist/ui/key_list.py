"""The list of keys and mouse gestures: columns beside each other, so that a screen holds them."""

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from napari_recist.translation import _
from napari_recist.ui.keys import KEYS, Key, key_table_html

COLUMNS = 3
FRAME_PX = 8
OF_THE_WINDOW = 0.94
"""The share of the window the list may take, sideways and up and down; it scrolls beyond."""


class KeyList(QDialog):
    """Shows the table of keys; Esc closes it.

    Parameters
    ----------
    window : QWidget
        The window it belongs to.
    table : tuple of Key
        The keys of its room.
    """

    def __init__(self, window: QWidget, table: tuple[Key, ...] = KEYS) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys and mouse"))
        columns = QWidget()
        beside = QHBoxLayout(columns)
        each = -(-len(table) // COLUMNS)
        for first in range(0, len(table), each):
            label = QLabel(key_table_html(table[first : first + each]))
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setWordWrap(True)
            beside.addWidget(label, 1)
        area = QScrollArea()
        area.setWidget(columns)
        area.setWidgetResizable(True)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        most = window.size() * OF_THE_WINDOW
        edges = layout.contentsMargins()
        inside = most.width() - edges.left() - edges.right()
        tall = beside.totalHeightForWidth(inside) + edges.top() + edges.bottom() + FRAME_PX
        self.resize(most.width(), min(tall, most.height()))
