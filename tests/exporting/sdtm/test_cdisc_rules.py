"""CDISC's own rules, and our gate, judge the datasets of a trial in which every case occurs."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from napari_recist.criteria import DiameterTests
from napari_recist.exporting.gate import gate
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.sdtm.files.xpt import xpt_bytes
from napari_recist.exporting.transfer.frozen import Transfer
from tests.conftest import JUDGES
from tests.exporting.frozen_trials import with_clinical

NO_ARM = {("DM", f"CORE-000{rule}") for rule in ("045", "046", "223", "224")}
"""No arm, and no reason why not: where the clinical data do not tell it."""

ALLOWED = {
    ("STUDY", "CORE-000739"),  # no EX: exposure is not the core laboratory's to tell
    # The judge's library gives no order for SUPP--; test_variables compares ours with CDISC's.
    *((name, "CORE-000852") for name in ("SUPPTU", "SUPPTR", "SUPPRS")),
}
"""The rules that a vendor's transfer cannot satisfy, or that the judge cannot judge."""


def with_settings(transfer: Transfer, **changed: object) -> Transfer:
    """Return the transfer under other settings of ``[transfer]``."""
    settings = replace(transfer.charter.transfer, **changed)  # type: ignore[arg-type]
    return replace(transfer, charter=replace(transfer.charter, transfer=settings))


def issues(core_judge: tuple[str, ...], folder: Path, *define: Path) -> set[tuple[str, str]]:
    """Return dataset and rule of each issue that CDISC's rules find, by a Define-XML or without."""
    site = next((JUDGES / "core" / "lib").glob("python3*/site-packages"))
    run = subprocess.run(  # the engine looks for its schemas where it is started
        [*core_judge, folder, *define], cwd=site, check=True, capture_output=True, text=True
    )
    first, *found = run.stdout.splitlines()
    assert first.startswith("430 rules x"), run.stdout
    return {(words[0], words[1]) for words in (line.split() for line in found)}


DEMOGRAPHICS = (
    *(("sex", "F"), ("age", "64"), ("arm code", "CABO"), ("arm", "Cabozantinib")),
    ("treatment end", "2025-12-01"),
)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("demographics", "allowed"), [(DEMOGRAPHICS, ALLOWED), ((), ALLOWED | NO_ARM)]
)
def test_cdisc_finds_no_fault(
    core_judge: tuple[str, ...],
    transfer: Transfer,
    tmp_path: Path,
    demographics: tuple[tuple[str, str], ...],
    allowed: set[tuple[str, str]],
) -> None:
    """None of the 430 rules for SDTMIG 3.4 fires, but for what no vendor transfer can have."""
    for one in sdtm_datasets(with_clinical(transfer, *demographics)):
        content = xpt_bytes(one, transfer.frozen_at)
        (tmp_path / f"{one.name.lower()}.xpt").write_bytes(content)

    assert issues(core_judge, tmp_path) <= allowed


@pytest.mark.parametrize("tests", DiameterTests)
@pytest.mark.parametrize("derived", [True, False])
def test_the_gate_finds_no_fault(
    transfer: Transfer, tests: DiameterTests, *, derived: bool
) -> None:
    """Every term, link, date, sum and response holds, under each setting of ``[transfer]``."""
    settings = with_settings(transfer, diameter_tests=tests, derived_results=derived)

    assert gate(sdtm_datasets(settings), settings) == ()
