"""Transfers on PostgreSQL: frozen in their turn, read as they stood, exported on record."""

from pathlib import Path

import pytest

from napari_recist.errors import AccessRefusedError, RecordError
from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.transfer.manifest import check_manifest
from napari_recist.trial import (
    ReadKey,
    Trial,
    accepted_reader,
    freeze,
    open_trial,
    reopen,
    transfers,
)
from napari_recist.trial.images.identity import register_identity
from napari_recist.trial.reads.clinical import clinical_data, give_clinical_data
from napari_recist.trial.record.postgres_database import PASSWORD_VARIABLE
from napari_recist.trial.record.trial_facts import AnyFact, TransferExported, TransferFrozen
from napari_recist.trial.transfers import exports
from tests.trial.record.shared_server import OWNER, PEOPLE, ServerTrial, password_of
from tests.trial.record.test_server_rights import state
from tests.trial.record.test_shared_walk import (
    made,
    opened,
    test_a_shared_trial_from_end_to_end,
)

__all__ = ["made"]

read_and_settled = test_a_shared_trial_from_end_to_end
del test_a_shared_trial_from_end_to_end  # it is run where it stands


@pytest.mark.parametrize(
    "fact",
    [
        TransferFrozen(2, "", ""),
        TransferFrozen(0, "", ""),
        TransferFrozen(1, "", "a head of one's own"),
        TransferExported(1, "csv", "00"),
        TransferExported(0, "csv", "00"),
    ],
    ids=str,
)
def test_a_transfer_out_of_its_turn_is_refused(going_on: ServerTrial, fact: AnyFact) -> None:
    """Not the next number, a head that only the database knows, an export of nothing frozen."""
    with pytest.raises((AccessRefusedError, RecordError), match="transfer"):
        state(going_on, "ada", "", "", fact)


def test_who_may_put_an_export_on_record(going_on: ServerTrial) -> None:
    """Administrator, monitor and owner, once the transfer is frozen; nobody else."""
    going_on.store("ada").append("", "", "ada", TransferFrozen(1, "", ""))
    for name in (*PEOPLE, OWNER):
        if name in {"ada", "mona", OWNER}:
            state(going_on, name, "", "", TransferExported(1, "csv", "00"))
        else:
            with pytest.raises(AccessRefusedError, match=name):
                state(going_on, name, "", "", TransferExported(1, "csv", "00"))


def answers(trial: Trial) -> dict[str, object]:
    """Return what a trial answers of its data; records as far as the role is shown them."""
    return {
        "records": [record.sequence for record in trial.records()],
        "subjects": trial.subjects(),
        "visits": trial.visits("P1"),
        "events": [trial.events(*read) for read in trial.reads()],
        "accepted": accepted_reader(trial, "P1"),
        "assignments": trial.assignments(),
        "transfers": transfers(trial),
        "people": trial.people(),
    }


@pytest.mark.parametrize("role", ["mona", "ada", OWNER])
def test_the_past_of_a_server(
    made: ServerTrial, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """After the record has grown its past answers as it did, verified, to each who oversees."""
    read_and_settled(made, monkeypatch)

    def seat(name: str) -> Trial:
        return (
            opened_as_owner(made, monkeypatch) if name == OWNER else opened(made, name, monkeypatch)
        )

    with seat(role) as trial:
        before, proved = answers(trial), trial.verify()
        with seat("ida") as images:
            give_clinical_data(images, {"P1": (("ECOG", "2"),)})
            register_identity(images, "P1", "someone", 12)
        with seat("ada") as administrator:
            reopen(administrator, ReadKey("P1", "anna_2"), "W8", "wrong series")
        past = trial.as_of(proved.count)

        assert answers(past) == before
        assert past.verify() == proved
        assert answers(trial) != before
        with pytest.raises(RecordError, match="cannot be extended"):
            freeze(past) if role != "mona" else past._store.refuse_past()
        if role == "mona":
            assert (clinical_data(past), len(clinical_data(trial))) == ({}, 1)


def opened_as_owner(made: ServerTrial, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Return the trial as whoever made it has it open."""
    with monkeypatch.context() as patched:
        patched.setenv(PASSWORD_VARIABLE, password_of(OWNER))
        return open_trial(made.url(OWNER))


def test_a_transfer_is_frozen_and_exported_on_a_server(
    made: ServerTrial, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The administrator freezes, the monitor exports; the record tells both, and verifies."""
    read_and_settled(made, monkeypatch)
    with opened(made, "mona", monkeypatch) as monitor:
        with pytest.raises(AccessRefusedError, match="may not freeze"):
            freeze(monitor)
        with opened(made, "ada", monkeypatch) as administrator:
            assert freeze(administrator, "interim") == 1
            reopen(administrator, ReadKey("P1", "boris_2"), "W8", "wrong series")
        export_csv(monitor, tmp_path / "out")
        rows = (tmp_path / "out" / "timepoints.csv").read_text(encoding="utf-8").splitlines()
        (frozen,), (written,) = transfers(monitor), exports(monitor)
        anchor = check_manifest(tmp_path / "out").anchor

        assert len(rows) == 1 + 4
        assert (frozen.frozen_by, written.written_by) == ("ada_2", "mona_2")
        assert anchor == frozen.anchor
        assert monitor.verify((anchor,)).count > anchor.sequence
