"""Making, changing and using API keys."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.api_keys import queries
from app.api_keys.models import ApiKey
from app.api_keys.tokens import Token, new_token, read_token
from app.companies.roles import KEY_SCOPES, MANAGE_KEYS
from app.core.actor import Actor
from app.core.errors import Conflict, Forbidden, Invalid, Unauthenticated
from app.core.ids import uuid7

MOST_KEYS: Final = 50
USE_PRECISION: Final = timedelta(minutes=5)


class InvalidApiKey(Unauthenticated):
    """The same for a made-up key, an expired one and a revoked one."""

    code = "invalid_api_key"
    title = "This API key is not valid"

    def __init__(self) -> None:
        super().__init__(
            "The key is unknown, expired or revoked. An owner of the company can make a new one.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class TooManyKeys(Conflict):
    code = "too_many_api_keys"
    title = "The company has as many API keys as it may"


@dataclass(frozen=True, slots=True)
class Made:
    """A key and its token, which nobody can read again later."""

    key: ApiKey
    token: Token


async def create_key(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None,
    now: datetime,
) -> Made:
    """A new key of the company. Raises `TooManyKeys`, and `Invalid` for scopes no key may have."""
    actor.require(MANAGE_KEYS)
    _refuse_scopes(actor, scopes)
    if expires_at is not None and expires_at <= now:
        raise Invalid("Choose a time that is still to come.", pointer="#/expires_at")
    if await queries.count_keys(session, actor) >= MOST_KEYS:
        raise TooManyKeys(f"There are {MOST_KEYS} keys. Revoke one that is not used any more.")
    token = new_token(uuid7())
    key = ApiKey(
        id=token.key_id,
        company_id=actor.company_id,
        name=name,
        token_sha256=token.sha256,
        scopes=sorted(set(scopes)),
        created_by=actor.user_id,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(key)
    await session.flush()
    facts = {"name": name, "scopes": key.scopes, "expires_at": _text(expires_at)}
    events.record(session, "api_key.created", actor=actor, subject_id=key.id, data=facts)
    return Made(key, token)


def _refuse_scopes(actor: Actor, scopes: Collection[str]) -> None:
    if unknown := sorted(set(scopes) - KEY_SCOPES):
        raise Invalid(f"No API key may hold {', '.join(unknown)}.", pointer="#/scopes")
    if missing := sorted(scope for scope in scopes if not actor.can(scope)):
        raise Forbidden(f"You can not give away what you do not have: {', '.join(missing)}.")


async def rotate_key(session: AsyncSession, actor: Actor, key_id: UUID, *, now: datetime) -> Made:
    """The same key under a new token; the old token ends at once."""
    actor.require(MANAGE_KEYS)
    key = await queries.lock_key(session, actor, key_id)
    token = new_token(key.id)
    key.token_sha256 = token.sha256
    key.rotated_at = now
    await session.flush()
    events.record(
        session, "api_key.rotated", actor=actor, subject_id=key.id, data={"name": key.name}
    )
    return Made(key, token)


async def revoke_key(session: AsyncSession, actor: Actor, key_id: UUID, *, now: datetime) -> None:
    """End the key at once and for good."""
    actor.require(MANAGE_KEYS)
    key = await queries.lock_key(session, actor, key_id)
    key.revoked_at = now
    await session.flush()
    events.record(
        session, "api_key.revoked", actor=actor, subject_id=key.id, data={"name": key.name}
    )


async def use_key(session: AsyncSession, text: str, *, now: datetime) -> Actor:
    """Who asks with this token; its last use is noted every few minutes. Raises `InvalidApiKey`."""
    token = read_token(text)
    key = await queries.find_usable(session, token.key_id, now=now) if token else None
    if token is None or key is None or not token.is_the_one(key.token_sha256):
        raise InvalidApiKey
    if key.last_used_at is None or now - key.last_used_at > USE_PRECISION:
        await queries.touch_key(session, key, now=now)
    return Actor(
        user_id=None,
        kind="api_key",
        api_key_id=key.id,
        label=key.name,
        company_id=key.company_id,
        permissions=KEY_SCOPES.intersection(key.scopes),
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
