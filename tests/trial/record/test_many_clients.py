"""Clients that are killed, and clients that write at once: the scripts that prove it, in short."""

import os
import subprocess
import sys
from pathlib import Path

from tests.trial.record.shared_server import Server

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


def run(server: Server, script: str, *arguments: str) -> str:
    """Run a script on the server of this session, and return what it says."""
    surroundings = os.environ | {
        "NAPARI_RECIST_POSTGRESQL": server.url,
        "PGPASSWORD": server.password,
    }
    done = subprocess.run(
        [sys.executable, BENCHMARKS / script, *arguments],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_no_acknowledged_gesture_is_lost_to_a_kill(server: Server) -> None:
    """Clients killed at random moments leave every acknowledged gesture and a sound chain."""
    said = run(server, "killed_sessions.py", "12").splitlines()

    assert [line.split(":")[0] for line in said] == ["SQLite", "PostgreSQL"]
    assert all("12 sessions killed" in line and " 0 lost" in line for line in said)


def test_sixteen_clients_at_once(server: Server) -> None:
    """Forty patients, two readers and an adjudicator: nothing lost, doubled or locked up."""
    said = run(server, "concurrent_clients.py")

    assert "16 clients" in said
    assert "none lost or doubled; 25 races for one read, one winner each" in said
    assert said.rstrip().endswith("no deadlock")
