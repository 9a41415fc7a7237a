"""Ends of contents: told once each, whatever the tick goes through."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.ar_content.models import ArContent
from app.core.database import session_scope
from app.core.notices import Notice, notify
from app.events.models import Event
from app.projects.models import Project
from app.rotation import expiry
from app.rotation.ending import days_left, notice_due
from tests.support import people
from tests.support.people import Member

END = datetime(2027, 3, 28, 22, tzinfo=UTC)
DAY = timedelta(days=1)


async def publish(
    owner: Member, *, count: int = 1, own: datetime | None = END, project: datetime | None = None
) -> list[UUID]:
    """Published contents as rows: what the tick reads of them does not need files."""
    folder = Project(company_id=owner.company_id, name="Album", expires_at=project)
    async with session_scope(system="test") as session:
        session.add(folder)
        await session.flush()
        made = [_content(owner, folder, number, own) for number in range(count)]
        session.add_all(made)
    return [content.id for content in made]


def _content(owner: Member, folder: Project, number: int, own: datetime | None) -> ArContent:
    return ArContent(
        company_id=owner.company_id,
        project_id=folder.id,
        title=f"Print {number}",
        status="published",
        expires_at=own,
        image_key="k",
        image_thumbnail_key="t",
        image_width=1,
        image_height=1,
        image_size_bytes=1,
    )


async def change(content_id: UUID, **values: Any) -> None:
    async with session_scope(system="test") as session:
        content = await session.get_one(ArContent, content_id)
        for name, value in values.items():
            setattr(content, name, value)


async def status_of(content_id: UUID) -> str:
    async with session_scope(system="test") as session:
        return (await session.get_one(ArContent, content_id)).status


async def told() -> list[str]:
    """The events of ends, in order."""
    names = ("content.expiring", "content.expired", "content.closed", "content.reopened")
    async with session_scope(system="test") as session:
        found = await session.scalars(
            select(Event.name).where(Event.name.in_(names)).order_by(Event.created_at, Event.id)
        )
        return [name.removeprefix("content.") for name in found]


async def notices() -> list[tuple[str, int | None]]:
    """What people hear: kind and days left."""
    async with session_scope(system="test") as session:
        found = await session.scalars(select(Notice).order_by(Notice.id))
        return [
            (notice.kind, notice.data.get("days_left"))
            for notice in found
            if notice.kind.startswith("content.")
        ]


async def test_each_stage_is_told_once_and_at_its_time(app: FastAPI) -> None:
    """Thirty days before, seven, one, the end, the closing; a tick every twelve hours repeats nothing."""
    owner = await people.make_member(app)
    (content,) = await publish(owner)

    moment, heard = END - 31 * DAY, {}
    while moment <= END + 31 * DAY:
        if await expiry.review_ends(now=moment):
            heard[moment] = (await told())[-1]
        moment += timedelta(hours=12)

    assert {
        END - 30 * DAY: "expiring",
        END - 7 * DAY: "expiring",
        END - DAY: "expiring",
        END: "expired",
        END + 30 * DAY: "closed",
    } == heard
    assert [
        ("content.expiring", 30),
        ("content.expiring", 7),
        ("content.expiring", 1),
        ("content.expired", None),
    ] == await notices()
    assert "expired" == await status_of(content)


@pytest.mark.parametrize(
    ("late", "event", "notice"),
    [
        (END - 2 * DAY, "expiring", ("content.expiring", 2)),
        (END + 7 * DAY, "expired", ("content.expired", None)),
        (END + 300 * DAY, "closed", ("content.expired", None)),
    ],
)
async def test_a_late_tick_tells_the_truth_once(
    app: FastAPI, late: datetime, event: str, notice: tuple[str, int | None]
) -> None:
    """After weeks without a tick there is one message, about how things stand, and not five."""
    owner = await people.make_member(app)
    await publish(owner)

    counts = [await expiry.review_ends(now=late) for _ in range(3)]

    assert [1, 0, 0] == counts
    assert ([event], [notice]) == (await told(), await notices())


async def test_ticks_at_once_tell_each_content_once(app: FastAPI) -> None:
    """Four ticks over 230 contents: 230 events, 230 notices, whoever took which."""
    owner = await people.make_member(app)
    await publish(owner, count=230)

    counts = await asyncio.gather(*(expiry.review_ends(now=END) for _ in range(4)))
    counts.append(await expiry.review_ends(now=END))

    assert 230 == sum(counts)
    assert (230, 230) == (len(await told()), len(await notices()))


async def test_a_tick_that_crashes_leaves_nothing_half_told(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at the 150th of 230, in its second batch; the next one tells the rest, each once."""
    owner = await people.make_member(app)
    await publish(owner, count=230)
    calls = 0

    async def dies(*args: Any, **options: Any) -> bool:
        nonlocal calls
        calls += 1
        if calls == 150:
            raise ConnectionResetError("the machine is gone")
        return await notify(*args, **options)

    monkeypatch.setattr(expiry, "notify", dies)
    with pytest.raises(ConnectionResetError):
        await expiry.review_ends(now=END)
    survived = len(await told())
    count = await expiry.review_ends(now=END)

    assert (100, 130) == (survived, count)
    assert (230, 230) == (len(await told()), len(await notices()))


async def test_moving_the_end_opens_again_and_is_told_once(app: FastAPI) -> None:
    """Within the grace nobody has to publish; the new end gets its own warnings."""
    owner = await people.make_member(app)
    (content,) = await publish(owner)
    await expiry.review_ends(now=END + DAY)

    await change(content, expires_at=END + 60 * DAY)
    again = [await expiry.review_ends(now=END + 2 * DAY) for _ in range(2)]
    await expiry.review_ends(now=END + 53 * DAY)

    assert [1, 0] == again
    assert ["expired", "reopened", "expiring"] == await told()
    assert "published" == await status_of(content)


async def test_an_end_that_is_moved_nearer_is_told_anew(app: FastAPI) -> None:
    """Shortening works at once, and going back to the old end repeats nothing."""
    owner = await people.make_member(app)
    (content,) = await publish(owner)
    now = END - 6 * DAY
    await expiry.review_ends(now=now)

    await change(content, expires_at=now - DAY)
    await expiry.review_ends(now=now)
    await change(content, expires_at=END)
    await expiry.review_ends(now=now)

    assert ["expiring", "expired", "reopened"] == await told()


async def test_after_the_grace_only_people_open_it(app: FastAPI) -> None:
    """A closed content stays closed when its end is moved."""
    owner = await people.make_member(app)
    (content,) = await publish(owner)
    await expiry.review_ends(now=END + 30 * DAY)

    await change(content, expires_at=END + 365 * DAY)

    assert 0 == await expiry.review_ends(now=END + 31 * DAY)
    assert ("expired", ["closed"]) == (await status_of(content), await told())


async def test_the_projects_end_counts_when_it_is_earlier(app: FastAPI) -> None:
    """One end of the project is told for each content that has no earlier one of its own."""
    owner = await people.make_member(app)
    await publish(owner, count=2, own=None, project=END)
    await publish(owner, own=END + 50 * DAY, project=END)
    await publish(owner, own=END - 50 * DAY, project=END)

    await expiry.review_ends(now=END)

    assert ["closed", "expired", "expired", "expired"] == sorted(await told())


async def test_a_company_says_when_it_is_warned(app: FastAPI) -> None:
    """Its own days and grace; no days mean no warnings."""
    owner, quiet = await people.make_member(app), await people.make_member(app)
    wishes = {"expiry_warning_days": [3, 14, 3], "expiry_grace_days": 0}
    settings = await owner.client.patch(f"/api/v1/companies/{owner.company_id}", json=wishes)
    await quiet.client.patch(
        f"/api/v1/companies/{quiet.company_id}", json={"expiry_warning_days": []}
    )
    await publish(owner)
    await publish(quiet)

    counts = [await expiry.review_ends(now=END - days * DAY) for days in (30, 14, 7, 3, 1)]
    await expiry.review_ends(now=END)

    assert [14, 3] == settings.json()["expiry_warning_days"]
    assert [0, 1, 0, 1, 0] == counts
    assert ["closed", "expired", "expiring", "expiring"] == sorted(await told())


async def test_what_is_not_open_has_no_end_to_tell(app: FastAPI) -> None:
    """Drafts, contents without an end and those of a deleted company are left alone."""
    owner = await people.make_member(app)
    (draft,) = await publish(owner)
    await change(draft, status="draft")
    await publish(owner, own=None)

    assert 0 == await expiry.review_ends(now=END + 400 * DAY)


def test_days_left_are_those_begun() -> None:
    """The last 24 hours are one day, and so is their first second; after the end there are none."""
    found = [days_left(END, END - left) for left in (DAY, DAY + timedelta(seconds=1), DAY / 24)]
    assert ([1, 2, 1], 0) == (found, days_left(END, END + DAY))


def test_nothing_is_due_before_the_first_warning() -> None:
    """One second before it there is no notice, at it there is."""
    due = END - 30 * DAY

    early = notice_due(END, due - timedelta(seconds=1), warning_days=[30, 7], grace_days=30)
    timely = notice_due(END, due, warning_days=[30, 7], grace_days=30)

    assert (None, 30) == (early, timely.days_before if timely else None)
