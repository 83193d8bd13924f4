"""Facts about the whole SDTM export: CDISC's rules accept it, and it is all or nothing."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from odmlib.odm_parser import ODMSchemaValidator

from napari_recist.errors import ExportError
from napari_recist.exporting.sdtm import export
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.sdtm.export import SdtmFormat, export_sdtm
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.manifest import check_manifest
from napari_recist.trial import Trial
from tests.exporting.frozen_trials import ADJUDICATOR, FIRST, PATIENT_ID, SECOND
from tests.exporting.sdtm.files.test_xpt import ZERO_BY_PANDAS, compare
from tests.exporting.sdtm.test_cdisc_rules import ALLOWED, NO_ARM, issues

PANDAS_COUNTS = 80
"""Records of up to so many bytes pandas counts by their blanks."""


@pytest.fixture
def out(frozen_trial: Trial, tmp_path: Path) -> Path:
    """Return the folder of an export in every format."""
    export_sdtm(frozen_trial, tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.shared
@pytest.mark.parametrize(("form", "beside"), [("xpt", True), ("json", True), ("ndjson", False)])
def test_cdisc_rules_accept_it(
    core_judge: tuple[str, ...], out: Path, form: str, *, beside: bool
) -> None:
    """430 rules find only what a vendor's transfer cannot have, Define-XML beside it or not."""
    define = [out / form / "define.xml"] if beside else []

    assert issues(core_judge, out / form, *define) <= ALLOWED | NO_ARM


def test_define_xml_is_valid_and_leads_to_the_files(out: Path) -> None:
    """Each format's Define-XML is valid by schema, and every file it names is there."""
    for form in SdtmFormat:
        file = out / form / "define.xml"
        ODMSchemaValidator(standard="define", version="2.1").validate_file(file)
        named = {
            part.split('"')[0] for part in file.read_text(encoding="utf-8").split('href="')[1:]
        }
        assert all((file.parent / name).is_file() for name in named)
        assert len(named) == len(list((out / form).iterdir()))


def test_other_programs_read_what_the_datasets_say(out: Path, transfer: Transfer) -> None:
    """pyreadstat, pandas, JSON and CSV readers come to the values of each dataset."""
    for dataset in sdtm_datasets(transfer):
        name = dataset.name.lower()
        place = out / "xpt" / f"{name}.xpt"
        frame, told = pyreadstat.read_xport(str(place))
        compare(dataset, frame)
        if sum(told.variable_storage_width.values()) > PANDAS_COUNTS:
            read = pd.read_sas(place, format="xport", encoding="ascii")
            compare(dataset, read.replace(ZERO_BY_PANDAS, 0.0))
        told = json.loads((out / "json" / f"{name}.json").read_text(encoding="utf-8"))
        names = [column["name"] for column in told["columns"]]
        compare(dataset, pd.DataFrame(told["rows"], columns=names).replace({None: math.nan}))
        table = pd.read_csv(out / "csv" / f"{name}.csv", keep_default_na=False, dtype=str)
        assert list(table.columns) == names
        assert len(table) == len(dataset.rows)


def test_the_same_transfer_is_the_same_bytes(
    frozen_trial: Trial, out: Path, tmp_path: Path
) -> None:
    """A second export differs from the first in no byte, and the manifest holds for both."""
    again = tmp_path / "again"
    export_sdtm(frozen_trial, again, 1)

    files = {file.relative_to(out) for file in out.rglob("*") if file.is_file()}
    assert files == {file.relative_to(again) for file in again.rglob("*") if file.is_file()}
    assert all((out / name).read_bytes() == (again / name).read_bytes() for name in files)
    assert check_manifest(out).kind == "sdtm"


def test_nobody_is_named(out: Path) -> None:
    """No reader's name and no name by which a site calls a patient is in any file."""
    for file in out.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for name in (FIRST, SECOND, ADJUDICATOR, PATIENT_ID):
                assert name.encode() not in content, file


def test_a_value_that_does_not_fit_writes_nothing(
    frozen_trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A location of 201 letters stops the export: no file, no folder, no note in the record."""
    built = sdtm_datasets

    def too_long(transfer: Transfer) -> tuple[object, ...]:
        first, *rest = built(transfer)
        row = {**first.rows[0], "TULOC": "x" * 201}
        return replace(first, rows=(row, *first.rows[1:])), *rest

    monkeypatch.setattr(export, "sdtm_datasets", too_long)
    monkeypatch.setattr(export, "gate", lambda *_: ())
    before = frozen_trial.verify().count
    with pytest.raises(ExportError, match="TULOC"):
        export_sdtm(frozen_trial, tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert frozen_trial.verify().count == before


def test_only_the_formats_asked_for_are_written(frozen_trial: Trial, tmp_path: Path) -> None:
    """What an older export left in other formats goes."""
    export_sdtm(frozen_trial, tmp_path / "out")
    export_sdtm(frozen_trial, tmp_path / "out", formats=[SdtmFormat.JSON])

    left = {file.parent.name for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert left == {"json", "out"}
