"""Random trials that R has judged: the same on any machine, as ``random()`` is by its promise."""

import random
import sys

from napari_recist.statistics.survival import SurvivalTime

TRIALS = 1_000


def random_trial(number: int) -> tuple[SurvivalTime, ...]:
    """Return one trial: 4 to 80 patients, days with ties, more or less censored."""
    chance = random.Random(number)
    patients = 4 + int(chance.random() * 77)
    days, events = 10 + int(chance.random() * 700), 0.1 + 0.9 * chance.random()
    if number % 5 == 0:
        events = 1.0
    return tuple(
        SurvivalTime(1 + int(chance.random() * days), chance.random() < events)
        for _ in range(patients)
    )


if __name__ == "__main__":
    sys.stdout.write("trial,days,event\n")
    for trial in range(TRIALS):
        for time in random_trial(trial):
            sys.stdout.write(f"{trial},{time.days},{int(time.event)}\n")
