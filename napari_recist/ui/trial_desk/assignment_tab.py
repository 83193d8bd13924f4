"""Who reads and who settles which patient: by chance and evenly, or by hand."""

from napari_recist.translation import _
from napari_recist.trial import (
    Action,
    Trial,
    TrialRole,
    assign,
    assign_adjudicator,
    assign_waiting,
)
from napari_recist.trial.reads.assigning import withdraw_assignment
from napari_recist.ui.trial_desk.question import Field
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

CHOOSE = _("Choose a patient first.")


class AssignmentTab(DeskTab):
    """A row for each patient, those without enough readers marked."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.patients = Table((_("Patient"), _("Readers"), _("Adjudicator")))
        self.body.addWidget(self.patients)
        for words, command in (
            (_("Assign all that wait"), self._all),
            (_("Assign reader…"), self._reader),
            (_("Assign adjudicator…"), self._adjudicator),
            (_("Withdraw…"), self._withdraw),
        ):
            self.add_button(words, Action.ASSIGN, command)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        known = [self.trial.assignment(subject) for subject in self.trial.subjects()]
        few = {one.subject for one in known if len(one.readers) < self.trial.charter.read.readers}
        self.patients.fill(
            (
                (one.subject, (one.subject, ", ".join(one.readers), one.adjudicator))
                for one in known
            ),
            few,
        )

    def _chosen(self) -> str:
        chosen = self.patients.chosen()
        if chosen is None:
            self.says.setText(CHOOSE)
        return chosen or ""

    def _all(self) -> None:
        assign_waiting(self.trial)

    def _reader(self) -> None:
        subject = self._chosen()
        if subject:
            readers = self.trial.people().of_role(TrialRole.READER)
            self.ask(
                _("Assign a reader to {subject}", subject=subject),
                (Field("reader", _("Reader"), readers),),
                lambda said: assign(self.trial, subject, said["reader"]),
            )

    def _adjudicator(self) -> None:
        subject = self._chosen()
        if subject:
            adjudicators = self.trial.people().of_role(TrialRole.ADJUDICATOR)
            self.ask(
                _("Assign an adjudicator to {subject}", subject=subject),
                (Field("name", _("Adjudicator"), adjudicators),),
                lambda said: assign_adjudicator(self.trial, subject, said["name"]),
            )

    def _withdraw(self) -> None:
        subject = self._chosen()
        if not subject:
            return
        before = self.trial.assignment(subject)
        names = tuple(filter(None, (*before.readers, before.adjudicator)))
        self.ask(
            _("Withdraw {subject}", subject=subject),
            (Field("name", _("From"), names), Field("reason", _("Why"))),
            lambda said: withdraw_assignment(self.trial, subject, said["name"], said["reason"]),
        )
