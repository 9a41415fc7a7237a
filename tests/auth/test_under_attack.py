"""Ten thousand guesses at one account: what they cost, what is kept of them, and what the owner notices."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import attacks, guesses, service
from app.auth.devices import Visitor, device_cookie_name, device_words, new_device_cookie
from app.auth.models import AccountAttack, SignInFailure, UserSession
from app.auth.service import InvalidCredentials, SignedIn
from app.auth.throttle import FREE_ATTEMPTS, STRANGERS, TooManyAttempts, Watch
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.events.models import Event
from app.main import create_app
from app.users import passwords
from tests.support import people

GUESSES = 10_000
AT_ONCE = 20
GUESSER = "198.51.100.7"
OFFICE = "192.0.2.10"
ELSEWHERE = "192.0.2.99"


@pytest.fixture
async def unlimited(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FastAPI]:
    """The service without the limits by address, so that only the back-off stands between."""
    monkeypatch.setenv("RATE_LIMITS", "false")
    get_settings.cache_clear()
    yield create_app()
    get_settings.cache_clear()


async def _guess(email: str, addresses: "itertools.cycle[str]", count: int) -> Counter[str]:
    """So many wrong passwords, twenty at a time; what became of them."""
    outcomes: Counter[str] = Counter()

    async def worker(share: int) -> None:
        for _ in range(share):
            visitor = Visitor(next(addresses), "guesser")
            try:
                await service.sign_in(email=email, password="guess", visitor=visitor)
            except (InvalidCredentials, TooManyAttempts) as error:
                outcomes[error.code] += 1

    await asyncio.gather(*(worker(count // AT_ONCE) for _ in range(AT_ONCE)))
    return outcomes


async def _signs_in(app: FastAPI, email: str, address: str, cookies: Any = None) -> httpx.Response:
    client = people.client_of(app, cookies, address=address)
    body = {"email": email, "password": people.PASSWORD}
    return await client.post("/api/v1/auth/sign-in", json=body)


async def _events(session: AsyncSession, name: str) -> list[dict[str, Any]]:
    statement = select(Event.data).where(Event.name == name).order_by(Event.id)
    return list(await session.scalars(statement))


async def test_ten_thousand_guesses_do_not_keep_the_owner_out(unlimited: FastAPI) -> None:
    """Half from one address, half from 5,000: a known device, a known office and, while one address
    guesses, any other place sign in at once; a few dozen guesses reach the password, the rest cost little."""
    email = await people.make_user()
    laptop = (await _signs_in(unlimited, email, OFFICE)).cookies
    started, cpu_started = time.perf_counter(), time.process_time()

    one = await _guess(email, itertools.cycle([GUESSER]), GUESSES // 2)
    elsewhere = await _signs_in(unlimited, email, ELSEWHERE)
    botnet = (f"203.0.{number // 250}.{number % 250}" for number in range(GUESSES // 2))
    many = await _guess(email, itertools.cycle(botnet), GUESSES // 2)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    on_the_laptop = await _signs_in(unlimited, email, "100.64.3.3", laptop)
    in_the_office = await _signs_in(unlimited, email, OFFICE)
    from_the_guesser = await _signs_in(unlimited, email, GUESSER)

    checked = one["invalid_credentials"] + many["invalid_credentials"]
    print(
        f"{GUESSES:,} guesses: {seconds:.1f} s, {cpu:.1f} s of a processor, {checked} were checked"
    )
    assert GUESSES == sum(one.values()) + sum(many.values())
    assert FREE_ATTEMPTS <= checked <= 2 * FREE_ATTEMPTS + STRANGERS.capacity
    assert [200] * 3 == [a.status_code for a in (elsewhere, on_the_laptop, in_the_office)]
    assert 429 == from_the_guesser.status_code
    assert cpu < 15  # of our own processor time: others may be busy on this machine too


async def test_the_audit_log_shows_the_attack_in_a_few_rows(
    unlimited: FastAPI, session: AsyncSession
) -> None:
    """Events at 20, 100 and 1,000 guesses with the figures so far, and the totals when it is over."""
    email = await people.make_user()
    addresses = itertools.cycle([f"198.51.100.{number}" for number in range(50)])

    await _guess(email, addresses, 2_000)
    await _let_time_pass(attacks.OVER_AFTER + timedelta(minutes=1))
    await _signs_in(unlimited, await people.make_user(), OFFICE)  # anybody's sign-in tidies up

    under_attack = await _events(session, "account.under_attack")
    ended = await _events(session, "account.attack_ended")
    single = await _events(session, "user.sign_in_failed")
    steps = [_step(event["guesses"]) for event in under_attack]
    assert sorted(set(steps)) == steps
    assert 1_000 == steps[-1]
    assert len(under_attack) + len(ended) + len(single) < 30
    assert 1_700 < ended[0]["guesses"] <= 2_000
    assert 50 == ended[0]["addresses"]
    assert ended[0]["guesses"] == ended[0]["checked"] + ended[0]["refused"]


def _step(guesses: int) -> int:
    return 20 if guesses < 100 else 10 ** (len(str(guesses)) - 1)


async def _let_time_pass(by: timedelta) -> None:
    async with session_scope(system="test") as session:
        await session.execute(update(AccountAttack).values(last_at=AccountAttack.last_at - by))


async def test_a_mailed_link_opens_a_strange_place_under_attack(unlimited: FastAPI) -> None:
    """While strangers use up their budget, an owner on a new device in a new place resets the password
    by mail; the link makes the device a known one."""
    email = await people.make_user()
    botnet = itertools.cycle([f"203.0.113.{number}" for number in range(200)])
    await _guess(email, botnet, 200)
    before = await _signs_in(unlimited, email, ELSEWHERE)
    cookie = {device_cookie_name(email): new_device_cookie(email, now=utcnow())}

    after = await _signs_in(unlimited, email, ELSEWHERE, cookie)

    assert (429, 200) == (before.status_code, after.status_code)
    assert "by mail" in before.json()["detail"]


async def test_what_is_refused_from_memory_is_refused_by_another_process_too(
    unlimited: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The budget is in the database: a process that remembers nothing refuses the same."""
    email = await people.make_user()
    botnet = itertools.cycle([f"203.0.113.{number}" for number in range(100)])
    await _guess(email, botnet, 100)
    monkeypatch.setattr(guesses, "watch_of", _forgetful)

    answer = await _signs_in(unlimited, email, ELSEWHERE)

    assert 429 == answer.status_code
    assert 60 < int(answer.headers["retry-after"]) <= STRANGERS.refill.total_seconds()


def _forgetful(_account: str, *, now: datetime) -> Watch:
    return Watch(now)


async def test_a_device_cookie_is_for_one_account_and_can_not_be_made_up(
    unlimited: FastAPI,
) -> None:
    """Another account's cookie, and one with a changed part, are a stranger's."""
    email, other = await people.make_user(), await people.make_user()
    theirs = new_device_cookie(other, now=utcnow())
    real = new_device_cookie(email, now=utcnow())
    old = new_device_cookie(email, now=utcnow() - timedelta(days=401))
    name = device_cookie_name(email)

    def device(cookie: str) -> str | None:
        visitor = Visitor(OFFICE, "", {name: cookie})
        return guesses.attempt_of(visitor, email).device

    assert device(real) is not None
    assert [None] * 5 == [device(c) for c in (theirs, "x" + real, real[:-1], old, "")]


@pytest.mark.usefixtures("still_clock", "database")
async def test_a_stolen_device_cookie_is_slowed_down_alone() -> None:
    """Guesses with it close its own bucket, and no other's."""
    email = await people.make_user()
    stolen = {device_cookie_name(email): new_device_cookie(email, now=utcnow())}

    async def attempt(cookies: dict[str, str], password: str) -> SignedIn:
        opened = await service.sign_in(
            email=email, password=password, visitor=Visitor(GUESSER, "", cookies)
        )
        assert isinstance(opened, SignedIn)
        return opened

    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(InvalidCredentials):
            await attempt(stolen, "guess")
    with pytest.raises(TooManyAttempts):
        await attempt(stolen, people.PASSWORD)

    assert (await attempt({}, people.PASSWORD)).token


async def test_hashing_is_refused_when_too_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred checks at once those at the end of the queue are told to come back."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    nobody = cheap.hash("nobody's")
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: nobody)  # the real one is kept
    tries = (passwords.check("guess", None) for _ in range(100))

    results = await asyncio.gather(*tries, return_exceptions=True)

    busy = [result for result in results if isinstance(result, passwords.Busy)]
    assert 100 - passwords.LONGEST_QUEUE == len(busy)
    assert 503 == busy[0].status


async def test_known_networks_are_those_of_earlier_sessions(
    unlimited: FastAPI, session: AsyncSession
) -> None:
    """A successful sign-in forgets its own failures and gives the strangers' budget back."""
    email = await people.make_user()
    await _signs_in(unlimited, email, OFFICE)

    kept = await session.scalar(select(func.coalesce(func.sum(SignInFailure.failures), 0)))

    assert 0 == kept
    assert OFFICE == await session.scalar(select(UserSession.address))


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 YaBrowser/25.8 Safari/537.36",
         "Yandex Browser on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140 Safari/537.36 Edg/140.0",
         "Edge on macOS"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_called_what_people_call_it(user_agent: str, words: str) -> None:
    """Browser and system, as far as they are known."""
    assert words == device_words(user_agent)
