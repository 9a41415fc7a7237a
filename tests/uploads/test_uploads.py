"""Receiving files."""

import os
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.storage.models import StoredFile
from app.storage.opening import local_storage
from app.storage.service import incoming_folder
from app.uploads import service
from app.uploads.models import Upload
from app.uploads.schemas import Purpose
from tests.support import media, people
from tests.support.contents import upload


def _files() -> list[Path]:
    """Every file in the storage and its incoming folder."""
    return [path for path in local_storage().root.rglob("*") if path.is_file()]


async def test_a_photo_is_kept_with_its_facts(app: FastAPI) -> None:
    """The answer tells the bytes that were sent and the picture as shown."""
    owner = await people.make_member(app)
    content = media.photo(640, 480)

    answer = await upload(owner, content, filename="portrait.jpg")

    got = answer.json()
    assert 201 == answer.status_code
    assert ("image", "portrait.jpg", "image/jpeg", len(content), sha256(content).hexdigest()) == (
        got["purpose"],
        got["filename"],
        got["media_type"],
        got["size_bytes"],
        got["sha256"],
    )
    assert (640, 480, None, None) == (
        got["width"],
        got["height"],
        got["duration_seconds"],
        got["has_audio"],
    )


async def test_a_video_is_kept_with_its_facts(app: FastAPI, tmp_path: Path) -> None:
    """Length and sound are told as well."""
    owner = await people.make_member(app)

    got = (await upload(owner, media.clip(tmp_path), purpose="video")).json()

    assert (320, 240, True) == (got["width"], got["height"], got["has_audio"])
    assert 1.0 == pytest.approx(got["duration_seconds"], abs=0.1)


async def test_every_kept_file_is_registered_and_nothing_else_stays(
    app: FastAPI, session: AsyncSession
) -> None:
    """Picture and thumbnail are in the storage and in the register; the incoming folder is empty."""
    owner = await people.make_member(app)

    await upload(owner, media.photo())

    keys = set(await session.scalars(select(StoredFile.key)))
    assert {local_storage().root / key for key in keys} == set(_files())
    assert 2 == len(keys)


async def test_the_same_photo_twice_is_stored_once(app: FastAPI, session: AsyncSession) -> None:
    """Two uploads, one set of files."""
    owner = await people.make_member(app)

    await upload(owner, media.photo())
    await upload(owner, media.photo())

    assert 2 == await session.scalar(select(func.count()).select_from(Upload))
    assert 2 == len(_files())


@pytest.mark.parametrize(
    ("purpose", "content", "status", "code"),
    [
        ("image", b"Dear Sirs, see my photo.jpg", 415, "image_type_refused"),
        ("image", b"", 422, "file_empty"),
        ("video", b"", 422, "file_empty"),
        ("video", b"\0\0\0\x18ftypisom\0\0\0\0isommp42", 422, "video_broken"),
        ("video", media.photo(64, 64), 415, "video_type_refused"),
        ("image", media.photo()[:9000], 422, "image_broken"),
    ],
    ids=["text", "empty image", "empty video", "header only", "photo as video", "cut short"],
)
async def test_a_bad_file_is_refused_and_leaves_nothing(
    purpose: str,
    content: bytes,
    status: int,
    code: str,
    app: FastAPI,
    session: AsyncSession,
) -> None:
    """The answer is a problem with words; no row and no file remain."""
    owner = await people.make_member(app)

    answer = await upload(owner, content, purpose=purpose, filename="photo.jpg")

    assert (status, code) == (answer.status_code, answer.json()["code"])
    assert "application/problem+json" == answer.headers["content-type"]
    assert len(answer.json()["detail"]) > 20
    assert [] == _files()
    assert 0 == await session.scalar(select(func.count()).select_from(Upload))


async def test_more_than_the_limit_is_refused_by_its_length(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A declared length is refused before a byte of the body is read; 413 tells the limit."""
    owner = await people.make_member(app)
    _limit(monkeypatch, 1024 * 1024)
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(2048):
            read += 1024
            yield b"x" * 1024

    answer = await owner.post(
        "/uploads?purpose=image&filename=x",
        content=body(),
        headers={"content-length": str(2048 * 1024)},
    )

    assert (413, "payload_too_large") == (answer.status_code, answer.json()["code"])
    assert "1 MB" in answer.json()["detail"]
    assert read == 0


async def test_more_than_the_limit_is_refused_by_counting(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a length the bytes are counted, and what had arrived is removed."""
    owner = await people.make_member(app)
    _limit(monkeypatch, 1024 * 1024)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(1100):
            yield b"x" * 1024

    answer = await owner.post("/uploads?purpose=image&filename=x", content=body())

    assert 413 == answer.status_code
    assert [] == _files()


def _limit(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setenv("MAX_UPLOAD_BYTES", str(size))
    get_settings.cache_clear()


async def test_a_client_that_goes_away_leaves_nothing(app: FastAPI, session: AsyncSession) -> None:
    """When the body ends with an error, whatever had arrived is removed."""
    owner = await people.make_member(app)

    class WentAway(Exception):
        pass

    async def body() -> AsyncIterator[bytes]:
        yield media.photo()[:5000]
        raise WentAway

    with pytest.raises(WentAway):
        await service.receive_upload(
            owner.actor,
            purpose=Purpose.IMAGE,
            filename="x.jpg",
            declared_size=None,
            chunks=body(),
        )

    assert [] == _files()
    assert 0 == await session.scalar(select(func.count()).select_from(Upload))


async def test_a_full_disk_is_told_and_leaves_nothing(app: FastAPI) -> None:
    """503 with words, not a crash; a folder that can not be written stands for the full disk."""
    owner = await people.make_member(app)
    blocked = local_storage().root / (await _storage_path(owner))
    blocked.write_text("in the way")

    answer = await upload(owner, media.photo())

    assert (503, "unavailable") == (answer.status_code, answer.json()["code"])
    assert [blocked] == _files()


async def _storage_path(member: people.Member) -> str:
    return str((await member.get("")).json()["storage_path"])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\photos\\a b.jpg", "a b.jpg"),
        ("../../etc/passwd", "passwd"),
        ("Фото\u202e.jpg", "Фото.jpg"),
        ("\u0007", "file"),
    ],
)
async def test_a_file_name_is_only_a_name(sent: str, kept: str, app: FastAPI) -> None:
    """Folders and control characters are dropped; nothing on disk is ever called so."""
    owner = await people.make_member(app)

    got = (await upload(owner, media.photo(), filename=sent)).json()

    assert kept == got["filename"]


async def test_leftovers_of_a_crash_are_swept(database: str) -> None:
    """Files older than two hours go, one that is still arriving stays."""
    old, fresh = incoming_folder() / "a.partial", incoming_folder() / "b.partial"
    for path in (old, fresh):
        path.write_bytes(b"half")
    long_ago = time.time() - service.ABANDONED_AFTER_SECONDS - 1
    os.utime(old, (long_ago, long_ago))

    removed = service.sweep_incoming()

    assert (1, [fresh]) == (removed, _files())


async def test_an_upload_holds_no_database_connection_while_bytes_arrive(
    app: FastAPI, session: AsyncSession
) -> None:
    """No connection of ours is inside a transaction while the body is slow."""
    owner = await people.make_member(app)
    seen: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        yield media.photo()[:5000]
        seen.append(await _transactions(session))
        yield media.photo()[5000:]

    answer = await owner.post("/uploads?purpose=image&filename=x", content=body())

    assert (201, [0]) == (answer.status_code, seen)


async def _transactions(session: AsyncSession) -> int:
    """Connections to this database, but for our own, that are inside a transaction."""
    found = await session.scalar(
        text(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and pid <> pg_backend_pid() and state like 'idle in transaction%'"
        )
    )
    await session.rollback()
    return int(found or 0)
