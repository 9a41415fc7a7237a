"""Chats of a company: Telegram by its documented API, other messengers held to our rules."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.core.database import session_scope
from app.core.jobs import Job
from app.notifications import messengers
from app.notifications.models import Channel
from app.notifications.outcomes import TargetAway, TargetRefused
from tests.mail.conftest import settings_of
from tests.notifications.conftest import deliveries, say
from tests.support.http_sink import Reply, http_sink
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member, make_member
from tests.support.telegram import CHAT, TOKEN, TelegramStandIn

PATH = "/notification-channels"


async def telegram_channel(member: Member, **more: Any) -> dict[str, Any]:
    body = {"kind": "telegram", "name": "Workshop", "chat_id": CHAT, **more}
    answer = await member.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_chat_hears_of_it_once(app: FastAPI, telegram: TelegramStandIn) -> None:
    """In the channel's language, with the link, and the log has Telegram's own number of it."""
    member = await make_member(app)
    await telegram_channel(member, language="ru")
    await say(member.company_id, title="Свадьба")
    await say(member.company_id, title="Свадьба")
    await run_queued_jobs()

    (message,) = telegram.messages
    assert CHAT == message["chat_id"]
    assert message["text"].startswith("Скоро истекает «Свадьба»\n\n")
    assert "http://testserver/c/" in message["text"]
    sent = [row for row in await deliveries() if row.channel == "telegram"]
    assert [("sent", "1", 1)] == [(row.state, row.provider_id, row.attempts) for row in sent]


async def test_only_what_was_chosen_is_said(app: FastAPI, telegram: TelegramStandIn) -> None:
    """A channel for failures hears of no expiry; one that is off hears of nothing."""
    member = await make_member(app)
    await telegram_channel(member, kinds=["target.failed"])
    off = await telegram_channel(member)
    await member.patch(f"{PATH}/{off['id']}", json={"enabled": False})
    await say(member.company_id, title="A")
    await run_queued_jobs()

    assert [] == telegram.messages


async def test_a_pause_telegram_asks_for_is_kept(app: FastAPI, telegram: TelegramStandIn) -> None:
    """429 with retry_after: later, not sooner, and then once."""
    member = await make_member(app)
    await telegram_channel(member)
    telegram.busy = [120]
    await say(member.company_id, title="A")
    await run_queued_jobs()
    async with session_scope(system="test") as session:
        waiting = select(Job.run_after).where(Job.task_name == "notifications.deliver")
        run_after = (await session.scalars(waiting)).one()
    (row,) = [row for row in await deliveries() if row.channel == "telegram"]

    assert ("queued", 1) == (row.state, row.attempts)
    assert row.failure is not None
    assert "target_away" == row.failure["code"]
    assert (run_after - row.created_at).total_seconds() >= 119
    assert [] == telegram.messages


async def test_a_blocked_bot_is_final(app: FastAPI, telegram: TelegramStandIn) -> None:
    """403 fails at once with words; a person may send it again when it is mended."""
    member = await make_member(app)
    await telegram_channel(member)
    telegram.blocked = {CHAT}
    await say(member.company_id, title="A")
    await run_queued_jobs()
    (failed,) = (await member.get("/notification-deliveries?channel=telegram")).json()["items"]
    telegram.blocked = set()

    again = await member.post(f"/notification-deliveries/{failed['id']}/resend")
    await run_queued_jobs()

    assert ("failed", "telegram_blocked", True) == (
        failed["state"],
        failed["failure"]["code"],
        failed["can_resend"],
    )
    assert (200, 1) == (again.status_code, len(telegram.messages))


async def test_a_group_that_moved_is_followed(app: FastAPI, telegram: TelegramStandIn) -> None:
    """migrate_to_chat_id: the message goes there, and the next one directly."""
    member = await make_member(app)
    await telegram_channel(member)
    telegram.moved = {CHAT: "-1009"}
    for key in ("a", "b"):
        await say(member.company_id, title="A", once_key=key)
        await run_queued_jobs()

    assert ["-1009", "-1009"] == [message["chat_id"] for message in telegram.messages]


async def test_a_chat_is_connected_by_its_code(app: FastAPI, telegram: TelegramStandIn) -> None:
    """Whoever sends the code to the bot; nobody else's words, and no code twice."""
    member = await make_member(app)
    channel = await telegram_channel(member, chat_id=None)
    code = channel["link"]["code"]
    telegram.say("hello there", chat_id=-5)
    early = await member.post(f"{PATH}/{channel['id']}/link")
    telegram.say(f"/start {code}", chat_id=-7, title="Family")

    linked = await member.post(f"{PATH}/{channel['id']}/link")
    tested = await member.post(f"{PATH}/{channel['id']}/test")

    assert (409, "not_linked_yet") == (early.status_code, early.json()["code"])
    assert ("Telegram, Family", None) == (linked.json()["label"], linked.json()["link"])
    assert (200, ["-7"]) == (tested.status_code, [each["chat_id"] for each in telegram.messages])


async def test_a_wrong_token_is_told_at_once(app: FastAPI, telegram: TelegramStandIn) -> None:
    """Before anything is kept, and without the token in the answer."""
    member = await make_member(app)
    wrong = "1:wrong-token"
    answer = await member.post(
        PATH, json={"kind": "telegram", "name": "W", "bot_token": wrong, "chat_id": CHAT}
    )

    assert (422, "channel_failed") == (answer.status_code, answer.json()["code"])
    assert wrong not in answer.text
    assert [] == (await member.get(PATH)).json()["items"]


async def test_secrets_are_encrypted_and_never_shown(
    app: FastAPI, telegram: TelegramStandIn
) -> None:
    """Neither token nor address are in any answer or readable in the table."""
    member = await make_member(app)
    channel = await telegram_channel(member, bot_token=TOKEN)
    shown = await member.get(f"{PATH}/{channel['id']}")
    async with session_scope(system="test") as session:
        row = (await session.scalars(select(Channel.settings_encrypted))).one()

    assert TOKEN not in shown.text
    assert TOKEN not in row


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "json://127.0.0.1/",
        "mailto://user:pass@example.com",
        "dbus://",
        "syslog://",
        "mmosts://chat.example.com/abcdefghijklmnopqrstuvwxyz?verify=no",
        "mmosts://",
        "https://example.com/hook",
    ],
)
async def test_other_addresses_are_refused(app: FastAPI, url: str) -> None:
    """Only chat services, with TLS as it is."""
    answer = await (await make_member(app)).post(
        PATH, json={"kind": "messenger", "name": "W", "url": url}
    )

    assert 422 == answer.status_code, answer.text
    assert "#/url" == answer.json()["errors"][0]["pointer"]


async def test_a_messenger_takes_the_message(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the library, to a server the operator allows."""
    async with http_sink() as sink:
        with settings_of(monkeypatch, OUTBOUND_ALLOWED_NETWORKS="127.0.0.0/8"):
            await messengers.send(f"ntfy://127.0.0.1:{sink.port}/arv", title="T", text="Hello")
            sink.answering = lambda _request: Reply(503)
            with pytest.raises(TargetAway):
                await messengers.send(f"ntfy://127.0.0.1:{sink.port}/arv", title="T", text="x")
            sink.answering = lambda _request: Reply(403)
            with pytest.raises(TargetRefused):
                await messengers.send(f"ntfy://127.0.0.1:{sink.port}/arv", title="T", text="x")

    assert b"Hello" in sink.received[0].body


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_no_messenger_reaches_into_our_network(
    database: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By number or by name: the connection is refused where it would be opened."""
    async with http_sink() as sink:
        with (
            settings_of(monkeypatch, OUTBOUND_ALLOWED_NETWORKS=""),
            pytest.raises(TargetRefused) as refused,
        ):
            await messengers.send(f"ntfy://{host}:{sink.port}/arv", title="T", text="x")

    assert ("address_refused", []) == (refused.value.code, sink.received)


async def test_a_redirect_into_our_network_is_refused(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library follows redirects; the gate stands behind each of them."""
    async with http_sink() as outside, http_sink() as inside:
        to = f"http://[::1]:{inside.port}/"
        outside.answering = lambda _request: Reply(302, b"", (("location", to),))
        with (
            settings_of(monkeypatch, OUTBOUND_ALLOWED_NETWORKS="127.0.0.0/8"),
            pytest.raises(TargetRefused),
        ):
            await messengers.send(f"ntfy://127.0.0.1:{outside.port}/arv", title="T", text="x")

    assert (1, []) == (len(outside.received), inside.received)
