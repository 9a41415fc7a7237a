"""Entity tags: a reader's copy that is current, and a writer who has seen the newest."""

import asyncio
from pathlib import Path

from fastapi import FastAPI

from app.core.etags import seen_in
from tests.support import media, people
from tests.support.contents import make_content, make_project, upload_id


def test_a_writer_names_versions() -> None:
    """Lists and `*` are understood; weak and foreign tags are no version at all."""
    assert frozenset({7, 9}) == seen_in('"7.abc", W/"8.abc", "9"').versions
    assert frozenset() == seen_in('"somebody elses"').versions
    assert seen_in("*").versions is None
    assert seen_in(None).versions is None


async def test_a_current_copy_is_not_sent_again(app: FastAPI) -> None:
    """304 with the tag and no body, until something of the answer changes."""
    owner = await people.make_member(app)
    path = f"/projects/{await make_project(owner)}"
    etag = (await owner.get(path)).headers["ETag"]

    same = await owner.get(path, headers={"If-None-Match": f'"other", {etag}'})
    await owner.patch(path, json={"name": "Renamed"})
    changed = await owner.get(path, headers={"If-None-Match": etag})

    assert (304, b"", etag) == (same.status_code, same.content, same.headers["ETag"])
    assert (200, "Renamed") == (changed.status_code, changed.json()["name"])


async def test_a_stale_writer_is_told(app: FastAPI) -> None:
    """412 for what was changed since; the newest tag, `*` and no tag at all pass."""
    owner = await people.make_member(app)
    path = f"/projects/{await make_project(owner)}"
    old = (await owner.get(path)).headers["ETag"]
    new = (await owner.patch(path, json={"name": "One"}, headers={"If-Match": old})).headers["ETag"]

    stale = await owner.patch(path, json={"name": "Two"}, headers={"If-Match": old})
    passed = [
        (await owner.patch(path, json={"name": "Two"}, headers=headers)).status_code
        for headers in ({"If-Match": f"{old}, {new}"}, {"If-Match": "*"}, {})
    ]
    deleted = await owner.delete(path, headers={"If-Match": old})

    assert (412, "precondition_failed") == (stale.status_code, stale.json()["code"])
    assert [200, 200, 200] == passed
    assert 412 == deleted.status_code


async def test_of_two_writers_at_once_one_passes(app: FastAPI, tmp_path: Path) -> None:
    """Both have seen the same version; the second is told so, for projects and for contents."""
    owner = await people.make_member(app)
    content = await make_content(owner, tmp_path, has_video=False)
    for path, field in (
        (f"/projects/{content['project_id']}", "name"),
        (f"/contents/{content['id']}", "title"),
    ):
        headers = {"If-Match": (await owner.get(path)).headers["ETag"]}

        answers = await asyncio.gather(
            *(owner.patch(path, json={field: f"Mine {n}"}, headers=headers) for n in range(5))
        )

        assert [200, 412, 412, 412, 412] == sorted(answer.status_code for answer in answers)


async def test_a_contents_version_covers_its_videos(app: FastAPI, tmp_path: Path) -> None:
    """Who saw the content before a video was added has not seen the newest."""
    owner = await people.make_member(app)
    content = await make_content(owner, tmp_path, has_video=False)
    path = f"/contents/{content['id']}"
    before = (await owner.get(path)).headers["ETag"]
    video = await upload_id(owner, media.clip(tmp_path), purpose="video")
    await owner.post(f"{path}/videos", json={"upload_id": video})

    stale = await owner.patch(path, json={"title": "New"}, headers={"If-Match": before})

    assert 412 == stale.status_code
