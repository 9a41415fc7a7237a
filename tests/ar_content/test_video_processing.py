"""Videos that phones do not play: accepted, converted by a job, played when they are ready."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.models import Event
from app.notifications.models import Notification
from app.storage.models import StoredFile
from app.storage.service import incoming_folder
from tests.support import films, people
from tests.support.contents import make_ready, upload, upload_id
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member


def _webm(folder: Path, **options: Any) -> bytes:
    fast = {"deadline": "realtime", "cpu-used": "8"}
    return films.film(
        folder / "a.webm", "libvpx-vp9", "yuv420p", options=fast, **options
    ).read_bytes()


def _green(folder: Path) -> bytes:
    return films.film(
        folder / "green.mp4", "libx264", "yuv420p", picture=films.green_screen()
    ).read_bytes()


async def _content_with(member: Member, folder: Path, video: bytes) -> dict[str, Any]:
    """A content whose target is ready and whose only video is this one."""
    made = await make_ready(member, folder, has_video=False)
    body = {"upload_id": await upload_id(member, video, purpose="video")}
    answer = await member.post(f"/contents/{made['id']}/videos", json=body)
    assert 201 == answer.status_code, answer.text
    return (await member.get(f"/contents/{made['id']}")).json()


async def _reread(member: Member, content: dict[str, Any]) -> dict[str, Any]:
    return (await member.get(f"/contents/{content['id']}")).json()


async def _keys_in_use(session: AsyncSession) -> set[str]:
    return set(
        await session.scalars(select(StoredFile.key).where(StoredFile.released_at.is_(None)))
    )


async def test_a_webm_is_accepted_at_once_and_plays_when_it_is_ready(
    app: FastAPI, tmp_path: Path
) -> None:
    """Upload: facts known. Then processing without an address; after the job an MP4 everybody plays."""
    owner = await people.make_member(app)
    sent = (await upload(owner, _webm(tmp_path), purpose="video", filename="a.webm")).json()
    assert ("video/webm", 320, 240, False) == (
        sent["media_type"], sent["width"], sent["height"], sent["has_audio"],
    )  # fmt: skip
    content = await _content_with(owner, tmp_path, _webm(tmp_path))
    [video] = content["videos"]
    assert ("processing", None, "video/webm") == (
        video["status"],
        video["url"],
        video["media_type"],
    )

    await run_queued_jobs()

    [video] = (await _reread(owner, content))["videos"]
    assert ("ready", 1.0, "video/mp4", 320) == (
        video["status"], video["progress"], video["media_type"], video["width"],
    )  # fmt: skip
    assert 200 == (await owner.client.get(video["url"])).status_code


async def test_the_source_is_never_served_and_let_go_when_the_video_is_ready(
    app: FastAPI, tmp_path: Path, session: AsyncSession
) -> None:
    """No address leads to what was sent; afterwards the sweep may have it, and nothing lies about."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _webm(tmp_path))
    [source] = [key for key in await _keys_in_use(session) if "/sources/" in key]
    await session.rollback()
    assert 404 == (await owner.client.get(f"/storage/{source}")).status_code

    await run_queued_jobs()

    assert [] == [key for key in await _keys_in_use(session) if "/sources/" in key]
    assert [] == [path.name for path in incoming_folder().iterdir()]
    assert content["videos"][0]["poster_url"]


async def test_publishing_waits_for_a_video_that_plays(app: FastAPI, tmp_path: Path) -> None:
    """409 `video_not_ready` while it is made; afterwards it is published and in the manifest."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _webm(tmp_path))

    refused = await owner.post(f"/contents/{content['id']}/publish")
    await run_queued_jobs()
    published = await owner.post(f"/contents/{content['id']}/publish")

    assert (409, "video_not_ready") == (refused.status_code, refused.json()["code"])
    assert 200 == published.status_code
    manifest = (await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")).json()
    assert manifest["video"]["media_type"] == "video/mp4"


async def test_a_replaced_video_plays_only_when_it_is_ready(app: FastAPI, tmp_path: Path) -> None:
    """Until then the old one does, under the same id."""
    owner = await people.make_member(app)
    content = await make_ready(owner, tmp_path)
    [before] = content["videos"]
    body = {"upload_id": await upload_id(owner, _webm(tmp_path, frames=24), purpose="video")}

    changed = (
        await owner.patch(f"/contents/{content['id']}/videos/{before['id']}", json=body)
    ).json()
    assert "processing" == changed["status"]
    assert 1.0 == pytest.approx(changed["duration_seconds"], 0.1)
    assert changed["url"].split("?")[0] == before["url"].split("?")[0]
    await run_queued_jobs()

    [after] = (await _reread(owner, content))["videos"]
    assert (before["id"], "ready") == (after["id"], after["status"])
    assert 0.8 == pytest.approx(after["duration_seconds"], abs=0.05)
    assert after["url"].split("?")[0] != before["url"].split("?")[0]


async def test_what_fails_says_why_and_can_be_tried_again(app: FastAPI, tmp_path: Path) -> None:
    """A film cut short looks well at first; the job finds it, in words, and tells everybody."""
    owner = await people.make_member(app)
    whole = films.film(tmp_path / "a.mkv", "mpeg4", "yuv420p", frames=90, noisy=True).read_bytes()
    content = await _content_with(owner, tmp_path, whole[: len(whole) // 2])

    await run_queued_jobs()

    [video] = (await _reread(owner, content))["videos"]
    assert ("failed", "video_broken") == (video["status"], video["failure"]["code"])
    assert "Export it again" in video["failure"]["detail"]
    refused = await owner.post(f"/contents/{content['id']}/publish")
    assert "Export it again" in refused.json()["detail"]
    again = await owner.post(f"/contents/{content['id']}/videos/{video['id']}/retry")
    assert (202, "processing", None) == (
        again.status_code, again.json()["status"], again.json()["failure"],
    )  # fmt: skip
    twice = await owner.post(f"/contents/{content['id']}/videos/{video['id']}/retry")
    assert (409, "video_not_failed") == (twice.status_code, twice.json()["code"])


async def test_a_colour_becomes_transparent_while_the_old_video_plays(
    app: FastAPI, tmp_path: Path, session: AsyncSession
) -> None:
    """Keyed, keyed again otherwise (of the same original), and both kinds of files are in the answer."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _green(tmp_path))
    [before] = content["videos"]
    path = f"/contents/{content['id']}/videos/{before['id']}/chroma-key"

    started = await owner.post(path, json={"color": "#00B140"})
    assert (202, "processing") == (started.status_code, started.json()["status"])
    assert started.json()["url"].split("?")[0] == before["url"].split("?")[0]
    await run_queued_jobs()
    [keyed] = (await _reread(owner, content))["videos"]
    again = await owner.post(path, json={"color": "#00B140", "tolerance": 0.3, "despill": 0})
    await run_queued_jobs()

    [rekeyed] = (await _reread(owner, content))["videos"]
    assert ("side_by_side", "ready", 320) == (keyed["alpha"], keyed["status"], keyed["width"])
    assert ["none"] == [each["alpha"] for each in keyed["renditions"]]
    assert (202, 0.3) == (again.status_code, rekeyed["chroma_key"]["tolerance"])
    assert "ready" == rekeyed["status"]
    names = list(await session.scalars(select(Event.name).where(Event.name.like("video.%"))))
    assert 2 == names.count("video.ready")


async def test_a_key_is_taken_back(app: FastAPI, tmp_path: Path, session: AsyncSession) -> None:
    """The film plays as it was sent, byte for byte, and the keyed files are let go; only once."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _green(tmp_path))
    await run_queued_jobs()
    [before] = (await _reread(owner, content))["videos"]
    files = await _keys_in_use(session)
    path = f"/contents/{content['id']}/videos/{before['id']}/chroma-key"
    await owner.post(path, json={"color": "#00B140"})
    await run_queued_jobs()

    begun = await owner.delete(path)
    await run_queued_jobs()
    twice = await owner.delete(path)

    [after] = (await _reread(owner, content))["videos"]
    assert (202, "side_by_side") == (begun.status_code, begun.json()["alpha"])
    assert ("ready", "none", None) == (after["status"], after["alpha"], after["chroma_key"])
    assert before["url"].split("?")[0] == after["url"].split("?")[0]
    assert (before["width"], before["size_bytes"]) == (after["width"], after["size_bytes"])
    assert files == await _keys_in_use(session)
    assert (409, "video_not_keyed") == (twice.status_code, twice.json()["code"])


async def test_a_key_is_taken_back_before_it_was_made(app: FastAPI, tmp_path: Path) -> None:
    """While the first one is being made the film plays all the time, and the work already done is let go."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _green(tmp_path))
    [before] = content["videos"]
    path = f"/contents/{content['id']}/videos/{before['id']}/chroma-key"
    await owner.post(path, json={"color": "#00B140"})

    taken_back = await owner.delete(path)
    await run_queued_jobs()

    [after] = (await _reread(owner, content))["videos"]
    assert "ready" == taken_back.json()["status"]
    assert ("ready", "none", None) == (after["status"], after["alpha"], after["chroma_key"])
    assert before["url"].split("?")[0] == after["url"].split("?")[0]


async def test_makers_hear_in_the_panel_that_a_video_is_ready(
    app: FastAPI, tmp_path: Path, session: AsyncSession
) -> None:
    """Once, at the bell; no mail and no digest unless they switch it on."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _webm(tmp_path))

    await run_queued_jobs()

    told = (await owner.client.get("/api/v1/notifications")).json()["items"]
    assert ["video.ready"] == [each["kind"] for each in told]
    assert (content["id"], "info") == (told[0]["subject_id"], told[0]["severity"])
    rows = list(await session.scalars(select(Notification.digest_state)))
    assert ["none"] == rows
    kinds = (await owner.client.get("/api/v1/notifications/preferences")).json()["kinds"]
    assert [False] == [each["email"] for each in kinds if each["kind"] == "video.ready"]


async def test_a_preview_of_the_key_shows_a_frame(app: FastAPI, tmp_path: Path) -> None:
    """WebP with the cloth gone; without a colour the frame as it is; another company sees nothing."""
    owner, stranger = await people.make_member(app), await people.make_member(app)
    content = await _content_with(owner, tmp_path, _green(tmp_path))
    path = f"/contents/{content['id']}/videos/{content['videos'][0]['id']}/chroma-key/preview"

    for params, corner in (({"color": "00B140"}, 0), ({}, 255)):
        answer = await owner.get(path, params=params)
        assert (200, "image/webp") == (answer.status_code, answer.headers["content-type"])
        shown = tmp_path / "shown.webp"
        shown.write_bytes(answer.content)
        with Image.open(shown) as picture:
            assert corner == np.asarray(picture.convert("RGBA"))[20, 20, 3]
    assert 404 == (await stranger.get(path)).status_code


async def test_a_transparent_file_is_not_keyed(app: FastAPI, tmp_path: Path) -> None:
    """409 `video_has_alpha`: it has its own mask, which is in the manifest."""
    owner = await people.make_member(app)
    content = await _content_with(
        owner, tmp_path, films.vp9_with_alpha(tmp_path / "alpha.webm").read_bytes()
    )
    await run_queued_jobs()
    [video] = (await _reread(owner, content))["videos"]

    refused = await owner.post(
        f"/contents/{content['id']}/videos/{video['id']}/chroma-key", json={"color": "#00B140"}
    )

    assert (409, "video_has_alpha") == (refused.status_code, refused.json()["code"])
    await owner.post(f"/contents/{content['id']}/publish")
    manifest = (await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")).json()
    assert ("side_by_side", ["none"]) == (
        manifest["video"]["alpha"], [each["alpha"] for each in manifest["video"]["renditions"]],
    )  # fmt: skip


async def test_a_copy_of_a_content_has_its_video_made_too(app: FastAPI, tmp_path: Path) -> None:
    """Copied while its video is being processed: both play in the end."""
    owner = await people.make_member(app)
    content = await _content_with(owner, tmp_path, _webm(tmp_path))
    copy = (await owner.post(f"/contents/{content['id']}/duplicate", json={})).json()

    await run_queued_jobs()

    for made in (content, copy):
        [video] = (await _reread(owner, made))["videos"]
        assert "ready" == video["status"]
        assert 200 == (await owner.client.get(video["url"])).status_code


async def test_the_last_video_that_plays_is_not_removed_under_a_print(
    app: FastAPI, tmp_path: Path
) -> None:
    """One that is still being made is no substitute."""
    owner = await people.make_member(app)
    content = await make_ready(owner, tmp_path)
    await owner.post(f"/contents/{content['id']}/publish")
    body = {"upload_id": await upload_id(owner, _webm(tmp_path), purpose="video")}
    await owner.post(f"/contents/{content['id']}/videos", json=body)

    refused = await owner.delete(f"/contents/{content['id']}/videos/{content['videos'][0]['id']}")

    assert (409, "last_video") == (refused.status_code, refused.json()["code"])


async def test_heavy_videos_get_renditions_while_they_play(app: FastAPI, tmp_path: Path) -> None:
    """Accepted as it is, so it plays at once; the job adds the smaller files."""
    owner = await people.make_member(app)
    heavy = films.film(
        tmp_path / "heavy.mp4", "libx264", "yuv420p", size=(1280, 720), frames=10, noisy=True
    )
    content = await _content_with(owner, tmp_path, heavy.read_bytes())
    assert ("ready", []) == (content["videos"][0]["status"], content["videos"][0]["renditions"])

    await run_queued_jobs()

    [video] = (await _reread(owner, content))["videos"]
    assert [960, 640] == [each["width"] for each in video["renditions"]]
    for each in video["renditions"]:
        assert each["size_bytes"] == len((await owner.client.get(each["url"])).content)
