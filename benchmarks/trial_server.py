"""Trials for the benchmarks that need a PostgreSQL server: the one named, or one for the while."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from napari_recist.trial import Trial, TrialRole, create_trial
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.postgres_database import PASSWORD_VARIABLE

SERVERS = Path(__file__).resolve().parents[1] / "scripts" / "servers"
PASSWORD = "a long password"


@contextmanager
def superuser() -> Iterator[str]:
    """Give the URL of a server's superuser: the one in the environment, or of one just started."""
    if "NAPARI_RECIST_POSTGRESQL" in os.environ:
        yield os.environ["NAPARI_RECIST_POSTGRESQL"]
        return
    folder = f"/tmp/napari-recist-{secrets.token_hex(4)}"
    started = subprocess.run(
        [sys.executable, SERVERS, "start", folder, "--only", "postgresql"],
        check=True,
        capture_output=True,
        text=True,
    )
    told = dict(re.findall(r"^export (\w+)=(.*)$", started.stdout, re.MULTILINE))
    os.environ["PGPASSWORD"] = told["PGPASSWORD"]
    try:
        yield told["NAPARI_RECIST_POSTGRESQL"]
    finally:
        subprocess.run([sys.executable, SERVERS, "stop", folder], check=True)


@contextmanager
def shared_trial(people: dict[str, TrialRole], charter: str = "") -> Iterator[tuple[str, Trial]]:
    """Give the URL, with {} for a person's name, of a new trial, and the trial as its owner has it.

    The owner is no superuser. The names of the people get a suffix that is theirs on the server.
    """
    with superuser() as url, tempfile.TemporaryDirectory() as folder:
        suffix = secrets.token_hex(4)
        owner, database = f"owner_{suffix}", f"trial_{suffix}"
        engine = connect(url).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(
                sa.text(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
            )
            connection.execute(sa.text(f"CREATE DATABASE {database} OWNER {owner}"))
        engine.dispose()
        place = re.sub(r"//[^@]+@(.*)/[^/]+$", rf"//{{}}@\1/{database}", url)
        file = Path(folder) / "charter.toml"
        file.write_text(charter, encoding="utf-8")
        os.environ[PASSWORD_VARIABLE] = PASSWORD
        try:
            with create_trial(place.format(owner), file) as trial:
                for name, role in people.items():
                    trial.admit(f"{name}_{suffix}", role, PASSWORD)
                yield place.replace("{}", f"{{}}_{suffix}"), trial
        finally:
            del os.environ[PASSWORD_VARIABLE]


def name_of(url: str) -> str:
    """Return the name of the person in a URL."""
    return re.sub(r".*//([^@]+)@.*", r"\1", url)
