"""Uploads straight into a company's bucket, on a real S3 server."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import SettingsRefused, get_settings
from app.core.database import session_scope
from app.storage import sweeping as storage_sweeping
from app.storage.models import StorageConnection
from app.storage.opening import open_storage
from app.storage.port import Storage
from app.uploads import sweeping
from app.uploads.models import Upload, UploadSession
from tests.support import media, people, tus
from tests.support.fault_proxy import FaultProxy
from tests.support.people import Member
from tests.support.s3 import ADMIN, REGION, S3Server, make_bucket

PHOTO = media.photo()


@pytest.fixture
def own_network(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    """The bucket is on this machine, which nobody may name unless the operator allows it."""
    monkeypatch.setenv("OUTBOUND_ALLOWED_NETWORKS", "127.0.0.0/8")
    get_settings.cache_clear()


@pytest.fixture
async def owner(app: FastAPI, s3: S3Server, own_network: None) -> Member:
    """Somebody whose company keeps its files in a bucket."""
    return await _in_bucket(app, s3, s3.endpoint)


async def _in_bucket(app: FastAPI, s3: S3Server, endpoint: str) -> Member:
    member = await people.make_member(app)
    bucket = {
        "endpoint": endpoint,
        "region": REGION,
        "bucket": make_bucket(s3),
        "access_key_id": ADMIN.key_id,
        "secret_access_key": ADMIN.secret,
    }
    made = await member.post(
        "/storage-connections", json={"name": "Ours", "kind": "s3", "s3": bucket}
    )
    path = f"/storage-connections/{made.json()['id']}"
    await member.post(f"{path}/test")
    activated = await member.post(f"{path}/activate")
    assert 200 == activated.status_code, activated.text
    return member


async def _begin(member: Member, content: bytes, *, purpose: str = "image") -> dict[str, Any]:
    declared = {
        "purpose": purpose,
        "filename": "portrait.jpg",
        "size_bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    answer = await member.post("/uploads/direct", json=declared)
    assert 201 == answer.status_code, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


async def _put(begun: dict[str, Any], content: bytes) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.put(begun["url"], content=content, headers=begun["headers"])


async def _expire(begun: dict[str, Any]) -> None:
    async with session_scope(system="test") as session:
        row = update(UploadSession).where(UploadSession.id == UUID(begun["upload"]["id"]))
        await session.execute(row.values(expires_at=utcnow() - timedelta(seconds=1)))


async def _sources(member: Member) -> list[str]:
    """What lies in the bucket as it was sent."""
    slug = (await member.get("")).json()["storage_path"]
    return [key async for key, _ in (await _bucket(member)).list_keys(f"{slug}/sources/")]


async def _bucket(member: Member) -> Storage:
    async with session_scope(system="test") as session:
        theirs = StorageConnection.company_id == member.company_id
        statement = select(StorageConnection).where(theirs, StorageConnection.kind == "s3")
        return open_storage((await session.scalars(statement)).one())


def _path(begun: dict[str, Any]) -> str:
    return f"/uploads/direct/{begun['upload']['id']}"


async def test_a_file_put_into_the_bucket_becomes_an_upload(owner: Member) -> None:
    """Checked and prepared like any other; what was sent does not stay in the bucket."""
    begun = await _begin(owner, PHOTO)
    early = await owner.post(f"{_path(begun)}/complete")
    sent = await _put(begun, PHOTO)
    lay_there = await _sources(owner)

    made = await owner.post(f"{_path(begun)}/complete")
    again = await owner.post(f"{_path(begun)}/complete")

    assert (409, "upload_incomplete") == (early.status_code, early.json()["code"])
    assert 200 == sent.status_code, sent.text
    assert 1 == len(lay_there)
    assert (200, sha256(PHOTO).hexdigest(), 640) == (
        made.status_code,
        made.json()["sha256"],
        made.json()["width"],
    )
    assert made.json() == again.json()
    assert "done" == (await owner.get(_path(begun))).json()["state"]
    assert [] == await _sources(owner)


@pytest.mark.parametrize(
    "content", [PHOTO[:-1], PHOTO + b"x", b"x" * len(PHOTO)], ids=["shorter", "longer", "other"]
)
async def test_the_bucket_takes_only_what_was_declared(content: bytes, owner: Member) -> None:
    """Another size or other bytes are refused by the store itself."""
    begun = await _begin(owner, PHOTO)

    sent = await _put(begun, content)

    assert 400 <= sent.status_code < 500
    assert [] == await _sources(owner)


async def test_a_refused_file_is_removed_from_the_bucket(
    owner: Member, session: AsyncSession
) -> None:
    """What is no picture is refused whenever it is asked about, and nothing of it stays."""
    begun = await _begin(owner, b"Dear Sirs, see my photo.jpg")
    await _put(begun, b"Dear Sirs, see my photo.jpg")

    answers = [await owner.post(f"{_path(begun)}/complete") for _ in range(2)]
    answers.append(await owner.get(_path(begun)))

    assert [(415, "image_type_refused")] * 3 == [(a.status_code, a.json()["code"]) for a in answers]
    assert [] == await _sources(owner)
    assert 0 == await session.scalar(select(func.count()).select_from(Upload))


async def test_an_abandoned_file_is_swept_from_the_bucket(owner: Member) -> None:
    """With its row, once its time is over; cancelling does the same at once."""
    abandoned, cancelled = await _begin(owner, PHOTO), await _begin(owner, PHOTO[:500])
    await _put(abandoned, PHOTO)
    await _put(cancelled, PHOTO[:500])
    both = await _sources(owner)

    gone = await owner.delete(_path(cancelled))
    one = await _sources(owner)
    await _expire(abandoned)
    await sweeping.sweep_sessions()

    assert 204 == gone.status_code
    assert [2, 1, 0] == [len(both), len(one), len(await _sources(owner))]
    assert 404 == (await owner.get(_path(abandoned))).status_code


async def test_what_a_silent_bucket_keeps_is_removed_by_the_sweep_of_files(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Nothing is forgotten because the store did not answer when the upload's time was over."""
    with FaultProxy("127.0.0.1", s3.port) as line:
        owner = await _in_bucket(app, s3, f"http://127.0.0.1:{line.port}")
        abandoned = await _begin(owner, PHOTO)
        await _put(abandoned, PHOTO)
        line.cut()
        await _expire(abandoned)
        await sweeping.sweep_sessions()
        line.heal()
        left = await _sources(owner)
        await storage_sweeping.sweep(now=utcnow() + timedelta(days=40))

        assert [1, 0] == [len(left), len(await _sources(owner))]


async def test_the_way_is_told(
    owner: Member, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs may send directly; pages only where the operator has named the store."""
    unnamed = await owner.get("/uploads/direct")
    monkeypatch.setenv("DIRECT_UPLOAD_ORIGINS", f"https://s3.example.com, {s3.endpoint}/")
    get_settings.cache_clear()
    named = await owner.get("/uploads/direct")

    assert {"is_open": True, "is_open_to_pages": False} == unnamed.json()
    assert {"is_open": True, "is_open_to_pages": True} == named.json()


@pytest.mark.parametrize("wrong", ["s3.example.com", "https://a.test/x", "https://a;script-src *"])
def test_what_is_no_origin_is_no_setting(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would become part of a header."""
    monkeypatch.setenv("DIRECT_UPLOAD_ORIGINS", wrong)
    get_settings.cache_clear()

    with pytest.raises(SettingsRefused, match="is no origin"):
        get_settings()


async def test_elsewhere_it_is_not_possible(app: FastAPI) -> None:
    """A company whose files are on this machine's disk is told to use the other ways."""
    member = await people.make_member(app)
    declared = {"purpose": "image", "filename": "a", "size_bytes": 1, "sha256": "0" * 64}

    answer = await member.post("/uploads/direct", json=declared)

    assert (409, "direct_upload_impossible") == (answer.status_code, answer.json()["code"])


async def test_a_resumable_upload_goes_into_the_bucket_too(owner: Member) -> None:
    """Whichever way a file comes, it ends in the company's storage."""
    path = await tus.begin(owner, PHOTO)

    answer = await tus.send(owner, path, PHOTO, offset=0)

    slug = (await owner.get("")).json()["storage_path"]
    kept = [key async for key, _ in (await _bucket(owner)).list_keys(f"{slug}/portraits/")]
    assert (204, 1) == (answer.status_code, len(kept))
