"""Which hostname is whose, known without asking the database at every request, and what it may serve.

A company's hostname serves what is public and nothing else: whoever holds its DNS could point it elsewhere
tomorrow, so no session cookie may ever be given or sent there.
"""

import asyncio
import time
from typing import ClassVar, Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.database import session_scope
from app.core.errors import NotFound
from app.domains import queries

log = structlog.get_logger(__name__)

# How long a process may not know of a hostname that was verified or lost meanwhile.
KNOWN_SECONDS: Final = 15.0
PUBLIC_PATHS: Final = (
    *("/ar/", "/viewer/", "/storage/", "/stored/"),
    *("/api/v1/viewer/", "/api/health/"),
)


class _Known:
    """What this process knows. A database that does not answer leaves it as it is."""

    owners: ClassVar[dict[str, UUID]] = {}
    until: ClassVar[float] = 0.0
    database: ClassVar[str] = ""


async def owner_of(host: str) -> UUID | None:
    """The company whose verified hostname this is; None for the installation's own and for any other."""
    name = bare(host)
    if not name or name == _own_host():
        return None
    return (await _owners()).get(name)


async def _owners() -> dict[str, UUID]:
    database = get_settings().database.url
    if time.monotonic() < _Known.until and _Known.database == database:
        return _Known.owners
    _Known.until, _Known.database = time.monotonic() + KNOWN_SECONDS, database
    try:
        async with asyncio.timeout(2), session_scope(system="domains") as session:
            _Known.owners = await queries.verified_hosts(session)
    except Exception:
        log.warning("domains.not_read", exc_info=True)
    return _Known.owners


def forget() -> None:
    """Read the hostnames again at the next request of this process."""
    _Known.until = 0.0


def bare(host: str) -> str:
    """The name in a Host header: without the port, in lower case."""
    return host.lower().partition(":")[0].rstrip(".")


def _own_host() -> str:
    return bare(urlsplit(get_settings().web.public_url).netloc)


async def refuse_private_paths(request: Request) -> None:
    """On a company's hostname only what is public is there; the panel and the API look like nothing."""
    path = request.url.path
    if path.startswith(PUBLIC_PATHS):
        return
    if await owner_of(request.headers.get("host", "")) is not None:
        raise NotFound("There is nothing at this address.")


async def public_base(session: AsyncSession, company_id: UUID) -> str:
    """Where the company's links begin: its own verified hostname, else the installation's address."""
    public_url = get_settings().web.public_url.rstrip("/")
    domain = await queries.find_domain(session, company_id)
    if domain is None or domain.state != "verified":
        return public_url
    parts = urlsplit(public_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{domain.hostname}{port}"
