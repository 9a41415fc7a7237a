"""Contents made the way the panel makes them: upload, create, let the worker compile, publish."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from app.ar_content import compilation
from app.ar_content.models import Target
from app.ar_content.tasks import store_target
from app.core.database import session_scope
from arv_engine import CompiledTarget, compile_target
from tests.support import media
from tests.support.people import Member


async def upload(
    member: Member, content: bytes, *, purpose: str = "image", filename: str = "file"
) -> httpx.Response:
    return await member.post(
        "/uploads", params={"purpose": purpose, "filename": filename}, content=content
    )


async def upload_id(member: Member, content: bytes, *, purpose: str = "image") -> str:
    answer = await upload(member, content, purpose=purpose, filename=f"my {purpose}")
    assert 201 == answer.status_code, answer.text
    return str(answer.json()["id"])


async def make_project(member: Member) -> str:
    return str((await member.post("/projects", json={"name": "Album"})).json()["id"])


async def make_content(
    member: Member,
    folder: Path,
    *,
    project: str | None = None,
    image: bytes | None = None,
    has_video: bool = True,
) -> dict[str, Any]:
    """A new content, its target still queued."""
    body = {
        "title": "First dance",
        "image_upload_id": await upload_id(member, image or media.photo()),
    }
    if has_video:
        body["video_upload_id"] = await upload_id(member, media.clip(folder), purpose="video")
    project = project or await make_project(member)
    answer = await member.post(f"/projects/{project}/contents", json=body)
    assert 201 == answer.status_code, answer.text
    return answer.json()


async def make_ready(member: Member, folder: Path, **options: Any) -> dict[str, Any]:
    """A content whose target is ready.

    The target is a real one, but the engine makes it once for a whole run (2 s each), and it is
    recorded the way the worker does it; that the worker does it is proved where that is the subject.
    """
    made = await make_content(member, folder, **options)
    picture = (await member.client.get(made["image"]["url"])).content
    async with session_scope() as session:
        target_id = await session.scalar(
            select(Target.id).where(Target.content_id == UUID(made["id"]))
        )
        assert target_id is not None
        order = await compilation.claim(session, target_id)
        assert order is not None
        compiled = _compiled(picture)
        stored = await store_target(order, compiled.data)
        await compilation.complete(session, order, compiled, stored)
    return (await member.get(f"/contents/{made['id']}")).json()


@lru_cache(maxsize=8)
def _compiled(picture: bytes) -> CompiledTarget:
    return compile_target(picture)


async def make_published(member: Member, folder: Path) -> dict[str, Any]:
    content = await make_ready(member, folder)
    answer = await member.post(f"/contents/{content['id']}/publish")
    assert 200 == answer.status_code, answer.text
    return answer.json()
