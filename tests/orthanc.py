"""A live Orthanc on loopback for tests: started, killed, started again with the same images."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import unavailable

SERVERS = Path(__file__).resolve().parents[1] / "scripts" / "servers"


class Orthanc:
    """A running Orthanc, and the folder in which it keeps everything."""

    def __init__(self, folder: Path, told: dict[str, str]) -> None:
        self._data = folder / "orthanc"
        self._settings = json.loads((self._data / "orthanc.json").read_text(encoding="utf-8"))
        self.started: list[subprocess.Popen[bytes]] = []
        self.rest = told["NAPARI_RECIST_ORTHANC"]
        self.web = told["NAPARI_RECIST_ORTHANC_DICOMWEB"]
        self.dimse = f"dicom://{told['NAPARI_RECIST_ORTHANC_DIMSE']}"

    @property
    def ports(self) -> tuple[int, int]:
        """The ports of HTTP and of DIMSE."""
        return self._settings["HttpPort"], self._settings["DicomPort"]

    def kill(self) -> None:
        """End the process without a warning, as a power failure does."""
        os.kill(int((self._data / "pid").read_text(encoding="ascii")), signal.SIGKILL)
        while self.answers():
            time.sleep(0.01)

    def start(self, **settings: Any) -> None:
        """Start it again on the same ports and images, with some settings changed."""
        file = self._data / "orthanc.json"
        file.write_text(json.dumps(self._settings | settings), encoding="utf-8")
        program = shutil.which("Orthanc", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program is not None
        with (self._data / "log").open("a") as log:
            started = subprocess.Popen(
                [program, str(file)], stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(started)
        (self._data / "pid").write_text(str(started.pid), encoding="ascii")
        for _ in range(600):
            if self.answers():
                return
            time.sleep(0.05)
        raise AssertionError((self._data / "log").read_text()[-2000:])

    def answers(self) -> bool:
        """Return whether it answers, be it with a refusal."""
        try:
            with urllib.request.urlopen(f"{self.rest}/system", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def asked(self, path: str) -> Any:
        """Return what its own interface, which is neither DICOMweb nor DIMSE, tells."""
        with urllib.request.urlopen(f"{self.rest}{path}", timeout=30) as reply:
            return json.loads(reply.read())

    def stored(self) -> dict[str, bytes]:
        """Return the file of each instance it has, by SOP Instance UID, as it keeps it."""
        files = {}
        for told in self.asked("/instances?expand"):
            with urllib.request.urlopen(f"{self.rest}/instances/{told['ID']}/file") as reply:
                files[told["MainDicomTags"]["SOPInstanceUID"]] = reply.read()
        return files


@contextmanager
def orthanc_running() -> Iterator[Orthanc]:
    """Give a new Orthanc without images; it is stopped and removed afterwards."""
    folder = Path("/tmp") / f"napari-recist-orthanc-{secrets.token_hex(6)}"
    started = subprocess.run(
        [sys.executable, SERVERS, "start", str(folder), "--only", "orthanc"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "not installed" in started.stderr or "no DICOMweb" in started.stderr:
        unavailable(started.stderr.strip())
    assert not started.returncode, started.stderr
    told = dict(re.findall(r"^export (\w+)=(.*)$", started.stdout, re.MULTILINE))
    running = Orthanc(folder, told)
    try:
        yield running
    finally:
        subprocess.run([sys.executable, SERVERS, "stop", str(folder)], check=False)
        for process in running.started:
            process.wait()
