"""By which name and with which proofs an archive is asked: from the environment, never shown."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from napari_recist.errors import ArchiveAccessError
from napari_recist.imaging.pacs.address import ae_title

USER_VARIABLE = "NAPARI_RECIST_PACS_USER"
PASSWORD_VARIABLE = "NAPARI_RECIST_PACS_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN_VARIABLE = "NAPARI_RECIST_PACS_TOKEN"  # noqa: S105 - the name of a variable
CA_VARIABLE = "NAPARI_RECIST_PACS_CA"
CERTIFICATE_VARIABLE = "NAPARI_RECIST_PACS_CERTIFICATE"
KEY_VARIABLE = "NAPARI_RECIST_PACS_KEY"
TITLE_VARIABLE = "NAPARI_RECIST_PACS_AET"

DEFAULT_TITLE = "NAPARIRECIST"
"""Our AE title where none is given."""


@dataclass(frozen=True, slots=True)
class Access:
    """What an archive is told of us, and by what it is trusted; secrets do not show in its text.

    Parameters
    ----------
    title : str
        Our AE title.
    user, password, token : str
        For HTTP: a name and a password, or a bearer token.
    authorities : Path or None
        PEM file of the authorities whose certificates are trusted; None: the system's.
    certificate, key : Path or None
        PEM files of our own certificate and its key, where the archive asks for one.
    """

    title: str = DEFAULT_TITLE
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    authorities: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


def access_of(environment: Mapping[str, str], title: str = "") -> Access:
    """Return the access that environment variables give; a given AE title goes before theirs.

    Raises
    ------
    ArchiveError
        If a file named there does not exist, or the AE title is none.
    """
    return Access(
        ae_title(title or environment.get(TITLE_VARIABLE) or DEFAULT_TITLE),
        environment.get(USER_VARIABLE, ""),
        environment.get(PASSWORD_VARIABLE, ""),
        environment.get(TOKEN_VARIABLE, ""),
        _file(environment, CA_VARIABLE),
        _file(environment, CERTIFICATE_VARIABLE),
        _file(environment, KEY_VARIABLE),
    )


def tls_context(access: Access) -> ssl.SSLContext:
    """Return what checks an archive's certificate and host name, and shows it our certificate.

    Raises
    ------
    ArchiveAccessError
        If one of the files holds no certificate or key.
    """
    try:
        context = ssl.create_default_context(cafile=access.authorities)
        if access.certificate:
            context.load_cert_chain(access.certificate, access.key)
    except (ssl.SSLError, OSError) as error:
        raise ArchiveAccessError(
            "The certificates cannot be read.",
            f"{CA_VARIABLE}, {CERTIFICATE_VARIABLE} and {KEY_VARIABLE} must name PEM files.",
        ) from error
    return context


def _file(environment: Mapping[str, str], variable: str) -> Path | None:
    named = environment.get(variable)
    if not named:
        return None
    file = Path(named).expanduser()
    if not file.is_file():
        raise ArchiveAccessError(f"{variable} names no file: {file}.", "Correct the variable.")
    return file
