"""A company that is deleted: hidden, restored, or erased for good."""

import hashlib
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import String, Uuid, cast, column, func, or_, select, table
from sqlalchemy import delete as sa_delete
from sqlalchemy.exc import DBAPIError

from app.auth.models import UserSession
from app.companies import service as companies
from app.companies.models import Company
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import Base, session_scope
from app.erasure import service as erasure
from app.erasure.catalogue import tables_in_order
from app.erasure.queries import begin_erasure
from app.events.models import Event
from app.users.models import User
from tests.support import media, people
from tests.support.contents import make_published, upload_id
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member


async def name_of(member: Member) -> str:
    return str((await member.get("")).json()["name"])


async def delete(member: Member) -> int:
    name = await name_of(member)
    return (await member.delete("", params={"confirm": name})).status_code


async def test_a_deleted_company_is_hidden_at_once(app: FastAPI, tmp_path: Path) -> None:
    """For its members and the operator alike it looks like none; its prints say that they pause."""
    owner = await people.make_member(app)
    operator = await people.make_member(app, is_superadmin=True)
    content = await make_published(owner, tmp_path)
    link = content["public_url"].removeprefix("http://testserver")
    assert 422 == (await owner.delete("", params={"confirm": "something else"})).status_code

    assert 204 == await delete(owner)

    path = owner.path("")
    mine, theirs = await owner.client.get(path), await operator.client.get(path)
    assert [404, 404] == [mine.status_code, theirs.status_code]
    assert [] == (await owner.client.get("/api/v1/companies")).json()["items"]
    assert [] == (await owner.client.get("/api/v1/auth/me")).json()["memberships"]
    page = await owner.client.get(link)
    manifest = await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")
    assert (410, True) == (page.status_code, "takes a break" in page.text)
    assert (410, "content_paused") == (manifest.status_code, manifest.json()["code"])


async def test_an_owner_brings_it_back_as_it_was(app: FastAPI, tmp_path: Path) -> None:
    """Restoring is the owners' and the operator's, for a while; an editor finds nothing."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    async with session_scope(system="test") as session:
        company = await session.get_one(Company, owner.company_id)
    editor = await people.make_member(app, role="editor", company=company)
    await delete(owner)

    refused = await editor.post("/restore")
    restored = await owner.post("/restore")
    again = await owner.post("/restore")

    assert [404, 200, 404] == [a.status_code for a in (refused, restored, again)]
    assert 200 == (await owner.get(f"/contents/{content['id']}")).status_code


async def test_published_work_is_shown_until_grace_is_over(app: FastAPI, tmp_path: Path) -> None:
    """After the subscription's end the viewer goes on; after the grace it shows a friendly page."""
    owner = await people.make_member(app)
    operator = await people.make_member(app, is_superadmin=True)
    content = await make_published(owner, tmp_path)
    link = content["public_url"].removeprefix("http://testserver")
    path = owner.path("/subscription")
    seen = []
    for days in (1, 31):
        terms = {
            "starts_at": (utcnow() - timedelta(days=90)).isoformat(),
            "ends_at": (utcnow() - timedelta(days=days)).isoformat(),
        }
        assert 200 == (await operator.client.patch(path, json=terms)).status_code
        seen.append((await owner.client.get(link)).status_code)

    manifest = await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")

    assert 410 == seen[1] != seen[0]
    assert "content_paused" == manifest.json()["code"]


async def rows_of_everything(member: Member) -> dict[str, str]:
    """The rows of a company in every table, as one hash a table."""
    found = {}
    async with session_scope(system="test") as session:
        for each in tables_in_order():
            own = table(each.name, column("company_id", Uuid))
            rows = await session.scalars(
                select(cast(func.to_jsonb(column(each.name)), String))
                .select_from(own)
                .where(own.c.company_id == member.company_id)
            )
            found[each.name] = hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
    return found


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


async def slug_of(member: Member) -> str:
    return str((await member.get("")).json()["storage_path"])


async def test_erasure_leaves_nothing_and_touches_nobody_else(app: FastAPI, tmp_path: Path) -> None:
    """No row of any table names the company, no file is left; the neighbour is the same, byte for byte."""
    owner, neighbour = await people.make_member(app), await people.make_member(app)
    for member in (owner, neighbour):
        await make_published(member, tmp_path)
        await member.client.put(member.path("/look/logo"), content=media.photo(64, 64))
        await member.client.put(member.path("/domain"), json={"hostname": "prints.example.com"})
        await member.post("/exports")
    await run_queued_jobs()
    operator = await people.make_member(app, is_superadmin=True)
    slug, root = await slug_of(owner), get_settings().storage.root
    their_folder = root / await slug_of(neighbour)
    name = await name_of(owner)
    before = await rows_of_everything(neighbour), files_of(their_folder)
    exports = len(list((root / ".exports").iterdir()))
    early = await operator.client.post(
        f"/api/v1/operator/companies/{owner.company_id}/erasure?confirm=x"
    )
    await delete(owner)

    begun = await operator.client.post(
        f"/api/v1/operator/companies/{owner.company_id}/erasure", params={"confirm": name}
    )
    await run_queued_jobs()
    await erasure.sweep_deleted(now=utcnow())

    assert (404, 202) == (early.status_code, begun.status_code)
    report = (await operator.client.get(f"/api/v1/operator/erasures/{begun.json()['id']}")).json()
    assert "done" == report["state"]
    assert report["report"]["files"] > 0
    assert before == (await rows_of_everything(neighbour), files_of(their_folder))
    assert not (root / slug).exists()
    assert (2, 1) == (exports, len(list((root / ".exports").iterdir())))
    await _assert_nothing_left(owner)


async def _assert_nothing_left(owner: Member) -> None:
    """Read from the database's own catalogue: what a model does not know of counts too."""
    columns = table(
        "columns", column("table_name"), column("column_name"), schema="information_schema"
    )
    async with session_scope(system="test") as session:
        names = await session.scalars(
            select(columns.c.table_name).where(columns.c.column_name == "company_id")
        )
        for name in names:
            own = table(name, column("company_id", Uuid))
            left = await session.scalar(
                select(func.count()).select_from(own).where(own.c.company_id == owner.company_id)
            )
            assert (name, 0) == (name, left)
        assert await session.get(User, owner.user_id) is None
        sessions = select(func.count()).select_from(UserSession)
        assert 0 == await session.scalar(sessions.where(UserSession.user_id == owner.user_id))
        told = await session.scalars(
            select(Event.name).where(
                or_(Event.actor_id == owner.user_id, Event.actor_label == owner.email)
            )
        )
        assert [] == list(told)
    for table_ in Base.metadata.sorted_tables:
        async with session_scope(system="test") as session:
            text = cast(func.to_jsonb(column(table_.name)), String)
            rows = await session.scalars(select(text).select_from(table(table_.name)))
            assert [] == [row for row in rows if owner.email in row], table_.name


async def test_an_erasure_cut_short_goes_on(app: FastAPI, tmp_path: Path) -> None:
    """A crash between two steps leaves an erasure that the next attempt finishes."""
    owner = await people.make_member(app)
    await upload_id(owner, media.photo(64, 64))
    await run_queued_jobs()
    await delete(owner)
    later = utcnow() + timedelta(days=31)
    assert 1 == await erasure.sweep_deleted(now=later)

    class Cut(Exception):
        pass

    async def cut(_fraction: float, stage: str) -> None:
        if stage == "rows":
            raise Cut

    async with session_scope(system="test") as session:
        begun = await begin_erasure(
            session, await session.get_one(Company, owner.company_id), now=later
        )
    try:
        await erasure.erase(begun.id, now=later, progress=cut)
    except Cut:
        pass
    else:
        raise AssertionError("the cut did not happen")

    await run_queued_jobs()

    await _assert_nothing_left(owner)


async def test_people_with_another_company_stay(app: FastAPI) -> None:
    """Who also works elsewhere keeps the account and the session."""
    owner = await people.make_member(app)
    other = await people.make_company()
    async with session_scope(system="test") as session:
        await companies.set_role(session, company_id=other.id, user_id=owner.user_id, role="viewer")
    await delete(owner)
    await erasure.sweep_deleted(now=utcnow() + timedelta(days=31))

    await run_queued_jobs()

    me = await owner.client.get("/api/v1/auth/me")
    assert [str(other.id)] == [m["company"]["id"] for m in me.json()["memberships"]]


async def test_the_log_stays_append_only(app: FastAPI) -> None:
    """Only an erasure that runs may remove events; whoever else tries is refused by the database."""
    owner = await people.make_member(app)
    async with session_scope(system="test") as session:
        refusal = None
        try:
            async with session.begin_nested():
                await session.execute(sa_delete(Event).where(Event.company_id == owner.company_id))
        except DBAPIError as error:
            refusal = str(error)
    assert "append-only" in (refusal or "")
