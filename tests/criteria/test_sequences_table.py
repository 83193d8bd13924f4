"""SEQUENCES.csv: every malformed row is refused by line and column."""

import pytest

from napari_recist.criteria import best_response, parse_sequences
from napari_recist.errors import TableError
from tests.criteria.reads import day

HEADER = "subject,reference_date,date,response"


def csv_of(*rows: str) -> str:
    """Return rows under the header."""
    return "\n".join([HEADER, *rows])


def test_sound_table() -> None:
    """Rows of one patient, in any order, are one sequence by date; patients come by name."""
    table = parse_sequences(
        csv_of(
            "P10,2024-01-01,2024-02-26,NON-CR/NON-PD",
            "P2,2024-01-01,2024-04-22,PR",
            "P2,2024-01-01,2024-02-26,SD",
        )
    )

    assert [one.subject for one in table.sequences] == ["P2", "P10"]
    assert table.sequences[0].reference_date == day(0)
    assert table.sequences[0].responses == ((day(8), "SD"), (day(16), "PR"))
    assert table.warnings == ()


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([",2024-01-01,2024-02-26,SD"], [(2, "subject")]),
        (["P1,,2024-02-26,SD"], [(2, "reference_date")]),
        (["P1,2024-01,2024-02-26,SD"], [(2, "reference_date")]),
        (["P1,2024-01-01,,SD"], [(2, "date")]),
        (["P1,2024-01-01,2024-02-26,"], [(2, "response")]),
        (["P1,2024-01-01,2024-02-26,sd"], [(2, "response")]),
        (["P1,2024-01-01,2024-02-26,ND"], [(2, "response")]),
        (["P1,2024-01-01,2024-02-26,iPR"], [(2, "response")]),
        (
            ["P1,2024-01-01,2024-02-26,SD", "P1,2024-01-02,2024-04-22,SD"],
            [(3, "reference_date")],
        ),
        (["P1,2024-01-01,2024-02-26,SD", "P1,2024-01-01,2024-02-26,PR"], [(3, "date")]),
        (["P1,2024-01-01,2024-02-26,SD", "P1,2024-01-01,,"], [(3, "date"), (3, "response")]),
    ],
)
def test_malformed_rows(rows: list[str], places: list[tuple[int, str]]) -> None:
    """Each problem is told by its line and column, and nothing else is."""
    with pytest.raises(TableError) as refused:
        parse_sequences(csv_of(*rows))

    assert [(problem.row, problem.column) for problem in refused.value.problems] == places


def test_patient_without_visits() -> None:
    """A row with a reference date only is a patient never seen after baseline: NE (B-9)."""
    (one,) = parse_sequences(csv_of("P1,2024-01-01,,")).sequences

    assert one.responses == ()
    assert best_response(one.responses, one.reference_date).best_response == "NE"


def test_response_before_the_reference_date() -> None:
    """A date before the reference date is read, with a warning."""
    table = parse_sequences(csv_of("P1,2024-01-01,2023-12-31,SD"))

    assert [(warning.row, warning.column) for warning in table.warnings] == [(2, "date")]
