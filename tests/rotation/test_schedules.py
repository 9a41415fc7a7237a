"""Schedules through the API: set, checked, previewed, copied."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select

from app.core.database import session_scope
from app.events.models import Event
from tests.support import media, people
from tests.support.contents import make_content, make_published, upload_id
from tests.support.people import Member


async def two_videos(owner: Member, folder: Path) -> tuple[dict[str, Any], str, str]:
    """A published content with a second video: it, the default's id, the other's."""
    content = await make_published(owner, folder)
    upload = await upload_id(owner, media.clip(folder, frames=9), purpose="video")
    added = await owner.post(f"/contents/{content['id']}/videos", json={"upload_id": upload})
    assert 201 == added.status_code, added.text
    return content, str(content["default_video_id"]), str(added.json()["id"])


def valentine(video: str) -> dict[str, Any]:
    return {"name": "Valentine", "video_id": video, "every": "year", "month": 2, "day": 14}


async def put(owner: Member, content: dict[str, Any], body: dict[str, Any], **options: Any) -> Any:
    return await owner.client.put(
        owner.path(f"/contents/{content['id']}/schedule"), json=body, **options
    )


async def test_a_schedule_is_set_and_read_with_its_tag(app: FastAPI, tmp_path: Path) -> None:
    """Nobody has made one: it is empty and has a tag; whoever saw that may set it, once."""
    owner = await people.make_member(app)
    content, _, second = await two_videos(owner, tmp_path)
    path = f"/contents/{content['id']}/schedule"

    empty = await owner.get(path)
    tag = {"If-Match": empty.headers["ETag"]}
    first = await put(owner, content, {"dates": [valentine(second)]}, headers=tag)
    late = await put(owner, content, {"dates": []}, headers=tag)
    read = await owner.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert ([], None, "UTC") == (
        empty.json()["dates"],
        empty.json()["rotation"],
        empty.json()["effective_time_zone"],
    )
    assert (200, 412, 304) == (first.status_code, late.status_code, read.status_code)
    async with session_scope(system="test") as session:
        told = list(await session.scalars(select(Event).where(Event.name == "schedule.updated")))
    assert [["dates"]] == [list(event.changes) for event in told]


async def test_every_place_that_makes_no_sense_is_named(app: FastAPI, tmp_path: Path) -> None:
    """One answer holds all pointers, down to the field."""
    owner = await people.make_member(app)
    content, first, _ = await two_videos(owner, tmp_path)
    stranger = "00000000-0000-4000-8000-000000000000"

    wrong = await put(
        owner,
        content,
        {
            "dates": [
                {"video_id": first, "every": "year", "month": 2, "day": 30},
                {"video_id": stranger, "every": "week"},
            ],
            "windows": [
                {"video_id": first, "first_day": "2026-05-02", "last_day": "2026-05-01"},
                {"video_id": first},
                {"video_id": first, "last_day": "2026-05-01", "ends_at": "2026-05-01T00:00:00Z"},
            ],
            "rotation": {
                "kind": "hours",
                "turns": [{"video_id": first}, {"video_id": first, "from_time": "08:00"}],
            },
        },
    )

    assert {
        "#/dates/0/day",
        "#/dates/1/weekdays",
        "#/dates/1/video_id",
        "#/windows/0/last_day",
        "#/windows/1",
        "#/windows/2",
        "#/rotation/turns/0/from_time",
    } == {error["pointer"] for error in wrong.json()["errors"]}


async def test_a_shape_that_can_not_be_is_named_too(app: FastAPI, tmp_path: Path) -> None:
    """An empty rotation and a time no clock shows, each by its pointer."""
    owner = await people.make_member(app)
    content, first, _ = await two_videos(owner, tmp_path)

    async def refused(turns: list[dict[str, str]]) -> list[str]:
        answer = await put(owner, content, {"rotation": {"kind": "hours", "turns": turns}})
        return [error["pointer"] for error in answer.json()["errors"]]

    assert ["#/rotation/turns"] == await refused([])
    late = {"video_id": first, "from_time": "24:00"}
    assert ["#/rotation/turns/0/from_time"] == await refused([late])


async def test_the_preview_tells_video_reason_and_until_when(app: FastAPI, tmp_path: Path) -> None:
    """A local time is the zone's; another zone tells the same moment in its own time."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    await put(owner, content, {"time_zone": "Europe/Berlin", "dates": [valentine(second)]})
    path = f"/contents/{content['id']}/preview"

    evening = (await owner.get(path, params={"at": "2027-02-14T18:00"})).json()
    zone = {"at": "2027-02-14T06:00", "zone": "Pacific/Auckland"}
    far = (await owner.get(path, params=zone)).json()
    too_far = await owner.get(path, params={"at": "9999-12-31T23:59"})

    assert ("2027-02-14T17:00:00Z", second, "date", 0, "Valentine", "2027-02-14T23:00:00Z") == (
        evening["at"],
        evening["video_id"],
        evening["reason"],
        evening["index"],
        evening["name"],
        evening["valid_until"],
    )
    assert (first, "default", "2027-02-14T06:00:00") == (
        far["video_id"],
        far["reason"],
        far["local_time"],
    )
    assert 422 == too_far.status_code


async def test_the_calendar_shows_each_day_with_its_parts(app: FastAPI, tmp_path: Path) -> None:
    """A day of 23 hours with two parts, and the end of the content among them."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    rotation = {
        "kind": "hours",
        "turns": [
            {"video_id": second, "from_time": "18:00"},
            {"video_id": first, "from_time": "06:00"},
        ],
    }
    await put(owner, content, {"time_zone": "Europe/Berlin", "rotation": rotation})
    end = {"expires_at": "2027-03-29T10:00:00Z"}
    assert 200 == (await owner.patch(f"/contents/{content['id']}", json=end)).status_code

    days = (
        await owner.get(
            f"/contents/{content['id']}/preview/days", params={"first_day": "2027-03-28", "days": 2}
        )
    ).json()["days"]

    assert ["2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"] == [day["starts_at"] for day in days]
    assert [
        [(second, True), (first, True), (second, True)],
        [(second, True), (first, True), (first, False), (second, False)],
    ] == [[(part["video_id"], part["is_open"]) for part in day["parts"]] for day in days]


async def test_a_copy_has_the_schedule_with_its_own_videos(app: FastAPI, tmp_path: Path) -> None:
    """The rules name the copies, and chance throws the same days for both."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    turns = [{"video_id": first}, {"video_id": second}]
    body = {"dates": [valentine(second)], "rotation": {"kind": "random", "turns": turns}}
    await put(owner, content, body)

    copy = (await owner.post(f"/contents/{content['id']}/duplicate", json={})).json()
    rules = (await owner.get(f"/contents/{copy['id']}/schedule")).json()

    twins = [video["id"] for video in copy["videos"]]
    assert [twins[1]] == [rule["video_id"] for rule in rules["dates"]]
    assert twins == [turn["video_id"] for turn in rules["rotation"]["turns"]]
    assert content["id"] == rules["rotation"]["seed"]


async def test_a_deleted_video_is_passed_over(app: FastAPI, tmp_path: Path) -> None:
    """Its rule stays for people to see, and the next part of the schedule plays."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    await put(owner, content, {"dates": [valentine(second)]})
    await owner.delete(f"/contents/{content['id']}/videos/{second}")

    seen = await owner.get(f"/contents/{content['id']}/preview", params={"at": "2027-02-14T12:00"})
    kept = await owner.get(f"/contents/{content['id']}/schedule")

    assert (first, "default") == (seen.json()["video_id"], seen.json()["reason"])
    assert [second] == [rule["video_id"] for rule in kept.json()["dates"]]


async def test_a_rule_of_a_deleted_video_does_not_hold_up_the_others(
    app: FastAPI, tmp_path: Path
) -> None:
    """Other rules are changed beside it; where it is not named yet, it can not be named any more."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    await put(owner, content, {"dates": [valentine(second)]})
    await owner.delete(f"/contents/{content['id']}/videos/{second}")

    beside = await put(owner, content, {"dates": [valentine(first), valentine(second)]})
    cleared = await put(owner, content, {"dates": [valentine(first)]})
    again = await put(owner, content, {"dates": [valentine(second)]})

    assert (200, 200, 422) == (beside.status_code, cleared.status_code, again.status_code)


async def test_rules_are_previewed_before_anybody_saves_them(app: FastAPI, tmp_path: Path) -> None:
    """Moment and days are answered as they would be; the saved rules stay as they are."""
    owner = await people.make_member(app)
    content, first, second = await two_videos(owner, tmp_path)
    path = f"/contents/{content['id']}/preview"
    rules = {"time_zone": "Asia/Tokyo", "dates": [valentine(second)]}

    now = await owner.post(path, json={"rules": rules, "at": "2027-02-14T12:00"})
    days = await owner.post(
        f"{path}/days", json={"rules": rules, "first_day": "2027-02-13", "days": 3}
    )
    saved = await owner.get(path, params={"at": "2027-02-14T12:00"})

    assert (second, "date", "Asia/Tokyo") == tuple(
        now.json()[name] for name in ("video_id", "reason", "time_zone")
    )
    assert [[first], [second], [first]] == [
        [part["video_id"] for part in day["parts"]] for day in days.json()["days"]
    ]
    assert first == saved.json()["video_id"]


async def test_unsaved_rules_without_sense_are_named_too(app: FastAPI, tmp_path: Path) -> None:
    """By the pointer into what was sent."""
    owner = await people.make_member(app)
    content, first, _ = await two_videos(owner, tmp_path)
    rules = {"windows": [{"video_id": first}]}

    wrong = await owner.post(f"/contents/{content['id']}/preview", json={"rules": rules})

    assert ["#/rules/windows/0"] == [error["pointer"] for error in wrong.json()["errors"]]


async def test_a_content_without_a_video_has_a_preview_too(app: FastAPI, tmp_path: Path) -> None:
    """It is not open, and nothing plays."""
    owner = await people.make_member(app)
    content = await make_content(owner, tmp_path, has_video=False)

    seen = (await owner.get(f"/contents/{content['id']}/preview")).json()

    assert (False, None, "nothing", None) == (
        seen["is_open"],
        seen["video_id"],
        seen["reason"],
        seen["valid_until"],
    )
