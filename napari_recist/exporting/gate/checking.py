"""The whole gate: every check, in the order in which a person would look into what it finds."""

from collections.abc import Iterable, Iterator, Mapping

from napari_recist.exporting.gate import (
    accepted_flags,
    dates,
    duplicates,
    limits,
    links,
    list_rules,
    people,
    required_values,
    responses,
    signed_values,
    sums,
    terminology,
)
from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.rebuilding import Known, rebuilt_reads
from napari_recist.exporting.gate.reconciliation import Reconciliation
from napari_recist.exporting.gate.records import Records, WhoseRead
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.transfer.frozen import FrozenRead, Transfer

OF_RECORDS = (
    limits.names_and_labels,
    limits.shapes_of_records,
    limits.long_and_foreign_text,
    terminology.foreign_terms,
    terminology.strange_tests,
    terminology.impossible_results,
    terminology.wrong_units,
    terminology.strange_qualifiers,
    required_values.lacking_values,
    required_values.missing_dates,
    required_values.results_and_reasons,
    required_values.standard_results,
    required_values.evaluators,
    required_values.places_of_lesions,
    duplicates.repeated_records,
    duplicates.broken_sequences,
    links.orphan_results,
    links.forgotten_lesions,
    links.loose_groups,
    links.links_of_others,
    links.broken_relations,
    links.orphan_supplements,
    links.strange_subjects,
    links.strange_visits,
    dates.partial_dates,
    dates.dates_before_baseline,
    dates.visits_in_time,
    dates.study_days,
    dates.dates_outside_visits,
    list_rules.identified_when,
    list_rules.misnamed_lesions,
    accepted_flags.strange_flags,
    accepted_flags.accepted_twice,
    accepted_flags.baseline_flags,
)
"""The checks that need nothing but the datasets."""

OF_RECONCILIATION = (
    signed_values.values_not_signed,
    signed_values.unsigned_statements,
    signed_values.rounding_of_calipers,
    signed_values.dates_not_signed,
    signed_values.images_not_measured,
    signed_values.lesions_not_signed,
    signed_values.responses_not_signed,
    signed_values.visits_not_held,
)
"""The checks of the datasets against what was signed."""

_ON_THE_LIST = {"L-1", "L-2"}
"""The advice that too many targets are listed; a recorded answer to it is a reason."""


def gate(datasets: Iterable[Dataset], transfer: Transfer) -> tuple[Finding, ...]:
    """Return everything that is wrong with datasets as an export of a transfer: nothing is well.

    The checks know nothing of how the datasets were made. They judge TR anew by the charter, and
    bring each of its values back to the signed statement and to the caliper.
    """
    return tuple(_findings(Records(datasets), transfer))


def _findings(records: Records, transfer: Transfer) -> Iterator[Finding]:
    for check in OF_RECORDS:
        yield from check(records)
    both = Reconciliation(records, transfer)
    of_reads = dict(_reads(both))
    again = tuple(rebuilt_reads(records, _known(both, of_reads)))
    yield from sums.other_sums(records, again)
    yield from responses.other_responses(records, again)
    limits_of_lists = {
        whose: read.charter.criteria for whose, read in of_reads.items() if not _excused(read)
    }
    yield from list_rules.too_many_targets(records, limits_of_lists)
    yield from accepted_flags.accepted_otherwise(records, _accepted(both))
    for compare in OF_RECONCILIATION:
        yield from compare(both)
    if transfer.true_dates:
        yield from dates.dates_to_come(records, transfer.frozen_at.date())
    yield from people.named_people(records, _people(transfer))


def _reads(both: Reconciliation) -> Iterator[tuple[WhoseRead, FrozenRead]]:
    for whose, records in both.records.reads.items():
        read = both.read_of(records.all[0])
        if read is not None:
            yield whose, read


def _known(
    both: Reconciliation, of_reads: Mapping[WhoseRead, FrozenRead]
) -> dict[WhoseRead, Known]:
    numbers: dict[tuple[str, str], str] = {
        (subject, label): number for (subject, number), label in both.visits.items()
    }
    return {
        whose: Known(
            read.charter,
            {
                numbers.get((whose[0], label), label): fact
                for label, fact in read.read.argued.items()
            },
        )
        for whose, read in of_reads.items()
    }


def _excused(read: FrozenRead) -> bool:
    return any(answer.rule in _ON_THE_LIST for answer in read.read.overridden)


def _accepted(both: Reconciliation) -> dict[str, str]:
    found: dict[str, str] = {}
    for subject, record in both.records.subjects.items():
        patient = both.patients.get(record.text("SUBJID"))
        accepted = patient.accepted if patient else None
        found[subject] = accepted.evaluator if accepted else ""
    return found


def _people(transfer: Transfer) -> Iterator[str]:
    yield transfer.frozen_by
    for patient in transfer.patients:
        if patient.adjudication is not None:
            yield patient.adjudication.signer
        for read in patient.reads:
            yield read.reader
            yield from {event.actor for event in read.events}
            yield from (visit.signed.signer for visit in read.read.visits if visit.signed)
