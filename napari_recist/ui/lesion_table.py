"""The lesion list as a table model: a row per lesion, a column per visit, nothing of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qtpy.QtCore import QAbstractTableModel, QModelIndex, Qt
from qtpy.QtGui import QColor, QFont

from napari_recist.criteria import Lesion, Read, Role
from napari_recist.translation import _
from napari_recist.ui.caliper_drawing import ROLE_COLOURS
from napari_recist.ui.lesion_words import cell_text, place_text, tooltip

NAME_COLUMN, PLACE_COLUMN, FIRST_VISIT_COLUMN = 0, 1, 2
OPEN_MARK, LISTED_MARK = _("to do"), _("listed")
ADVICE_MARK = "!"
OPEN_COLOUR = QColor("#e69f00")
Role_ = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class TableState:
    """What the table shows: the read, the visits the reader may see, the current one, what is due.

    ``due`` are the lesions of which something must still be said at the current visit, ``advised``
    those on which advice stands unanswered, with its sentences.
    """

    read: Read
    visits: tuple[str, ...]
    visit: str
    due: frozenset[str]
    advised: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def at_baseline(self) -> bool:
        """Whether the current visit is the first."""
        return self.visits[:1] == (self.visit,)


class LesionTableModel(QAbstractTableModel):
    """Shows a :class:`TableState`."""

    def __init__(self) -> None:
        super().__init__()
        self._state = TableState(Read(), (), "", frozenset())
        self._lesions: tuple[Lesion, ...] = ()

    def show(self, state: TableState) -> None:
        """Show another state; targets first, then non-targets, then new lesions."""
        self.beginResetModel()
        self._state = state
        order = list(Role)
        self._lesions = tuple(sorted(state.read.lesions, key=lambda seen: order.index(seen.role)))
        self.endResetModel()

    @property
    def lesions(self) -> tuple[Lesion, ...]:
        """The lesions in the order of the rows."""
        return self._lesions

    def row_of(self, lesion: str) -> int:
        """Return the row of a lesion, -1 where it has none."""
        names = [listed.identifier for listed in self._lesions]
        return names.index(lesion) if lesion in names else -1

    def text(self, lesion: str, visit: str) -> str:
        """Return what the table says of a lesion at a visit."""
        listed = self._lesions[self.row_of(lesion)]
        return cell_text(listed, self._state.read.observation(visit, lesion))

    # Qt's own names from here on

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the number of lesions."""
        return 0 if parent is not None and parent.isValid() else len(self._lesions)

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the number of visits and two."""
        inside = parent is not None and parent.isValid()
        return 0 if inside else FIRST_VISIT_COLUMN + len(self._state.visits)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role_.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal or role != Role_.DisplayRole:
            return None
        return ("", _("lesion"), *self._state.visits)[section]

    def data(self, index: QModelIndex, role: int = Role_.DisplayRole) -> Any:
        """Return what a cell shows in one of Qt's roles."""
        lesion = self._lesions[index.row()]
        column = index.column()
        if column == NAME_COLUMN:
            return _name_data(lesion, role, self._state.advised.get(lesion.identifier, ()))
        if column == PLACE_COLUMN:
            return _place_data(lesion, role)
        return self._visit_data(lesion, self._state.visits[column - FIRST_VISIT_COLUMN], role)

    def _visit_data(self, lesion: Lesion, visit: str, role: int) -> Any:
        said = self._state.read.observation(visit, lesion.identifier)
        current = visit == self._state.visit
        due = current and lesion.identifier in self._state.due
        match role:
            case Role_.DisplayRole:
                return cell_text(lesion, said) or self._unsaid(lesion, visit, due=due)
            case Role_.ToolTipRole:
                return tooltip(lesion, said)
            case Role_.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role_.ForegroundRole:
                return OPEN_COLOUR if due else None
            case Role_.FontRole:
                return _bold() if current else None
        return None

    def _unsaid(self, lesion: Lesion, visit: str, *, due: bool) -> str:
        if due:
            return OPEN_MARK
        # A lesion that is not measured is said to be there by being listed.
        listed_here = self._state.read.added_at.get(lesion.identifier) == visit
        return LISTED_MARK if listed_here else ""


def _name_data(lesion: Lesion, role: int, advised: tuple[str, ...]) -> Any:
    match role:
        case Role_.DisplayRole:
            return f"{lesion.identifier} {ADVICE_MARK}" if advised else lesion.identifier
        case Role_.ToolTipRole:
            return "\n".join(advised) or None
        case Role_.ForegroundRole:
            return ROLE_COLOURS[lesion.role]
        case Role_.FontRole:
            return _bold()
    return None


def _place_data(lesion: Lesion, role: int) -> Any:
    return place_text(lesion) if role in {Role_.DisplayRole, Role_.ToolTipRole} else None


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
