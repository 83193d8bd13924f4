"""Facts about XPT files: other programs read what the dataset says, or nothing is written."""

import datetime as dt
import io
import math
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings

from napari_recist.errors import ExportError
from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value, Variable
from napari_recist.exporting.sdtm.files.xpt import xpt_bytes
from tests.conftest import unavailable
from tests.exporting.sdtm.files.small_export import small_export
from tests.exporting.sdtm.files.some_datasets import datasets

LONG = "x" * 81
"""A key that makes records longer than 80 bytes: pandas counts shorter ones by blanks in them."""
ZERO_BY_PANDAS = 2.0**-260
"""What pandas makes of eight bytes of 0, which are 0 in IBM's floating point (its old mistake)."""
CREATED = dt.datetime(2026, 3, 7, 4, 5, 6, tzinfo=dt.UTC)

VARIABLES = (
    Variable("USUBJID", "Unique Subject Identifier", DataType.CHAR, "Identifier", "Req"),
    Variable("TRREASND", "Reason Not Done", DataType.CHAR, "Record Qualifier", "Perm"),
    Variable("TRSTRESN", "Numeric Result", DataType.NUM, "Result Qualifier", "Exp"),
)


def one_record(text: str = "", number: Value = None) -> Dataset:
    """Return a dataset of one record with this text and this number."""
    row = {"USUBJID": "NRC-001-0001", "TRREASND": text, "TRSTRESN": number}
    return Dataset("TR", "Tumor/Lesion Results", "One record", ("USUBJID",), VARIABLES, (row,))


def compare(dataset: Dataset, frame: pd.DataFrame) -> None:
    """Compare a table that another program read with the dataset, value by value."""
    assert list(frame.columns) == [variable.name for variable in dataset.variables]
    assert len(frame) == len(dataset.rows)
    for row, read in zip(dataset.rows, frame.to_dict("records"), strict=True):
        for variable in dataset.variables:
            value, cell = row[variable.name], read[variable.name]
            if variable.type is DataType.CHAR:
                assert cell == value
            elif value is None:
                assert math.isnan(cell)
            else:
                assert isinstance(value, int | Decimal)
                assert Decimal(repr(float(cell))) == value


def written(dataset: Dataset, factory: pytest.TempPathFactory) -> Path:
    """Return the dataset as a file."""
    file = factory.mktemp("xpt") / "any.xpt"
    file.write_bytes(xpt_bytes(dataset, CREATED))
    return file


@settings(deadline=None)
@given(dataset=datasets())
def test_readstat_reads_what_was_written(
    dataset: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every name, label, text and decimal comes back identically."""
    frame, told = pyreadstat.read_xport(str(written(dataset, tmp_path_factory)))

    compare(dataset, frame)
    assert told.column_labels == [variable.label for variable in dataset.variables]
    assert (told.table_name, told.file_label) == (dataset.name, dataset.label)


@settings(deadline=None)
@given(dataset=datasets(key=LONG))
def test_pandas_reads_what_was_written(
    dataset: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A reader that shares no code with the writer comes to the same texts and decimals."""
    file = written(dataset, tmp_path_factory)

    read = pd.read_sas(file, format="xport", encoding="ascii").replace(ZERO_BY_PANDAS, 0.0)
    compare(dataset, read)


@pytest.fixture
def r_judge() -> str:
    """Return R, with its package for the files of other statistics programs."""
    found = shutil.which("Rscript")
    if found is None or subprocess.run([found, "-e", "library(foreign)"], check=False).returncode:
        unavailable("R or its package foreign is not installed: run scripts/setup judges")
    return str(found)


def test_r_reads_what_was_written(r_judge: str, tmp_path: Path) -> None:
    """A second program that shares no code with the writer comes to the same texts and decimals."""
    dataset = small_export()[1]
    file = tmp_path / "tr.xpt"
    file.write_bytes(xpt_bytes(dataset, CREATED))
    program = """
        d <- foreign::read.xport(commandArgs(TRUE)[1])
        d[] <- lapply(d, function(x) if (is.numeric(x)) sprintf("%.17g", x) else as.character(x))
        write.csv(d, row.names = FALSE)
    """
    run = subprocess.run([r_judge, "-e", program, file], check=True, capture_output=True, text=True)

    compare(dataset, pd.read_csv(io.StringIO(run.stdout), keep_default_na=False, na_values=["NA"]))


def test_the_header_tells_the_moment_given_and_no_other() -> None:
    """Made and changed are ``created``, so the same dataset is the same bytes on any day."""
    content = xpt_bytes(one_record("x", 5), CREATED)

    assert content.count(b"07MAR26:04:05:06") == 4
    assert content == xpt_bytes(one_record("x", 5), CREATED)
    assert content[:80] == b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 30 + b"  "
    assert content[80:112] == b"SAS     SAS     SASLIB  6.06    "
    assert len(content) % 80 == 0


def test_numbers_are_ibm_doubles() -> None:
    """-118.625 is C2 76A000 00000000, as IBM's Principles of Operation builds it."""
    assert bytes.fromhex("C276A00000000000") in xpt_bytes(
        one_record("x", Decimal("-118.625")), CREATED
    )


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("x" * 201, None, "201 bytes long"),
        ("métastase", None, "printable ASCII"),
        ("two\nlines", None, "printable ASCII"),
        ("ends in a blank ", None, "ends in a blank"),
        ("", 2**53 + 1, "more digits"),
        ("", Decimal("1.23456789012345678"), "more digits"),
        ("", Decimal("1E+76"), "outside"),
        ("", Decimal("1E-80"), "outside"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, number: Value, why: str) -> None:
    """A value that would not read back as itself is named with its record, never cut."""
    with pytest.raises(ExportError, match=why) as refused:
        xpt_bytes(one_record(text, number), CREATED)

    assert "TR, USUBJID NRC-001-0001: " in refused.value.problem
    assert ("TRREASND" if text else "TRSTRESN") in refused.value.problem


@pytest.mark.parametrize(
    "variable",
    [
        replace(VARIABLES[1], name="TOOLONGNM"),
        replace(VARIABLES[1], name="lower"),
        replace(VARIABLES[1], label="x" * 41),
        replace(VARIABLES[1], label="Größe"),
    ],
    ids=["name", "case", "label", "letters"],
)
def test_names_and_labels_that_do_not_fit_are_refused(variable: Variable) -> None:
    """Names have 8 characters, labels 40, in ASCII."""
    dataset = one_record()
    row = {**dataset.rows[0], variable.name: ""}
    strange = replace(dataset, variables=(*VARIABLES[:1], variable), rows=(row,))

    with pytest.raises(ExportError, match="XPT cannot"):
        xpt_bytes(strange, CREATED)


def test_a_record_of_blanks_is_refused() -> None:
    """Nobody could tell it from the blanks that fill the last block of the file."""
    blank = replace(one_record(), variables=VARIABLES[:1], rows=({"USUBJID": ""},))

    with pytest.raises(ExportError, match="empty record"):
        xpt_bytes(blank, CREATED)
