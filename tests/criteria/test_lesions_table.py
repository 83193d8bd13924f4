"""LESIONS.csv: every malformed row is refused by line and column, every sound one understood."""

import random
from decimal import Decimal

import pytest

from napari_recist.criteria import (
    Charter,
    CriteriaSettings,
    Response,
    Role,
    Status,
    assess_read,
    parse_lesions,
)
from napari_recist.errors import TableError

HEADER = "subject,reader,visit,date,lesion,role,node,organ,status,diameter_mm,into,reason"
SOUND = """\
P1,R1,BL,2024-01-01,T1,target,no,liver,measured,50.0,,
P1,R1,BL,2024-01-01,T2,target,yes,neck,measured,20.0,,
P1,R1,BL,2024-01-01,NT1,nontarget,no,lung,present,,,
P1,R1,W8,2024-02-26,T1,target,no,liver,measured,30.0,,
P1,R1,W8,2024-02-26,T2,target,yes,neck,measured,9.0,,
P1,R1,W8,2024-02-26,NT1,nontarget,no,lung,present,,,""".splitlines()


def csv_of(*rows: str) -> str:
    """Return rows under the header."""
    return "\n".join([HEADER, *rows]) + "\n"


def problems(content: str | bytes, charter: Charter | None = None) -> list[tuple[int, str]]:
    """Return the line and column of each problem."""
    with pytest.raises(TableError) as refused:
        parse_lesions(content, charter)
    return [(problem.row, problem.column) for problem in refused.value.problems]


def with_row(row: str, line: int | None = None) -> str:
    """Return the sound table with one row more, or with one line (2 is the first) replaced."""
    if line is None:
        return csv_of(*SOUND, row)
    rows = list(SOUND)
    rows[line - 2] = row
    return csv_of(*rows)


def test_sound_table() -> None:
    """A sound table is one read per patient and reader, with lesions, visits and statements."""
    (read,) = parse_lesions(csv_of(*SOUND)).reads

    assert (read.subject, read.reader) == ("P1", "R1")
    assert [visit.identifier for visit in read.visits] == ["BL", "W8"]
    assert [lesion.identifier for lesion in read.lesions] == ["T1", "T2", "NT1"]
    assert [lesion.role for lesion in read.lesions] == [Role.TARGET, Role.TARGET, Role.NON_TARGET]
    assert [lesion.node for lesion in read.lesions] == [False, True, False]
    said = read.observation("W8", "T1")
    assert said is not None
    assert (said.status, said.diameters) == (Status.MEASURED, (300,))
    assert assess_read(read).visits[1].overall == "PR"


@pytest.mark.parametrize(
    ("line", "row", "places"),
    [
        # the form of a cell
        (
            2,
            ",R1,BL,2024-01-01,T1,target,no,liver,measured,50.0,,",
            [(2, "subject"), (5, "lesion")],
        ),
        (5, "P1,R1,W8,2024-02-26,,target,no,liver,measured,30.0,,", [(5, "lesion")]),
        (5, "P1,R1,W8,,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        (5, "P1,R1,W8,2024-02,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        (5, "P1,R1,W8,26.02.2024,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        (5, "P1,R1,W8,20240226,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        (5, "P1,R1,W8,2024-02-30,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        (5, "P1,R1,W8,\uff12024-02-26,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        (5, "P1,R1,W8,2024-02-26,T1,Target,no,liver,measured,30.0,,", [(5, "role")]),
        (5, "P1,R1,W8,2024-02-26,T1,,no,liver,measured,30.0,,", [(5, "role")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,n,liver,measured,30.0,,", [(5, "node")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,,liver,measured,30.0,,", [(5, "node")]),
        (7, "P1,R1,W8,2024-02-26,NT1,nontarget,maybe,lung,present,,,", [(7, "node")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,mesured,30.0,,", [(5, "status")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,,30.0,,", [(5, "status")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,present,,,", [(5, "status")]),
        (7, "P1,R1,W8,2024-02-26,NT1,nontarget,no,lung,measured,10,,", [(7, "status")]),
        # the diameter
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,,,", [(5, "diameter_mm")]),
        (5, 'P1,R1,W8,2024-02-26,T1,target,no,liver,measured,"30,0",,', [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,30 mm,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,-30,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,+30,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,nan,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,inf,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,3e1,,", [(5, "diameter_mm")]),
        (5, f"P1,R1,W8,2024-02-26,T1,target,no,liver,measured,{'9' * 40},,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,absent,4.0,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,absent,gone,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,too_small,4.0,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,not_evaluable,4.0,,x", [(5, "diameter_mm")]),
        # what a status needs
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,not_evaluable,,,", [(5, "reason")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,merged,,,", [(5, "into")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,merged,,T1,", [(5, "into")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,merged,,NT1,", [(5, "into")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,merged,,T9,", [(5, "into")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,30,T2,", [(5, "into")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,split,30,,", [(5, "lesion")]),
        (5, "P1,R1,W8,2024-02-26,T1.0,target,no,liver,split,30,,", [(5, "lesion")]),
        (5, "P1,R1,W8,2024-02-26,T1.a,target,no,liver,split,30,,", [(5, "lesion")]),
        (5, "P1,R1,W8,2024-02-26,T1.1,target,no,liver,split,,,", [(5, "diameter_mm")]),
        (5, "P1,R1,W8,2024-02-26,T1.1,target,no,liver,measured,30,,", [(5, "lesion")]),
        # the lesion list
        (5, "P1,R1,W8,2024-02-26,T3,target,no,liver,measured,30.0,,", [(5, "lesion")]),
        (7, "P1,R1,W8,2024-02-26,NT2,nontarget,no,lung,present,,,", [(7, "lesion")]),
        (5, "P1,R1,W8,2024-02-26,T1,nontarget,no,liver,present,,,", [(5, "role")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,yes,liver,measured,30.0,,", [(5, "node")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,lung,measured,30.0,,", [(5, "organ")]),
        # baseline
        (2, "P1,R1,BL,2024-01-01,T1,target,no,liver,absent,,,", [(2, "status")]),
        (2, "P1,R1,BL,2024-01-01,T1,target,no,liver,too_small,,,", [(2, "status")]),
        (2, "P1,R1,BL,2024-01-01,T1,target,no,liver,not_evaluable,,,x", [(2, "status")]),
        (2, "P1,R1,BL,2024-01-01,T1,target,no,liver,measured,0,,", [(2, "diameter_mm")]),
        (4, "P1,R1,BL,2024-01-01,NT1,nontarget,no,lung,absent,,,", [(4, "status")]),
        (4, "P1,R1,BL,2024-01-01,N1,new,no,lung,unequivocal,,,", [(4, "role"), (7, "lesion")]),
        # readers and visits
        (5, "P1,,W8,2024-02-26,T1,target,no,liver,measured,30.0,,", [(5, "reader")]),
        (5, "P1,R1,W16,2024-02-26,T1,target,no,liver,measured,30.0,,", [(6, "date")]),
        (5, "P1,R1,W8,2024-04-26,T1,target,no,liver,measured,30.0,,", [(5, "date")]),
        # a row of another length
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,30,0,,", [(5, "row")]),
        (5, "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,30.0", [(5, "row")]),
    ],
)
def test_malformed_row(line: int, row: str, places: list[tuple[int, str]]) -> None:
    """The row is refused at its line and column, and nothing else is."""
    assert problems(with_row(row, line)) == places


@pytest.mark.parametrize("row", SOUND)
def test_duplicated_row(row: str) -> None:
    """A row that is there twice is refused at the second (L-6)."""
    assert problems(with_row(row)) == [(8, "lesion")]


def test_all_problems_at_once() -> None:
    """Three mistakes in three rows are three problems, in the order of the lines."""
    content = csv_of(
        'P1,R1,BL,2024-01-01,T1,target,no,liver,measured,"5,0",,',
        "P1,R1,BL,2024-01-01,T2,target,no,liver,mesured,20,,",
        "P1,R1,W8,2024-13-01,T1,target,perhaps,liver,measured,20,,",
    )

    assert problems(content) == [(2, "diameter_mm"), (3, "status"), (4, "date"), (4, "node")]


def test_one_mistake_is_one_problem() -> None:
    """A mistake at baseline is not told again at every later visit of that lesion."""
    at_baseline = "P1,R1,BL,2024-01-01,T1,target,no,liver,measured,5O.0,,"
    undated = "P1,R1,BL,,T1,target,no,liver,measured,50.0,,"
    into_it = with_row(at_baseline, 2).replace(
        SOUND[4], "P1,R1,W8,2024-02-26,T2,target,yes,neck,merged,,T1,"
    )

    assert problems(with_row(at_baseline, 2)) == [(2, "diameter_mm")]
    assert problems(with_row(undated, 2)) == [(2, "date")]
    assert problems(into_it) == [(2, "diameter_mm")]


def test_merging_in_a_ring() -> None:
    """Two lesions merged into each other leave the mass nowhere (R-16)."""
    rows = [
        *SOUND[:4],
        "P1,R1,W8,2024-02-26,T1,target,no,liver,merged,,T2,",
        "P1,R1,W8,2024-02-26,T2,target,yes,neck,merged,,T1,",
    ]
    del rows[3]

    assert problems(csv_of(*rows)) == [(5, "into"), (6, "into")]


def test_merging_in_a_chain() -> None:
    """A lesion may merge into one that merged into a third, which carries the mass (R-16)."""
    rows = [
        "P1,R1,BL,2024-01-01,T1,target,no,liver,measured,50.0,,",
        "P1,R1,BL,2024-01-01,T2,target,no,liver,measured,20.0,,",
        "P1,R1,BL,2024-01-01,T3,target,no,liver,measured,20.0,,",
        "P1,R1,W8,2024-02-26,T1,target,no,liver,measured,60.0,,",
        "P1,R1,W8,2024-02-26,T2,target,no,liver,merged,,T1,",
        "P1,R1,W8,2024-02-26,T3,target,no,liver,merged,,T2,",
    ]
    (read,) = parse_lesions(csv_of(*rows)).reads

    assert assess_read(read).visits[1].sum == 600


def test_fragments() -> None:
    """Fragments are kept in their order; one twice, or beside the whole, is refused (R-15)."""
    second = "P1,R1,W8,2024-02-26,T1.2,target,no,liver,split,8.0,,"
    first = "P1,R1,W8,2024-02-26,T1.1,target,no,liver,split,20.0,,"
    whole, others = SOUND[3], [*SOUND[:3], *SOUND[4:]]
    (read,) = parse_lesions(csv_of(*others, second, first)).reads
    said = read.observation("W8", "T1")

    assert said is not None
    assert said.diameters == (200, 80)
    assert problems(csv_of(*others, first, first)) == [(8, "lesion")]
    assert problems(csv_of(*others, first, whole)) == [(8, "lesion")]
    assert problems(csv_of(*others, whole, first)) == [(8, "lesion")]


def test_order_of_rows_is_irrelevant() -> None:
    """Shuffled rows come to the very same reads and warnings."""
    rows = [*SOUND, *(row.replace("P1,R1", "P1,R2") for row in SOUND)]
    rows += [row.replace("P1,R1", "P10,R1") for row in SOUND]
    rows += [row.replace("P1,R1", "P2,R1") for row in SOUND]
    expected = parse_lesions(csv_of(*rows))
    for seed in range(20):
        shuffled = random.Random(seed).sample(rows, len(rows))
        assert parse_lesions(csv_of(*shuffled)) == expected

    assert [read.subject for read in expected.reads] == ["P1", "P1", "P2", "P10"]


@pytest.mark.parametrize(
    "content",
    [
        csv_of(*SOUND).encode("utf-8-sig"),
        csv_of(*SOUND).replace("\n", "\r\n").encode(),
        "\ufeff" + csv_of(*SOUND),
        csv_of(*SOUND).replace("\n", "\n\n"),
        csv_of(*SOUND).replace("\n", "\n,,,,,,,,,,,\n"),
        csv_of(*SOUND).replace(",", " , "),
    ],
    ids=["BOM", "CRLF", "BOM in text", "blank lines", "rows of blanks", "blanks around"],
)
def test_forms_of_the_same_table(content: str | bytes) -> None:
    """A byte order mark, Windows line ends, blank lines and blanks around cells do not matter."""
    assert parse_lesions(content).reads == parse_lesions(csv_of(*SOUND)).reads


def test_columns_in_another_order() -> None:
    """Columns are found by name, in any order; an unknown one is left out with a warning."""
    order = list(range(12))[::-1]
    lines = [line.split(",") for line in csv_of(*SOUND).splitlines()]
    turned = "\n".join(",".join([*(cells[at] for at in order), "x"]) for cells in lines)
    turned = turned.replace("subject,x", "subject,comment")
    table = parse_lesions(turned)

    assert table.reads == parse_lesions(csv_of(*SOUND)).reads
    assert [(warning.column, warning.value) for warning in table.warnings] == [
        ("header", "comment")
    ]


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("", (0, "header"), "empty"),
        ("\n\n", (0, "header"), "empty"),
        (HEADER + "\n", (0, "row"), "no rows"),
        (csv_of(*SOUND).replace("status", "state"), (1, "header"), "did 'state' mean it"),
        (csv_of(*SOUND).replace("into,", ""), (1, "header"), "missing"),
        (csv_of(*SOUND).replace("into", "reason"), (1, "header"), "missing"),
        (csv_of(*SOUND).replace(",", ";"), (1, "header"), "separated by commas"),
        (HEADER + ",reason\n", (1, "header"), "more than once"),
        (csv_of(*SOUND).encode("utf-16"), (1, "row"), "UTF-8"),
        (csv_of(*SOUND, "P1,R1,W8,2024,Lésion").encode("latin-1"), (8, "row"), "UTF-8"),
        (b"PK\x03\x04\x00\x00", (0, "file"), "not a text file"),
        (csv_of(SOUND[0] + '"open'), (2, "row"), "not readable as CSV"),
        (csv_of('"P1"x,R1'), (2, "row"), "not readable as CSV"),
    ],
)
def test_file_that_is_no_table(content: str | bytes, place: tuple[int, str], words: str) -> None:
    """A file that is empty, foreign or has another header is refused and says what it lacks."""
    with pytest.raises(TableError) as refused:
        parse_lesions(content, file="here.csv")
    first = refused.value.problems[0]

    assert (first.row, first.column) == place
    assert words in str(refused.value)
    assert "here.csv" in str(refused.value)


def test_one_reader_may_stay_blank() -> None:
    """A blank reader is the only reader of that patient."""
    rows = [row.replace("R1", "", 1) for row in SOUND]
    (read,) = parse_lesions(csv_of(*rows)).reads

    assert read.reader == ""


def test_visits_named_by_their_dates() -> None:
    """Without names visits take their dates; a nameless row joins the named visit of its date."""
    nameless = [row.replace(",BL,", ",,").replace(",W8,", ",,") for row in SOUND]
    (read,) = parse_lesions(csv_of(*nameless)).reads
    (mixed,) = parse_lesions(csv_of(*SOUND[:5], nameless[5])).reads

    assert [visit.identifier for visit in read.visits] == ["2024-01-01", "2024-02-26"]
    assert [visit.identifier for visit in mixed.visits] == ["BL", "W8"]


def test_scans_of_one_visit() -> None:
    """Scans of one visit within the window are one visit of its latest date; others refused."""
    rows = list(SOUND)
    rows[4] = rows[4].replace("2024-02-26", "2024-03-11")
    (read,) = parse_lesions(csv_of(*rows)).reads
    rows[4] = rows[4].replace("2024-03-11", "2024-03-12")

    assert read.visits[1].date.isoformat() == "2024-03-11"
    assert problems(csv_of(*rows)) == [(6, "date")]


def test_visits_that_overlap() -> None:
    """A visit that begins before the last one ended has no place in the order (L-6)."""
    rows = [*SOUND, *(row.replace("W8", "extra") for row in SOUND[3:])]

    assert (8, "date") in problems(csv_of(*rows))


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("BL", "W8", False),
        ("W8", "BL", True),
        ("Screening", "week 8", False),
        ("Week 16", "WEEK 8", True),
        ("W 8", "W08", False),
        ("visit 2", "visit 1", False),
        ("visit 1", "Baseline", True),
        ("Screening", "Baseline", False),
    ],
)
def test_names_of_visits_against_their_dates(first: str, second: str, refused: bool) -> None:
    """A visit called week 16 that is dated before week 8, or a late baseline, is refused (L-6)."""
    rows = [row.replace("BL", first, 1) for row in SOUND[:3]]
    rows += [row.replace("W8", second, 1) for row in SOUND[3:]]
    if refused:
        assert {column for _, column in problems(csv_of(*rows))} == {"date"}
    else:
        assert len(parse_lesions(csv_of(*rows)).reads[0].visits) == 2


def test_precision_of_the_charter() -> None:
    """Values finer than the charter's precision are rounded half-up, with a warning (N-1)."""
    rows = [SOUND[0].replace("50.0", "50.05"), SOUND[3].replace("30.0", "35.44")]
    tenths = parse_lesions(csv_of(*rows))
    whole = parse_lesions(
        csv_of(*rows), Charter(criteria=CriteriaSettings(measurement_precision_mm=Decimal(1)))
    )

    def sizes(table: object) -> list[int]:
        (read,) = table.reads  # type: ignore[attr-defined]
        return [said.diameters[0] for said in read.observations.values()]

    assert sizes(tenths) == [501, 354]
    assert sizes(whole) == [500, 350]
    assert [warning.rule for warning in tenths.warnings] == [
        "finer than the charter's 0.1 mm: read as 50.1 (N-1)",
        "finer than the charter's 0.1 mm: read as 35.4 (N-1)",
    ]
    assert parse_lesions(csv_of(SOUND[0].replace("50.0", "50.00"))).warnings == ()


def test_implausible_length() -> None:
    """A lesion longer than half a metre is read, with a warning."""
    at, over = (SOUND[0].replace("50.0", size) for size in ("500", "500.1"))

    assert parse_lesions(csv_of(at)).warnings == ()
    assert [warning.row for warning in parse_lesions(csv_of(over)).warnings] == [2]


def test_repeated_consequences_are_no_contradiction() -> None:
    """A diameter beside a status is fine where it repeats what the status says (R-13, R-14)."""
    rows = [SOUND[0], SOUND[3].replace("measured,30.0", "absent,0.0")]
    small = [SOUND[0], SOUND[3].replace("measured,30.0", "too_small,5.0")]
    (gone,) = parse_lesions(csv_of(*rows)).reads
    (tiny,) = parse_lesions(csv_of(*small)).reads

    assert assess_read(gone).visits[1].sum == 0
    assert assess_read(tiny).visits[1].sum == 50


def test_zero_is_gone() -> None:
    """A lesion measured 0 mm at follow-up has disappeared (R-13)."""
    (read,) = parse_lesions(csv_of(SOUND[0], SOUND[3].replace("30.0", "0"))).reads

    assert assess_read(read).visits[1].overall is Response.CR


def test_node_may_be_blank_where_it_decides_nothing() -> None:
    """Only of a target must it be said whether it is a node."""
    rows = [row.replace("nontarget,no", "nontarget,") for row in SOUND]

    assert parse_lesions(csv_of(*rows)).reads == parse_lesions(csv_of(*SOUND)).reads


def test_organ_may_be_said_once() -> None:
    """A blank organ at a later visit, or another letter case, is the same lesion's."""
    rows = list(SOUND)
    rows[3], rows[4] = rows[3].replace("liver", ""), rows[4].replace("neck", "Neck")

    assert parse_lesions(csv_of(*rows)).reads == parse_lesions(csv_of(*SOUND)).reads


def test_missing_rows_are_told() -> None:
    """A baseline lesion without a row counts as not evaluable, and the reader is told which."""
    rows = [row for row in SOUND if ",W8," not in row or ",T1," in row]
    (read,) = parse_lesions(csv_of(*rows)).reads
    assessment = assess_read(read)

    assert assessment.visits[1].missing == ("T2",)
    assert assessment.visits[1].overall == "NE"
    assert [(one.rule, one.lesion) for one in assessment.findings] == [
        ("R-17", "T2"),
        ("T-6", "NT1"),
    ]
