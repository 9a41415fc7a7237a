"""Contents: made from uploads, published when ready, changed and removed."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import session_scope
from app.events.models import Event
from app.storage.models import StoredFile
from tests.support import media, people
from tests.support.contents import (
    make_content,
    make_project,
    make_published,
    make_ready,
    upload_id,
)
from tests.support.jobs import run_queued_jobs


async def test_a_new_content_is_a_draft_whose_target_is_queued(
    app: FastAPI, tmp_path: Path
) -> None:
    """The 201 holds everything the panel shows, with an address to print."""
    owner = await people.make_member(app)

    made = await make_content(owner, tmp_path)

    assert ("draft", "queued", 0.0) == (
        made["status"],
        made["target"]["status"],
        made["target"]["progress"],
    )
    assert f"http://testserver/ar/{made['public_id']}" == made["public_url"]
    assert (640, 480) == (made["image"]["width"], made["image"]["height"])
    assert [made["default_video_id"]] == [video["id"] for video in made["videos"]]
    assert (await owner.get(f"/contents/{made['id']}")).json() == made


async def test_the_engine_makes_its_target(app: FastAPI, tmp_path: Path) -> None:
    """After the job the target is ready, with figures and a file of the size told."""
    owner = await people.make_member(app)

    made = await make_content(owner, tmp_path)

    jobs = await run_queued_jobs()

    target = (await owner.get(f"/contents/{made['id']}")).json()["target"]
    file = await owner.client.get(target["url"])
    assert ("ready", 1.0, None) == (target["status"], target["progress"], target["failure"])
    assert target["features"] > 20
    assert ["succeeded"] == [job.state for job in jobs]
    assert (200, target["size_bytes"]) == (file.status_code, len(file.content))


async def test_a_wall_without_texture_fails_with_a_reason(app: FastAPI, tmp_path: Path) -> None:
    """The target is failed, says why, and can not be published."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path, image=media.grey_wall())

    await run_queued_jobs()

    target = (await owner.get(f"/contents/{made['id']}")).json()["target"]
    published = await owner.post(f"/contents/{made['id']}/publish")
    assert ("failed", "no_texture", None) == (
        target["status"],
        target["failure"]["code"],
        target["url"],
    )
    assert target["failure"]["detail"].startswith("There is too little detail")
    assert (409, "target_not_ready") == (published.status_code, published.json()["code"])


async def test_a_failed_target_is_tried_again_as_the_next_version(
    app: FastAPI, tmp_path: Path
) -> None:
    """Retry queues a new job; a target that has not failed is left alone."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path, image=media.grey_wall())
    path = f"/contents/{made['id']}/target/retry"

    too_early = await owner.post(path)
    await run_queued_jobs()
    retried = await owner.post(path)
    jobs = await run_queued_jobs()

    assert (409, "target_not_failed") == (too_early.status_code, too_early.json()["code"])
    assert (202, "queued") == (retried.status_code, retried.json()["target"]["status"])
    assert ["markers.compile_target"] == [job.task_name for job in jobs]


async def test_a_published_content_can_be_closed_again(app: FastAPI, tmp_path: Path) -> None:
    """Publish and unpublish, each twice, which is the same as once."""
    owner = await people.make_member(app)
    content = await make_ready(owner, tmp_path)

    async def press(button: str) -> tuple[int, str, bool]:
        answer = await owner.post(f"/contents/{content['id']}/{button}")
        return answer.status_code, answer.json()["status"], bool(answer.json()["published_at"])

    assert (200, "published", True) == await press("publish")
    assert (200, "published", True) == await press("publish")
    assert (200, "draft", False) == await press("unpublish")
    assert (200, "draft", False) == await press("unpublish")


async def test_there_must_be_something_to_play(app: FastAPI, tmp_path: Path) -> None:
    """Without a video publishing answers 409 no_video."""
    owner = await people.make_member(app)
    content = await make_ready(owner, tmp_path, has_video=False)

    answer = await owner.post(f"/contents/{content['id']}/publish")

    assert (409, "no_video") == (answer.status_code, answer.json()["code"])


async def test_the_video_that_plays_can_be_chosen_and_removed(app: FastAPI, tmp_path: Path) -> None:
    """Removing the one that plays makes the next one play; the last of a published one stays."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    path = f"/contents/{content['id']}"
    upload = await upload_id(owner, media.clip(tmp_path), purpose="video")
    first = content["default_video_id"]

    second = (await owner.post(f"{path}/videos", json={"upload_id": upload, "name": "B"})).json()
    chosen = (await owner.patch(path, json={"default_video_id": second["id"]})).json()
    removed = await owner.delete(f"{path}/videos/{second['id']}")
    left = (await owner.get(path)).json()
    last = await owner.delete(f"{path}/videos/{first}")

    assert ("B", 1) == (second["name"], second["position"])
    assert second["id"] == chosen["default_video_id"]
    assert (204, first) == (removed.status_code, left["default_video_id"])
    assert (409, "last_video") == (last.status_code, last.json()["code"])


async def test_only_its_own_video_can_play(app: FastAPI, tmp_path: Path) -> None:
    """A video of another content is refused, and so is an upload of the wrong kind."""
    owner = await people.make_member(app)
    one = await make_content(owner, tmp_path)
    other = await make_content(owner, tmp_path)
    image = await upload_id(owner, media.photo())

    foreign = await owner.patch(
        f"/contents/{one['id']}", json={"default_video_id": other["default_video_id"]}
    )
    wrong_kind = await owner.post(f"/contents/{one['id']}/videos", json={"upload_id": image})

    assert 422 == foreign.status_code
    assert 404 == wrong_kind.status_code


async def test_a_project_with_contents_stays(app: FastAPI, tmp_path: Path) -> None:
    """Deleting it answers 409; its counts and its cover come from the contents."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    content = await make_ready(owner, tmp_path, project=project)
    await owner.post(f"/contents/{content['id']}/publish")
    await make_content(owner, tmp_path, project=project, image=media.photo(seed=3))

    shown = (await owner.get(f"/projects/{project}")).json()
    refused = await owner.delete(f"/projects/{project}")
    listed = (await owner.get(f"/projects/{project}/contents")).json()["items"]

    assert (2, 1) == (shown["content_count"], shown["published_count"])
    assert listed[0]["image"]["thumbnail_url"] == shown["cover_url"]
    assert content["id"] == listed[1]["id"]
    assert (409, "project_not_empty") == (refused.status_code, refused.json()["code"])


async def test_a_deleted_contents_files_wait_for_the_sweep(
    app: FastAPI, session: AsyncSession, tmp_path: Path
) -> None:
    """Files another content uses stay in use, the others are marked; their bytes are still there."""
    owner = await people.make_member(app)
    content = await make_ready(owner, tmp_path)
    other = await make_content(owner, tmp_path, has_video=False)

    answer = await owner.delete(f"/contents/{content['id']}")

    kept = {other["image"][name].partition("?")[0] for name in ("url", "thumbnail_url")}
    rows = await session.execute(select(StoredFile.key, StoredFile.released_at))
    in_use = {f"/storage/{key}" for key, released_at in rows if released_at is None}
    assert (204, kept) == (answer.status_code, in_use)
    assert 200 == (await owner.client.get(content["videos"][0]["url"])).status_code
    assert 404 == (await owner.get(f"/contents/{content['id']}")).status_code


async def test_a_job_of_a_deleted_content_ends_quietly(app: FastAPI, tmp_path: Path) -> None:
    """The worker finds nothing to make and the job succeeds."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path)
    await owner.delete(f"/contents/{made['id']}")

    jobs = await run_queued_jobs()

    assert ["succeeded"] == [job.state for job in jobs]


async def test_an_image_that_vanished_from_the_storage_is_tried_again_later(
    app: FastAPI, tmp_path: Path
) -> None:
    """The storage may come back, so the job is queued again and the target waits."""
    owner = await people.make_member(app)
    made = await make_content(owner, tmp_path)
    key = made["image"]["url"].partition("?")[0].removeprefix("/storage/")
    stored = tmp_path / "storage" / key
    stored.rename(tmp_path / "away")

    [job] = await run_queued_jobs()

    target = (await owner.get(f"/contents/{made['id']}")).json()["target"]
    assert ("queued", "storage_unavailable") == (job.state, (job.error or {})["code"])
    assert "compiling" == target["status"]


async def test_every_change_is_an_event(
    app: FastAPI, session: AsyncSession, tmp_path: Path
) -> None:
    """The audit log tells what happened to a content, by whom."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    await owner.patch(f"/contents/{content['id']}", json={"title": "Last dance"})
    await owner.post(f"/contents/{content['id']}/unpublish")
    await owner.delete(f"/contents/{content['id']}")

    rows = await session.execute(
        select(Event.name, Event.actor_id)
        .where(Event.subject_id == content["id"])
        .order_by(Event.id)
    )
    by_owner = [name for name, actor_id in rows if actor_id == owner.user_id]
    assert [
        "content.created",
        "video.added",
        "content.published",
        "content.updated",
        "content.unpublished",
        "content.deleted",
    ] == by_owner


async def test_an_upload_whose_files_were_swept_must_be_sent_again(
    app: FastAPI, tmp_path: Path
) -> None:
    """A content is never made of files that are gone."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo())
    async with session_scope() as session:
        await session.execute(update(StoredFile).values(key=StoredFile.key + "x"))

    answer = await owner.post(
        f"/projects/{project}/contents", json={"title": "T", "image_upload_id": image}
    )

    assert 404 == answer.status_code
    assert "Send the file again" in answer.json()["detail"]


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
async def test_a_title_has_one_to_two_hundred_letters(title: str, app: FastAPI) -> None:
    """Anything else is a 422 that points at the title."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))

    answer = await owner.post(
        f"/projects/{project}/contents", json={"title": title, "image_upload_id": image}
    )

    assert (422, "#/title") == (answer.status_code, answer.json()["errors"][0]["pointer"])
