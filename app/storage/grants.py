"""The tokens of connected Yandex accounts: encrypted, renewed in time, by one process at a time.

RFC 6749 (authorisation code, section 4.1; renewal, section 6) with PKCE (RFC 7636);
https://yandex.com/dev/id/doc/en/codes/code-url and .../tokens/refresh-client.

A renewal gives a new refresh token and ends the old one, so two processes must not both renew. Who renews
first claims the row for a minute, asks the provider outside of any transaction, and writes what it got;
the others wait and read that.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import crypto
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import DATABASE_SILENT, session_scope
from app.storage import grant_queries as queries
from app.storage.backends.yandex_api import refused_account
from app.storage.models import StorageGrant
from app.storage.port import StorageRefused, StorageUnavailable

SYSTEM: Final = "storage"
# A token that has less than this left is renewed before it is used.
MARGIN: Final = timedelta(minutes=10)
CLAIM: Final = timedelta(seconds=60)
WAIT_SECONDS: Final = 45.0
_TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Granted:
    """What the provider gave: two tokens, and when the first one ends."""

    access_token: str
    refresh_token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    tokens: Granted
    generation: int


@dataclass(frozen=True, slots=True)
class GrantTokens:
    """The tokens of one connection, for its backend."""

    connection_id: UUID
    _last: ClassVar[dict[UUID, Granted]] = {}

    async def current(self) -> str:
        """A token that lives for some minutes yet. Raises `StorageRefused` or `StorageUnavailable`."""
        try:
            known = await _read(self.connection_id)
        except DATABASE_SILENT:
            return self._last_good()
        self._last[self.connection_id] = known.tokens
        if known.tokens.expires_at - utcnow() > MARGIN:
            return known.tokens.access_token
        try:
            return await self._renewed(known)
        except StorageUnavailable:
            if known.tokens.expires_at > utcnow():
                return known.tokens.access_token  # Good for a while; the next request tries again.
            raise

    def _last_good(self) -> str:
        """What this process used before: files go on to be delivered while the database does not answer."""
        last = self._last.get(self.connection_id)
        if last is None or last.expires_at <= utcnow():
            raise StorageUnavailable("The account's token can not be read now. Try again shortly.")
        return last.access_token

    async def renewed(self, refused: str) -> str:
        """Another token than the refused one: somebody else's renewal, or our own."""
        known = await _read(self.connection_id)
        if known.tokens.access_token != refused:
            return known.tokens.access_token
        return await self._renewed(known)

    async def _renewed(self, known: _Known) -> str:
        deadline = time.monotonic() + WAIT_SECONDS
        while not await _claim(self.connection_id, known.generation):
            newer = await _read(self.connection_id)
            if newer.generation != known.generation:
                return newer.tokens.access_token
            if time.monotonic() > deadline:
                raise StorageUnavailable("The account's token is being renewed. Try again shortly.")
            await asyncio.sleep(0.1)
        try:
            granted = await renew(known.tokens.refresh_token)
        except (StorageUnavailable, StorageRefused):
            await _let_go(self.connection_id, known.generation)
            raise
        await _write(self.connection_id, granted, known.generation)
        return granted.access_token


async def save_grant(
    session: AsyncSession, connection_id: UUID, company_id: UUID | None, granted: Granted
) -> None:
    """Keep what an account holder granted; what was there before is replaced."""
    await queries.put_grant(
        session,
        connection_id,
        company_id,
        tokens_encrypted=_sealed(connection_id, granted),
        expires_at=granted.expires_at,
        renewing_until=None,
        granted_at=utcnow(),
    )


async def redeem(*, code: str, verifier: str) -> Granted:
    """What the provider gives for the code it sent the browser back with."""
    return await _granted(
        {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    )


async def renew(refresh_token: str) -> Granted:
    """New tokens for old. Raises `StorageRefused` when the grant was withdrawn or has run out."""
    return await _granted(
        {"grant_type": "refresh_token", "refresh_token": refresh_token}, kept=refresh_token
    )


async def _granted(form: dict[str, str], *, kept: str = "") -> Granted:
    answer = await _posted(form)
    try:
        return Granted(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or kept),
            expires_at=utcnow() + timedelta(seconds=int(answer["expires_in"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StorageUnavailable("Yandex did not answer with tokens.") from error


async def _posted(form: dict[str, str]) -> dict[str, Any]:
    settings = get_settings().yandex
    client = {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret.get_secret_value(),
    }
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as http:
            answer = await http.post(f"{settings.oauth_url}/token", data=form | client)
            found: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise StorageUnavailable("Yandex does not answer about the account.") from error
    if answer.status_code == httpx.codes.OK:
        return found
    if answer.status_code in (400, 401, 403):  # invalid_grant, bad_verification_code and the like
        raise refused_account()
    raise StorageUnavailable(f"Yandex answered {answer.status_code} about the account.")


async def _read(connection_id: UUID) -> _Known:
    async with session_scope(system=SYSTEM) as session:
        row = await queries.find_grant(session, connection_id)
    if row is None:
        raise StorageRefused("Connect a Yandex account first.", code="not_connected")
    return _Known(_opened(row), row.generation)


async def _claim(connection_id: UUID, generation: int) -> bool:
    async with session_scope(system=SYSTEM) as session:
        return await queries.claim_renewal(session, connection_id, generation, for_time=CLAIM)


async def _let_go(connection_id: UUID, generation: int) -> None:
    async with session_scope(system=SYSTEM) as session:
        await queries.change_grant(session, connection_id, generation, renewing_until=None)


async def _write(connection_id: UUID, granted: Granted, generation: int) -> None:
    """Unless the account was connected anew meanwhile: then that counts."""
    async with session_scope(system=SYSTEM) as session:
        await queries.change_grant(
            session,
            connection_id,
            generation,
            tokens_encrypted=_sealed(connection_id, granted),
            expires_at=granted.expires_at,
            generation=generation + 1,
            renewing_until=None,
        )


async def reseal_outdated() -> int:
    """Encrypt anew what an older key encrypted; how many grants that was."""
    async with session_scope(system=SYSTEM) as session:
        rows = await queries.lock_grants(session)
        outdated = [row for row in rows if crypto.is_outdated(row.tokens_encrypted)]
        for row in outdated:
            row.tokens_encrypted = _sealed(row.connection_id, _opened(row))
    return len(outdated)


def _purpose(connection_id: UUID) -> str:
    return f"storage_grant:{connection_id}"


def _sealed(connection_id: UUID, granted: Granted) -> str:
    text = json.dumps([granted.access_token, granted.refresh_token])
    return crypto.encrypt(text, purpose=_purpose(connection_id))


def _opened(row: StorageGrant) -> Granted:
    try:
        text = crypto.decrypt(row.tokens_encrypted, purpose=_purpose(row.connection_id))
    except crypto.NotReadable as error:
        raise refused_account() from error
    access_token, refresh_token = json.loads(text)
    return Granted(access_token, refresh_token, row.expires_at)
