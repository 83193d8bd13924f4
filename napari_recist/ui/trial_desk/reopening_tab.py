"""Opens a signed visit again, after showing what will be withdrawn with it."""

from napari_recist.translation import _
from napari_recist.trial import Action, ReadKey, Trial, reopen
from napari_recist.trial.reads.reopening import withdrawn_with
from napari_recist.ui.trial_desk.question import Field
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

CHOOSE = _("Choose a read first.")


class ReopeningTab(DeskTab):
    """A row for each read that has a signed visit."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.reads = Table((_("Patient"), _("Reader"), _("Signed visits")))
        self.body.addWidget(self.reads)
        self.add_button(_("Re-open a visit…"), Action.REOPEN, self._reopen)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        signed = {key: self._signed(key) for key in self.trial.reads()}
        self.reads.fill(
            (key, (key.subject, key.reader, ", ".join(visits)))
            for key, visits in signed.items()
            if visits
        )

    def _signed(self, key: ReadKey) -> tuple[str, ...]:
        signed = self.trial.signatures(key).visits
        return tuple(one.visit for one in self.trial.visits(key.subject) if one.visit in signed)

    def _reopen(self) -> None:
        chosen = self.reads.chosen()
        if chosen is None:
            self.says.setText(CHOOSE)
            return
        key = ReadKey(*chosen)
        self.ask(
            _("Re-open a visit of {subject} by {reader}", subject=key.subject, reader=key.reader),
            (Field("visit", _("Visit"), self._signed(key)), Field("reason", _("Why"))),
            lambda said: reopen(self.trial, key, said["visit"], said["reason"]),
            lambda said: _foretold(self.trial, key, said["visit"]),
        )


def _foretold(trial: Trial, key: ReadKey, visit: str) -> str:
    later, adjudicated = withdrawn_with(trial, key, visit)
    lines = []
    if adjudicated:
        lines.append(_("The adjudication of {subject} is withdrawn.", subject=key.subject))
    if later:
        lines.append(_("Signatures withdrawn first: {visits}.", visits=", ".join(later)))
    lines.append(_("Then {visit} is open again. The old signatures stay on record.", visit=visit))
    return "\n".join(lines)
