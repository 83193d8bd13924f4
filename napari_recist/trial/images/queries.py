"""What sites are asked about their images, and what became of each question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from napari_recist.errors import RecordError
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reasons import in_one_line
from napari_recist.trial.record.trial_facts import (
    AnyFact,
    QueryAnswered,
    QueryClosed,
    QueryRaised,
)
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a site: what about, what was answered, and how it ended ("" while open)."""

    identifier: str
    subject: str
    visit: str
    code: QueryCode
    text: str
    answers: tuple[str, ...] = ()
    outcome: str = ""

    @property
    def open(self) -> bool:
        """Whether it is not settled yet."""
        return not self.outcome


def queries_of(facts: Iterable[tuple[str, AnyFact]]) -> tuple[Query, ...]:
    """Fold facts, each with its patient, into all queries in the order in which they came."""
    found: dict[str, Query] = {}
    for subject, fact in facts:
        match fact:
            case QueryRaised(identifier, visit, code, text):
                found[identifier] = Query(identifier, subject, visit, code, text)
            case QueryAnswered(identifier, text):
                before = found[identifier]
                found[identifier] = replace(before, answers=(*before.answers, text))
            case QueryClosed(identifier, outcome):
                found[identifier] = replace(found[identifier], outcome=outcome)
    return tuple(found.values())


def all_queries(trial: Trial) -> tuple[Query, ...]:
    """Return every query of the trial."""
    return queries_of(trial.stated(QueryRaised, QueryAnswered, QueryClosed))


def open_queries(trial: Trial, subject: str = "") -> tuple[Query, ...]:
    """Return what is not settled, of one patient where given."""
    return tuple(
        query for query in all_queries(trial) if query.open and subject in {"", query.subject}
    )


def raise_query(trial: Trial, subject: str, visit: str, code: QueryCode, text: str) -> str:
    """Ask the site about a visit; returns the query's name, Q1. An open one is not asked twice."""
    known = all_queries(trial)
    for query in known:
        same = (query.subject, query.visit, query.code, query.text) == (subject, visit, code, text)
        if query.open and same:
            return query.identifier
    identifier = f"Q{len(known) + 1}"
    trial.state(Action.ASK_SITES, subject, QueryRaised(identifier, visit, code, _said(text)))
    return identifier


def answer_query(trial: Trial, identifier: str, text: str) -> None:
    """Note what the site answered."""
    query = _open(trial, identifier)
    trial.state(Action.ASK_SITES, query.subject, QueryAnswered(identifier, _said(text)))


def close_query(trial: Trial, identifier: str, outcome: str) -> None:
    """Settle a query, saying how."""
    query = _open(trial, identifier)
    trial.state(Action.ASK_SITES, query.subject, QueryClosed(identifier, _said(outcome)))


def _open(trial: Trial, identifier: str) -> Query:
    for query in open_queries(trial):
        if query.identifier == identifier:
            return query
    raise RecordError(f"There is no open query {identifier!r}.", "See trial queries.")


def _said(text: str) -> str:
    said = in_one_line(text)
    if not said:
        raise RecordError("A query needs words: what is asked, answered or decided.")
    return said
