"""A second factor: setting it up, signing in with it, and who must have one."""

import asyncio
from datetime import timedelta

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.auth import guesses
from app.auth.models import SignInChallenge, UserSession
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.events.models import Event
from app.two_factor.models import Authenticator, RecoveryCode
from tests.support import people

AUTH = "/api/v1/auth"


async def _enrolled(client: httpx.AsyncClient) -> tuple[pyotp.TOTP, list[str]]:
    """The app of the signed-in person, and their recovery codes."""
    enrolment = await client.post(f"{AUTH}/two-factor/enrol")
    assert 200 == enrolment.status_code, enrolment.text
    app = pyotp.TOTP(enrolment.json()["secret"])
    confirmed = await client.post(f"{AUTH}/two-factor/confirm", json={"code": app.now()})
    assert 200 == confirmed.status_code, confirmed.text
    await _let_codes_be_used_again()
    return app, confirmed.json()["recovery_codes"]


async def _let_codes_be_used_again() -> None:
    """The next half minute has come, as far as the memory of used codes is concerned."""
    async with session_scope(system="test") as session:
        await session.execute(update(Authenticator).values(last_step=0))


async def _first_step(app: FastAPI, email: str, address: str = "192.0.2.1") -> httpx.AsyncClient:
    client = people.client_of(app, address=address)
    body = {"email": email, "password": people.PASSWORD}
    answer = await client.post(f"{AUTH}/sign-in", json=body)
    assert 202 == answer.status_code, answer.text
    return client


async def _second_step(client: httpx.AsyncClient, code: str) -> httpx.Response:
    return await client.post(f"{AUTH}/second-factor", json={"code": code})


async def test_setting_up_shows_the_secret_in_three_ways(app: FastAPI) -> None:
    """To type, to open, to scan; nothing counts before a first code was confirmed."""
    member = await people.make_member(app)

    answer = (await member.client.post(f"{AUTH}/two-factor/enrol")).json()
    status = (await member.client.get(f"{AUTH}/two-factor")).json()

    assert answer["secret"] in answer["otpauth_uri"]
    assert answer["otpauth_uri"].startswith("otpauth://totp/ARV:person")
    assert answer["qr_svg"].startswith("<svg")
    assert {"enabled_at": None, "recovery_codes_left": 0} == status


async def test_signing_in_takes_two_steps(app: FastAPI) -> None:
    """The right password opens nothing but the second step; the code opens a session."""
    member = await people.make_member(app)
    totp, _codes = await _enrolled(member.client)

    client = await _first_step(app, member.email)
    between = await client.get(f"{AUTH}/me")
    wrong = await _second_step(client, "000000")
    right = await _second_step(client, totp.now())

    assert 401 == between.status_code
    assert (401, "wrong_second_factor") == (wrong.status_code, wrong.json()["code"])
    assert 200 == right.status_code
    assert right.json() == (await client.get(f"{AUTH}/me")).json()
    assert right.json()["two_factor"]["enabled"] is True


async def test_a_code_is_taken_once(app: FastAPI) -> None:
    """Somebody who looked over the shoulder can not use it, not even at the same moment."""
    member = await people.make_member(app)
    totp, _codes = await _enrolled(member.client)
    clients = [await _first_step(app, member.email) for _ in range(2)]
    code = totp.now()

    answers = await asyncio.gather(*(_second_step(client, code) for client in clients))

    assert [200, 401] == sorted(answer.status_code for answer in answers)


async def test_a_recovery_code_opens_once(app: FastAPI) -> None:
    """Without the phone one of ten codes does, in any spelling; then nine are left."""
    member = await people.make_member(app)
    _totp, codes = await _enrolled(member.client)
    spelled = codes[3].upper().replace("-", " ")

    first = await _second_step(await _first_step(app, member.email), spelled)
    again = await _second_step(await _first_step(app, member.email), codes[3])

    left = (await member.client.get(f"{AUTH}/two-factor")).json()["recovery_codes_left"]
    assert (200, 401, 9) == (first.status_code, again.status_code, left)


async def test_new_recovery_codes_replace_the_old(app: FastAPI) -> None:
    """It takes a code of the app; the old ones open nothing."""
    member = await people.make_member(app)
    totp, old = await _enrolled(member.client)

    path = f"{AUTH}/two-factor/recovery-codes"
    refused = await member.client.post(path, json={"code": "123456"})
    answer = await member.client.post(path, json={"code": totp.now()})

    assert 401 == refused.status_code
    assert 10 == len(set(answer.json()["recovery_codes"]) - set(old))
    client = await _first_step(app, member.email)
    assert 401 == (await _second_step(client, old[0])).status_code
    assert 200 == (await _second_step(client, answer.json()["recovery_codes"][0])).status_code


async def test_switching_off_takes_password_and_code(app: FastAPI) -> None:
    """Neither alone is enough; then the password alone opens again."""
    member = await people.make_member(app)
    totp, codes = await _enrolled(member.client)

    async def disable(password: str, code: str) -> int:
        body = {"password": password, "code": code}
        answer = await member.client.post(f"{AUTH}/two-factor/disable", json=body)
        return answer.status_code

    statuses = [
        await disable("not it", totp.now()),
        await disable(people.PASSWORD, "000000"),
        await disable(people.PASSWORD, codes[0]),
    ]

    assert [422, 401, 204] == statuses
    body = {"email": member.email, "password": people.PASSWORD}
    answer = await people.client_of(app).post(f"{AUTH}/sign-in", json=body)
    assert 200 == answer.status_code


async def test_guessing_codes_is_slowed_down(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who knows the password gets five codes, whatever new first steps they make."""
    moment = utcnow()
    monkeypatch.setattr(guesses, "utcnow", lambda: moment)
    member = await people.make_member(app)
    totp, _codes = await _enrolled(member.client)
    statuses = []
    for _ in range(2):
        thief = await _first_step(app, member.email, address="198.51.100.7")
        statuses += [(await _second_step(thief, "000000")).status_code for _ in range(3)]
    owner = await _first_step(app, member.email, address="192.0.2.5")

    assert [401] * 5 + [429] == statuses
    assert 200 == (await _second_step(owner, totp.now())).status_code


async def test_a_challenge_ends_after_five_minutes_and_without_its_cookie(app: FastAPI) -> None:
    """Too late, or in another browser: begin again."""
    member = await people.make_member(app)
    totp, _codes = await _enrolled(member.client)
    client = await _first_step(app, member.email)
    async with session_scope(system="test") as session:
        await session.execute(
            update(SignInChallenge).values(expires_at=utcnow() - timedelta(seconds=1))
        )

    answers = [
        await _second_step(client, totp.now()),
        await _second_step(people.client_of(app), totp.now()),
    ]

    assert {(401, "challenge_expired")} == {(a.status_code, a.json()["code"]) for a in answers}


async def test_the_secret_and_the_codes_are_not_to_be_read_in_the_table(app: FastAPI) -> None:
    """The secret is encrypted, the codes are hashed; events hold neither."""
    member = await people.make_member(app)
    totp, codes = await _enrolled(member.client)

    async with session_scope(system="test") as session:
        secret = (await session.scalars(select(Authenticator.secret_encrypted))).one()
        hashes = list(await session.scalars(select(RecoveryCode.code_sha256)))
        data = str(list(await session.scalars(select(Event.data))))
    assert totp.secret not in secret + data
    assert 10 == len(hashes)
    assert not any(code in data for code in codes)


async def test_changing_the_key_keeps_the_app_working(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the next code the secret lies under the new key."""
    member = await people.make_member(app)
    totp, _codes = await _enrolled(member.client)
    old = get_settings().secret_key.get_secret_value()
    monkeypatch.setenv("SECRET_KEY", "n" * 40)
    monkeypatch.setenv("OLD_SECRET_KEYS", old)
    get_settings.cache_clear()

    answer = await _second_step(await _first_step(app, member.email), totp.now())
    monkeypatch.setenv("OLD_SECRET_KEYS", "")
    get_settings.cache_clear()
    await _let_codes_be_used_again()
    later = await _second_step(await _first_step(app, member.email), totp.now())

    assert (200, 200) == (answer.status_code, later.status_code)


async def test_changing_the_second_factor_takes_a_fresh_session(app: FastAPI) -> None:
    """A browser left open for ten minutes has to confirm; with the password it may go on."""
    member = await people.make_member(app)
    async with session_scope(system="test") as session:
        await session.execute(
            update(UserSession).values(authenticated_at=utcnow() - timedelta(minutes=11))
        )

    refused = await member.client.post(f"{AUTH}/two-factor/enrol")
    wrong = await member.client.post(f"{AUTH}/confirm", json={"password": "not it"})
    right = await member.client.post(f"{AUTH}/confirm", json={"password": people.PASSWORD})
    after = await member.client.post(f"{AUTH}/two-factor/enrol")

    assert (403, "confirmation_required") == (refused.status_code, refused.json()["code"])
    assert [422, 204, 200] == [a.status_code for a in (wrong, right, after)]


async def _ask_for_two_factor(owner: people.Member) -> None:
    answer = await owner.client.put(
        owner.path("/sign-in-policy"), json={"require_two_factor": True}
    )
    assert {"require_two_factor": True} == answer.json()


async def test_owners_set_it_up_first_when_the_company_says_so(app: FastAPI) -> None:
    """Until then only signing in, out and setting up is open; editors are not asked."""
    company = await people.make_company()
    owner = await people.make_member(app, company=company)
    editor = await people.make_member(app, role="editor", company=company)
    refused = await editor.client.put(
        editor.path("/sign-in-policy"), json={"require_two_factor": True}
    )
    await _ask_for_two_factor(owner)

    before = await owner.get("/projects")
    me = (await owner.client.get(f"{AUTH}/me")).json()
    await _enrolled(owner.client)
    after = await owner.get("/projects")

    assert 403 == refused.status_code
    assert (403, "two_factor_required") == (before.status_code, before.json()["code"])
    assert {"enabled": False, "required": True} == me["two_factor"]
    assert (200, 200) == (after.status_code, (await editor.get("/projects")).status_code)


async def test_superadmins_set_it_up_first_where_the_operator_says_so(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REQUIRE_SUPERADMIN_TOTP; in production it is on by itself."""
    operator = await people.make_member(app, is_superadmin=True)
    relaxed = await operator.client.get("/api/v1/companies")
    monkeypatch.setenv("REQUIRE_SUPERADMIN_TOTP", "true")
    get_settings.cache_clear()

    strict = await operator.client.get("/api/v1/companies")

    assert (200, 403) == (relaxed.status_code, strict.status_code)


async def test_a_superadmin_helps_who_lost_phone_and_codes(app: FastAPI) -> None:
    """The second factor is switched off; nobody else may do that."""
    operator = await people.make_member(app, is_superadmin=True)
    member, other = await people.make_member(app), await people.make_member(app)
    await _enrolled(member.client)
    path = f"/api/v1/users/{member.user_id}/two-factor"

    statuses = [
        (await other.client.delete(path)).status_code,
        (await operator.client.delete(path)).status_code,
        (await operator.client.delete(path)).status_code,
    ]

    assert [403, 204, 409] == statuses
    assert (await member.client.get(f"{AUTH}/two-factor")).json()["enabled_at"] is None
