"""The script that starts PostgreSQL and Orthanc on loopback, and stops them."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from napari_recist.errors import RecordError
from napari_recist.trial.record.database import connect
from tests.conftest import unavailable

SERVERS = Path(__file__).resolve().parents[1] / "scripts" / "servers"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run(
        [sys.executable, SERVERS, *arguments], capture_output=True, text=True, check=False
    )


def test_both_servers_start_and_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """They answer on loopback, PostgreSQL to its password only, and nothing of them is left."""
    # PostgreSQL runs as another user where the tests run as root, and cannot see pytest's folders.
    folder = Path("/tmp") / f"napari-recist-servers-{os.getpid()}"
    started = run("start", str(folder))
    if "not installed" in started.stderr or "no DICOMweb" in started.stderr:
        unavailable(started.stderr.strip())
    try:
        told = dict(re.findall(r"^export (\w+)=(.*)$", started.stdout, re.MULTILINE))
        url = told["NAPARI_RECIST_POSTGRESQL"]
        engine = connect(url, told["PGPASSWORD"])
        with engine.connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version_num").scalar()
            assert int(str(version)) >= 150_000
        engine.dispose()
        monkeypatch.delenv("PGPASSWORD", raising=False)
        with pytest.raises(RecordError), connect(url, "wrong").connect():
            pass
        with urllib.request.urlopen(told["NAPARI_RECIST_ORTHANC_DICOMWEB"] + "/studies") as reply:
            assert reply.read().strip() == b"[]"
        again = run("start", str(folder))
        assert again.returncode == 1
        assert "is there already" in again.stderr
    finally:
        stopped = run("stop", str(folder))
    assert not stopped.returncode
    assert not folder.exists()
    port = int(re.findall(r":(\d+)/postgres", url)[0])
    with socket.socket() as client, pytest.raises(ConnectionRefusedError):
        client.connect(("127.0.0.1", port))
