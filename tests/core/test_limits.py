"""Rate limits, counted in a real Valkey, one of them stopped and killed on purpose."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.core.addresses import network_of
from app.core.config import LimitSettings, get_settings
from app.core.limits import SILENCE_SECONDS, class_of, close_limits
from app.local.children import Program, stop
from app.local.folders import DataFolder
from app.local.ports import free_port
from app.local.tools import find_valkey
from app.local.valkey import Valkey
from app.main import create_app
from tests.support import people

LIMITED = {
    "RATE_LIMITS": "true",
    "RATE_LIMIT_ADDRESS": "12/minute",
    "RATE_LIMIT_ACCOUNT": "5/minute",
    "RATE_LIMIT_SIGN_IN": "3/minute",
    "RATE_LIMIT_UPLOADS": "2/minute",
}
ME = "/api/v1/auth/me"


@asynccontextmanager
async def limited_app(monkeypatch: pytest.MonkeyPatch, **extra: str) -> AsyncIterator[FastAPI]:
    """The service with small budgets, its counters closed afterwards."""
    for name, value in {**LIMITED, **extra}.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    try:
        yield create_app()
    finally:
        await close_limits()


@pytest.fixture
async def limited(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FastAPI]:
    async with limited_app(monkeypatch) as app:
        yield app


def new_address() -> str:
    """An address of its own for each test: Valkey lives as long as the run."""
    return f"2001:db8:{os.getpid() % 0xFFFF:x}:{uuid4().hex[:4]}::1"


async def test_an_account_is_counted_over_all_its_sessions_and_addresses(limited: FastAPI) -> None:
    """The budget is the person's: another address does not renew it; 429 tells when to come back."""
    member = await people.make_member(limited)
    cookies = dict(member.client.cookies)
    homes = [people.client_of(limited, cookies, address=new_address()) for _ in range(2)]

    answers = [await homes[number % 2].get(ME) for number in range(6)]

    assert [200] * 5 + [429] == [answer.status_code for answer in answers]
    refused = answers[-1]
    assert "application/problem+json" == refused.headers["content-type"]
    assert "rate_limited" == refused.json()["code"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["request_id"] == refused.headers["X-Request-ID"]


async def test_every_answer_tells_the_budgets_and_what_is_left(limited: FastAPI) -> None:
    """RateLimit-Policy and RateLimit as the IETF draft writes them, on good answers too."""
    member = await people.make_member(limited)
    client = people.client_of(limited, dict(member.client.cookies), address=new_address())

    first, second = await client.get(ME), await client.get(ME)

    assert '"address";q=12;w=60, "account";q=5;w=60' == first.headers["RateLimit-Policy"]
    form = r'"address";r=(\d+);t=\d+, "account";r=(\d+);t=\d+'
    left = [re.fullmatch(form, answer.headers["RateLimit"]) for answer in (first, second)]
    assert [("11", "4"), ("10", "3")] == [found.groups() for found in left if found]


async def test_an_address_is_counted_without_signing_in(limited: FastAPI) -> None:
    """Made-up sessions buy nothing; another address of the same IPv6 /64 neither."""
    network = new_address().removesuffix("::1")
    answers = [
        await people.client_of(
            limited, {"arv_session": uuid4().hex}, address=f"{network}::{number:x}"
        ).get(ME)
        for number in range(13)
    ]

    assert [401] * 12 + [429] == [answer.status_code for answer in answers]


async def test_sign_in_has_a_stricter_budget_that_other_addresses_keep(limited: FastAPI) -> None:
    """Three guesses from one address; who comes from elsewhere signs in undisturbed."""
    email = await people.make_user()
    attacker = people.client_of(limited, address=new_address())
    wrong = {"email": email, "password": "not this one"}
    guesses = [await attacker.post("/api/v1/auth/sign-in", json=wrong) for _ in range(4)]
    owner = people.client_of(limited, address=new_address())
    entered = await owner.post(
        "/api/v1/auth/sign-in", json={"email": email, "password": people.PASSWORD}
    )

    assert ([401] * 3 + [429], 200) == ([a.status_code for a in guesses], entered.status_code)
    assert "rate_limited" == guesses[-1].json()["code"]


async def test_uploads_have_a_budget_of_their_own(limited: FastAPI) -> None:
    """The third upload is refused while the account may still read."""
    member = await people.make_member(limited)
    client = people.client_of(limited, dict(member.client.cookies), address=new_address())
    path = f"{member.path('/uploads')}?purpose=image&filename=a.txt"
    statuses = [(await client.post(path, content=b"text")).status_code for _ in range(3)]

    assert [415, 415, 429] == statuses
    assert 200 == (await client.get(ME)).status_code


async def test_pages_and_health_are_not_counted(limited: FastAPI) -> None:
    """A viewer in a hall and a probe every second have no budget here; nginx has one for each content."""
    client = people.client_of(limited, address=new_address())

    answers = [await client.get("/api/health/status") for _ in range(15)]

    assert {200} == {answer.status_code for answer in answers}
    assert "RateLimit" not in answers[0].headers


def test_whoever_asks_without_a_session_is_counted_strictly(database: str) -> None:
    """Every change open to the world is a guess or a mail to somebody: all of them are of class sign_in."""
    app = create_app()
    found = {
        path.replace("{", "").replace("}", "")
        for path, operations in app.openapi()["paths"].items()
        if re.match(r"/api/v1/(auth|invitations)/", path) and "post" in operations
    }
    found.discard("/api/v1/auth/sign-out")

    assert found
    assert {"sign_in"} == {class_of("POST", path) for path in found}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/api/v1/auth/sign-in", "sign_in"),
        ("POST", "/api/v1/auth/sign-out", None),
        ("GET", "/api/v1/auth/me", None),
        ("POST", "/api/v1/companies/1/uploads", "uploads"),
        ("POST", "/api/v1/companies/1/exports", "exports"),
        ("GET", "/api/v1/companies/1/events.csv", "exports"),
        ("GET", "/api/v1/companies/1/events", None),
    ],
)
def test_classes_follow_the_path(method: str, path: str, expected: str | None) -> None:
    """What costs more is told by method and path, before anything is done."""
    assert expected == class_of(method, path)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_counts_as_its_network(address: str, expected: str) -> None:
    """IPv6 by the /64 its owner moves in freely, IPv4 as it is."""
    assert expected == network_of(address)


def test_a_rate_nobody_understands_is_refused_at_start() -> None:
    """A typing error in the settings stops the start, instead of counting nothing."""
    with pytest.raises(ValueError, match="couldn't parse"):
        LimitSettings(account="many")


@pytest.fixture
def own_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """URL and process id of a Valkey that a test may stop."""
    root = tmp_path_factory.mktemp("valkey")
    folder = DataFolder(root)
    folder.create()
    valkey = Valkey(folder.valkey, find_valkey(), free_port(), "test", durable=False)
    log = folder.logs / "valkey.log"
    program: Program = valkey.program(log, root)
    process = program.spawn()
    valkey.wait_until_ready(process, log)
    yield valkey.url(0), process.pid
    if process.poll() is None:
        os.kill(process.pid, signal.SIGCONT)
    stop(process, program.stop_signal, timeout=5)


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL], ids=["slow", "dead"])
async def test_without_redis_requests_pass(
    fault: signal.Signals,
    database: str,
    own_valkey: tuple[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped or killed: requests pass with one warning a second, after 0.1 s at most; sign-in works on."""
    url, pid = own_valkey
    async with limited_app(monkeypatch, REDIS_URL=url) as app:
        member = await people.make_member(app)
        assert "RateLimit" in (await member.client.get(ME)).headers
        _, usual = await _timed(member.client, 10)
        os.kill(pid, fault)
        with capture_logs() as logs:
            answers, seconds = await _timed(member.client, 10)
            entered = await people.client_of(app).post(
                "/api/v1/auth/sign-in", json={"email": member.email, "password": people.PASSWORD}
            )
        warned = [entry for entry in logs if entry["event"] == "rate_limits.unavailable"]

    assert ({200}, 200) == ({answer.status_code for answer in answers}, entered.status_code)
    assert "RateLimit" not in answers[-1].headers
    assert 1 <= len(warned) <= 2
    print(f"ten requests without Redis: slowest {max(seconds) * 1000:.0f} ms")
    assert sorted(seconds)[-2] < 0.1 + 3 * max(usual)


async def test_counting_goes_on_when_redis_is_back(
    database: str, own_valkey: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the pause of a second the next request is counted again."""
    url, pid = own_valkey
    async with limited_app(monkeypatch, REDIS_URL=url) as app:
        client = people.client_of(app, address=new_address())
        os.kill(pid, signal.SIGSTOP)
        uncounted = await client.get(ME)
        os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(SILENCE_SECONDS + 0.1)
        counted = await client.get(ME)

    assert "RateLimit" not in uncounted.headers
    assert "RateLimit" in counted.headers


async def _timed(client: httpx.AsyncClient, times: int) -> tuple[list[httpx.Response], list[float]]:
    answers, seconds = [], []
    for _ in range(times):
        started = time.perf_counter()
        answers.append(await client.get(ME))
        seconds.append(time.perf_counter() - started)
    return answers, seconds


def test_the_counted_classes_name_real_routes(database: str) -> None:
    """The table of classes names paths that are really there."""
    operations = create_app().openapi()["paths"].items()
    classes = {class_of(verb.upper(), path) for path, verbs in operations for verb in verbs}

    assert {"sign_in", "uploads"} <= classes
