"""Companies and signed-in members for tests, each with a client of their own."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from app.auth.cookies import PLAIN_NAME
from app.auth.models import UserSession
from app.companies import service as companies
from app.companies.models import Company
from app.companies.roles import OWNER, PERMISSIONS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.database import session_scope
from app.users import service as users

PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in person; `get`, `post` and the others go to paths below their company."""

    user_id: UUID
    email: str
    company_id: UUID
    client: httpx.AsyncClient

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, self.email, company_id=self.company_id, permissions=ALL)

    def path(self, path: str) -> str:
        return f"/api/v1/companies/{self.company_id}{path}"

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(self.path(path), **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.post(self.path(path), **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.patch(self.path(path), **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.delete(self.path(path), **options)


ALL = PERMISSIONS[OWNER]


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of `PASSWORD` with the cheapest parameters there are; signing in renews it."""
    return Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def make_company(name: str | None = None) -> Company:
    operator = Actor(UUID(int=0), "operator@example.com", is_superadmin=True)
    name = name or f"Company {next(_numbers)}"
    async with session_scope() as session:
        return await companies.create_company(
            session, operator, name=name, slug=None, accent_color=None
        )


async def make_user(*, is_superadmin: bool = False, must_change_password: bool = False) -> str:
    """The e-mail address of a new user whose password is `PASSWORD`."""
    email = f"person{next(_numbers)}@example.com"
    async with session_scope() as session:
        await users.create_user(
            session,
            email=email,
            password_hash=password_hash(),
            is_superadmin=is_superadmin,
            must_change_password=must_change_password,
        )
    return email


async def make_member(
    app: FastAPI,
    *,
    role: str = "owner",
    company: Company | None = None,
    is_superadmin: bool = False,
) -> Member:
    """A new user with a role in the company (a new one if none is given), already signed in."""
    company = company or await make_company()
    email = f"person{next(_numbers)}@example.com"
    token = secrets.token_urlsafe(16)
    async with session_scope() as session:
        user_id = await users.create_user(
            session, email=email, password_hash=password_hash(), is_superadmin=is_superadmin
        )
        if not is_superadmin:
            await companies.set_role(session, company_id=company.id, user_id=user_id, role=role)
        session.add(
            UserSession(
                user_id=user_id,
                token_sha256=sha256(token.encode()).digest(),
                address="",
                user_agent="",
                expires_at=utcnow() + timedelta(days=1),
            )
        )
    return Member(user_id, email, company.id, client_of(app, {PLAIN_NAME: token}))


def client_of(
    app: FastAPI, cookies: dict[str, str] | None = None, *, address: str = "203.0.113.5"
) -> httpx.AsyncClient:
    """A client straight into the app that comes from `address`."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 4000))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver", cookies=cookies)
