"""Who works on the trial: admitted with a role and a password, given others, retired."""

from napari_recist.errors import RecordError
from napari_recist.translation import _, coded
from napari_recist.trial import Action, Trial, TrialRole
from napari_recist.ui.trial_desk.question import Answers, Field
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

CHOOSE = _("Choose a person first.")


class PeopleTab(DeskTab):
    """Those at work first, then those who left."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.people = Table((_("Name"), _("Role"), _("State")))
        self.body.addWidget(self.people)
        for words, command in (
            (_("Admit…"), lambda: self._admit("")),
            (_("Role or password…"), lambda: self._admit(self._chosen())),
            (_("Retire…"), self._retire),
        ):
            self.add_button(words, Action.ADMIT_PEOPLE, command)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        staff = self.trial.people()
        rows = [(one.name, (one.name, coded(one.role), _("at work"))) for one in staff.present]
        rows += [(one.name, (one.name, coded(one.role), _("retired"))) for one in staff.retired]
        self.people.fill(rows)

    def _chosen(self) -> str | None:
        chosen: str | None = self.people.chosen()
        if chosen is None:
            self.says.setText(CHOOSE)
        return chosen

    def _admit(self, name: str | None) -> None:
        if name is None:
            return
        known = self.trial.people().named(name)
        roles = {coded(role): role for role in TrialRole}

        def admit(said: Answers) -> None:
            if said["password"] != said["again"]:
                raise RecordError(
                    _("The two passwords differ."), _("Type the same password twice.")
                )
            self.trial.admit(said["name"], roles[said["role"]], said["password"])

        self.ask(
            _("Admit {name}", name=name) if name else _("Admit a person"),
            (
                Field("name", _("Name"), value=name),
                Field("role", _("Role"), tuple(roles), coded(known.role) if known else ""),
                Field("password", _("New password"), secret=True),
                Field("again", _("The same again"), secret=True),
            ),
            admit,
        )

    def _retire(self) -> None:
        name = self._chosen()
        if name:
            self.ask(
                _("Retire {name}", name=name),
                (Field("reason", _("Why")),),
                lambda said: self.trial.retire(name, said["reason"]),
            )
