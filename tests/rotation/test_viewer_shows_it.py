"""The printed code shows what the schedule says, at the moment it is asked."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from app.core.clock import utcnow
from app.subscriptions import views
from tests.rotation.test_schedules import put, two_videos
from tests.support import people
from tests.support.people import Member


async def manifest(owner: Member, content: dict[str, Any], **query: Any) -> Any:
    path = f"/api/v1/viewer/{content['public_id']}/manifest"
    return await owner.client.get(path, params=query)


async def video_of(owner: Member, content: dict[str, Any], video_id: str) -> dict[str, Any]:
    videos = (await owner.get(f"/contents/{content['id']}")).json()["videos"]
    return next(video for video in videos if video["id"] == video_id)


def is_file(shown: dict[str, Any], video: dict[str, Any]) -> bool:
    """Whether both addresses lead to one file; what signs them may differ."""
    return bool(shown["url"].partition("?")[0] == video["url"].partition("?")[0])


async def test_a_window_that_is_open_plays_until_it_closes(app: FastAPI, tmp_path: Path) -> None:
    """The manifest has the window's video and says until when; a cache keeps it for a second at most."""
    owner = await people.make_member(app)
    content, _, second = await two_videos(owner, tmp_path)
    now = utcnow().replace(microsecond=0)
    end = now + timedelta(minutes=5)
    window = {"video_id": second, "starts_at": now.isoformat(), "ends_at": end.isoformat()}
    await put(owner, content, {"windows": [window]})

    answer = await manifest(owner, content)
    page = await owner.client.get(f"/ar/{content['public_id']}")

    assert is_file(answer.json()["video"], await video_of(owner, content, second))
    assert end.isoformat().replace("+00:00", "Z") == answer.json()["valid_until"]
    for shown in (answer, page):
        assert "max-age=0, s-maxage=1," in shown.headers["Cache-Control"]


async def test_every_view_is_chosen_by_the_visitors_own_browser(
    app: FastAPI, tmp_path: Path
) -> None:
    """The manifest is the same for everybody and holds the whole sequence."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    turns = [{"video_id": second}, {"video_id": first}]
    await put(owner, content, {"rotation": {"kind": "views", "turns": turns, "at_end": "stay"}})

    shown = (await manifest(owner, content)).json()

    files = [await video_of(owner, content, each) for each in (second, first)]
    videos = shown["sequence"]["videos"]
    assert [True, True] == [is_file(one, two) for one, two in zip(videos, files, strict=True)]
    assert "stay" == shown["sequence"]["at_end"]
    assert shown["video"] == videos[0]


async def test_an_open_page_that_asks_again_is_no_new_view(app: FastAPI, tmp_path: Path) -> None:
    """A renewal counts nothing, a first request counts one."""
    owner = await people.make_member(app)
    content, _, _ = await two_videos(owner, tmp_path)
    await views.write_views()

    await manifest(owner, content, renewal=True)
    renewed = sum(views._Pending.views.values())
    await manifest(owner, content)

    assert (0, 1) == (renewed, sum(views._Pending.views.values()))


async def test_the_end_is_read_from_the_clock(app: FastAPI, tmp_path: Path) -> None:
    """No tick has run: a content whose end has passed answers 410, and opens again when it is moved."""
    owner = await people.make_member(app)
    content, _, _ = await two_videos(owner, tmp_path)
    path = f"/contents/{content['id']}"
    soon, past = utcnow() + timedelta(hours=1), utcnow() - timedelta(seconds=1)

    async def seen_with(end: str | None) -> tuple[int, str]:
        await owner.patch(path, json={"expires_at": end})
        page = await owner.client.get(f"/ar/{content['public_id']}")
        return page.status_code, (await owner.get(path)).json()["status"]

    assert (200, "published") == await seen_with(soon.isoformat())
    assert soon == (await _valid_until(owner, content))
    assert (410, "expired") == await seen_with(past.isoformat())
    assert "content_expired" == (await manifest(owner, content)).json()["code"]
    assert (200, "published") == await seen_with(None)


async def _valid_until(owner: Member, content: dict[str, Any]) -> Any:
    return datetime.fromisoformat((await manifest(owner, content)).json()["valid_until"])


async def test_a_projects_end_closes_everything_in_it(app: FastAPI, tmp_path: Path) -> None:
    """The earlier of both ends counts, and taking the project's away opens again."""
    owner = await people.make_member(app)
    content, _, _ = await two_videos(owner, tmp_path)
    project = f"/projects/{content['project_id']}"
    past = (utcnow() - timedelta(days=1)).isoformat()

    closed = await owner.patch(project, json={"expires_at": past})
    seen = (await owner.get(f"/contents/{content['id']}")).json()
    listed = (await owner.get("/contents?status=expired")).json()["items"]
    ending = (await owner.get("/contents", params={"ends_before": utcnow().isoformat()})).json()
    published = await owner.post(f"/contents/{content['id']}/publish")
    opened = await owner.patch(project, json={"expires_at": None})

    assert (200, 0, "expired") == (
        closed.status_code,
        closed.json()["published_count"],
        seen["status"],
    )
    assert [content["id"]] == [each["id"] for each in listed]
    assert [content["id"]] == [each["id"] for each in ending["items"]]
    assert (409, "end_passed") == (published.status_code, published.json()["code"])
    assert 1 == opened.json()["published_count"]
    assert "published" == (await owner.get(f"/contents/{content['id']}")).json()["status"]
