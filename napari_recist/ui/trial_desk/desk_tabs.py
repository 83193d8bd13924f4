"""The tabs of the trial desk that a role may see."""

from collections.abc import Sequence

from qtpy.QtWidgets import QTabWidget, QWidget

from napari_recist.translation import _
from napari_recist.trial import Action, Trial
from napari_recist.ui.trial_desk.assignment_tab import AssignmentTab
from napari_recist.ui.trial_desk.audit_tab import AuditTab
from napari_recist.ui.trial_desk.charter_tab import CharterTab
from napari_recist.ui.trial_desk.images_tab import ImagesTab
from napari_recist.ui.trial_desk.people_tab import PeopleTab
from napari_recist.ui.trial_desk.quality_tab import QualityTab
from napari_recist.ui.trial_desk.reopening_tab import ReopeningTab
from napari_recist.ui.trial_desk.status_tab import StatusTab
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.transfers_tab import TransfersTab

TABS: Sequence[tuple[str, Action, type[DeskTab]]] = (
    (_("Status"), Action.SEE_STATUS, StatusTab),
    (_("Images"), Action.SEE_STATUS, ImagesTab),
    (_("Assignment"), Action.SEE_STATUS, AssignmentTab),
    (_("People"), Action.SEE_STATUS, PeopleTab),
    (_("Re-open"), Action.REOPEN, ReopeningTab),
    (_("Charter"), Action.SEE_STATUS, CharterTab),
    (_("Audit"), Action.SEE_READS, AuditTab),
    (_("Quality"), Action.SEE_READS, QualityTab),
    (_("Transfers"), Action.EXPORT, TransfersTab),
)
"""Each tab with what a person must be allowed to do to have it at all."""


class DeskTabs(QTabWidget):
    """The tabs, the one looked at always as the trial stands.

    Parameters
    ----------
    trial : Trial
        The trial as whoever is at the desk has it open.

    Raises
    ------
    AccessRefusedError
        If their role has no desk.
    """

    def __init__(self, trial: Trial) -> None:
        trial.require(Action.SEE_STATUS)
        super().__init__()
        self.trial = trial
        self.tabs: dict[str, DeskTab] = {}
        for title, needed, kind in TABS:
            if trial.may(needed):
                self.tabs[title] = kind(trial)
                self.addTab(self.tabs[title], title)
        self.currentChanged.connect(lambda _place: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the tab looked at as the trial stands now."""
        shown = self.currentWidget()
        if isinstance(shown, DeskTab):
            shown.run(lambda: None)

    def open(self, title: str) -> QWidget:
        """Go to a tab and return it."""
        self.setCurrentWidget(self.tabs[title])
        return self.tabs[title]
