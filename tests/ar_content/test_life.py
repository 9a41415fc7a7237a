"""The longer life of a content: archive, copy, another image, other videos, many at once, lists."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.core.database import session_scope
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
from tests.support.people import Member


async def _served(member: Member, content: dict[str, Any]) -> int:
    answer = await member.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")
    return answer.status_code


async def test_archiving_closes_and_restoring_does_not_open(app: FastAPI, tmp_path: Path) -> None:
    """An archived content is in no list but the archive's, is not served, and comes back as a draft."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    path = f"/contents/{content['id']}"

    archived = await owner.post(f"{path}/archive")
    served = await _served(owner, content)
    listed = (await owner.get("/contents")).json()["items"]
    in_archive = (await owner.get("/contents", params={"archived": True})).json()["items"]
    published = await owner.post(f"{path}/publish")
    restored = await owner.post(f"{path}/restore")

    assert (200, "draft", 404) == (archived.status_code, archived.json()["status"], served)
    assert ([], [content["id"]]) == (listed, [each["id"] for each in in_archive])
    assert (409, "content_archived") == (published.status_code, published.json()["code"])
    assert ("draft", None) == (restored.json()["status"], restored.json()["archived_at"])


async def test_a_copy_shares_files_and_has_its_own_code(app: FastAPI, tmp_path: Path) -> None:
    """The target is copied, not made again; deleting the original leaves the copy whole."""
    owner = await people.make_member(app)
    original = await make_published(owner, tmp_path)

    answer = await owner.post(f"/contents/{original['id']}/duplicate", json={})
    copy = answer.json()
    await owner.delete(f"/contents/{original['id']}")
    published = await owner.post(f"/contents/{copy['id']}/publish")

    assert (201, "draft", "First dance (copy)") == (
        answer.status_code,
        copy["status"],
        copy["title"],
    )
    assert original["public_id"] != copy["public_id"]
    assert original["target"]["url"] == copy["target"]["url"]
    assert "ready" == copy["target"]["status"]
    assert (200, 200) == (published.status_code, await _served(owner, copy))
    async with session_scope(company_id=owner.company_id) as session:
        released = (await session.scalars(select(StoredFile.released_at))).all()
    assert {None} == set(released)


async def test_a_new_image_is_used_when_its_target_is_ready(app: FastAPI, tmp_path: Path) -> None:
    """Until then the old one is served under the same code; the versions tell which is in use."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    path = f"/contents/{content['id']}"
    other = await upload_id(owner, media.photo(800, 600, seed=9))

    asked = (await owner.post(f"{path}/image", json={"upload_id": other})).json()
    served_meanwhile = await _served(owner, content)
    await run_queued_jobs()
    after = (await owner.get(path)).json()
    versions = (await owner.get(f"{path}/targets")).json()["items"]

    assert (content["image"], "queued") == (
        asked["image"],
        asked["replacement"]["target"]["status"],
    )
    assert (200, "published") == (served_meanwhile, asked["status"])
    assert (800, 600, None) == (
        after["image"]["width"],
        after["image"]["height"],
        after["replacement"],
    )
    assert content["public_id"] == after["public_id"]
    assert [(2, True), (1, False)] == [(each["version"], each["is_in_use"]) for each in versions]


async def test_a_new_image_that_fails_leaves_the_old(app: FastAPI, tmp_path: Path) -> None:
    """The old target stays in use and published; the failure is told, and another image heals it."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    path = f"/contents/{content['id']}"
    wall = await upload_id(owner, media.grey_wall())

    await owner.post(f"{path}/image", json={"upload_id": wall})
    await run_queued_jobs()
    after = (await owner.get(path)).json()

    assert (content["image"], content["target"]["url"]) == (after["image"], after["target"]["url"])
    assert "failed" == after["replacement"]["target"]["status"]
    assert 200 == await _served(owner, content)


async def test_videos_are_renamed_replaced_and_put_in_order(app: FastAPI, tmp_path: Path) -> None:
    """Under the same ids, each a new version of the content."""
    owner = await people.make_member(app)
    content = await make_content(owner, tmp_path)
    path = f"/contents/{content['id']}"
    upload = await upload_id(owner, media.clip(tmp_path), purpose="video")
    first = content["videos"][0]["id"]
    second = (await owner.post(f"{path}/videos", json={"upload_id": upload})).json()["id"]

    renamed = await owner.patch(f"{path}/videos/{first}", json={"name": "Final cut"})
    replaced = await owner.patch(f"{path}/videos/{second}", json={"upload_id": upload})
    ordered = await owner.client.put(
        owner.path(f"{path}/videos/order"), json={"video_ids": [second, first]}
    )
    partial = await owner.client.put(
        owner.path(f"{path}/videos/order"), json={"video_ids": [second]}
    )
    listed = (await owner.get(f"{path}/videos")).json()["items"]

    assert ("Final cut", second) == (renamed.json()["name"], replaced.json()["id"])
    assert [second, first] == [video["id"] for video in ordered.json()["videos"]]
    assert [second, first] == [video["id"] for video in listed]
    assert 422 == partial.status_code


async def test_one_that_can_not_does_not_stop_the_rest(app: FastAPI, tmp_path: Path) -> None:
    """Three published at once: the ready one is, the one without a target and the unknown are told why."""
    owner = await people.make_member(app)
    ready = await make_ready(owner, tmp_path)
    raw = await make_content(owner, tmp_path)
    unknown = str(owner.company_id)

    answer = await owner.post(
        "/contents/bulk", json={"action": "publish", "ids": [raw["id"], ready["id"], unknown]}
    )
    body = answer.json()

    assert (200, 1, 2) == (answer.status_code, body["succeeded"], body["failed"])
    assert ["target_not_ready", None, "not_found"] == [each["code"] for each in body["results"]]
    assert "published" == (await owner.get(f"/contents/{ready['id']}")).json()["status"]


async def test_contents_move_together(app: FastAPI, tmp_path: Path) -> None:
    """A move names a project of the company; without one it is refused."""
    owner = await people.make_member(app)
    content = await make_content(owner, tmp_path, has_video=False)
    body = {"action": "move", "ids": [content["id"]]}
    other = await make_project(owner)

    refused = await owner.post("/contents/bulk", json=body)
    moved = await owner.post("/contents/bulk", json=body | {"project_id": other})

    assert (422, 1) == (refused.status_code, moved.json()["succeeded"])
    assert other == (await owner.get(f"/contents/{content['id']}")).json()["project_id"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Zebra", "apple", "Äpfel"]),
        ({"sort": "title"}, ["apple", "Zebra", "Äpfel"]),
        ({"sort": "-title", "limit": 200}, ["Äpfel", "Zebra", "apple"]),
        ({"q": "ÄPF"}, ["Äpfel"]),
        ({"status": "published"}, []),
        (
            {"target_status": "queued", "has_video": False, "sort": "title"},
            ["apple", "Zebra", "Äpfel"],
        ),
        ({"target_status": "ready"}, []),
        ({"created_after": "2100-01-01T00:00:00Z"}, []),
        ({"score_below": 50}, []),
    ],
)
async def test_lists_are_narrowed_and_sorted(
    wanted: dict[str, Any], found: list[str], app: FastAPI
) -> None:
    """Each filter narrows, each order holds across pages of one."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    image = await upload_id(owner, media.photo(64, 64))
    for title in ("Äpfel", "apple", "Zebra"):
        body = {"title": title, "image_upload_id": image}
        await owner.post(f"/projects/{project}/contents", json=body)

    titles, cursor = [], None
    while True:
        params = {"limit": 1} | wanted | ({"cursor": cursor} if cursor else {})
        page = (await owner.get("/contents", params=params)).json()
        titles += [each["title"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert found == titles
