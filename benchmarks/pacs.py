"""Time sending CT slices to an archive and fetching them, beside dcmtk and plain HTTP.

Usage: python benchmarks/pacs.py SERIES [--rounds 3]. SERIES is a folder with the slices of a
study. An Orthanc is started on loopback (scripts/servers). The ways take turns; the archive is
emptied before each sending, and how many instances came is counted each time. Needs storescu and
getscu (dcmtk).
"""

import argparse
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

from napari_recist.imaging.pacs import Access, address_of, archive_at, fetch, send, to_send

SERVERS = Path(__file__).resolve().parents[1] / "scripts" / "servers"
TITLE = "NAPARIRECIST"


class Bench:
    """The slices, the archive, and each way there and back."""

    def __init__(self, source: Path, told: dict[str, str]) -> None:
        self.files = to_send([source]).files
        self.size = sum(one.size for one in self.files)
        self.rest = told["NAPARI_RECIST_ORTHANC"]
        self.web = told["NAPARI_RECIST_ORTHANC_DICOMWEB"]
        self.title, self.host, self.port = re.split("[@:]", told["NAPARI_RECIST_ORTHANC_DIMSE"])
        self.dimse = f"dicom://{told['NAPARI_RECIST_ORTHANC_DIMSE']}"
        self.peer = ["-aet", TITLE, "-aec", self.title, self.host, self.port]

    def _empty(self) -> None:
        for study in requests.get(f"{self.rest}/studies", timeout=60).json():
            requests.delete(f"{self.rest}/studies/{study}", timeout=60).raise_for_status()

    def _stored(self) -> int:
        return int(requests.get(f"{self.rest}/statistics", timeout=60).json()["CountInstances"])

    def _send_web(self) -> None:
        send(archive_at(address_of(self.web), Access()), self.files)

    def _send_dimse(self) -> None:
        send(archive_at(address_of(self.dimse), Access()), self.files)

    def _send_storescu(self) -> None:
        folder = str(self.files[0].file.parent)
        subprocess.run(["storescu", "+sd", *self.peer, folder], check=True)

    def _send_http(self) -> None:
        with requests.Session() as session:
            for one in self.files:
                data = one.file.read_bytes()
                session.post(f"{self.rest}/instances", data=data, timeout=60).raise_for_status()

    def _fetch_web(self, out: Path) -> None:
        self._fetch(self.web, out)

    def _fetch_dimse(self, out: Path) -> None:
        self._fetch(self.dimse, out)

    def _fetch(self, address: str, out: Path) -> None:
        archive = archive_at(address_of(address), Access())
        studies = sorted({one.instance.study_uid for one in self.files})
        fetch(archive, [series for uid in studies for series in archive.series(uid)], out)

    def _fetch_getscu(self, out: Path) -> None:
        for study in sorted({one.instance.study_uid for one in self.files}):
            keys = ["-k", "0008,0052=STUDY", "-k", f"0020,000D={study}"]
            subprocess.run(["getscu", "-S", *keys, "-od", str(out), *self.peer], check=True)

    def _fetch_http(self, out: Path) -> None:
        with requests.Session() as session:
            session.headers["Accept-Encoding"] = "identity"  # packed, it takes 15 times as long
            for one in session.get(f"{self.rest}/instances", timeout=60).json():
                reply = session.get(f"{self.rest}/instances/{one}/file", timeout=60)
                (out / f"{one}.dcm").write_bytes(reply.content)

    def run(self, rounds: int) -> dict[str, list[float]]:
        """Return the seconds of each way, round by round."""
        sends = {
            "send, DICOMweb": self._send_web,
            "send, DIMSE": self._send_dimse,
            "send, storescu": self._send_storescu,
            "send, plain HTTP": self._send_http,
        }
        fetches = {
            "fetch, DICOMweb": self._fetch_web,
            "fetch, DIMSE": self._fetch_dimse,
            "fetch, getscu": self._fetch_getscu,
            "fetch, plain HTTP": self._fetch_http,
        }
        seconds: dict[str, list[float]] = {name: [] for name in (*sends, *fetches)}
        for _ in range(rounds):
            for name, way in sends.items():
                self._empty()
                seconds[name].append(timed(way))
                assert self._stored() == len(self.files), name
            for name, back in fetches.items():
                out = Path(tempfile.mkdtemp())
                seconds[name].append(timed(lambda back=back, out=out: back(out)))
                came = [
                    file for file in out.rglob("*") if file.is_file() and file.suffix != ".jsonl"
                ]
                assert len(came) == len(self.files), (name, len(came))
                shutil.rmtree(out)
        return seconds


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("series", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    folder = f"/tmp/napari-recist-{secrets.token_hex(4)}"
    command = [sys.executable, str(SERVERS)]
    started = subprocess.run(
        [*command, "start", folder, "--only", "orthanc"], check=True, capture_output=True, text=True
    )
    try:
        bench = Bench(
            given.series, dict(re.findall(r"^export (\w+)=(.*)$", started.stdout, re.MULTILINE))
        )
        seconds = bench.run(given.rounds)
    finally:
        subprocess.run([*command, "stop", folder], check=True)
    print(f"{len(bench.files)} files, {bench.size / 1e6:.0f} MB")
    print("| way | median, s | best, s | MB/s |\n|---|---|---|---|")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"| {name} | {median:.2f} | {min(times):.2f} | {bench.size / 1e6 / median:.0f} |")


if __name__ == "__main__":
    main()
