"""Resumable uploads by the tus protocol."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.storage.opening import local_storage
from app.subscriptions.models import Plan
from app.uploads import arrival, incoming, sweeping
from app.uploads.models import Upload, UploadSession
from tests.support import media, people, tus
from tests.support.contents import upload_id

PHOTO = media.photo()


def _incoming() -> list[Path]:
    """What lies in the incoming folder."""
    return list((local_storage().root / ".incoming").glob("*"))


async def _count(session: AsyncSession) -> int:
    return int(await session.scalar(select(func.count()).select_from(Upload)) or 0)


async def test_a_file_in_three_pieces_becomes_an_upload(app: FastAPI) -> None:
    """The answer to the last piece tells the upload, which is as if it had come in one request."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)

    first = await tus.send(owner, path, PHOTO[:5000], offset=0)
    second = await tus.send(owner, path, PHOTO[5000:9000], offset=5000)
    last = await tus.send(owner, path, PHOTO[9000:], offset=9000)

    got = (await owner.get(f"/uploads/{last.headers['ARV-Upload-Id']}")).json()
    assert [204, 204, 204] == [each.status_code for each in (first, second, last)]
    assert ["5000", "9000"] == [each.headers["Upload-Offset"] for each in (first, second)]
    assert ("portrait.jpg", len(PHOTO), sha256(PHOTO).hexdigest(), 640) == (
        got["filename"],
        got["size_bytes"],
        got["sha256"],
        got["width"],
    )
    assert [] == _incoming()


async def test_creation_may_carry_the_whole_file(app: FastAPI) -> None:
    """A small file takes one request."""
    owner = await people.make_member(app)
    headers = tus.begin_headers(PHOTO) | {"Content-Type": tus.BODY_TYPE}

    answer = await owner.post("/uploads/tus", content=PHOTO, headers=headers)

    assert (201, str(len(PHOTO))) == (answer.status_code, answer.headers["Upload-Offset"])
    assert answer.headers["ARV-Upload-Id"] == answer.json()["upload_id"]
    assert answer.headers["Location"].endswith(answer.json()["id"])


async def test_what_is_spoken_is_told(app: FastAPI) -> None:
    """OPTIONS names version, extensions, checksums and the largest file; refusals tell the version too."""
    owner = await people.make_member(app)

    told = await owner.client.options(owner.path("/uploads/tus"))
    refused = await owner.post("/uploads/tus", headers={"Tus-Resumable": "0.2.2"})

    assert 204 == told.status_code
    assert (
        "creation,creation-with-upload,termination,checksum,expiration"
        == told.headers["Tus-Extension"]
    )
    assert str(500 * 1024**2) == told.headers["Tus-Max-Size"]
    assert (412, "1.0.0", "1.0.0") == (
        refused.status_code,
        refused.headers["Tus-Version"],
        refused.headers["Tus-Resumable"],
    )


async def test_head_tells_where_to_go_on(app: FastAPI) -> None:
    """Offset, length, metadata as they were sent, and until when."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    await tus.send(owner, path, PHOTO[:700], offset=0)

    told = await owner.client.head(owner.path(path), headers=tus.VERSION)

    assert ("700", str(len(PHOTO)), "no-store") == (
        told.headers["Upload-Offset"],
        told.headers["Upload-Length"],
        told.headers["Cache-Control"],
    )
    assert tus.metadata(filename="portrait.jpg", purpose="image") == told.headers["Upload-Metadata"]
    assert told.headers["Upload-Expires"].endswith("GMT")


@pytest.mark.parametrize("offset", [0, 4999, 5001])
async def test_another_offset_is_refused(offset: int, app: FastAPI) -> None:
    """409 tells where the upload is, and nothing is written."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    await tus.send(owner, path, PHOTO[:5000], offset=0)

    answer = await tus.send(owner, path, b"x" * 100, offset=offset)

    assert (409, "upload_offset_differs", 5000) == (
        answer.status_code,
        answer.json()["code"],
        answer.json()["offset_bytes"],
    )
    assert 5000 == await tus.offset_of(owner, path)


async def test_more_bytes_than_declared_are_refused(app: FastAPI) -> None:
    """Declared too long or counted too long: 413, and what fits stays countable."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, b"x" * 1000)

    async def body() -> AsyncIterator[bytes]:
        yield b"x" * 600
        yield b"x" * 600

    declared = await tus.send(owner, path, b"x" * 1001, offset=0)
    counted = await tus.send(owner, path, body(), offset=0)

    assert [413, 413] == [declared.status_code, counted.status_code]
    assert 600 == await tus.offset_of(owner, path)


async def test_two_senders_of_one_upload_do_not_mix(app: FastAPI) -> None:
    """While one writes the other is refused (423); afterwards its offset is not the place any more (409)."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    go_on, begun = asyncio.Event(), asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield PHOTO[:5000]
        begun.set()
        await go_on.wait()
        yield PHOTO[5000:]

    first = asyncio.create_task(tus.send(owner, path, body(), offset=0))
    await begun.wait()
    meanwhile = await tus.send(owner, path, PHOTO, offset=0)
    go_on.set()
    won = await first
    afterwards = await tus.send(owner, path, PHOTO, offset=0)

    assert (423, "upload_busy", "1") == (
        meanwhile.status_code,
        meanwhile.json()["code"],
        meanwhile.headers["Retry-After"],
    )
    assert (204, 409) == (won.status_code, afterwards.status_code)


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
async def test_a_piece_with_the_right_checksum_counts(algorithm: str, app: FastAPI) -> None:
    """Both algorithms."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)

    answer = await tus.send(
        owner, path, PHOTO[:5000], offset=0, **tus.checksum(PHOTO[:5000], algorithm)
    )

    assert (204, "5000") == (answer.status_code, answer.headers["Upload-Offset"])


async def test_a_piece_with_another_checksum_does_not_count(app: FastAPI) -> None:
    """460, the offset stays, and the right bytes go to the same place."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)

    wrong = await tus.send(owner, path, b"x" * 5000, offset=0, **tus.checksum(PHOTO[:5000]))
    unknown = await tus.send(owner, path, PHOTO, offset=0, **{"Upload-Checksum": "crc32 AAAA"})

    assert (460, "checksum_differs") == (wrong.status_code, wrong.json()["code"])
    assert (400, "checksum_unknown") == (unknown.status_code, unknown.json()["code"])
    assert 0 == await tus.offset_of(owner, path)
    assert "ARV-Upload-Id" in (await tus.send(owner, path, PHOTO, offset=0)).headers


async def test_the_hash_of_the_whole_file_is_compared(app: FastAPI, session: AsyncSession) -> None:
    """Another file than announced is refused for good, and its bytes are removed."""
    owner = await people.make_member(app)
    right = await tus.begin(owner, PHOTO, sha256=sha256(PHOTO).hexdigest())
    wrong = await tus.begin(owner, PHOTO, sha256=sha256(b"another").hexdigest())

    kept = await tus.send(owner, right, PHOTO, offset=0)
    refused = await tus.send(owner, wrong, PHOTO, offset=0)

    assert (204, 460) == (kept.status_code, refused.status_code)
    assert 1 == await _count(session)
    assert [] == _incoming()


async def test_a_refused_file_says_so_to_who_missed_it(app: FastAPI, session: AsyncSession) -> None:
    """What is no picture is refused with the last byte, and again whenever it is asked about."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, b"Dear Sirs, see my photo.jpg")

    last = await tus.send(owner, path, b"Dear Sirs, see my photo.jpg", offset=0)
    asked = await owner.get(path)
    completed = await owner.post(f"{path}/complete")

    assert [(415, "image_type_refused")] * 3 == [
        (each.status_code, each.json()["code"]) for each in (last, asked, completed)
    ]
    assert [] == _incoming()
    assert 0 == await _count(session)


async def test_who_missed_the_last_answer_gets_the_same_upload(
    app: FastAPI, session: AsyncSession
) -> None:
    """By the state, by completing again, or by repeating the last request: one upload, always the same."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    made = (await tus.send(owner, path, PHOTO, offset=0)).headers["ARV-Upload-Id"]

    told = (await owner.get(path)).json()
    completed = await owner.post(f"{path}/complete")
    repeated = await tus.send(owner, path, b"", offset=len(PHOTO))

    assert ("done", made) == (told["state"], told["upload_id"])
    assert (200, made) == (completed.status_code, completed.json()["id"])
    assert (204, made) == (repeated.status_code, repeated.headers["ARV-Upload-Id"])
    assert 1 == await _count(session)


async def test_a_check_that_was_cut_short_is_made_again(
    app: FastAPI, session: AsyncSession
) -> None:
    """Every byte there and nothing made of them, as a crash leaves it: completing makes the upload."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    early = await owner.post(f"{path}/complete")
    session_id = UUID(path.rsplit("/", 1)[-1])
    async with incoming.held(owner.company_id, session_id) as part:
        part.write(PHOTO, at=0)
    async with session_scope(system="test") as changing:
        whole = update(UploadSession).where(UploadSession.id == session_id)
        await changing.execute(whole.values(offset_bytes=len(PHOTO)))

    answers = await asyncio.gather(*(owner.post(f"{path}/complete") for _ in range(4)))

    assert (409, "upload_incomplete") == (early.status_code, early.json()["code"])
    assert {200, 423} >= {each.status_code for each in answers}
    assert 200 == (await owner.post(f"{path}/complete")).status_code
    assert 1 == await _count(session)


async def test_cancelling_forgets_the_bytes(app: FastAPI) -> None:
    """The upload is gone, and so is its file; what was made of a finished one stays."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    await tus.send(owner, path, PHOTO[:5000], offset=0)

    gone = await owner.delete(path, headers=tus.VERSION)

    assert 204 == gone.status_code
    assert 404 == (await owner.get(path)).status_code
    assert [] == _incoming()


async def test_a_silent_sender_is_let_go(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time of the settings: 503, what arrived is kept, and another request may go on at once."""
    owner = await people.make_member(app)
    monkeypatch.setenv("UPLOAD_STALL_SECONDS", "0.2")
    get_settings.cache_clear()
    path = await tus.begin(owner, PHOTO)

    async def body() -> AsyncIterator[bytes]:
        yield PHOTO[:5000]
        await asyncio.sleep(30)

    stalled = await tus.send(owner, path, body(), offset=0)

    assert (503, "upload_stalled") == (stalled.status_code, stalled.json()["code"])
    assert 204 == (await tus.send(owner, path, PHOTO[5000:], offset=5000)).status_code


async def test_an_expired_upload_is_gone_and_swept(app: FastAPI, session: AsyncSession) -> None:
    """410 until the sweep, which removes row and bytes and leaves those that may be resumed."""
    owner = await people.make_member(app)
    old, fresh = await tus.begin(owner, PHOTO), await tus.begin(owner, PHOTO)
    async with session_scope(system="test") as changing:
        ending = update(UploadSession).where(UploadSession.id == UUID(old.rsplit("/", 1)[-1]))
        await changing.execute(ending.values(expires_at=utcnow() - timedelta(seconds=1)))

    answer = await tus.send(owner, old, PHOTO, offset=0)
    removed = await sweeping.sweep_sessions()

    assert (410, "upload_expired") == (answer.status_code, answer.json()["code"])
    assert 1 == removed
    assert 404 == (await owner.get(old)).status_code
    assert 0 == await tus.offset_of(owner, fresh)
    assert 1 == len(_incoming())


async def test_bytes_without_an_upload_are_swept(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a crash between row and file left goes; a file whose upload is open stays, however old."""
    owner = await people.make_member(app)
    await tus.begin(owner, PHOTO)
    await incoming.create(owner.company_id, uuid4())
    monkeypatch.setattr(sweeping, "YOUNG_SECONDS", -1)

    await sweeping.sweep_sessions()

    assert 1 == len(_incoming())


async def test_no_room_is_told_before_the_first_byte_and_on_the_way(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A declared length that does not fit is refused; so is going on when others took the room since."""
    owner = await people.make_member(app)
    monkeypatch.setattr(arrival, "CHECKPOINT_BYTES", 1)
    monkeypatch.setattr(arrival, "PIECE_BYTES", 1000)
    await _limit_storage(len(PHOTO))
    too_much = await owner.post("/uploads/tus", headers=tus.begin_headers(PHOTO + b"x"))
    path = await tus.begin(owner, PHOTO)
    await _limit_storage(len(PHOTO) - 1)

    answer = await tus.send(owner, path, PHOTO, offset=0)

    assert (409, "quota_exceeded") == (too_much.status_code, too_much.json()["code"])
    assert (409, "quota_exceeded") == (answer.status_code, answer.json()["code"])


async def _limit_storage(size: int) -> None:
    async with session_scope(system="test") as session:
        await session.execute(update(Plan).where(Plan.is_default).values(storage_bytes=size))


async def test_a_plan_limits_the_size_of_a_file(app: FastAPI) -> None:
    """In place of the installation's limit, for both kinds of upload, and told by OPTIONS."""
    owner = await people.make_member(app)
    async with session_scope(system="test") as session:
        await session.execute(update(Plan).where(Plan.is_default).values(max_upload_bytes=2000))

    resumable = await owner.post("/uploads/tus", headers=tus.begin_headers(b"x" * 2001))
    plain = await owner.post("/uploads?purpose=image&filename=x", content=b"x" * 2001)
    told = await owner.client.options(owner.path("/uploads/tus"))

    assert [(413, 2000)] * 2 == [
        (each.status_code, each.json()["max_bytes"]) for each in (resumable, plain)
    ]
    assert "2000" == told.headers["Tus-Max-Size"]


@pytest.mark.parametrize(
    ("metadata", "length"),
    [
        ("", "10"),
        (tus.metadata(filename="a"), "10"),
        (tus.metadata(filename="a", purpose="music"), "10"),
        (tus.metadata(purpose="image"), "10"),
        (tus.metadata(filename="a", purpose="image", sha256="zz"), "10"),
        ("filename ?,purpose aW1hZ2U=", "10"),
        (tus.metadata(filename="a", purpose="image"), "0"),
        (tus.metadata(filename="a", purpose="image"), "-1"),
        (tus.metadata(filename="a", purpose="image"), "many"),
    ],
)
async def test_what_is_declared_must_make_sense(metadata: str, length: str, app: FastAPI) -> None:
    """422, and nothing begins."""
    owner = await people.make_member(app)
    headers = tus.VERSION | {"Upload-Length": length, "Upload-Metadata": metadata}

    answer = await owner.post("/uploads/tus", headers=headers)

    assert 422 == answer.status_code
    assert [] == _incoming()


async def test_no_transaction_is_open_while_bytes_arrive(
    app: FastAPI, session: AsyncSession
) -> None:
    """A slow sender holds no database connection."""
    owner = await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    seen: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        yield PHOTO[:5000]
        found = await session.scalar(
            text(
                "select count(*) from pg_stat_activity where datname = current_database() "
                "and pid <> pg_backend_pid() and state like 'idle in transaction%'"
            )
        )
        await session.rollback()
        seen.append(int(found or 0))
        yield PHOTO[5000:]

    answer = await tus.send(owner, path, body(), offset=0)

    assert (204, [0]) == (answer.status_code, seen)


async def test_a_repeated_creation_with_a_key_begins_one(
    app: FastAPI, session: AsyncSession
) -> None:
    """`Idempotency-Key` gives the same place again."""
    owner = await people.make_member(app)
    headers = tus.begin_headers(PHOTO) | {"Idempotency-Key": "once"}

    answers = [await owner.post("/uploads/tus", headers=headers) for _ in range(2)]

    places = {each.headers["Location"] for each in answers}
    assert [201, 201] == [each.status_code for each in answers]
    assert 1 == len(places)
    assert 1 == await session.scalar(select(func.count()).select_from(UploadSession))


async def test_another_company_finds_nothing(app: FastAPI) -> None:
    """Neither state nor bytes of a neighbour's upload."""
    owner, stranger = await people.make_member(app), await people.make_member(app)
    path = await tus.begin(owner, PHOTO)
    await upload_id(stranger, PHOTO)

    asked = await stranger.get(path)
    sent = await tus.send(stranger, path, PHOTO, offset=0)
    ended = await stranger.delete(path, headers=tus.VERSION)

    assert [404, 404, 404] == [each.status_code for each in (asked, sent, ended)]
    assert 0 == await tus.offset_of(owner, path)


async def test_senders_that_may_only_post_name_the_method_in_a_header(app: FastAPI) -> None:
    """Where it is, the rest of it, and the end of another; on other routes the header means nothing."""
    owner, content = await people.make_member(app), media.photo()
    path, other = await tus.begin(owner, content), await tus.begin(owner, content)

    def named(method: str, **more: str) -> dict[str, str]:
        return tus.VERSION | {"X-HTTP-Method-Override": method} | more

    where = await owner.post(path, headers=named("HEAD"))
    sent = await owner.post(path, content=content, headers=tus.piece_headers(0) | named("patch"))
    ended = await owner.post(other, headers=named("DELETE"))
    elsewhere = await owner.post("/projects", headers=named("DELETE"), json={"name": "Album"})

    assert (200, "0") == (where.status_code, where.headers["Upload-Offset"])
    assert (204, str(len(content))) == (sent.status_code, sent.headers["Upload-Offset"])
    assert [204, 201] == [ended.status_code, elsewhere.status_code]
