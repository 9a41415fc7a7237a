"""Signing in through a company's own provider: who gets in, where to, and every lie refused."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import delete, select, update

from app.auth.models import UserSession
from app.companies import service as companies
from app.companies.models import Membership
from app.core import crypto
from app.core.clock import utcnow
from app.core.database import session_scope
from app.events.models import Event
from app.sso.flow import own_path
from app.sso.models import UserIdentity
from tests.sso.oidc_provider import CLIENT_ID, Provider, new_key
from tests.sso.world import World, error_of, make_person
from tests.support import people

ME = "/api/v1/auth/me"


async def _member(world: World, email: str, role: str = "editor") -> UUID:
    user_id: UUID = await make_person(email)
    async with session_scope(system="test") as session:
        await companies.set_role(session, company_id=world.company.id, user_id=user_id, role=role)
    return user_id


async def test_a_member_gets_in_and_is_known_by_the_subject_from_then_on(world: World) -> None:
    """The first time by the verified address, later by `sub`, whatever the address is then."""
    user_id = await _member(world, "anna@acme.example")

    first, place = await world.sign_in("anna@acme.example", sub="7")
    later, _ = await world.sign_in("anna.new@acme.example", sub="7")

    assert "/" == place
    me = (await first.get(ME)).json()
    assert str(user_id) == me["user"]["id"] == (await later.get(ME)).json()["user"]["id"]
    assert str(world.company.id) == me["only_company_id"]


async def test_it_opens_that_company_and_nothing_else(world: World) -> None:
    """The same person's other company stays closed, and so does their account."""
    user_id = await _member(world, "anna@acme.example")
    other = await people.make_company()
    async with session_scope(system="test") as session:
        await companies.set_role(session, company_id=other.id, user_id=user_id, role="owner")

    client, _ = await world.sign_in("anna@acme.example")
    statuses = [
        (await client.get(f"/api/v1/companies/{world.company.id}/projects")).status_code,
        (await client.get(f"/api/v1/companies/{other.id}/projects")).status_code,
    ]
    listed = (await client.get("/api/v1/companies")).json()["items"]
    enrol = await client.post("/api/v1/auth/two-factor/enrol")

    assert [200, 404] == statuses
    assert [str(world.company.id)] == [company["id"] for company in listed]
    assert (403, "own_sign_in_required") == (enrol.status_code, enrol.json()["code"])


async def test_who_is_no_member_is_let_in_only_when_the_company_says_so(world: World) -> None:
    """Off: refused and no account made. On: a new account with the default role."""
    _, refused = await world.sign_in("new@acme.example")
    await world.allow(auto_provision=True, default_role="viewer")
    client, place = await world.sign_in("new@acme.example", name="Nina New")

    me = (await client.get(ME)).json()
    assert ("not_let_in", "/") == (error_of(refused), place)
    assert "Nina New" == me["user"]["name"]
    assert ["viewer"] == [membership["role"] for membership in me["memberships"]]


async def test_a_removed_member_stays_out(world: World) -> None:
    """Even with automatic membership: an owner removed them on purpose."""
    await world.allow(auto_provision=True)
    user_id = await _member(world, "anna@acme.example")
    await world.sign_in("anna@acme.example")
    async with session_scope(system="test") as session:
        await session.execute(delete(Membership).where(Membership.user_id == user_id))

    _, place = await world.sign_in("anna@acme.example")

    assert "not_let_in" == error_of(place)


async def test_a_superadmin_never_gets_in_this_way(world: World) -> None:
    """Whoever runs a company's provider could else run the installation."""
    await world.allow(auto_provision=True)
    await make_person("root@acme.example", is_superadmin=True)

    _, place = await world.sign_in("root@acme.example")

    assert "not_let_in" == error_of(place)


@pytest.mark.parametrize(
    "person",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email": "anna@neighbour.example"},
        {"email": "anna@acme.example.evil.example"},
        {"email": "anna@sub.acme.example"},
        {"email": ""},
    ],
    ids=["unverified", "unsaid", "other tenant's domain", "longer domain", "subdomain", "none"],
)
async def test_addresses_the_company_may_not_vouch_for_are_refused(
    world: World, person: dict[str, Any]
) -> None:
    """Unverified, or of a domain that is not among the company's own."""
    await world.allow(auto_provision=True)
    await make_person("anna@neighbour.example")

    _, place = await world.sign_in(**{"email": "anna@acme.example", **person})

    assert "not_let_in" == error_of(place)


def _set(**claims: Any) -> Callable[[Provider], None]:
    def tell(provider: Provider) -> None:
        provider.change = lambda found: found.update(claims)

    return tell


def _drop(name: str) -> Callable[[Provider], None]:
    def tell(provider: Provider) -> None:
        provider.change = lambda found: found.pop(name)

    return tell


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _unsigned(provider: Provider) -> None:
    provider.sign = lambda _provider, claims: f"{_part({'alg': 'none'})}.{_part(claims)}."


def _signed_with_the_secret(provider: Provider) -> None:
    """HS256 with what everybody can read: the public key."""
    public = provider.key.as_pem(private=False)
    key = OctKey.import_key(base64.b64encode(public).decode())
    header = {"alg": "HS256", "kid": provider.key.kid}
    provider.sign = lambda _provider, claims: jwt.encode(header, claims, key)


def _foreign_key(provider: Provider) -> None:
    """Another key under the published one's name."""
    key = new_key("first")
    provider.sign = lambda _provider, claims: jwt.encode(
        {"alg": "RS256", "kid": "first"}, claims, key
    )


def _tampered(provider: Provider) -> None:
    def sign(found: Provider, claims: dict[str, Any]) -> str:
        header, _, signature = jwt.encode(
            {"alg": "RS256", "kid": found.key.kid}, claims, found.key
        ).split(".")
        return f"{header}.{_part({**claims, 'sub': 'somebody else'})}.{signature}"

    provider.sign = sign


def _garbage(provider: Provider) -> None:
    provider.sign = lambda _provider, _claims: "not.a.token"


@pytest.mark.parametrize(
    "lie",
    [
        _set(nonce="another"),
        _drop("nonce"),
        _set(aud="another-program"),
        _set(aud=[CLIENT_ID, "another"], azp="another"),
        _set(iss="https://evil.example"),
        _set(exp=1),
        _drop("exp"),
        _drop("sub"),
        _set(iat=4_000_000_000),
        _unsigned,
        _signed_with_the_secret,
        _foreign_key,
        _tampered,
        _garbage,
    ],
    ids=[
        *("wrong nonce", "no nonce", "wrong audience", "other party", "wrong issuer", "expired"),
        *("no expiry", "no subject", "issued in future", "alg none", "alg HS256", "foreign key"),
        *("changed after signing", "no token at all"),
    ],
)
async def test_a_token_that_lies_is_refused(world: World, lie: Callable[[Provider], None]) -> None:
    """Every claim and the signature count; nobody is signed in."""
    await _member(world, "anna@acme.example")
    lie(world.provider)

    client, place = await world.sign_in("anna@acme.example")

    assert "identity_not_verified" == error_of(place)
    assert 401 == (await client.get(ME)).status_code


async def test_a_new_key_of_the_provider_is_found(world: World) -> None:
    """After a rotation the next sign-in works, and what the old key signs does not."""
    await _member(world, "anna@acme.example")
    old = world.provider.key
    await world.sign_in("anna@acme.example")
    world.provider.rotate()

    _, place = await world.sign_in("anna@acme.example")
    world.provider.sign = lambda _provider, claims: jwt.encode(
        {"alg": "RS256", "kid": old.kid}, claims, old
    )
    _, refused = await world.sign_in("anna@acme.example")

    assert ("/", "identity_not_verified") == (place, error_of(refused))


async def test_the_answer_counts_only_in_the_browser_that_asked(world: World) -> None:
    """Another browser, another state, another issuer, a second time, another company: begin again."""
    await _member(world, "anna@acme.example")
    world.provider.person = {"email": "anna@acme.example"}
    client, stranger = people.client_of(world.app), people.client_of(world.app)
    answer = world.provider.consent(await world.start(client))

    places = [
        await world.come_back(stranger, answer),
        await world.come_back(stranger, {**answer, "state": "made-up"}),
    ]
    fresh = people.client_of(world.app)
    begun = world.provider.consent(await world.start(fresh))
    places.append(await world.come_back(fresh, {**begun, "iss": "https://evil.example"}))
    done = await world.come_back(client, answer)
    places.append(await world.come_back(client, answer))

    assert {"sign_in_not_begun"} == {error_of(place) for place in places}
    assert "/" == done
    assert 1 == world.provider.asked_of_token


async def test_a_started_sign_in_is_over_after_ten_minutes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cookie is worth nothing then."""
    await _member(world, "anna@acme.example")
    world.provider.person = {"email": "anna@acme.example"}
    client = people.client_of(world.app)
    answer = world.provider.consent(await world.start(client))
    decrypt = crypto.decrypt

    def later(text: str, *, purpose: str, ttl_seconds: int | None = None) -> str:
        if ttl_seconds is not None:
            raise crypto.NotReadable("eleven minutes have passed")
        return decrypt(text, purpose=purpose)

    monkeypatch.setattr(crypto, "decrypt", later)

    assert "sign_in_not_begun" == error_of(await world.come_back(client, answer))


async def test_the_second_factor_is_asked_for_here_too(world: World) -> None:
    """A company's word is no way around what the person has set up."""
    user_id = await _member(world, "anna@acme.example")
    own = people.client_of(world.app)
    body = {"email": "anna@acme.example", "password": people.PASSWORD}
    await own.post("/api/v1/auth/sign-in", json=body)
    secret = (await own.post("/api/v1/auth/two-factor/enrol")).json()["secret"]
    totp = pyotp.TOTP(secret)
    codes = (await own.post("/api/v1/auth/two-factor/confirm", json={"code": totp.now()})).json()

    client, place = await world.sign_in("anna@acme.example")
    before = (await client.get(ME)).status_code
    code = {"code": codes["recovery_codes"][0]}
    after = await client.post("/api/v1/auth/second-factor", json=code)

    assert ("/sign-in?second_factor=totp", 401) == (place, before)
    assert str(world.company.id) == after.json()["only_company_id"]
    assert str(user_id) == after.json()["user"]["id"]


async def test_a_dangerous_change_takes_the_provider_s_word_that_it_asked(world: World) -> None:
    """A silent sign-in is not fresh; with `again` the provider asks for the password and says when."""
    await _member(world, "anna@acme.example", role="owner")
    silent, _ = await world.sign_in("anna@acme.example")
    asked = people.client_of(world.app)
    answer = world.provider.consent(await world.start(asked, again=True))
    await world.come_back(asked, answer)
    path = f"/api/v1/companies/{world.company.id}/identity-provider"

    refused = await silent.delete(path)
    removed = await asked.delete(path)

    assert (403, "confirmation_required") == (refused.status_code, refused.json()["code"])
    assert 204 == removed.status_code


async def test_removing_the_provider_ends_what_it_opened(world: World) -> None:
    """Its sessions end; the owner's own stays."""
    await _member(world, "anna@acme.example")
    client, _ = await world.sign_in("anna@acme.example")

    await world.owner.delete("/identity-provider")

    assert 401 == (await client.get(ME)).status_code
    assert 200 == (await world.owner.client.get(ME)).status_code


async def test_the_log_tells_who_was_linked_and_who_came_in(world: World) -> None:
    """In the company's own log, where its owners look."""
    await _member(world, "anna@acme.example")
    await world.sign_in("anna@acme.example")

    async with session_scope(system="test") as session:
        names = set(
            await session.scalars(select(Event.name).where(Event.company_id == world.company.id))
        )
        linked = (await session.scalars(select(UserIdentity.email))).one()
    assert {"identity_provider.set", "user.identity_linked", "session.opened"} <= names
    assert "anna@acme.example" == linked


async def test_a_company_without_provider_is_like_none(world: World) -> None:
    """The same page with the same words, so that nobody learns who is a customer."""
    await people.make_company("Quiet")
    client = people.client_of(world.app)

    places = [
        (await client.get(f"/api/v1/auth/oidc/{slug}/start")).headers["location"]
        for slug in ("quiet", "nobody")
    ]

    assert {"not_found"} == {error_of(place) for place in places}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/companies/1", "/companies/1"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_leads_to_our_own_pages_only(path: str, expected: str) -> None:
    """No open redirect."""
    assert expected == own_path(path)


async def test_the_settings_are_the_owner_s_and_hide_the_secret(world: World) -> None:
    """Editors may not, a stale session may not, and no answer nor event holds the secret."""
    editor = await people.make_member(world.app, role="editor", company=world.company)
    shown = await world.owner.get("/identity-provider")
    refused = await editor.get("/identity-provider")
    async with session_scope(system="test") as session:
        await session.execute(
            update(UserSession).values(authenticated_at=utcnow() - timedelta(hours=1))
        )
        data = str(list(await session.scalars(select(Event.data))))
    stale = await world.owner.delete("/identity-provider")

    assert (200, 403, 403) == (shown.status_code, refused.status_code, stale.status_code)
    assert "secret" not in shown.text
    assert "s3cret" not in data
    assert shown.json()["redirect_uri"].endswith(f"/auth/oidc/{world.company.slug}/callback")
