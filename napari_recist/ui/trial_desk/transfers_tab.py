"""Transfers: frozen here, listed with what was exported, compared with the one before."""

from dataclasses import astuple

from napari_recist.exporting.transfer.differences import differences
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.translation import _
from napari_recist.trial import Action, Trial, freeze, transfers
from napari_recist.trial.transfers import FrozenData, WrittenExport, exports, signed_patients
from napari_recist.ui.trial_desk.question import Field
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

CHOOSE = _("Choose a transfer first.")
FIRST = _("The first transfer has none before it.")
NOTHING = _("Nothing differs from the transfer before.")


class TransfersTab(DeskTab):
    """Transfers above, below what changed in the chosen one; compared when asked for."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self._patients: dict[int, int] = {}
        self._compared = 0
        self.transfers = Table(
            (
                _("Transfer"),
                _("Frozen (UTC)"),
                _("By"),
                _("Patients"),
                _("Comment"),
                _("Exported"),
            )
        )
        self.changes = Table(
            (
                _("What"),
                _("Patient"),
                _("Evaluator"),
                _("Visit"),
                _("Lesion"),
                _("Value"),
                _("Before"),
                _("After"),
            )
        )
        self.transfers.view.selectionModel().selectionChanged.connect(
            lambda *_both: self._another_chosen()
        )
        self.body.addWidget(self.transfers, 1)
        self.body.addWidget(self.changes, 2)
        self.add_button(_("Freeze…"), Action.FREEZE, self._freeze)
        self.add_button(_("Compare with the one before"), Action.EXPORT, self._compare)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        written = exports(self.trial)
        self.transfers.fill(
            (one.number, self._words(one, written)) for one in transfers(self.trial)
        )

    def _words(
        self, frozen: FrozenData, written: tuple[WrittenExport, ...]
    ) -> tuple[int | str, ...]:
        number = frozen.number
        if number not in self._patients:  # counted once: a transfer never changes
            self._patients[number] = signed_patients(self.trial, frozen)
        leaving = (one for one in written if one.number == number)
        return (
            number,
            f"{frozen.frozen_at:%Y-%m-%d %H:%M:%S}",
            frozen.frozen_by,
            self._patients[number],
            frozen.comment,
            ", ".join(_("{kind} by {who}", kind=o.export, who=o.written_by) for o in leaving),
        )

    def _another_chosen(self) -> None:
        if self.transfers.chosen() not in {None, self._compared}:
            self.changes.fill(())
            self._compared = 0

    def _freeze(self) -> None:
        number = len(transfers(self.trial)) + 1
        self.ask(
            _("Freeze transfer {number}", number=number),
            (Field("comment", _("What it is for")),),
            lambda said: freeze(self.trial, said["comment"]),
            lambda _said: _(
                "All that is on record now becomes transfer {number}. Reading goes on as before.",
                number=number,
            ),
        )

    def _compare(self) -> None:
        number: int | None = self.transfers.chosen()
        if number is None:
            self.says.setText(CHOOSE)
        elif number == 1:
            self.says.setText(FIRST)
        else:
            before = frozen_transfer(self.trial, number - 1)
            found = differences(before, frozen_transfer(self.trial, number))
            self._compared = number
            self.changes.fill((one, astuple(one)) for one in found)
            self.says.setText("" if found else NOTHING)
