"""What the rules cost: patients assessed per second, whether that is flat, and one edit.

Run with ``pytest benchmarks/assess.py --benchmark-only --benchmark-columns=min,median,rounds``;
on a machine that is shared add ``--benchmark-timer=time.process_time``.
"""

import datetime as dt
import gc
import random
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from napari_recist.criteria import (
    Assessment,
    Charter,
    Event,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    Observation,
    Read,
    Role,
    Status,
    Visit,
    VisitOpened,
    assess,
    assess_read,
)

VISITS, TARGETS = 8, 5
ROUNDS = {1_000: 5, 10_000: 3, 100_000: 1}
BASELINE = dt.date(2024, 1, 1)
CHARTER = Charter()


def synthetic_read(number: int) -> Read:
    """Return one of as many patients as wanted: five targets measured at eight visits."""
    chance = random.Random(number)
    visits = tuple(
        Visit(f"W{8 * place}", BASELINE + dt.timedelta(weeks=8 * place)) for place in range(VISITS)
    )
    lesions = tuple(Lesion(f"T{place}", Role.TARGET, "liver") for place in range(TARGETS))
    observations = {}
    for lesion in lesions:
        size = chance.randint(150, 900)
        for visit in visits:
            place = (visit.identifier, lesion.identifier)
            observations[place] = Observation(Status.MEASURED, (size,))
            size = max(0, size + chance.randint(-120, 100))
    return Read(f"P{number}", "R1", visits, lesions, observations)


def facts_of(read: Read) -> Iterator[Fact]:
    """Yield the facts a reader states to come to the read."""
    for visit in read.visits:
        yield VisitOpened(visit.identifier, visit.date)
        for lesion in read.lesions:
            if visit is read.visits[0]:
                yield LesionAdded(visit.identifier, lesion)
            said = read.observations[visit.identifier, lesion.identifier]
            yield LesionMeasured(visit.identifier, lesion.identifier, said.diameters[0])


@pytest.mark.parametrize("patients", ROUNDS)
def test_patients(benchmark: BenchmarkFixture, patients: int) -> None:
    """Assess many patients from memory; the cost of each is told beside the total."""
    reads = [synthetic_read(number) for number in range(patients)]
    gc.freeze()  # the collector would walk all waiting patients again and again

    def all_of_them() -> int:
        return sum(len(assess_read(read, CHARTER).visits) for read in reads)

    visits = benchmark.pedantic(all_of_them, rounds=ROUNDS[patients])
    assert visits == patients * VISITS
    gc.unfreeze()
    benchmark.extra_info["microseconds_per_patient"] = (
        1e6 * benchmark.stats.stats.min / patients if benchmark.stats else None
    )


def test_one_edit(benchmark: BenchmarkFixture) -> None:
    """Replay and assess one patient after a caliper was moved, as the reading room does."""
    facts = [*facts_of(synthetic_read(1)), LesionMeasured("W56", "T0", 300)]
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    events = [Event(place, now, "P1", "R1", fact) for place, fact in enumerate(facts, start=1)]

    answer: Assessment = benchmark(assess, events, CHARTER)
    assert len(answer.visits) == VISITS
