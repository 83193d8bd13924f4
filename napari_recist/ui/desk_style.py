"""How the windows without images look: the colours of the theme "Reading room"."""

DESK_STYLE = """
QWidget { background: #171c22; color: #eef2f6; font-size: 11pt }
QLineEdit, QComboBox, QPlainTextEdit, QTableView {
    background: #10151a; border: 1px solid #465261; selection-background-color: #2f6f97 }
QTableView { alternate-background-color: #1c232b; gridline-color: #2b333d }
QHeaderView::section { background: #2b333d; padding: 5px; border: 1px solid #465261 }
QPushButton { background: #2b333d; border: 1px solid #5f6d7e; padding: 6px 14px }
QPushButton:hover { background: #3a4653 }
QPushButton:disabled { color: #7e8ea1; border-color: #2b333d }
QRadioButton::indicator { width: 12px; height: 12px; border: 1px solid #9fb0c2; border-radius: 7px }
QRadioButton::indicator:checked { background: #56b4e9 }
QTabBar::tab { background: #222a33; padding: 8px 18px; border: 1px solid #2b333d }
QTabBar::tab:selected { background: #2f6f97; color: #ffffff }
QTabWidget::pane { border: 1px solid #2b333d }
QToolTip { background: #2b333d; color: #eef2f6; border: 1px solid #5f6d7e }
QToolBar { border: 0; padding: 4px; spacing: 8px }
"""
