"""The versions of the charter, and adopting a later one after seeing which reads it concerns."""

import datetime as dt
from pathlib import Path

from qtpy.QtWidgets import QFileDialog, QPlainTextEdit

from napari_recist.errors import RecordError
from napari_recist.translation import _
from napari_recist.trial import Action, Trial
from napari_recist.trial.charter_file import load_charter
from napari_recist.trial.charters import CharterVersion
from napari_recist.trial.reads.charter_change import ConcernedRead, amend_charter, concerned_reads
from napari_recist.ui.trial_desk.question import Answers, Field
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

HASH_SHOWN = 12


class CharterTab(DeskTab):
    """Versions above, the text of the chosen one below."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.versions = Table((_("Version"), _("Holds from"), _("Hash"), _("Why")))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.versions.view.selectionModel().selectionChanged.connect(lambda *_both: self._show())
        self.body.addWidget(self.versions, 1)
        self.body.addWidget(self.text, 2)
        self.add_button(_("Adopt a later version…"), Action.AMEND_CHARTER, self._choose_file)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        versions = self.trial.charters
        self.versions.fill((one, _words(one)) for one in versions)
        if self.versions.chosen() is None:
            self.versions.choose(versions[-1])

    def adopt(self, file: Path) -> None:
        """Ask from when on a file's charter holds, and why, and tell what it concerns."""
        concerned = concerned_reads(self.trial, load_charter(file))
        today = dt.datetime.now(dt.UTC).date()
        self.ask(
            _("Adopt {file}", file=file.name),
            (
                Field("from", _("First day of reads under it"), value=today.isoformat()),
                Field("reason", _("Why")),
            ),
            lambda said: self._adopt(file, said),
            lambda _said: concerned_words(concerned),
        )

    def _adopt(self, file: Path, said: Answers) -> None:
        try:
            day = dt.date.fromisoformat(said["from"])
        except ValueError as error:
            raise RecordError(
                _("{day} is no day.", day=said["from"]), _("Write it as 2027-03-01.")
            ) from error
        amend_charter(self.trial, file, day, said["reason"])
        self.trial.charters = self.trial.again().charters

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Charter"), "", "TOML (*.toml)")
        if chosen:
            self.adopt(Path(chosen))

    def _show(self) -> None:
        chosen: CharterVersion | None = self.versions.chosen()
        if chosen is not None:
            self.text.setPlainText(chosen.adopted.source)


def concerned_words(concerned: tuple[ConcernedRead, ...]) -> str:
    """Return in a line each which reads keep their earlier version, and what would differ."""
    if not concerned:
        return _("No read was begun under another charter.")
    lines = [_("These reads keep the version under which they were begun:")]
    for one in concerned:
        differing = ", ".join(one.differing) or _("no visit")
        lines.append(
            _(
                "{subject} by {reader}, version {version}: another response at {visits}",
                subject=one.read.subject,
                reader=one.read.reader,
                version=one.version,
                visits=differing,
            )
        )
    return "\n".join(lines)


def _words(one: CharterVersion) -> tuple[int | str, ...]:
    holds = one.adopted.holds_from
    since = holds.isoformat() if holds else _("the beginning")
    return one.adopted.version, since, one.charter_hash[:HASH_SHOWN], one.adopted.reason
