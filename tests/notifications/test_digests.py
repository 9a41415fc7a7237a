"""The digest: everything put aside once, nothing twice, in the person's morning and language."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.companies import service as companies
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.ids import uuid7
from app.core.notices import Notice
from app.mail.models import MailMessage
from app.notifications.digests import MOST_ITEMS, last_moment, send_due
from app.notifications.models import Notification
from tests.notifications.conftest import deliveries, say
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member, make_company, make_member
from tests.support.smtp import Sink

PREFERENCES = "/api/v1/notifications/preferences"
QUARTER = timedelta(minutes=15)
SEED = 20261025
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Moscow",
    "America/New_York",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
)
BERLIN = ZoneInfo("Europe/Berlin")
EPOCH = datetime(2024, 1, 9, tzinfo=UTC)
moments = st.integers(0, 5 * 366 * 24 * 60).map(lambda minutes: EPOCH + timedelta(minutes=minutes))


def slow_last_moment(digest: str, now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """The same, by looking at the clock every quarter of an hour of the nine days before."""
    last = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    first_of: dict[date, datetime] = {}
    for back in range(9 * 96, -1, -1):
        local = (last - QUARTER * back).astimezone(zone)
        if local.hour >= hour:
            first_of.setdefault(local.date(), last - QUARTER * back)
    return max(at for day, at in first_of.items() if digest == "daily" or day.weekday() == 0)


@settings(max_examples=150, deadline=None)
@given(
    now=moments,
    zone=st.sampled_from(ZONES),
    digest=st.sampled_from(["daily", "weekly"]),
    hour=st.integers(0, 23),
)
@example(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Berlin", "daily", 2)
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin", "daily", 2)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", "daily", 2)
def test_a_digest_is_due_when_the_clock_shows_its_hour(
    now: datetime, zone: str, digest: str, hour: int
) -> None:
    """Held to a walk along the clock: an hour left out is the next, of one that comes twice the first."""
    local = now.astimezone(ZoneInfo(zone))

    moment = last_moment(digest, local, hour=hour)

    assert slow_last_moment(digest, now, ZoneInfo(zone), hour) == moment.astimezone(UTC)
    assert moment.date() == last_moment(digest, moment, hour=hour).date()


async def put_aside(member: Member, title: str, at: datetime) -> None:
    """Something that waits for the member's digest since that moment, as `spread` leaves it."""
    about = {"company_id": member.company_id, "kind": "target.failed", "data": {"title": title}}
    async with session_scope(system="test") as session:
        notice = Notice(id=uuid7(), once_key=title, **about)
        session.add(notice)
        await session.flush()
        session.add(
            Notification(
                notice_id=notice.id,
                user_id=member.user_id,
                digest_state="waiting",
                created_at=at,
                **about,
            )
        )


async def digests() -> list[MailMessage]:
    async with session_scope(system="test") as session:
        statement = select(MailMessage).where(MailMessage.template == "digest")
        return list(await session.scalars(statement.order_by(MailMessage.id)))


async def choose(member: Member, **choices: object) -> None:
    answer = await member.client.patch(PREFERENCES, json=choices)
    assert 200 == answer.status_code, answer.text


async def test_everything_once_over_the_end_of_summer_time(app: FastAPI) -> None:
    """Three days in Berlin, the clock set back in between, ticks that come double, late and not at all: each
    thing is in exactly one mail, at the first tick of the morning after it, and no morning has two."""
    chance = random.Random(SEED)
    member = await make_member(app)
    await choose(member, time_zone="Europe/Berlin")
    start = datetime(2026, 10, 23, 22, tzinfo=UTC)  # midnight in Berlin
    end = start + timedelta(hours=82)
    things = sorted(start + timedelta(minutes=chance.randrange(57 * 60)) for _ in range(9))
    titles = {f"<{number}>": at for number, at in enumerate(things)}
    waiting, seen, mails_at = dict(titles), Counter[str](), []
    now, mails = start, 0
    while now < end:
        for title in [title for title, at in waiting.items() if at <= now]:
            await put_aside(member, title, waiting.pop(title))
        await asyncio.gather(*(send_due(now=now) for _ in range(chance.choice((1, 1, 2)))))
        for mail in (await digests())[mails:]:
            mails += 1
            mails_at.append(now)
            seen.update(title for title in titles if title in mail.text)
            assert all(titles[title] < now for title in titles if title in mail.text)
        now += timedelta(minutes=chance.choice((40, 60, 180)))

    mornings = {
        last_moment("daily", (at + timedelta(days=1)).astimezone(BERLIN), hour=8).date()
        for at in things
    }
    assert dict.fromkeys(titles, 1) == dict(seen)
    assert len(mails_at) == len({at.astimezone(BERLIN).date() for at in mails_at})
    assert mails <= len(mornings)
    assert all(8 <= at.astimezone(BERLIN).hour < 12 for at in mails_at)


async def test_nothing_put_aside_is_no_mail(app: FastAPI) -> None:
    """No morning begins with an empty digest."""
    await make_member(app)

    assert (0, []) == (await send_due(now=datetime(2026, 11, 24, 9, tzinfo=UTC)), await digests())


async def test_what_comes_after_the_hour_waits_for_the_next_morning(app: FastAPI) -> None:
    """At eight, not whenever something happens after it."""
    member = await make_member(app)
    await put_aside(member, "late", datetime(2026, 11, 24, 8, 1, tzinfo=UTC))

    sent = [
        await send_due(now=datetime(2026, 11, day, hour, 5, tzinfo=UTC))
        for day, hour in ((24, 9), (24, 23), (25, 7), (25, 8), (25, 9))
    ]

    assert [0, 0, 0, 1, 0] == sent


async def test_a_monday_without_ticks_is_made_up_for(app: FastAPI) -> None:
    """Weekly is on Mondays; a service that was away on Monday sends on Tuesday, not a week later."""
    member = await make_member(app)
    await choose(member, digest="weekly")
    await put_aside(member, "x", datetime(2026, 11, 20, 12, tzinfo=UTC))  # a Friday

    early = await send_due(now=datetime(2026, 11, 22, 23, tzinfo=UTC))
    late = await send_due(now=datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert (0, 1) == (early, late)


async def test_it_speaks_the_persons_language_and_days(app: FastAPI) -> None:
    """Russian with the right plural, and moments as the person's clock shows them, not the company's."""
    member = await make_member(app, company=await make_company("Северный свет"))
    await member.client.patch("/api/v1/profile", json={"language": "ru"})
    await choose(member, time_zone="Asia/Vladivostok")
    for title in ("Свадьба", "Выпускной"):
        await put_aside(member, title, datetime(2026, 11, 23, 15, 30, tzinfo=UTC))

    await send_due(now=datetime(2026, 11, 24, 0, tzinfo=UTC))

    (mail,) = await digests()
    assert "Северный свет: 2 новости" == mail.subject
    assert "«Свадьба» не распознать\n  24.11.2026, 01:30\n" in mail.text
    assert "24.11.2026, 01:30" in mail.html


async def test_what_can_wait_is_put_aside_for_all_it_concerns(app: FastAPI, sink: Sink) -> None:
    """A failed image is no mail of its own but a line of the next digest, for owner and editor."""
    company = await make_company()
    told = [await make_member(app, company=company, role=role) for role in ("owner", "editor")]
    await make_member(app, company=company, role="viewer")
    await say(company.id, "target.failed", title="Wedding")
    await run_queued_jobs()
    at_once = len(sink.mails)
    await send_due(now=utcnow() + timedelta(days=1))
    await run_queued_jobs()

    assert 0 == at_once
    assert {each.email for each in told} == {mail["To"] for mail in sink.mails}
    assert ["digest", "digest"] == [row.kind for row in await deliveries()]


async def test_two_companies_are_two_digests(app: FastAPI) -> None:
    """Each with its own name, each in its own zone unless the person chose one."""
    first, second = await make_company("North"), await make_company("East")
    owner = await make_member(app, company=second)
    await owner.patch("", json={"time_zone": "Asia/Tokyo"})
    member = await make_member(app, company=first)
    other = Member(member.user_id, member.email, second.id, member.client)
    async with session_scope(system="test") as session:
        await companies.set_role(
            session, company_id=second.id, user_id=member.user_id, role="editor"
        )
    for each, title in ((member, "a"), (other, "b")):
        await put_aside(each, title, datetime(2026, 11, 23, 20, tzinfo=UTC))

    in_tokyo = await send_due(now=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    in_utc = await send_due(now=datetime(2026, 11, 24, 8, tzinfo=UTC))

    to_member = [mail.subject for mail in await digests() if mail.recipient == member.email]
    assert (1, 1) == (in_tokyo, in_utc)
    assert ["East: 1 thing to know", "North: 1 thing to know"] == to_member


@pytest.mark.parametrize("change", ["removed", "refused", "demoted"])
async def test_what_is_no_longer_theirs_is_not_mailed(app: FastAPI, change: str) -> None:
    """Who left, may no longer see it or refused it since hears nothing more, on no later morning either."""
    company = await make_company()
    owner = await make_member(app, company=company)
    editor = await make_member(app, company=company, role="editor")
    for member in (owner, editor):
        await put_aside(member, member.email, datetime(2026, 11, 23, 20, tzinfo=UTC))
    if change == "removed":
        await owner.delete(f"/members/{editor.user_id}")
    elif change == "demoted":
        await owner.patch(f"/members/{editor.user_id}", json={"role": "viewer"})
    else:
        await choose(editor, email={"target.failed": False})

    for day in (24, 25):
        await send_due(now=datetime(2026, 11, day, 9, tzinfo=UTC))

    assert [owner.email] == [mail.recipient for mail in await digests()]


async def test_switched_off_sends_what_still_waits(app: FastAPI) -> None:
    """Nothing that was put aside is lost when the digest is switched off."""
    member = await make_member(app)
    await put_aside(member, "x", datetime(2026, 11, 24, 9, tzinfo=UTC))
    await choose(member, digest="off")

    assert 1 == await send_due(now=datetime(2026, 11, 24, 9, 15, tzinfo=UTC))


async def test_a_long_digest_says_how_much_more_there_is(app: FastAPI) -> None:
    """The newest are named, all are counted, and all are done with."""
    member = await make_member(app)
    await put_aside(member, "first", datetime(2026, 11, 23, 9, tzinfo=UTC))
    for number in range(3):
        await put_aside(member, f"n{number}", datetime(2026, 11, 23, 10, number, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.notifications.digests.MOST_ITEMS", 3)
        await send_due(now=datetime(2026, 11, 24, 9, tzinfo=UTC))
        again = await send_due(now=datetime(2026, 11, 25, 9, tzinfo=UTC))

    (mail,) = await digests()
    assert MOST_ITEMS >= 50
    assert "4 things to know" in mail.subject
    assert "4 in all; the older ones are at the bell" in mail.text
    assert ("“first”" in mail.text, "“n2”" in mail.text, again) == (False, True, 0)
