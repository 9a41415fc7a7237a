"""Events on their way to an address of the company's."""

import asyncio
import json
from datetime import timedelta

import pytest
from fastapi import FastAPI

from app import events
from app.core.clock import utcnow
from app.core.database import open_session, session_scope
from app.core.jobs import Job
from app.core.notices import Notice
from app.webhooks.delivering import pause_seconds
from app.webhooks.models import Endpoint, WebhookDelivery
from app.webhooks.tasks import sweep_webhooks
from tests.mail.conftest import settings_of
from tests.support.http_sink import HttpSink, Reply
from tests.support.jobs import run_queued_jobs
from tests.support.people import make_company, make_member
from tests.webhooks.conftest import endpoint_of, happen, let_pauses_end, make_webhook, rows


def names(hook: HttpSink) -> list[str]:
    return [json.loads(request.body)["type"] for request in hook.received]


async def test_an_event_arrives_with_what_it_tells(app: FastAPI, hook: HttpSink) -> None:
    """The name, the moment, the subject and the facts; where the actor sat is nobody's business."""
    member = await make_member(app)
    await make_webhook(member, hook.url("/in"))
    await happen(member, "content.published", title="Wedding")
    await run_queued_jobs()

    (request,) = hook.received
    body = json.loads(request.body)
    assert ("POST", "/in") == (request.method, request.path)
    assert "application/json" == request.headers["content-type"]
    assert "content.published" == body["type"]
    assert {"title": "Wedding"} == body["data"]["facts"]
    assert str(member.company_id) == body["data"]["company_id"]
    assert request.headers["webhook-id"] == f"evt_{body['data']['event_id'].replace('-', '')}"
    assert {"address", "user_agent"} & set(json.dumps(body)) == set()


async def test_only_what_was_asked_for_arrives(app: FastAPI, hook: HttpSink) -> None:
    """By name and by kind, of one's own company, in order."""
    company = await make_company()
    member, neighbour = await make_member(app, company=company), await make_member(app)
    await make_webhook(member, hook.url(), "project.*", "target.ready")
    await happen(neighbour, "project.created")
    await happen(member, "project.created", "content.created", "target.ready", "target.failed")
    await run_queued_jobs()

    assert ["project.created", "target.ready"] == names(hook)


async def test_events_before_the_webhook_stay_away(app: FastAPI, hook: HttpSink) -> None:
    """A new webhook begins with what comes."""
    member = await make_member(app)
    await happen(member, "content.created")
    await make_webhook(member, hook.url())
    await happen(member, "content.published")
    await run_queued_jobs()

    assert ["content.published"] == names(hook)


async def test_order_is_kept_over_a_failure(app: FastAPI, hook: HttpSink) -> None:
    """While the address is down nothing overtakes; then all arrive once, in order, under the same id."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    hook.answering = lambda _request: Reply(503)
    await happen(member, "content.created", "content.updated", "content.published")
    await run_queued_jobs()
    failed = [request.headers["webhook-id"] for request in hook.received]
    hook.received.clear()
    hook.answering = lambda _request: Reply(204, b"")
    await let_pauses_end()
    await run_queued_jobs()

    assert ["content.created", "content.updated", "content.published"] == names(hook)
    assert failed == [hook.received[0].headers["webhook-id"]]
    endpoint = await endpoint_of(webhook["id"])
    assert (0, None, None) == (endpoint.failures, endpoint.failing_since, endpoint.retry_at)
    assert {"delivered"} == {row.state for row in await rows(WebhookDelivery)}


async def test_one_refused_event_holds_up_no_other(app: FastAPI, hook: HttpSink) -> None:
    """A 4xx is about that event; the others pass, and it is tried again by itself."""
    member = await make_member(app)
    await make_webhook(member, hook.url())
    hook.answering = lambda request: Reply(
        422 if b"content.created" in request.body else 200, b"no such thing"
    )
    await happen(member, "content.created", "content.published")
    await run_queued_jobs()

    first, second = sorted(await rows(WebhookDelivery), key=lambda row: row.event_id)
    assert ("queued", 422, "no such thing") == (
        first.state,
        first.response_status,
        first.response_excerpt,
    )
    assert utcnow() < first.next_attempt_at
    assert "delivered" == second.state


async def test_a_redirect_is_not_followed(app: FastAPI, hook: HttpSink) -> None:
    """Wherever it points: following would lead past every check."""
    member = await make_member(app)
    await make_webhook(member, hook.url("/in"))
    hook.answering = lambda _request: Reply(302, b"", (("location", hook.url("/elsewhere")),))
    await happen(member, "content.published")
    await run_queued_jobs()

    assert ["/in"] == [request.path for request in hook.received]
    (row,) = await rows(WebhookDelivery)
    assert ("queued", 302) == (row.state, row.response_status)


async def test_a_private_address_is_never_asked(
    app: FastAPI, hook: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the operator allows the network: by number, by a name that leads there, by IPv6."""
    member = await make_member(app)
    with settings_of(monkeypatch, OUTBOUND_ALLOWED_NETWORKS=""):
        for host in ("127.0.0.1", "localhost", "[::1]", "169.254.169.254", "[::ffff:127.0.0.1]"):
            await make_webhook(member, f"http://{host}:{hook.port}/")
        await happen(member, "content.published")
        await run_queued_jobs()

    assert [] == hook.received
    failures = [row.failure["code"] for row in await rows(WebhookDelivery)]
    assert ["address_refused"] * 5 == failures


async def test_a_name_that_changes_its_mind_gains_nothing(
    app: FastAPI, hook: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the name is looked up once for each attempt, and that address is connected to."""
    member = await make_member(app)
    await make_webhook(member, f"http://rebinding.example:{hook.port}/")
    asked: list[str] = []
    real = asyncio.get_running_loop().getaddrinfo

    async def answers_differently(host: str, *arguments: object, **options: object) -> object:
        if host != "rebinding.example":
            return await real(host, *arguments, **options)  # type: ignore[arg-type]
        asked.append(host)
        address = "203.0.113.9" if len(asked) == 1 else "127.0.0.1"
        return [(2, 1, 6, "", (address, hook.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answers_differently)
    with settings_of(
        monkeypatch, OUTBOUND_ALLOWED_NETWORKS="203.0.113.0/24", WEBHOOK_TIMEOUT_SECONDS="0.5"
    ):
        await happen(member, "content.published")
        await run_queued_jobs()

    assert (["rebinding.example"], []) == (asked, hook.received)


async def test_a_long_answer_is_not_read_to_its_end(app: FastAPI, hook: HttpSink) -> None:
    """The first 300 bytes are kept, made fit to be shown."""
    member = await make_member(app)
    await make_webhook(member, hook.url())
    hook.answering = lambda _request: Reply(200, b"\x00a" * 5_000_000)
    await happen(member, "content.published")
    await run_queued_jobs()

    (row,) = await rows(WebhookDelivery)
    assert ("delivered", 300) == (row.state, len(row.response_excerpt))
    assert "\x00" not in row.response_excerpt


async def test_after_days_of_failure_it_is_switched_off(app: FastAPI, hook: HttpSink) -> None:
    """The owners are told; what waited can be replayed once it is on again."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    hook.answering = lambda _request: Reply(500)
    await happen(member, "content.published")
    await run_queued_jobs()
    async with session_scope(system="test") as session:
        endpoint = await session.get_one(Endpoint, (await endpoint_of(webhook["id"])).id)
        endpoint.failing_since = utcnow() - timedelta(days=4)
    await let_pauses_end()
    await run_queued_jobs()

    endpoint = await endpoint_of(webhook["id"])
    assert (False, "failing") == (endpoint.enabled, endpoint.disabled_reason)
    assert ["failed"] == [row.state for row in await rows(WebhookDelivery)]
    assert ["webhook.disabled"] == [row.kind for row in await rows(Notice)]


async def test_gone_is_gone(app: FastAPI, hook: HttpSink) -> None:
    """410 switches it off at once, as the standard has it."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    hook.answering = lambda _request: Reply(410)
    await happen(member, "content.published")
    await run_queued_jobs()

    endpoint = await endpoint_of(webhook["id"])
    assert (False, "gone") == (endpoint.enabled, endpoint.disabled_reason)


async def test_an_event_too_old_is_given_up(app: FastAPI, hook: HttpSink) -> None:
    """After a day of trying it is failed, and the next one goes."""
    member = await make_member(app)
    await make_webhook(member, hook.url())
    hook.answering = lambda _request: Reply(500)
    await happen(member, "content.created")
    await run_queued_jobs()
    async with session_scope(system="test") as session:
        (row,) = await rows(WebhookDelivery)
        (await session.get_one(WebhookDelivery, row.id)).give_up_at = utcnow()
    await let_pauses_end()
    await run_queued_jobs()

    assert ["failed"] == [row.state for row in await rows(WebhookDelivery)]


async def test_the_clock_finds_what_a_lost_job_left(app: FastAPI, hook: HttpSink) -> None:
    """The event was kept with its own transaction; nobody has to remember to send it."""
    member = await make_member(app)
    await make_webhook(member, hook.url())
    await happen(member, "content.published")
    async with session_scope(system="test") as session:
        for job in await rows(Job):
            await session.delete(await session.get_one(Job, job.id))
    await sweep_webhooks()
    await run_queued_jobs()

    assert ["content.published"] == names(hook)


async def test_an_uncommitted_event_is_sent_nowhere(app: FastAPI, hook: HttpSink) -> None:
    """What was rolled back did not happen."""
    member = await make_member(app)
    await make_webhook(member, hook.url())
    async with open_session(system="test") as session:
        events.record(session, "content.published", company_id=member.company_id)
        await session.flush()
        await session.rollback()
    await sweep_webhooks()
    await run_queued_jobs()

    assert [] == hook.received


def test_pauses_grow_to_an_hour() -> None:
    """5 s, 15 s, 45 s ... one hour, a fifth more or less; what the address asks for counts."""
    assert 4 <= pause_seconds(1) <= 6
    assert 36 <= pause_seconds(3) <= 54
    assert 2880 <= pause_seconds(50) <= 4320
    assert 96 <= pause_seconds(1, 120) <= 144
    assert pause_seconds(1, 1_000_000) <= 4320
