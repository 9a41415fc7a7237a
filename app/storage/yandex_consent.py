"""Connecting a Yandex account: sending the browser to its holder's consent, and what it brings back.

What is remembered meanwhile lies in a cookie, encrypted under our key for ten minutes: the answer counts only
in the browser that asked, for the company and the person who asked, once.
https://yandex.com/dev/id/doc/en/codes/code-url
"""

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.roles import MANAGE_STORAGE
from app.core import crypto, live
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.errors import Conflict, Forbidden
from app.core.ids import uuid7
from app.storage import grants, queries
from app.storage.backends.yandex_disk import DEFAULT_ROOT
from app.storage.grants import Granted
from app.storage.models import StorageConnection

COOKIE: Final = "arv_yandex"
LIFETIME_SECONDS: Final = 600
CALLBACK_PATH: Final = "/api/v1/storage/yandex/callback"
SCOPES: Final = "cloud_api:disk.app_folder cloud_api:disk.info"
KIND: Final = "yandex_disk"
_PURPOSE: Final = "yandex consent"


class YandexNotSetUp(Conflict):
    code = "yandex_not_set_up"
    title = "This installation has no application at Yandex"


class ConsentNotBegun(Forbidden):
    code = "consent_not_begun"
    title = "Begin connecting the account again"


class NotAYandexDisk(Conflict):
    code = "not_a_yandex_disk"
    title = "The connection is of another kind"


@dataclass(frozen=True, slots=True)
class Consent:
    """One connecting on its way."""

    company_id: str
    slug: str
    user_id: str
    email: str
    connection_id: str | None
    name: str
    state: str
    verifier: str


async def begin(
    session: AsyncSession, actor: Actor, *, name: str, connection_id: UUID | None
) -> Consent:
    """Raises `YandexNotSetUp`, `NotFound` or `NotAYandexDisk`."""
    actor.require(MANAGE_STORAGE)
    if not get_settings().yandex.is_set_up:
        raise YandexNotSetUp("Ask the operator to set YANDEX_CLIENT_ID and YANDEX_CLIENT_SECRET.")
    person = actor.person_id
    if connection_id is not None:
        connection = await queries.get_connection(session, actor, connection_id)
        if connection.kind != KIND or connection.company_id != actor.company_id:
            raise NotAYandexDisk("Only a Yandex Disk of the company's own can be connected anew.")
    company = await companies.get_company(session, actor)
    return Consent(
        company_id=str(company.id),
        slug=company.slug,
        user_id=str(person),
        email=actor.email,
        connection_id=str(connection_id) if connection_id else None,
        name=name,
        state=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
    )


def consent_url(consent: Consent) -> str:
    """Where the account's holder is asked; `force_confirm` shows which account that is."""
    settings = get_settings().yandex
    asked = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": redirect_uri(),
        "scope": SCOPES,
        "state": consent.state,
        "code_challenge": _challenge_of(consent.verifier),
        "code_challenge_method": "S256",
        "force_confirm": "yes",
    }
    return f"{settings.oauth_url}/authorize?{urlencode(asked)}"


def redirect_uri() -> str:
    """The address to enter at Yandex, for the whole installation."""
    return get_settings().web.public_url.rstrip("/") + CALLBACK_PATH


def panel_path(consent: Consent | None, **told: str) -> str:
    """The panel's page about storage, which shows how it went."""
    page = f"/c/{consent.slug}/settings/storage" if consent else "/"
    return f"{page}?{urlencode(told)}"


def packed(consent: Consent) -> str:
    return crypto.encrypt(json.dumps(asdict(consent)), purpose=_PURPOSE)


def unpacked(cookie: str | None) -> Consent | None:
    """The consent of a cookie of the last ten minutes, else None."""
    try:
        text = crypto.decrypt(cookie or "", purpose=_PURPOSE, ttl_seconds=LIFETIME_SECONDS)
        return Consent(**json.loads(text))
    except (crypto.NotReadable, TypeError, ValueError):
        return None


def required(consent: Consent | None, *, state: str, user_id: UUID | None) -> Consent:
    """The consent this answer belongs to. Raises `ConsentNotBegun`."""
    if (
        consent is None
        or not secrets.compare_digest(consent.state.encode(), state.encode())
        or str(user_id) != consent.user_id
    ):
        raise ConsentNotBegun("Begin again in this browser, signed in as the same person.")
    return consent


async def keep(session: AsyncSession, actor: Actor, consent: Consent, granted: Granted) -> UUID:
    """The connection with its tokens, made or connected anew. Raises `Forbidden` and `NotFound`."""
    actor.require(MANAGE_STORAGE)
    if consent.connection_id is not None:
        connection = await queries.get_connection(session, actor, UUID(consent.connection_id))
        connection.version += 1
    else:
        connection = StorageConnection(
            id=uuid7(),
            company_id=actor.company_id,
            name=consent.name,
            kind=KIND,
            settings={"folder": DEFAULT_ROOT},
        )
        session.add(connection)
    await session.flush()
    await grants.save_grant(session, connection.id, connection.company_id, granted)
    told = {"name": connection.name, "kind": KIND}
    name = "storage.account_connected"
    events.record(session, name, actor=actor, subject_id=connection.id, data=told)
    assert connection.company_id is not None
    await live.publish(session, connection.company_id, "storage.changed", connection.id)
    return connection.id


def _challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
