"""What happens when a company reaches what was agreed."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.database import session_scope
from app.events.models import Event
from app.mail.models import MailMessage
from app.storage.models import StoredFile
from app.subscriptions import queries, review, views
from app.subscriptions.agreement import Quota, month_of
from app.subscriptions.models import Usage
from tests.support import media, people
from tests.support.contents import make_project, upload, upload_id
from tests.support.people import Member


async def agree(app: FastAPI, member: Member, **terms: Any) -> dict[str, Any]:
    """The operator agrees terms with the member's company."""
    operator = await people.make_member(app, is_superadmin=True)
    path = f"/api/v1/companies/{member.company_id}/subscription"
    answer = await operator.client.patch(path, json=terms)
    assert 200 == answer.status_code, answer.text
    return answer.json()


async def create(member: Member, project: str, image: str) -> httpx.Response:
    body = {"title": "T", "image_upload_id": image}
    return await member.post(f"/projects/{project}/contents", json=body)


async def quota_of(member: Member, quota: str) -> dict[str, Any]:
    quotas = (await member.get("/subscription")).json()["quotas"]
    return next(found for found in quotas if found["quota"] == quota)


async def used_bytes(member: Member) -> int:
    async with session_scope(system="test") as session:
        return await queries.used_of(
            session, member.company_id, Quota.STORAGE_BYTES, month=month_of(utcnow())
        )


async def event_names(member: Member) -> list[str]:
    async with session_scope(system="test") as session:
        statement = select(Event.name).where(Event.company_id == member.company_id)
        return list(await session.scalars(statement.order_by(Event.id)))


async def test_nobody_is_limited_until_the_operator_says_so(app: FastAPI) -> None:
    """A company nobody chose a plan for has the default one, which has no limits."""
    owner = await people.make_member(app)

    standing = (await owner.get("/subscription")).json()

    assert ("unlimited", "active") == (standing["plan"]["code"], standing["status"])
    assert [None] * 4 == [quota["limit"] for quota in standing["quotas"]]


async def test_of_fifty_at_the_last_place_one_passes(app: FastAPI) -> None:
    """Parallel requests can not slip past the limit together, and the refused say by how much."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))
    assert 201 == (await create(owner, project, image)).status_code
    await agree(app, owner, contents=2)

    answers = await asyncio.gather(*(create(owner, project, image) for _ in range(50)))

    assert [201] + [409] * 49 == sorted(answer.status_code for answer in answers)
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    told = {key: refused[key] for key in ("code", "quota", "used", "limit")}
    assert {"code": "quota_exceeded", "quota": "contents", "used": 2, "limit": 2} == told
    assert 2 == (await quota_of(owner, "contents"))["used"]


async def test_owners_are_told_once_at_each_mark(app: FastAPI) -> None:
    """One mail at 80 %, one at 100 %, whatever happens in between; the API shows the level."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))
    await agree(app, owner, contents=5)

    levels = []
    for _ in range(5):
        await create(owner, project, image)
        levels.append((await quota_of(owner, "contents"))["level"])
    await review.review_all()

    assert ["ok", "ok", "ok", "warning", "full"] == levels
    async with session_scope(system="test") as session:
        mails = list(await session.scalars(select(MailMessage).order_by(MailMessage.id)))
    assert [("quota_warning", owner.email), ("quota_full", owner.email)] == [
        (mail.template, mail.recipient) for mail in mails
    ]
    names = await event_names(owner)
    assert (1, 1) == (names.count("quota.warned"), names.count("quota.filled"))


async def test_a_level_falls_without_flapping(app: FastAPI) -> None:
    """After the limit grew the review takes the level back, and says so in the log only."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))
    await agree(app, owner, contents=1)
    await create(owner, project, image)

    standing = await agree(app, owner, contents=10)

    assert "active" == standing["status"]
    assert "quota.relaxed" in await event_names(owner)


async def test_storage_is_what_the_files_are(app: FastAPI) -> None:
    """Equal bytes count once; what nobody uses any more does not count."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    assert 0 == await used_bytes(owner)
    first = await upload_id(owner, media.photo(64, 64))
    once = await used_bytes(owner)
    await upload_id(owner, media.photo(64, 64))
    twice = await used_bytes(owner)
    content = (await create(owner, project, first)).json()
    await owner.delete(f"/contents/{content['id']}")

    async with session_scope(system="test") as session:
        sizes = await session.scalars(select(StoredFile.size_bytes))
    assert sum(sizes) == once == twice > 0


async def test_a_full_storage_refuses_before_a_byte_is_sent(app: FastAPI) -> None:
    """The declared size decides first, and a body that says nothing of its size is stopped on the way."""
    owner = await people.make_member(app)
    await agree(app, owner, storage_bytes=2_000_000)

    async def endless() -> Any:
        for _ in range(200):
            yield bytes(65536)

    declared = await owner.post(
        "/uploads?purpose=image&filename=x", content=b"x", headers={"Content-Length": "3000000"}
    )
    streamed = await owner.post("/uploads?purpose=image&filename=x", content=endless())
    fits = await upload(owner, media.photo(64, 64))

    print(declared.text, streamed.text)
    assert [(409, "storage_bytes")] * 2 == [
        (answer.status_code, answer.json()["quota"]) for answer in (declared, streamed)
    ]
    assert 201 == fits.status_code


def _coarse(picture: bytes) -> bytes:
    """The same in so few bytes that it grows when it is prepared."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "JPEG", quality=3)
    return out.getvalue()


async def test_files_refused_at_the_end_are_left_to_the_sweep(app: FastAPI) -> None:
    """A file that no longer fits when it is whole is in the register, released, and counts for nothing."""
    owner = await people.make_member(app)
    picture = _coarse(media.photo(640, 480))
    await agree(app, owner, storage_bytes=len(picture))

    answer = await upload(owner, picture)

    async with session_scope(system="test") as session:
        files = list(await session.scalars(select(StoredFile)))
    assert (409, 0) == (answer.status_code, await used_bytes(owner))
    assert 2 == len(files)
    assert all(file.released_at for file in files)


async def test_the_end_of_a_subscription_stops_what_is_new(app: FastAPI) -> None:
    """In grace and after it nothing is added; the status tells which."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))
    ended = {"starts_at": (utcnow() - timedelta(days=90)).isoformat()}
    grace = await agree(app, owner, ends_at=(utcnow() - timedelta(days=1)).isoformat(), **ended)
    in_grace = await create(owner, project, image)
    lapsed = await agree(app, owner, ends_at=(utcnow() - timedelta(days=31)).isoformat())

    assert (403, "subscription_ended") == (in_grace.status_code, in_grace.json()["code"])
    assert ("grace", "lapsed") == (grace["status"], lapsed["status"])
    assert 409 != (await upload(owner, media.photo(64, 64))).status_code


async def test_a_wrong_counter_is_found_and_repaired(app: FastAPI) -> None:
    """The nightly recount trusts the files, not the counter."""
    owner = await people.make_member(app)
    await upload_id(owner, media.photo(64, 64))
    right = await used_bytes(owner)
    assert 0 == await review.recount_all()
    async with session_scope(system="test") as session:
        usage = await session.get_one(Usage, owner.company_id)
        usage.storage_bytes += 12345

    repaired = await review.recount_all()

    assert (1, right) == (repaired, await used_bytes(owner))
    assert 0 == await review.recount_all()


async def test_views_are_counted_behind_the_answer(app: FastAPI) -> None:
    """What was noted is written in one go, and at the limit only what is new stops."""
    owner = await people.make_member(app)
    await agree(app, owner, views_month=5)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))
    for _ in range(5):
        views.note_view(owner.company_id)
    await views.finish()
    await review.review_all()

    refused = await create(owner, project, image)

    views_month = await quota_of(owner, "views_month")
    assert (5, "full") == (views_month["used"], views_month["level"])
    assert (409, "views_month") == (refused.status_code, refused.json()["quota"])


async def test_only_the_operator_agrees_terms(app: FastAPI) -> None:
    """An owner reads the subscription and can not change it, nor any plan."""
    owner = await people.make_member(app)

    mine = await owner.patch("/subscription", json={"contents": 10**9})
    plan = await owner.client.post("/api/v1/plans", json={"code": "x", "name": "X"})

    assert [403, 403] == [mine.status_code, plan.status_code]


async def test_plans_are_the_operators_to_make(app: FastAPI) -> None:
    """A plan is made once a code, changed, made the default, and the default can not be left out."""
    operator = await people.make_member(app, is_superadmin=True)
    body = {"code": "tiny", "name": "Tiny", "contents": 1, "is_default": True}

    made = await operator.client.post("/api/v1/plans", json=body)
    again = await operator.client.post("/api/v1/plans", json=body)
    path = f"/api/v1/plans/{made.json()['id']}"
    changed = await operator.client.patch(path, json={"contents": None, "name": "Tiny 2"})
    left_out = await operator.client.patch(path, json={"is_default": False})
    plans = (await operator.client.get("/api/v1/plans")).json()["items"]

    assert (201, 409, 200, 409) == tuple(
        answer.status_code for answer in (made, again, changed, left_out)
    )
    assert ["tiny"] == [plan["code"] for plan in plans if plan["is_default"]]
    assert {"free", "studio", "agency", "unlimited", "tiny"} == {plan["code"] for plan in plans}
