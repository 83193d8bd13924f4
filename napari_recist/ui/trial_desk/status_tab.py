"""How far the trial is: each patient by visit and reader, where it stands, and what is overdue."""

import datetime as dt
from collections.abc import Iterator

from qtpy.QtWidgets import QLabel

from napari_recist.translation import _, coded
from napari_recist.trial import Action, ReadKey, Trial
from napari_recist.trial.images.identity import shifts_of
from napari_recist.trial.reads.progress import (
    CaseState,
    Overdue,
    case_states,
    overdue_reads,
    overdue_scans,
)
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

OVERDUE = _("Overdue by the schedule of the charter")
READS_ONLY = _("Missing images are told to those who may see the true dates of scans.")
SIGNED, OPEN = "✓", "○"
ASKS_FOR_SOMETHING = frozenset({CaseState.UNASSIGNED, CaseState.QUERY, CaseState.DIFFERING})


class StatusTab(DeskTab):
    """The matrix of the trial, and under it what is late."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.matrix = Table(())
        self.overdue = Table((_("Patient"), _("Visit"), _("What is late"), _("Since")))
        self.body.addWidget(self.matrix, 3)
        dated = trial.may(Action.SEE_IDENTITY)
        self.body.addWidget(QLabel(OVERDUE if dated else f"{OVERDUE}. {READS_ONLY}"))
        self.body.addWidget(self.overdue, 1)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        trial = self.trial
        visits = {subject: trial.visits(subject) for subject in trial.subjects()}
        weeks = {one.visit: one.week for several in visits.values() for one in several}
        labels = sorted(weeks, key=lambda visit: (weeks[visit], visit))
        states = case_states(trial)
        self.matrix.rename((_("Patient"), _("Case"), *labels))
        rows = []
        for subject, several in visits.items():
            there = {one.visit for one in several}
            signed = _signed(trial, subject)
            cells = (_cell(label, signed) if label in there else "" for label in labels)
            rows.append((subject, (subject, coded(states[subject]), *cells)))
        waiting = {subject for subject, state in states.items() if state in ASKS_FOR_SOMETHING}
        self.matrix.fill(rows, waiting)
        late = tuple(_late(trial))
        self.overdue.fill(
            (one, (one.subject, one.visit, one.what, one.due.isoformat())) for one in late
        )


def _late(trial: Trial) -> Iterator[Overdue]:
    today = dt.datetime.now(dt.UTC).date()
    # Whoever may not see by how much dates are shifted cannot tell when the next scan is due.
    if trial.may(Action.SEE_IDENTITY):
        yield from overdue_scans(trial, today, shifts_of(trial))
    yield from overdue_reads(trial, today)


def _signed(trial: Trial, subject: str) -> dict[str, frozenset[str]]:
    """Return which visits each reader of a patient has signed."""
    readers = trial.assignment(subject).readers
    return {reader: trial.signatures(ReadKey(subject, reader)).visits for reader in readers}


def _cell(visit: str, signed: dict[str, frozenset[str]]) -> str:
    if not signed:
        return "·"
    return "  ".join(
        f"{reader} {SIGNED if visit in visits else OPEN}" for reader, visits in signed.items()
    )
