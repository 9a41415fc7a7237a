"""Who is asking, as FastAPI dependencies.

Each opens a short transaction of its own and closes it before the route begins, so that a long upload
holds no database connection, and "last seen" is kept even when the request fails.
"""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Request

from app.api_keys import service as api_keys
from app.auth import proof, queries, service
from app.auth.bearer import bearer_token
from app.auth.cookies import device_cookies, session_token
from app.auth.csrf import SAFE_METHODS
from app.auth.devices import Visitor
from app.auth.service import Current
from app.companies import queries as companies
from app.companies.roles import OWNER, PERMISSIONS, READ, SUPERADMIN
from app.core import tenancy
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import NotFound, Unauthenticated
from app.core.limits import count_caller


def client_address(request: Request) -> str:
    """The caller's address; behind nginx uvicorn takes it from the forwarded header."""
    return request.client.host if request.client else ""


async def session_unless_key(request: Request) -> Current | None:
    """The live session of the request, or None when a key speaks instead. Raises `Unauthenticated`."""
    if bearer_token(request) is not None:
        return None
    token = session_token(request)
    if not token:
        raise Unauthenticated("Sign in to go on.")
    async with session_scope(system="sign-in") as session:
        found = await service.use_session(session, token, now=utcnow())
    if found is None:
        raise Unauthenticated("Your session has ended. Sign in again.")
    await tenancy.enter(tenancy.Scope(system="person"))
    user_session, user = found.session, found.user
    actor = Actor(
        user_id=user.id,
        email=user.email,
        is_superadmin=user.is_superadmin and user_session.only_company_id is None,
        session_id=user_session.id,
        only_company_id=user_session.only_company_id,
        address=client_address(request)[:64],
        user_agent=request.headers.get("user-agent", "")[:300],
    )
    await count_caller(request, actor)
    return Current(
        user_session.id,
        actor,
        user.must_change_password,
        must_set_up_two_factor=service.owes_two_factor(found),
        only_company_id=user_session.only_company_id,
        authenticated_at=user_session.authenticated_at,
    )


SessionUnlessKey = Annotated[Current | None, Depends(session_unless_key)]


async def current_session(found: SessionUnlessKey) -> Current:
    """The live session of the request. Raises `Unauthenticated` without one, and for an API key."""
    if found is None:
        raise Unauthenticated("This is for people who sign in. An API key does not open it.")
    return found


CurrentSession = Annotated[Current, Depends(current_session)]


async def key_actor(request: Request) -> Actor:
    """The API key of the request in its company. Raises `InvalidApiKey`, `Unauthenticated` without one."""
    token = bearer_token(request)
    if token is None:
        raise Unauthenticated("Send an API key: “Authorization: Bearer arv_...”.")
    async with session_scope(system="sign-in") as session:
        actor = await api_keys.use_key(session, token, now=utcnow())
    actor = replace(
        actor,
        address=client_address(request)[:64],
        user_agent=request.headers.get("user-agent", "")[:300],
    )
    await count_caller(request, actor)
    await _enter_company(actor.company_id)
    return actor


KeyActor = Annotated[Actor, Depends(key_actor)]


async def visitor(request: Request) -> Visitor:
    """Who knocks, signed in or not."""
    return Visitor(
        address=client_address(request),
        user_agent=request.headers.get("user-agent", ""),
        device_cookies=device_cookies(request),
    )


VisitorDep = Annotated[Visitor, Depends(visitor)]


async def fresh_session(current: CurrentSession) -> Current:
    """A person who proved within ten minutes who they are: for changes that are dangerous.
    Raises `ConfirmationRequired`; `POST /auth/confirm` makes the session fresh."""
    current.refuse_unfinished()
    proof.require_fresh(current)
    return current


FreshSession = Annotated[Current, Depends(fresh_session)]


async def fresh_account(current: CurrentSession) -> Current:
    """The same for changes of the account itself (its e-mail address, its second factor), which stand above
    companies: who came through a company's provider may not make them. Open before set-up is finished."""
    proof.require_own_sign_in(current)
    proof.require_fresh(current)
    return current


FreshAccount = Annotated[Current, Depends(fresh_account)]


async def signed_in_actor(current: CurrentSession) -> Actor:
    """The signed-in person outside any company."""
    current.refuse_unfinished()
    return current.actor


SignedInActor = Annotated[Actor, Depends(signed_in_actor)]


async def company_actor(company_id: UUID, request: Request, current: SessionUnlessKey) -> Actor:
    """The signed-in person or the API key in the company of the path. Raises `NotFound` for a company
    that is not theirs, with the same words as for one that does not exist."""
    if current is None:
        actor = await _key_in(company_id, request)
    else:
        current.refuse_unfinished()
        actor = await _person_in(company_id, current.actor)
    await _enter_company(company_id)
    return actor


async def _key_in(company_id: UUID, request: Request) -> Actor:
    actor = await key_actor(request)
    if actor.company_id != company_id:
        raise NotFound("There is no such company.")
    if request.method in SAFE_METHODS:
        actor.require(READ)
    return actor


async def _person_in(company_id: UUID, actor: Actor) -> Actor:
    async with session_scope(company_id=company_id) as session:
        role = await companies.role_in(session, actor, company_id)
    if role is None:
        raise NotFound("There is no such company.")
    return replace(
        actor,
        company_id=company_id,
        role=role,
        permissions=PERMISSIONS[OWNER if role == SUPERADMIN else role],
    )


CompanyActor = Annotated[Actor, Depends(company_actor)]


async def may_still_see(actor: Actor) -> bool:
    """Whether the person's session lives and the company is still theirs to see, asked while an answer lasts.
    It counts as no use of the session: a panel that lies open does not keep somebody signed in."""
    now = utcnow()
    async with session_scope(system="sign-in") as session:
        live = await queries.list_live_sessions(
            session, actor.person_id, now=now, seen_after=now - service.IDLE_LIMIT
        )
        role = await companies.role_in(session, actor, actor.company_id or actor.person_id)
    return role is not None and actor.session_id in {each.id for each in live}


async def _enter_company(company_id: UUID | None) -> None:
    """What the request reads and logs from here on is the company's."""
    await tenancy.enter(tenancy.Scope(company_id))
    structlog.contextvars.bind_contextvars(company_id=str(company_id))
