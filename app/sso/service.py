"""A company's identity provider: setting it up, and whom it lets in.

What a provider says opens its own company and nothing else (ADR 0032): the company chose it, and may say
whatever it likes about its own people, but not about anybody's account elsewhere.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.auth import service as auth
from app.auth.devices import Visitor
from app.companies import queries as companies
from app.companies import service as company_service
from app.companies.models import Company
from app.companies.roles import MANAGE_COMPANY
from app.core import crypto
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.email_addresses import one_spelling
from app.core.errors import Forbidden, Invalid, NotFound
from app.sso import queries
from app.sso.models import IdentityProvider, UserIdentity
from app.sso.provider import Claims, Client
from app.subscriptions import service as subscriptions
from app.users import passwords
from app.users import queries as users
from app.users import service as user_service
from app.users.models import User

SCOPE: Final = "sso"


class NotLetIn(Forbidden):
    """One code for every reason a known person is not let in by the company's rules."""

    code = "not_let_in"
    title = "The company does not let this account in"


@dataclass(frozen=True, slots=True)
class Configured:
    """A company and its provider, ready to be used."""

    company: Company
    issuer: str
    client: Client


def redirect_uri(slug: str) -> str:
    """The address to enter at the provider; one for each company, so that answers can not be mixed up."""
    return f"{get_settings().web.public_url.rstrip('/')}/api/v1/auth/oidc/{slug}/callback"


def start_url(slug: str) -> str:
    return f"{get_settings().web.public_url.rstrip('/')}/api/v1/auth/oidc/{slug}/start"


def require_may_set_up(actor: Actor) -> None:
    """Raises `Forbidden` unless the actor may set up the company's provider."""
    actor.require(MANAGE_COMPANY)
    if actor.kind != "user":
        raise Forbidden("Only a person decides who signs in. An API key can not do it.")


async def slug_of(session: AsyncSession, actor: Actor) -> str:
    return (await companies.get_company(session, actor)).slug


async def get_provider(session: AsyncSession, actor: Actor) -> IdentityProvider:
    """The provider of the actor's company. Raises `NotFound`."""
    actor.require(MANAGE_COMPANY)
    found = await queries.find_provider(session, _company_of(actor))
    if found is None:
        raise NotFound("No identity provider is set up.")
    return found


async def put_provider(
    session: AsyncSession, actor: Actor, *, values: dict[str, Any], client_secret: str | None
) -> IdentityProvider:
    """The provider with these settings, made or changed. Its address was tried before (`provider.discover`).

    Raises `Invalid` when a new one comes without its secret.
    """
    require_may_set_up(actor)
    company_id = _company_of(actor)
    found = await queries.find_provider(session, company_id)
    if client_secret is not None:
        encrypted = crypto.encrypt(client_secret, purpose=_purpose(company_id))
        values = values | {"client_secret_encrypted": encrypted}
    elif found is None or found.issuer != values["issuer"]:
        raise Invalid("Enter the client secret.", pointer="#/client_secret")
    changes = events.changes_of(found, _told(values)) if found is not None else {}
    if found is None:
        found = IdentityProvider(company_id=company_id, **values)
        session.add(found)
    else:
        for name, value in values.items():
            setattr(found, name, value)
    await session.flush()
    if not found.enabled:
        await queries.end_sessions(session, company_id, now=utcnow())
    data = _told(values) | {"secret_changed": client_secret is not None}
    events.record(session, "identity_provider.set", actor=actor, data=data, changes=changes)
    return found


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if "secret" not in name}


async def remove_provider(session: AsyncSession, actor: Actor) -> None:
    """Forget the provider and end the sessions it vouched for. Raises `NotFound`."""
    require_may_set_up(actor)
    company_id = _company_of(actor)
    if not await queries.delete_provider(session, company_id):
        raise NotFound("No identity provider is set up.")
    ended = await queries.end_sessions(session, company_id, now=utcnow())
    events.record(session, "identity_provider.removed", actor=actor, data={"sessions": ended})


async def configured(slug: str) -> Configured:
    """The company with this slug and its provider. Raises `NotFound`, the same for every lack."""
    async with session_scope(system=SCOPE) as session:
        company = await companies.find_by_slug(session, slug)
        found = await queries.find_provider(session, company.id) if company else None
    if company is None or company.deleted_at is not None or found is None or not found.enabled:
        raise NotFound("There is no such company, or it has no sign-in of its own.")
    secret = crypto.decrypt(found.client_secret_encrypted, purpose=_purpose(company.id))
    client = Client(found.client_id, secret, redirect_uri(company.slug))
    return Configured(company, found.issuer, client)


async def let_in(
    company: Company, claims: Claims, visitor: Visitor
) -> auth.SignedIn | auth.Challenged:
    """A session that opens the company alone, or the second step. Raises `NotLetIn`."""
    email = _verified_email(claims)
    async with session_scope(system=SCOPE) as session:
        found = await queries.find_provider(session, company.id)
        if found is None or email.rpartition("@")[2] not in found.allowed_domains:
            raise NotLetIn("Accounts of this mail domain are not let in.")
        user = await _person(session, found, claims, email=email)
        return await auth.admit_to_company(
            session,
            user,
            visitor,
            company_id=company.id,
            authenticated_at=claims.authenticated_at,
        )


def _verified_email(claims: Claims) -> str:
    if not claims.email or not claims.email_verified:
        raise NotLetIn("Your provider does not vouch for your e-mail address.")
    try:
        return one_spelling(claims.email)
    except ValueError:
        raise NotLetIn("Your provider's e-mail address for you is none.") from None


async def _person(
    session: AsyncSession, found: IdentityProvider, claims: Claims, *, email: str
) -> User:
    """Whom the claims are about: known by `sub`, else by the address, else new if new ones may come."""
    identity = await queries.find_identity(
        session, found.company_id, issuer=claims.issuer, subject=claims.subject
    )
    if identity is not None:
        identity.last_used_at = utcnow()
        user = await users.get_user(session, identity.user_id)
        await _require_usable(session, found, user, may_join=False)
        return user
    user_or_none = await users.find_by_email(session, email)
    user = user_or_none or await _new_user(session, found, claims, email=email)
    await _require_usable(session, found, user, may_join=found.auto_provision)
    session.add(
        UserIdentity(
            company_id=found.company_id,
            user_id=user.id,
            issuer=claims.issuer,
            subject=claims.subject,
            email=email,
        )
    )
    await session.flush()
    events.record(
        session,
        "user.identity_linked",
        actor=_watchman(found.company_id),
        subject_id=user.id,
        data={"issuer": claims.issuer},
    )
    return user


async def _require_usable(
    session: AsyncSession, found: IdentityProvider, user: User, *, may_join: bool
) -> None:
    """The person is a member, or becomes one; never an operator of the installation."""
    if user.is_superadmin or user.disabled_at is not None:
        raise NotLetIn("This account can not sign in this way.")
    places = {company.id for company, _ in await companies.memberships_of(session, user.id)}
    if found.company_id in places:
        return
    if not may_join:
        raise NotLetIn("You are no member of this company. Ask an owner to invite you.")
    await subscriptions.check(session, _watchman(found.company_id), "members")
    await company_service.set_role(
        session, company_id=found.company_id, user_id=user.id, role=found.default_role
    )


async def _new_user(
    session: AsyncSession, found: IdentityProvider, claims: Claims, *, email: str
) -> User:
    if not found.auto_provision:
        raise NotLetIn("You are no member of this company. Ask an owner to invite you.")
    user_id = await user_service.create_user(
        session, email=email, password_hash=passwords.NO_PASSWORD, name=claims.name
    )
    return await users.get_user(session, user_id)


def _watchman(company_id: UUID) -> Actor:
    return Actor.system("identity provider", company_id=company_id)


def _company_of(actor: Actor) -> UUID:
    assert actor.company_id is not None, "the route asked for a CompanyActor"
    return actor.company_id


def _purpose(company_id: UUID) -> str:
    return f"identity provider:{company_id}"
