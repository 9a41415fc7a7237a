"""Making, changing, trying and replaying webhooks."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.clock import utcnow
from app.core.database import session_scope
from app.webhooks import signing
from app.webhooks.models import Endpoint, WebhookDelivery
from tests.support.http_sink import HttpSink, Received, Reply
from tests.support.jobs import run_queued_jobs
from tests.support.people import make_member
from tests.webhooks.conftest import endpoint_of, happen, make_webhook, rows


def is_signed(request: Received, secret: str) -> bool:
    expected = signing.signature(
        secret,
        message_id=request.headers["webhook-id"],
        timestamp=int(request.headers["webhook-timestamp"]),
        body=request.body,
    )
    return expected in request.headers["webhook-signature"].split(" ")


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks, in all its libraries' tests."""
    found = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == found


async def test_the_secret_is_shown_once(app: FastAPI, hook: HttpSink) -> None:
    """It signs, and no later answer holds it."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    await happen(member, "content.published")
    await run_queued_jobs()

    assert is_signed(hook.received[0], webhook["secret"])
    shown = [await member.get("/webhooks"), await member.get(f"/webhooks/{webhook['id']}")]
    assert [] == [answer for answer in shown if webhook["secret"] in answer.text]
    assert webhook["secret"] not in (await endpoint_of(webhook["id"])).secret_encrypted


async def test_both_secrets_sign_while_it_rotates(app: FastAPI, hook: HttpSink) -> None:
    """Until the overlap ends; then the new one alone."""
    member = await make_member(app)
    old = await make_webhook(member, hook.url())
    new = (await member.post(f"/webhooks/{old['id']}/rotate", json={"overlap_hours": 1})).json()
    await member.post(f"/webhooks/{old['id']}/ping")
    async with session_scope(system="test") as session:
        row = await session.get_one(Endpoint, (await endpoint_of(old["id"])).id)
        row.old_secret_until = utcnow() - timedelta(seconds=1)
    await member.post(f"/webhooks/{old['id']}/ping")

    during, after = hook.received
    assert [True, True] == [is_signed(during, each["secret"]) for each in (old, new)]
    assert [False, True] == [is_signed(after, each["secret"]) for each in (old, new)]


async def test_a_ping_says_what_came_back(app: FastAPI, hook: HttpSink) -> None:
    """The answer's status and beginning, or why there was none; no event is made up."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    fine = (await member.post(f"/webhooks/{webhook['id']}/ping")).json()
    hook.answering = lambda _request: Reply(500, b"broken")
    broken = (await member.post(f"/webhooks/{webhook['id']}/ping")).json()

    assert (True, 200, "ok") == (
        fine["is_delivered"],
        fine["response_status"],
        fine["response_excerpt"],
    )
    assert (False, 500, "bad_answer") == (
        broken["is_delivered"],
        broken["response_status"],
        broken["failure"]["code"],
    )
    assert {"webhook.ping"} == {json.loads(each.body)["type"] for each in hook.received}
    assert [] == await rows(WebhookDelivery)


async def test_one_delivery_can_be_replayed(app: FastAPI, hook: HttpSink) -> None:
    """It arrives again, under the id the receiver knows."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    await happen(member, "content.published")
    await run_queued_jobs()
    path = f"/webhooks/{webhook['id']}/deliveries"
    (delivery,) = (await member.get(path)).json()["items"]

    answer = await member.post(f"{path}/{delivery['id']}/replay")
    await run_queued_jobs()

    assert (200, "queued") == (answer.status_code, answer.json()["state"])
    first, second = hook.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


async def test_a_time_can_be_replayed_with_what_it_missed(app: FastAPI, hook: HttpSink) -> None:
    """Events while it was off are sent too; those it does not want are not."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    since = utcnow() - timedelta(minutes=1)
    await member.patch(f"/webhooks/{webhook['id']}", json={"enabled": False})
    await happen(member, "content.created", "project.created")
    body = {"since": since.isoformat(), "until": (utcnow() + timedelta(minutes=1)).isoformat()}
    while_off = await member.post(f"/webhooks/{webhook['id']}/replay", json=body)
    await member.patch(f"/webhooks/{webhook['id']}", json={"enabled": True})
    await run_queued_jobs()
    before = len(hook.received)

    answer = await member.post(f"/webhooks/{webhook['id']}/replay", json=body)
    await run_queued_jobs()

    assert (409, "webhook_off") == (while_off.status_code, while_off.json()["code"])
    assert (0, {"deliveries": 1}) == (before, answer.json())
    assert ["content.created"] == [json.loads(each.body)["type"] for each in hook.received]


@pytest.mark.parametrize(
    "body",
    [
        {"url": "ftp://example.com/", "events": ["*"]},
        {"url": "https://user:secret@example.com/", "events": ["*"]},
        {"url": "not an address", "events": ["*"]},
        {"url": "https://example.com/", "events": []},
        {"url": "https://example.com/", "events": ["Content.*"]},
        {"url": "https://example.com/", "events": ["con*"]},
    ],
)
async def test_nonsense_is_refused(app: FastAPI, body: dict[str, Any]) -> None:
    """With words about what is wrong, at the field it is about."""
    answer = await (await make_member(app)).post("/webhooks", json=body)

    assert 422 == answer.status_code
    assert answer.json()["errors"][0]["pointer"].startswith(("#/url", "#/events"))


async def test_a_change_on_something_unseen_is_refused(app: FastAPI, hook: HttpSink) -> None:
    """If-Match holds two owners apart; delivering is nobody's change."""
    member = await make_member(app)
    webhook = await make_webhook(member, hook.url())
    path = f"/webhooks/{webhook['id']}"
    seen = (await member.get(path)).headers["etag"]
    await happen(member, "content.published")
    await run_queued_jobs()

    first = await member.patch(path, json={"description": "A"}, headers={"If-Match": seen})
    second = await member.patch(path, json={"description": "B"}, headers={"If-Match": seen})

    assert [200, 412] == [first.status_code, second.status_code]


async def test_a_company_has_a_limited_number(app: FastAPI) -> None:
    """Twenty; each costs work for every event."""
    member = await make_member(app)
    for _ in range(20):
        await make_webhook(member, "https://example.com/")
    answer = await member.post("/webhooks", json={"url": "https://example.com/", "events": ["*"]})

    assert (409, "too_many_webhooks") == (answer.status_code, answer.json()["code"])
