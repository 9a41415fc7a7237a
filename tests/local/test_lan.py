"""The certificate that lets phones of the same network in."""

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from app.local.lan import Certificate, certificate_for

ADDRESS = "127.0.0.1"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certificate_for(ADDRESS, tmp_path / "certificates")


def _shake_hands(certificate: Certificate, client: ssl.SSLContext) -> None:
    """A real handshake over loopback; raises what the client raises."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate.chain_and_key)

    def answer(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as line:
            server.wrap_socket(line, server_side=True).close()

    with socket.create_server((ADDRESS, 0)) as listener:
        answering = threading.Thread(target=answer, args=(listener,))
        answering.start()
        try:
            line = socket.create_connection(listener.getsockname())
            with line, client.wrap_socket(line, server_hostname=ADDRESS):
                pass
        finally:
            answering.join()


def test_who_trusts_its_authority_speaks_https(certificate: Certificate) -> None:
    """The client checks chain, date and address, and finds nothing wrong."""
    _shake_hands(certificate, ssl.create_default_context(cafile=certificate.authority))


def test_who_does_not_know_the_authority_is_warned(certificate: Certificate) -> None:
    """No system trusts it by itself: that is the warning a phone shows once."""
    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(certificate, ssl.create_default_context())


def test_the_certificate_is_kept_and_its_key_private(certificate: Certificate) -> None:
    """The second start shows phones what they have accepted, and nobody else reads the key."""
    before = certificate.chain_and_key.read_bytes()

    again = certificate_for(ADDRESS, certificate.chain_and_key.parent)

    assert (certificate, before) == (again, again.chain_and_key.read_bytes())
    assert 0o600 == again.chain_and_key.stat().st_mode & 0o777
