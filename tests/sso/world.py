"""One browser, one company, one provider."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

from app.companies.models import Company
from app.core.database import session_scope
from app.users import service as users
from tests.sso.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.support import people
from tests.support.people import Member

PATH = "/identity-provider"


def settings_of(provider: Provider, **changes: Any) -> dict[str, Any]:
    return {
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "allowed_domains": ["acme.example"],
        **changes,
    }


@dataclass(slots=True)
class World:
    """`owner` runs the company; `sign_in` is a browser going to the provider and back."""

    app: FastAPI
    provider: Provider
    company: Company
    owner: Member

    async def allow(self, **changes: Any) -> None:
        answer = await self.owner.client.put(
            self.owner.path(PATH), json=settings_of(self.provider, **changes)
        )
        assert 200 == answer.status_code, answer.text

    async def start(self, client: httpx.AsyncClient, **params: Any) -> str:
        """Where the browser is sent."""
        path = f"/api/v1/auth/oidc/{self.company.slug}/start"
        return (await client.get(path, params=params)).headers["location"]

    async def come_back(self, client: httpx.AsyncClient, answer: dict[str, str]) -> str:
        """Where the browser ends up with the provider's answer."""
        path = f"/api/v1/auth/oidc/{self.company.slug}/callback"
        answered = await client.get(path, params=answer)
        assert 303 == answered.status_code, answered.text
        return answered.headers["location"]

    async def sign_in(self, email: str, **person: Any) -> tuple[httpx.AsyncClient, str]:
        """The browser afterwards, and where it ended up."""
        self.provider.person = {"email": email, **person}
        client = people.client_of(self.app)
        url = await self.start(client)
        return client, await self.come_back(client, self.provider.consent(url))


def error_of(location: str) -> str:
    """The code the sign-in page is told."""
    parts = urlsplit(location)
    assert "/sign-in" == parts.path, location
    return parse_qs(parts.query)["error"][0]


async def set_up(app: FastAPI, provider: Provider) -> World:
    company = await people.make_company("Acme")
    owner = await people.make_member(app, company=company)
    world = World(app, provider, company, owner)
    await world.allow()
    return world


async def make_person(email: str, *, is_superadmin: bool = False) -> Any:
    """The id of a user with this address."""
    async with session_scope(system="test") as session:
        return await users.create_user(
            session,
            email=email,
            password_hash=people.password_hash(),
            is_superadmin=is_superadmin,
        )
