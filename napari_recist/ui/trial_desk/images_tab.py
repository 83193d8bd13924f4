"""The images of the trial: visits with their passports, and what the sites are asked about them."""

import datetime as dt

from qtpy.QtWidgets import QLabel

from napari_recist.translation import _, coded
from napari_recist.trial import Action, Trial, accept_images, end_follow_up
from napari_recist.trial.images.identity import shifts_of
from napari_recist.trial.images.queries import (
    Query,
    all_queries,
    answer_query,
    close_query,
    raise_query,
)
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.record.trial_facts import FollowUpEnded, ImagesAccepted
from napari_recist.ui.trial_desk.question import Field
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

CHOOSE_VISIT = _("Choose a visit first.")
CHOOSE_QUERY = _("Choose a query first.")


class ImagesTab(DeskTab):
    """Visits above, queries below; an image manager asks, notes answers, settles and accepts."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.visits = Table(
            (
                _("Patient"),
                _("Visit"),
                _("Scanned"),
                _("Series"),
                _("Read on"),
                _("Passport"),
                _("Findings"),
                _("Accepted"),
                _("Follow-up"),
            )
        )
        self.queries = Table(
            (_("Query"), _("Patient"), _("Visit"), _("About"), _("Asked"), _("Answers"), _("State"))
        )
        self.body.addWidget(self.visits, 2)
        self.body.addWidget(QLabel(_("Queries to the sites")))
        self.body.addWidget(self.queries, 1)
        for words, command in (
            (_("Accept images"), self._accept),
            (_("Raise query…"), self._raise),
            (_("Answer query…"), self._answer),
            (_("Close query…"), self._close),
            (_("End follow-up…"), self._end),
        ):
            self.add_button(words, Action.ASK_SITES, command)

    def refresh(self) -> None:
        """Show the trial as it stands now."""
        trial = self.trial
        accepted = {
            (subject, fact.visit)
            for subject, fact in trial.stated(ImagesAccepted)
            if isinstance(fact, ImagesAccepted)
        }
        ended = {
            subject: fact.reason
            for subject, fact in trial.stated(FollowUpEnded)
            if isinstance(fact, FollowUpEnded)
        }
        # The record holds shifted dates; who may not see by how much is told none.
        dated = trial.may(Action.SEE_IDENTITY)
        shifts = shifts_of(trial) if dated else {}
        rows = []
        for subject in trial.subjects():
            for visit in trial.visits(subject):
                key = (subject, visit.visit)
                first = visit.series[0] if visit.series else None
                profile = first.profile if first else None
                words = (
                    *key,
                    str(visit.date - dt.timedelta(days=shifts.get(subject, 0))) if dated else "",
                    len(visit.series),
                    first.description if first else "",
                    profile.verdict if profile else "",
                    ", ".join(profile.findings) if profile else "",
                    _("yes") if key in accepted else "",
                    _("ended: {reason}", reason=ended[subject]) if subject in ended else "",
                )
                rows.append((key, words))
        self.visits.fill(rows)
        queries = all_queries(trial)
        self.queries.fill(
            ((one, _words(one)) for one in queries), {one for one in queries if one.open}
        )

    def _visit(self) -> tuple[str, str]:
        chosen: tuple[str, str] | None = self.visits.chosen()
        if chosen is None:
            self.says.setText(CHOOSE_VISIT)
        return chosen or ("", "")

    def _query(self) -> Query | None:
        chosen: Query | None = self.queries.chosen()
        if chosen is None:
            self.says.setText(CHOOSE_QUERY)
        return chosen

    def _accept(self) -> None:
        subject, visit = self._visit()
        if visit:
            accept_images(self.trial, subject, visit)

    def _raise(self) -> None:
        subject, visit = self._visit()
        if not visit:
            return
        codes = {coded(code): code for code in QueryCode}
        self.ask(
            _("Raise a query on {visit} of {subject}", visit=visit, subject=subject),
            (Field("code", _("About"), tuple(codes)), Field("text", _("What is asked"))),
            lambda said: raise_query(self.trial, subject, visit, codes[said["code"]], said["text"]),
        )

    def _answer(self) -> None:
        query = self._query()
        if query is not None:
            self.ask(
                _("Note the answer to {query}", query=query.identifier),
                (Field("text", _("What the site answered")),),
                lambda said: answer_query(self.trial, query.identifier, said["text"]),
            )

    def _close(self) -> None:
        query = self._query()
        if query is not None:
            self.ask(
                _("Close {query}", query=query.identifier),
                (Field("outcome", _("How it is settled")),),
                lambda said: close_query(self.trial, query.identifier, said["outcome"]),
            )

    def _end(self) -> None:
        subject, _visit = self._visit()
        if subject:
            self.ask(
                _("End the follow-up of {subject}", subject=subject),
                (Field("reason", _("Why no more images will come")),),
                lambda said: end_follow_up(self.trial, subject, said["reason"]),
            )


def _words(query: Query) -> tuple[str, ...]:
    return (
        query.identifier,
        query.subject,
        query.visit,
        coded(query.code),
        query.text,
        " / ".join(query.answers),
        query.outcome or _("open"),
    )
