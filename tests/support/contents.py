"""Contents made the way the panel makes them: upload, create, let the worker compile, publish."""

from pathlib import Path
from typing import Any

import httpx

from tests.support import media
from tests.support.jobs import run_queued_jobs
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
    """A content whose target the real engine compiled."""
    made = await make_content(member, folder, **options)
    await run_queued_jobs()
    content = (await member.get(f"/contents/{made['id']}")).json()
    assert "ready" == content["target"]["status"], content["target"]
    return content


async def make_published(member: Member, folder: Path) -> dict[str, Any]:
    content = await make_ready(member, folder)
    answer = await member.post(f"/contents/{content['id']}/publish")
    assert 200 == answer.status_code, answer.text
    return answer.json()
