"""Requests made by another site in the visitor's name."""

import pytest
from fastapi import FastAPI

from tests.support import people


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://evil.testserver"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_a_change_asked_for_by_another_site_is_refused(
    headers: dict[str, str], app: FastAPI
) -> None:
    """403 cross_site_request, although the cookie is right."""
    owner = await people.make_member(app)

    answer = await owner.post("/projects", json={"name": "Album"}, headers=headers)

    assert (403, "cross_site_request") == (answer.status_code, answer.json()["code"])
    assert [] == (await owner.get("/projects")).json()["items"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {},
    ],
    ids=["panel", "typed", "older browser", "program"],
)
async def test_our_own_pages_and_programs_are_served(headers: dict[str, str], app: FastAPI) -> None:
    """The panel, also in an older browser, and a program with a cookie of its own."""
    owner = await people.make_member(app)

    answer = await owner.post("/projects", json={"name": "Album"}, headers=headers)

    assert 201 == answer.status_code


async def test_reading_from_another_site_is_left_to_the_browser(app: FastAPI) -> None:
    """A link from elsewhere into the panel works; GET changes nothing."""
    owner = await people.make_member(app)

    answer = await owner.get("/projects", headers={"sec-fetch-site": "cross-site"})

    assert 200 == answer.status_code
