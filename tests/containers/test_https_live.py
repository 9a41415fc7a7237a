"""https from the first start on, with a certificate of one's own, and when that one is wrong."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from ops import nginx
from tests.containers.conftest import running
from tests.containers.edge import Edge, free_address

NEWER = ("nginx version: nginx/1.28.0", "http2 on;")
OLDER = ("nginx version: nginx/1.22.1", "ssl http2 default_server;")


@pytest.fixture(scope="module")
def secure(web: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """Nginx without a certificate of ours; plain http leads to https. Its app is not there."""
    folder = tmp_path_factory.mktemp("secure")
    place = nginx.Place(
        folder,
        free_address(),
        free_address(),
        web,
        folder,
        https=free_address(),
        certificates=folder / "certificates",
        leads_to_https=True,
    )
    with running(place) as started:
        yield started


def give_certificate(folder: Path, authority: trustme.CA, name: str = "localhost") -> None:
    """fullchain.pem and privkey.pem, as a client of an issuer writes them."""
    folder.mkdir(exist_ok=True)
    issued = authority.issue_cert(name, "127.0.0.1")
    issued.private_key_pem.write_to_path(folder / "privkey.pem")
    chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
    (folder / "fullchain.pem").write_bytes(chain)


def connected(edge: Edge, *, protocols: list[str], highest: ssl.TLSVersion) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, highest
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.set_alpn_protocols(protocols)
    host, port = edge.place.https.split(":")
    return context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host)


def test_https_answers_without_a_certificate_of_ours(secure: Edge) -> None:
    """One is made at the first start, and its key is nobody's but this nginx's."""
    with connected(secure, protocols=["h2"], highest=ssl.TLSVersion.TLSv1_3) as line:
        assert ("h2", "TLSv1.3") == (line.selected_alpn_protocol(), line.version())

    key = secure.place.folder / "nginx-entry" / "privkey.pem"
    assert 0o600 == key.stat().st_mode & 0o777


def test_the_made_certificate_stays_through_a_restart(secure: Edge) -> None:
    """Who accepted it once is not asked again."""
    made = (secure.place.folder / "nginx-entry" / "fullchain.pem").read_bytes()

    nginx.render(secure.place)

    assert made == (secure.place.folder / "nginx-entry" / "fullchain.pem").read_bytes()


def test_old_protocols_are_refused(secure: Edge) -> None:
    """TLS 1.2 is the oldest; the whole profile is examined by `make security`."""
    with connected(secure, protocols=["http/1.1"], highest=ssl.TLSVersion.TLSv1_2) as line:
        assert "TLSv1.2" == line.version()
    with pytest.raises((ssl.SSLError, ConnectionError)):
        connected(secure, protocols=["http/1.1"], highest=ssl.TLSVersion.TLSv1_1)


def test_plain_http_leads_to_https(secure: Edge) -> None:
    """Path, query and method are kept; who issues certificates and who asks for our health stay."""
    challenge = secure.place.folder / "acme" / ".well-known" / "acme-challenge" / "token"
    challenge.parent.mkdir(parents=True, exist_ok=True)
    challenge.write_text("proof")
    with httpx.Client(base_url=secure.url, trust_env=False) as client:
        moved = client.post("/api/v1/x?a=1")
        proof = client.get("/.well-known/acme-challenge/token")
        missing = client.get("/.well-known/acme-challenge/none")
        health = client.get("/api/health/status")

    assert (308, "https://127.0.0.1/api/v1/x?a=1") == (
        moved.status_code,
        moved.headers["Location"],
    )
    assert (200, "proof", 404) == (proof.status_code, proof.text, missing.status_code)
    assert 503 == health.status_code  # asked of the app, which is not there


def test_browsers_are_told_to_stay_with_https(secure: Edge) -> None:
    """Only where they came by https, as RFC 6797 wants it."""
    with httpx.Client(trust_env=False, verify=False) as client:  # noqa: S501  (ours, and made just now)
        secured, plain = client.get(f"{secure.https_url}/"), client.get(f"{secure.url}/")

    assert "max-age=63072000; includeSubDomains" == secured.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.parametrize("wrong", ["another key", "half a file"])
def test_a_certificate_that_does_not_fit_is_refused(tmp_path: Path, wrong: str) -> None:
    """Nginx does not start with it, and one line says why."""
    place = nginx.Place(tmp_path / "edge", https="127.0.0.1:1", certificates=tmp_path / "given")
    give_certificate(place.certificates, trustme.CA())
    given = (place.certificates / "fullchain.pem").read_bytes()
    if wrong == "another key":
        give_certificate(place.certificates, trustme.CA())
    (place.certificates / "fullchain.pem").write_bytes(given[: len(given) // 2])
    shutil.copytree(nginx.SOURCE, place.folder)

    done = subprocess.run(
        [*nginx.start_command(place.folder), "prepare"],
        env=nginx.started_with(place),
        capture_output=True,
        check=False,
        text=True,
    )

    assert 1 == done.returncode
    assert 1 == len(done.stderr.splitlines())
    assert "is not the key of fullchain.pem, or one of them is damaged" in done.stderr


@pytest.mark.parametrize(("version", "words"), [NEWER, OLDER])
def test_http2_is_said_in_the_words_of_the_nginx_that_is_there(
    tmp_path: Path, version: str, words: str
) -> None:
    """Since 1.25.1 it is a directive, before that a word beside the port."""
    place = nginx.Place(tmp_path / "edge", https="127.0.0.1:1", certificates=tmp_path)
    shutil.copytree(nginx.SOURCE, place.folder)
    fake = tmp_path / "nginx"
    fake.write_text(f"#!/bin/sh\necho '{version}' >&2\n")
    fake.chmod(0o755)

    done = subprocess.run(
        [*nginx.start_command(place.folder), "prepare"],
        env=nginx.started_with(place) | {"NGINX_PROGRAM": str(fake)},
        check=True,
        capture_output=True,
        text=True,
    )

    assert "browsers will warn until there is one" in done.stderr
    assert words in (place.folder / "nginx-entry" / "entry.conf").read_text()
