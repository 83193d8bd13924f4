"""The command ``export sdtm``: formats chosen, files named, refusals told."""

from pathlib import Path

from napari_recist.trial import Trial
from tests.cli.test_trial_commands import Run, run
from tests.exporting.frozen_trials import built_trial, frozen_trial, quick_passwords

__all__ = ["built_trial", "frozen_trial", "quick_passwords", "run"]


def test_export_sdtm_writes_the_formats_asked_for(
    run: Run, frozen_trial: Trial, tmp_path: Path
) -> None:
    """Each format lies in a folder of its own; the manifest proves all of it afterwards."""
    out = tmp_path / "sdtm"
    code, said, _ = run(
        "export", "sdtm", "--trial", frozen_trial.url, "--out", str(out), "--format", "JSON, csv"
    )

    assert code == 0
    assert {Path(line) for line in said.splitlines()} == {
        file for file in out.rglob("*") if file.is_file()
    }
    assert {file.parent.name for file in out.rglob("define.xml")} == {"json", "csv"}
    assert run("verify", str(out))[0] == 0


def test_a_format_that_is_none_is_refused(run: Run, frozen_trial: Trial, tmp_path: Path) -> None:
    """The message names the formats; nothing is written."""
    out = tmp_path / "sdtm"
    code, _, err = run(
        "export", "sdtm", "--trial", frozen_trial.url, "--out", str(out), "--format", "sas7bdat"
    )

    assert code == 2
    assert "choose from" in err
    assert "ndjson" in err
    assert not out.exists()


def test_a_transfer_that_there_is_not_is_refused(
    run: Run, frozen_trial: Trial, tmp_path: Path
) -> None:
    """One message, and no folder."""
    out = tmp_path / "sdtm"
    code, _, err = run(
        "export", "sdtm", "--trial", frozen_trial.url, "--out", str(out), "--transfer", "7"
    )

    assert code == 1
    assert "7" in err
    assert not out.exists()
