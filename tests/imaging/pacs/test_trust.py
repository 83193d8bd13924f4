"""Who is trusted and who is let in: certificates, logins, AE titles, and networks without TLS."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from napari_recist.errors import ArchiveAccessError, ArchiveError, UnreachableArchiveError
from napari_recist.imaging.pacs import (
    Access,
    Search,
    access_of,
    address_of,
    archive_at,
    fetch,
    first_reachable,
    send,
    to_send,
)
from tests.conftest import unavailable
from tests.imaging.pacs.conftest import FORGOTTEN_SOCKET, archive_of
from tests.orthanc import Orthanc

pytestmark = FORGOTTEN_SOCKET

SECRET = "s3cret-CANARY"


def made(folder: Path, name: str, host: str = "DNS:localhost,IP:127.0.0.1") -> tuple[Path, Path]:
    """Return a certificate that signs itself, and its key, both made by OpenSSL."""
    folder.mkdir(exist_ok=True)
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    wanted = ["-subj", f"/CN={name}", "-addext", f"subjectAltName={host}"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run([*command, *wanted, *files], check=True, capture_output=True)
    except FileNotFoundError:
        unavailable("no openssl to make a certificate")
    return certificate, key


@contextmanager
def tls_before(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Give a port of loopback that speaks TLS and hands everything on to another."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = [listener]
    threads: list[Thread] = []

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                ends.append(plain)
                try:
                    inside = context.wrap_socket(plain, server_side=True)
                except OSError:
                    plain.close()
                    continue
                behind = socket.create_connection(("127.0.0.1", port))
                ends.extend((inside, behind))
                for pair in ((inside, behind), (behind, inside)):
                    threads.append(Thread(target=copy, args=pair))
                    threads[-1].start()

    server = Thread(target=serve)
    server.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        server.join()
        for thread in threads:
            thread.join()


def served(certificate: Path, key: Path, client: Path | None = None) -> ssl.SSLContext:
    """Return the server's side of TLS; with ``client``, only who has that certificate gets in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client)
    return context


def address(way: str, port: int) -> str:
    """Return the encrypted address of the archive behind a port."""
    return (
        f"https://localhost:{port}/dicom-web"
        if way == "web"
        else f"dicoms://ORTHANC@localhost:{port}"
    )


def test_a_certificate_must_be_trusted(
    orthanc: Orthanc, scan: Path, tmp_path: Path, way: str
) -> None:
    """Without the authority nothing is asked; with it images go there and come back."""
    certificate, key = made(tmp_path / "tls", "pacs")
    with tls_before(orthanc.ports[way == "dimse"], served(certificate, key)) as port:
        where = address_of(address(way, port))
        with pytest.raises(ArchiveAccessError, match=r"not trusted.*NAPARI_RECIST_PACS_CA"):
            archive_at(where, Access()).check()
        archive = archive_at(where, Access(authorities=certificate))
        files = to_send([scan]).files
        send(archive, files)
        (series,) = archive.series(files[0].instance.study_uid)
        assert len(fetch(archive, [series], tmp_path / "out").arrived) == 32
        archive.close()


def test_a_certificate_of_another_host_is_refused(
    orthanc: Orthanc, tmp_path: Path, way: str
) -> None:
    """A trusted certificate does not help whom it was not issued for."""
    certificate, key = made(tmp_path / "tls", "pacs", "DNS:other.example")
    with tls_before(orthanc.ports[way == "dimse"], served(certificate, key)) as port:
        archive = archive_at(address_of(address(way, port)), Access(authorities=certificate))
        with pytest.raises(ArchiveAccessError, match="for another host"):
            archive.check()
        archive.close()


def test_the_environment_cannot_switch_the_check_off(
    orthanc: Orthanc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What other programs use to trust more does not count here."""
    certificate, key = made(tmp_path / "tls", "pacs")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(certificate))
    with tls_before(orthanc.ports[0], served(certificate, key)) as port:
        archive = archive_at(address_of(address("web", port)), Access())
        with pytest.raises(ArchiveAccessError, match="not trusted"):
            archive.check()
        archive.close()


def test_our_own_certificate_is_shown(orthanc: Orthanc, tmp_path: Path, way: str) -> None:
    """An archive that asks for a certificate lets us in with it, and not without."""
    certificate, key = made(tmp_path / "tls", "pacs")
    own, own_key = made(tmp_path / "tls", "client")
    context = served(certificate, key, client=own)
    with tls_before(orthanc.ports[way == "dimse"], context) as port:
        where = address_of(address(way, port))
        without = archive_at(where, Access(authorities=certificate))
        with pytest.raises(ArchiveError):
            without.check()
        without.close()
        with_it = archive_at(where, Access(authorities=certificate, certificate=own, key=own_key))
        with_it.check()
        with_it.close()


def test_a_wrong_password_is_told_and_never_shown(own_orthanc: Orthanc) -> None:
    """The refusal says 401 and what to set; neither it nor the access repeats the password."""
    own_orthanc.kill()
    own_orthanc.start(AuthenticationEnabled=True, RegisteredUsers={"anna": SECRET})
    wrong = Access(user="anna", password="wrong-CANARY")
    with pytest.raises(ArchiveAccessError, match=r"401.*NAPARI_RECIST_PACS_USER") as refused:
        archive_of(own_orthanc, "web", wrong).check()
    assert "CANARY" not in f"{refused.value}{wrong!r}{Access(token=SECRET)!r}"
    right = archive_of(own_orthanc, "web", Access(user="anna", password=SECRET))
    right.check()
    assert right.studies(Search()) == ()


def test_a_wrong_ae_title_is_told(orthanc: Orthanc) -> None:
    """The archive answers to its own title only, and the refusal names ours that was wrong."""
    where = address_of(orthanc.dimse.replace("ORTHANC", "WRONG"))
    with pytest.raises(ArchiveAccessError, match="does not answer to the AE title WRONG"):
        archive_at(where, Access()).check()


def test_an_unknown_title_of_ours_is_told(own_orthanc: Orthanc, scan: Path) -> None:
    """An archive that does not know us accepts the association and then answers nothing."""
    own_orthanc.kill()
    own_orthanc.start(DicomAlwaysAllowStore=False)
    stranger = archive_of(own_orthanc, "dimse", Access(title="STRANGER"))
    with pytest.raises(UnreachableArchiveError, match="AE title STRANGER"):
        stranger.studies(Search())
    with pytest.raises(UnreachableArchiveError, match="AE title STRANGER"):
        stranger.send(to_send([scan]).files)
    assert own_orthanc.stored() == {}


def test_wrong_places_are_told(orthanc: Orthanc) -> None:
    """No DICOMweb at the path, another protocol at the port, nobody at the port."""
    with pytest.raises(ArchiveError, match="404"):
        archive_at(address_of(f"{orthanc.rest}/nothing"), Access()).check()
    http, _ = orthanc.ports
    with pytest.raises(UnreachableArchiveError, match="answers no association"):
        archive_at(address_of(f"dicom://ORTHANC@127.0.0.1:{http}"), Access()).check()
    with pytest.raises(ArchiveAccessError, match="no encrypted connection"):
        archive_at(address_of(f"https://127.0.0.1:{http}/dicom-web"), Access()).check()
    for nobody in ("http://127.0.0.1:9/dicom-web", "dicom://ORTHANC@127.0.0.1:9"):
        with pytest.raises(UnreachableArchiveError, match="cannot be reached"):
            archive_at(address_of(nobody), Access()).check()


def test_an_archive_that_drops_an_idle_connection_is_asked_again() -> None:
    """It answers, keeps the connection, and closes it when it is asked once more."""
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\nContent-Length: 2\r\n\r\n[]"
    )
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answers, unanswered in ((1, 1), (2, 0)):
            connection, _ = listener.accept()
            with connection:
                for _ in range(answers):
                    connection.recv(1 << 16)
                    connection.sendall(answer)
                for _ in range(unanswered):
                    connection.recv(1 << 16)

    server = Thread(target=serve)
    server.start()
    port = listener.getsockname()[1]
    archive = archive_at(address_of(f"http://127.0.0.1:{port}/dicom-web"), Access())
    assert archive.studies(Search()) == ()
    assert archive.studies(Search()) == ()
    assert archive.studies(Search()) == ()
    archive.close()
    server.join()
    listener.close()


def test_the_fallback_is_taken_aloud(orthanc: Orthanc) -> None:
    """Where DICOMweb cannot be reached, DIMSE is asked and somebody is told; never otherwise."""
    told: list[str] = []
    web, dimse = archive_of(orthanc, "web"), archive_of(orthanc, "dimse")
    gone = archive_at(address_of("http://127.0.0.1:9/dicom-web"), Access())

    assert first_reachable([web, dimse], told.append) is web
    assert told == []
    assert first_reachable([gone, dimse], told.append) is dimse
    assert len(told) == 1
    assert "http://127.0.0.1:9/dicom-web cannot be reached" in told[0]
    assert f"{orthanc.dimse} is asked instead" in told[0]
    wrong = archive_at(address_of(f"{orthanc.rest}/nothing"), Access())
    with pytest.raises(ArchiveError, match="404"):
        first_reachable([wrong, dimse], told.append)


@pytest.mark.parametrize("plain", ["http://pacs.example/dicom-web", "dicom://PACS@10.0.0.4:104"])
def test_a_network_without_tls_needs_a_word(plain: str) -> None:
    """Names do not cross a network readable unless somebody says so."""
    with pytest.raises(ArchiveAccessError, match=r"not encrypted.*--insecure"):
        archive_at(address_of(plain), Access())
    archive_at(address_of(plain), Access(), insecure=True).close()
    encrypted = plain.replace("http:", "https:").replace("dicom:", "dicoms:")
    archive_at(address_of(encrypted), Access()).close()


@pytest.mark.parametrize(
    "text",
    [
        "pacs.example",
        "ftp://pacs.example",
        "https://anna:CANARY@pacs.example/dicom-web",
        "dicom://pacs.example:104",
        "dicom://A:CANARY@pacs.example:104",
        "dicom://SEVENTEEN_LETTERS@pacs.example",
        "https://pacs.example:port/dicom-web",
        "dicom://PACS@pacs.example/path",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """A refusal says what an address looks like, and repeats no password."""
    with pytest.raises(ArchiveError) as refused:
        address_of(text)
    assert "CANARY" not in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "https://pacs.example/dicom-web",
        "http://127.0.0.1:8042/dicom-web",
        "https://[::1]:8443/rs",
        "dicom://PACS@pacs.example:11112",
        "dicoms://PACS@pacs.example",
    ],
)
def test_an_address_is_shown_as_it_was_given(text: str) -> None:
    """What was understood is what was meant."""
    assert str(address_of(text)) == text
    assert address_of(text).loopback == ("127" in text or "::1" in text)


def test_access_comes_from_the_environment(tmp_path: Path) -> None:
    """Variables are taken over; a file that is not there, or is none, is refused by name."""
    given = {
        "NAPARI_RECIST_PACS_USER": "anna",
        "NAPARI_RECIST_PACS_PASSWORD": SECRET,
        "NAPARI_RECIST_PACS_AET": "OURS",
    }
    access = access_of(given)
    assert (access.title, access.user, access.password) == ("OURS", "anna", SECRET)
    assert access_of(given, "OTHER").title == "OTHER"
    with pytest.raises(ArchiveAccessError, match="NAPARI_RECIST_PACS_CA names no file"):
        access_of({"NAPARI_RECIST_PACS_CA": str(tmp_path / "none.pem")})
    (tmp_path / "no.pem").write_text("no certificate", encoding="utf-8")
    bad = access_of({"NAPARI_RECIST_PACS_CA": str(tmp_path / "no.pem")})
    for where in ("https://localhost/dicom-web", "dicoms://PACS@localhost"):
        with pytest.raises(ArchiveError, match="certificates cannot be read"):
            archive_at(address_of(where), bad)
