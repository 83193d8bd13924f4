"""Do clients that write at once keep the record whole? ``python benchmarks/concurrent_clients.py``.

Sixteen processes on PostgreSQL read the forty patients of a trial at once: seven as one reader,
seven as the other, two as the adjudicator, who settles each patient as soon as both reads are
finished.
Then two clients edit one read from the same state, again and again: one of them must be refused.
Ends with an error where an event is lost, doubled or out of place, or a deadlock happened.
"""

import datetime as dt
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

from trial_server import name_of, shared_trial

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    VisitSigned,
)
from napari_recist.errors import AccessRefusedError, RecordError
from napari_recist.trial import (
    AdjudicationReason,
    CaseRead,
    Choice,
    ScheduledVisit,
    Trial,
    TrialRole,
    assign,
    assign_adjudicator,
    end_follow_up,
    open_trial,
    register,
)
from napari_recist.trial.reads.cases import case_hash
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.server_store import ServerStore
from napari_recist.trial.record.trial_facts import CaseAdjudicated

PEOPLE = {
    "anna": TrialRole.READER,
    "boris": TrialRole.READER,
    "zoe": TrialRole.ADJUDICATOR,
    "mona": TrialRole.MONITOR,
}
PATIENTS = [f"P{number:02}" for number in range(1, 41)]
VISITS = {"BL": dt.date(2025, 1, 6), "W8": dt.date(2025, 3, 3)}
LESIONS = ("T1", "T2")
RACED, ROUNDS = "P99", 25
FACTS = len(VISITS) * (2 + len(LESIONS)) + len(LESIONS)
"""Facts of one read: visits are opened and signed, lesions added once and measured each time."""

fork = multiprocessing.get_context("fork")


def read_patients(url: str, patients: list[str], charter_hash: str) -> None:
    """Read and sign every visit of some patients."""
    reader, store = name_of(url), ServerStore(connect(url))
    for subject in patients:
        last = 0
        for fact in facts_of_read(reader, charter_hash):
            last = store.append(subject, reader, reader, fact, last_known=last).sequence


def facts_of_read(reader: str, charter_hash: str):  # noqa: ANN201 - any fact of a read
    for visit, date in VISITS.items():
        yield VisitOpened(visit, date)
        for lesion in LESIONS:
            if visit == "BL":
                yield LesionAdded(visit, Lesion(lesion, Role.TARGET, "liver"))
            yield LesionMeasured(visit, lesion, 250)
        yield VisitSigned(visit, reader, "I read this", "SD", "c0", charter_hash, "", "0.1")


def decision(name: str, table: str, charter_hash: str) -> CaseAdjudicated:
    """Return an adjudicator's decision on the reads of this hash."""
    return CaseAdjudicated(
        chosen=Choice.READ_A,
        reason=AdjudicationReason.MEASUREMENT,
        comment="",
        signer=name,
        meaning="I compared both",
        content_hash=table,
        charter_hash=charter_hash,
        chain_head="",
        software="0.1",
    )


def settle_patients(url: str, patients: list[str], charter_hash: str) -> None:
    """Settle each patient as soon as the database shows both reads."""
    name, store = name_of(url), ServerStore(connect(url))
    waiting = list(patients)
    while waiting:
        subject = waiting.pop(0)
        try:
            case = store.case_events(subject)
        except AccessRefusedError:
            waiting.append(subject)
            time.sleep(0.02)
            continue
        assert case is not None
        assert [len(events) for events in case.values()] == [FACTS, FACTS]
        table = case_hash([CaseRead(Choice(shown), events) for shown, events in case.items()])
        store.append(subject, "", name, decision(name, table, charter_hash))


def race(url: str, start: Barrier, number: int) -> None:
    """Edit one read from the state at which both clients looked, round after round."""
    reader, store = name_of(url), ServerStore(connect(url))
    for turn in range(ROUNDS):
        last = store.events(RACED, reader)[-1].sequence
        start.wait()
        try:
            fact = LesionMeasured("BL", f"R{turn}", number)
            store.append(RACED, reader, reader, fact, last_known=last)
        except RecordError as refused:
            assert "continued in another window" in refused.problem  # noqa: PT017 - no test
        start.wait()


def run(clients: list[tuple[Callable[..., None], tuple[object, ...]]]) -> float:
    """Run clients at once to their ends; return the seconds."""
    started = time.perf_counter()
    processes = [fork.Process(target=work, args=arguments) for work, arguments in clients]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert not any(process.exitcode for process in processes), "a client ended with an error"
    return time.perf_counter() - started


def prepare(trial: Trial, place: str) -> None:
    """Register and assign every patient, and end each follow-up."""
    for subject in [*PATIENTS, RACED]:
        for week, (visit, date) in enumerate(VISITS.items()):
            register(trial, ScheduledVisit(subject, visit, 8 * week, date, ()))
        assign(trial, subject, name_of(place.format("anna")))
        assign(trial, subject, name_of(place.format("boris")))
        assign_adjudicator(trial, subject, name_of(place.format("zoe")))
        end_follow_up(trial, subject, "died")
    with open_trial(place.format("anna")) as reader:
        reader.append(RACED, VisitOpened("BL", VISITS["BL"]))


def shares(patients: list[str], count: int) -> list[list[str]]:
    """Deal patients out to so many clients."""
    return [patients[first::count] for first in range(count)]


def check(trial: Trial, place: str) -> str:
    """Return the figures of the record; raises where an event is lost or doubled."""
    for reader in (name_of(place.format("anna")), name_of(place.format("boris"))):
        expected = list(facts_of_read(reader, trial.charter_version.charter_hash))
        for subject in PATIENTS:
            stated = [event.fact for event in trial.events(subject, reader)]
            for fact, meant in zip(stated, expected, strict=True):
                signature = isinstance(fact, VisitSigned)
                assert fact == meant or (signature and fact.visit == meant.visit), (subject, fact)
    settled = Counter(subject for subject, _ in trial.stated(CaseAdjudicated))
    assert settled == Counter(PATIENTS), "a patient was settled twice or not at all"
    raced = trial.events(RACED, name_of(place.format("anna")))[1:]
    assert [event.fact.lesion for event in raced] == [f"R{turn}" for turn in range(ROUNDS)]
    winners = Counter(event.fact.diameter for event in raced)
    return (
        f"{2 * len(PATIENTS) * FACTS} facts of reads and {len(settled)} adjudications, none lost "
        f"or doubled; {ROUNDS} races for one read, one winner each ({dict(winners)}); "
        f"the chain of {trial.verify().count} records verifies"
    )


def deadlocks(url: str) -> int:
    """Return how many deadlocks the server counted in this database."""
    engine = connect(url)
    with engine.connect() as connection:
        counted = connection.exec_driver_sql(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).scalar()
    engine.dispose()
    return int(counted or 0)


def main() -> None:
    with shared_trial(PEOPLE) as (place, trial):
        prepare(trial, place)
        charter_hash = trial.charter_version.charter_hash
        clients = [
            (read_patients, (place.format(name), share, charter_hash))
            for name in ("anna", "boris")
            for share in shares(PATIENTS, 7)
        ]
        clients += [
            (settle_patients, (place.format("zoe"), share, charter_hash))
            for share in shares(PATIENTS, 2)
        ]
        seconds = run(clients)
        start = fork.Barrier(2)
        run([(race, (place.format("anna"), start, number)) for number in (1, 2)])
        with open_trial(place.format("mona")) as monitor:
            figures = check(monitor, place)
        assert not deadlocks(trial.url), "a deadlock"
        print(f"{len(clients)} clients, {seconds:.1f} s: {figures}; no deadlock")


if __name__ == "__main__":
    sys.exit(main())
