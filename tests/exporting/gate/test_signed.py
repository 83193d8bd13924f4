"""What the gate holds for signed is what LESIONS.csv says of the same transfer, row by row."""

from napari_recist.exporting.gate import gate
from napari_recist.exporting.gate.reconciliation import Reconciliation
from napari_recist.exporting.gate.records import Records
from napari_recist.exporting.gate.signed import lesion_key, signed_statements
from napari_recist.exporting.gate.signed_values import rounding_of_calipers, unsigned_statements
from napari_recist.exporting.lesions_csv import lesion_rows
from napari_recist.exporting.transfer.frozen import Transfer


def test_every_row_of_lesions_csv_is_a_statement(transfer: Transfer) -> None:
    """The statements are the rows of LESIONS.csv: lesion, fragment, status, mm and date."""
    rows = {
        (patient.subject, read.evaluator, row["visit"], *lesion_key(row["lesion"])): (
            row["status"],
            row["diameter_mm"],
            row["date"],
        )
        for patient in transfer.patients
        for read in patient.reads
        for row in lesion_rows(read.read)
    }
    statements = {
        place[:5]: (
            str(one.status),
            "" if one.diameter is None else str(one.length),
            one.date.isoformat(),
        )
        for place, one in signed_statements(transfer).items()
    }

    assert statements == rows
    assert len(rows) == 123  # counted by hand from the readings of frozen_trials


def test_every_statement_of_a_trial_is_signed_and_drawn(transfer: Transfer) -> None:
    """A trial's own calipers round to what was reported, and each visit has its signature."""
    both = Reconciliation(Records(()), transfer)

    assert list(rounding_of_calipers(both)) == []
    assert list(unsigned_statements(both)) == []


def test_an_empty_export_lacks_everything_that_was_signed(transfer: Transfer) -> None:
    """With no dataset at all each signed statement, patient, visit and lesion is named."""
    found = gate((), transfer)
    lacking = [finding for finding in found if finding.rule == "G-REC-3"]
    lesions = [len(read.read.lesions) for patient in transfer.patients for read in patient.reads]
    visits = [len(patient.visits) for patient in transfer.patients]

    assert len(lacking) == len(signed_statements(transfer))
    assert {finding.rule for finding in found} == {"G-REC-3", "G-REC-7", "G-REC-9"}
    assert sum(finding.rule == "G-REC-7" for finding in found) == sum(lesions)
    assert sum(finding.rule == "G-REC-9" for finding in found) == len(visits) + sum(visits)
