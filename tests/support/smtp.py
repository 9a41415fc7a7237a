"""A real SMTP server on a free port that keeps what it takes and refuses what it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"


@dataclass
class Sink:
    """What arrived; `on_recipient` and `on_data` are the answers from now on."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    sign_ins: list[tuple[bytes, bytes]] = field(default_factory=list)
    on_recipient: str = OK
    on_data: str = OK

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's names)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.on_recipient == OK:
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.on_data == OK:
            parsed = message_from_bytes(cast(bytes, envelope.content), policy=default)
            self.mails.append(parsed)
        return self.on_data

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.sign_ins.append((given.login, given.password))
        return AuthResult(success=given.password == b"p@ss/word", handled=False)


@asynccontextmanager
async def smtp_sink(**options: Any) -> AsyncIterator[Sink]:
    """The server while the block runs; `options` go to `aiosmtpd.smtp.SMTP`."""
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, authenticator=sink.authenticate, **options), "127.0.0.1", 0
    )
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        await server.wait_closed()
