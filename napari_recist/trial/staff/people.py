"""Who works on a trial, as the record tells: admitted, given another role, retired."""

from collections.abc import Iterable
from dataclasses import dataclass

from napari_recist.trial.record.trial_facts import (
    AnyFact,
    PersonAdmitted,
    PersonRetired,
    ReaderAdded,
)
from napari_recist.trial.staff.roles import Person, TrialRole


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of a trial in the order in which they came; ``retired`` no longer work on it."""

    present: tuple[Person, ...]
    retired: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All people the trial ever had."""
        return (*self.present, *self.retired)

    def named(self, name: str) -> Person | None:
        """Return the person of this name who works on the trial, ``None`` where there is none."""
        return next((person for person in self.present if person.name == name), None)

    def of_role(self, role: TrialRole) -> tuple[str, ...]:
        """Return the names of those who work in this role."""
        return tuple(person.name for person in self.present if person.role is role)


def staff_of(facts: Iterable[AnyFact]) -> Staff:
    """Fold the facts about people, in their order, into who works on the trial now."""
    present: dict[str, Person] = {}
    retired: dict[str, Person] = {}
    for fact in facts:
        match fact:
            case ReaderAdded(name):
                present.setdefault(name, Person(name, TrialRole.READER))
            case PersonAdmitted(name, role):
                present[name] = Person(name, role)
                retired.pop(name, None)
            case PersonRetired(name):
                retired[name] = present.pop(name)
    return Staff(tuple(present.values()), tuple(retired.values()))
