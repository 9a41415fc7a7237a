"""What a company says about itself."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from app.subscriptions import views
from tests.support import people
from tests.support.contents import make_published

CONTACT = {
    "name": "Ada Vertex",
    "email": "Ada@Example.com",
    "phone": "+49 30 1234567",
    "address": {"street": "Weg 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
}


async def test_contact_zone_and_language_are_kept(app: FastAPI) -> None:
    """What was sent is shown, and the log tells what was before."""
    owner = await people.make_member(app)

    changed = await owner.patch(
        "", json={"contact": CONTACT, "time_zone": "Europe/Berlin", "language": "ru"}
    )
    log = (await owner.get("/events", params={"name": "company.updated"})).json()["items"]

    company = changed.json()
    assert ("Europe/Berlin", "ru") == (company["time_zone"], company["language"])
    assert ("ada@example.com", "DE") == (
        company["contact"]["email"],
        company["contact"]["address"]["country"],
    )
    assert ["UTC", "Europe/Berlin"] == log[0]["changes"]["time_zone"]


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": None},
        {"language": "de"},
        {"contact": {"email": "nobody"}},
        {"contact": {"phone": "call me"}},
        {"contact": {"address": {"country": "Germany"}}},
        {"contact": {"name": "a\nb"}},
        {"contact": {"fax": "1"}},
    ],
)
async def test_what_makes_no_sense_is_refused(app: FastAPI, body: dict[str, object]) -> None:
    """Zones and countries by their lists, one line where one line is meant."""
    owner = await people.make_member(app)

    assert 422 == (await owner.patch("", json=body)).status_code


async def test_a_stale_company_is_not_written_over(app: FastAPI) -> None:
    """Who saw it before somebody else's change is told so, and can not delete it either."""
    owner = await people.make_member(app)
    first = await owner.get("")
    seen = {"If-Match": first.headers["ETag"]}
    assert 200 == (await owner.patch("", json={"name": "Second"}, headers=seen)).status_code

    late = await owner.patch("", json={"name": "Third"}, headers=seen)
    gone = await owner.delete("", params={"confirm": "Second"}, headers=seen)

    assert [412, 412] == [late.status_code, gone.status_code]
    assert "Second" == (await owner.get("")).json()["name"]


async def test_opening_a_print_is_a_view(app: FastAPI, tmp_path: Path) -> None:
    """Each opening counts once, a look at the headers does not, and it is written behind the answer."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    path = f"/api/v1/viewer/{content['public_id']}/manifest"
    for _ in range(3):
        await owner.client.get(path)
    await owner.client.head(f"/ar/{content['public_id']}")

    await views.finish()

    quotas = (await owner.get("/subscription")).json()["quotas"]
    assert {"views_month": 3} == {
        q["quota"]: q["used"] for q in quotas if q["quota"] == "views_month"
    }


async def test_an_export_asked_for_twice_with_one_key_is_one(app: FastAPI) -> None:
    """The second answer is the first one again."""
    owner = await people.make_member(app)
    key = {"Idempotency-Key": "once"}

    answers = [await owner.post("/exports", headers=key) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert [202, 202] == [answer.status_code for answer in answers]
