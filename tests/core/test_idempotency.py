"""Idempotency keys: the same request, sent again, has one effect and one answer."""

import asyncio
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.idempotency import KeptAnswer, sweep_keys
from app.projects.models import Project
from app.uploads.models import Upload
from tests.support import media, people
from tests.support.contents import make_project, upload_id

KEY = {"Idempotency-Key": "one thing I want"}


async def _rows(table: type[Project | Upload | KeptAnswer]) -> int | None:
    async with session_scope() as session:
        return await session.scalar(select(func.count()).select_from(table))


async def test_the_second_request_gets_the_first_answer(app: FastAPI) -> None:
    """Status, headers that matter and body are the same, and it says that it was replayed."""
    owner = await people.make_member(app)

    first = await owner.post("/projects", json={"name": "Ёлка"}, headers=KEY)
    second = await owner.post("/projects", json={"name": "Ёлка"}, headers=KEY)

    assert (201, 201) == (first.status_code, second.status_code)
    assert first.content == second.content
    assert "Idempotency-Replayed" not in first.headers
    assert ("true", "application/json") == (
        second.headers["Idempotency-Replayed"],
        second.headers["Content-Type"],
    )
    assert 1 == await _rows(Project)


async def test_a_key_belongs_to_one_request(app: FastAPI) -> None:
    """Another body, or another address, under the same key is refused and does nothing."""
    owner = await people.make_member(app)
    made = await owner.post("/projects", json={"name": "One"}, headers=KEY)

    other = await owner.post("/projects", json={"name": "Two"}, headers=KEY)
    elsewhere = await owner.post(
        f"/projects/{made.json()['id']}/contents", json={"title": "T"}, headers=KEY
    )

    assert (422, "idempotency_key_reused") == (other.status_code, other.json()["code"])
    assert 422 == elsewhere.status_code
    assert 1 == await _rows(Project)


async def test_keys_of_two_people_are_two_keys(app: FastAPI) -> None:
    """Nobody gets another person's answer by guessing a key."""
    owner = await people.make_member(app)
    other = await people.make_member(app)

    mine = await owner.post("/projects", json={"name": "Mine"}, headers=KEY)
    theirs = await other.post("/projects", json={"name": "Mine"}, headers=KEY)

    assert (201, 201) == (mine.status_code, theirs.status_code)
    assert mine.json()["company_id"] != theirs.json()["company_id"]


async def test_a_refused_request_may_be_repeated(app: FastAPI) -> None:
    """What had no effect keeps no answer: the corrected state is asked again."""
    viewer = await people.make_member(app, role="viewer")

    refused = await viewer.post("/projects", json={"name": "One"}, headers=KEY)

    assert 403 == refused.status_code
    assert 0 == await _rows(KeptAnswer)


async def test_a_hundred_clients_with_one_key_make_one_project(app: FastAPI) -> None:
    """One row; everybody gets its answer, or 409 while it is being made."""
    owner = await people.make_member(app)

    answers = await asyncio.gather(
        *(owner.post("/projects", json={"name": "Once"}, headers=KEY) for _ in range(100))
    )

    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert 1 == await _rows(Project)
    assert 1 == len({answer.content for answer in done})
    assert {"idempotency_in_flight"} >= set(waiting)
    assert 1 == sum("Idempotency-Replayed" not in answer.headers for answer in done)


async def test_a_hundred_clients_with_one_key_make_one_content(app: FastAPI) -> None:
    """The same for a content, whose making takes locks and a job."""
    owner = await people.make_member(app)
    body = {"title": "Once", "image_upload_id": await upload_id(owner, media.photo())}
    path = f"/projects/{await make_project(owner)}/contents"

    answers = await asyncio.gather(*(owner.post(path, json=body, headers=KEY) for _ in range(100)))

    listed = (await owner.get(path)).json()["items"]
    assert 1 == len(listed)
    assert {listed[0]["id"]} == {a.json()["id"] for a in answers if a.status_code == 201}
    assert {201, 409} >= {answer.status_code for answer in answers}


async def test_an_upload_is_kept_once(app: FastAPI, tmp_path: Path) -> None:
    """Two at once and one later, with one key: one upload, and the later one's body is not asked for."""
    owner = await people.make_member(app)
    picture = media.photo(64, 64)
    options = {"params": {"purpose": "image", "filename": "a.jpg"}, "content": picture}

    both = await asyncio.gather(*(owner.post("/uploads", headers=KEY, **options) for _ in range(2)))
    later = await owner.post("/uploads", headers=KEY, **options)

    assert 1 == await _rows(Upload)
    assert (201, "true") == (later.status_code, later.headers["Idempotency-Replayed"])
    assert {later.content} == {a.content for a in both if a.status_code == 201}


async def test_answers_are_not_readable_in_the_table(app: FastAPI) -> None:
    """An answer may hold a secret shown once, so the row shows nothing of it."""
    owner = await people.make_member(app)
    await owner.post("/projects", json={"name": "Confidential"}, headers=KEY)

    async with session_scope() as session:
        kept = (await session.scalars(select(KeptAnswer))).one()

    assert kept.body is not None
    assert "Confidential" not in kept.body


async def test_after_a_day_the_key_is_new(app: FastAPI) -> None:
    """The sweep forgets it; before the sweep comes by, it counts as forgotten too."""
    owner = await people.make_member(app)
    await owner.post("/projects", json={"name": "One"}, headers=KEY)
    async with session_scope() as session:
        await session.execute(
            update(KeptAnswer).values(created_at=utcnow() - timedelta(hours=24, seconds=1))
        )

    again = await owner.post("/projects", json={"name": "One"}, headers=KEY)
    async with session_scope() as session:
        swept = await sweep_keys(session, now=utcnow() + timedelta(hours=25))

    assert (201, None) == (again.status_code, again.headers.get("Idempotency-Replayed"))
    assert (2, 1) == (await _rows(Project), swept)


async def test_a_key_is_printable_text(app: FastAPI) -> None:
    """An empty or endless key is refused before anything is done."""
    owner = await people.make_member(app)

    empty = await owner.post("/projects", json={"name": "One"}, headers={"Idempotency-Key": " "})
    endless = await owner.post(
        "/projects", json={"name": "One"}, headers={"Idempotency-Key": "x" * 256}
    )

    assert (422, 422) == (empty.status_code, endless.status_code)


async def test_without_signing_in_there_are_no_keys(app: FastAPI) -> None:
    """An anonymous request is answered as if it had sent no key."""
    client = people.client_of(app)

    answer = await client.post(
        "/api/v1/auth/sign-in",
        json={"email": "nobody@example.com", "password": "x"},
        headers=KEY,
    )

    assert 401 == answer.status_code
    assert 0 == await _rows(KeptAnswer)


def test_every_post_says_that_it_takes_a_key(app: FastAPI) -> None:
    """The description of the API tells of the key wherever it is honoured."""
    silent = [
        operation["operationId"]
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        if method == "post"
        and path.startswith("/api/v1")
        and "Idempotency-Key" not in {p["name"] for p in operation.get("parameters", [])}
    ]

    assert [] == silent
