"""The record as a table, verified by a button and written to a file."""

from dataclasses import astuple
from pathlib import Path

from qtpy.QtWidgets import QFileDialog, QLabel

from napari_recist.errors import BrokenChainError
from napari_recist.translation import _
from napari_recist.trial import Action, Trial
from napari_recist.trial.audit import audit_rows, write_audit
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

SHOWN = 2_000
"""So many of the newest records are shown: a table of a million helps nobody. A file has all."""


class AuditTab(DeskTab):
    """Newest record first; ``verdict`` tells what verifying found."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.record = Table(
            (
                _("No."),
                _("UTC"),
                _("Local time"),
                _("Who"),
                _("Patient"),
                _("Read of"),
                _("What"),
                _("About"),
                _("Before"),
                _("After"),
                _("Why"),
            )
        )
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.body.addWidget(self.record)
        self.body.addWidget(self.verdict)
        self.add_button(_("Verify"), Action.SEE_READS, self._verify)
        self.add_button(_("Export…"), Action.EXPORT, self._export)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        rows = tuple(audit_rows(self.trial))[-SHOWN:]
        self.record.fill((row.number, astuple(row)) for row in reversed(rows))

    def export(self, file: Path) -> None:
        """Write the whole record to a file, its kind by its ending."""
        count = write_audit(self.trial, file)
        self.verdict.setText(_("{count} records written to {file}.", count=count, file=file.name))

    def _export(self) -> None:
        kinds = "NDJSON (*.ndjson);;CSV (*.csv)"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Audit trail"), "audit.ndjson", kinds)
        if chosen:
            self.export(Path(chosen))

    def _verify(self) -> None:
        try:
            chain = self.trial.verify()
        except BrokenChainError as broken:
            self.verdict.setText(_("✗ The record does not hold: {why}", why=broken))
            return
        self.verdict.setText(
            _("✓ {count} records verified, head {head}.", count=chain.count, head=chain.head)
        )
