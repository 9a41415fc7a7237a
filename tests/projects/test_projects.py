"""Projects of a company."""

from fastapi import FastAPI

from tests.support import people


async def test_a_project_is_made_changed_and_removed(app: FastAPI) -> None:
    """The whole life of an empty project."""
    owner = await people.make_member(app)

    made = (await owner.post("/projects", json={"name": "  Album "})).json()
    changed = await owner.patch(f"/projects/{made['id']}", json={"description": "June"})
    removed = await owner.delete(f"/projects/{made['id']}")
    gone = await owner.get(f"/projects/{made['id']}")

    assert ("Album", "", 0, 0, None) == (
        made["name"],
        made["description"],
        made["content_count"],
        made["published_count"],
        made["cover_url"],
    )
    assert ("Album", "June") == (changed.json()["name"], changed.json()["description"])
    assert (204, 404) == (removed.status_code, gone.status_code)


async def test_projects_come_newest_first_page_by_page(app: FastAPI) -> None:
    """Three pages of two hold five projects, each once."""
    owner = await people.make_member(app)
    for number in range(5):
        await owner.post("/projects", json={"name": f"Album {number}"})

    names, cursor = [], None
    for _ in range(3):
        query = "?limit=2" + (f"&cursor={cursor}" if cursor else "")
        page = (await owner.get(f"/projects{query}")).json()
        names += [project["name"] for project in page["items"]]
        cursor = page["next_cursor"]

    assert [f"Album {number}" for number in (4, 3, 2, 1, 0)] == names
    assert cursor is None


async def test_projects_are_found_by_part_of_their_name(app: FastAPI) -> None:
    """Letters match in any case, and % is just a character."""
    owner = await people.make_member(app)
    for name in ("Wedding", "Свадьба", "50% off"):
        await owner.post("/projects", json={"name": name})

    async def found(words: str) -> list[str]:
        page = (await owner.get("/projects", params={"q": words})).json()
        return [project["name"] for project in page["items"]]

    assert ["Wedding"] == await found("WED")
    assert ["Свадьба"] == await found("свад")
    assert ["50% off"] == await found("%")


async def test_a_made_up_cursor_is_refused(app: FastAPI) -> None:
    """422, not a crash."""
    owner = await people.make_member(app)

    for cursor in ("made-up", "bnVsbA", "W10", "WzFd"):
        answer = await owner.get(f"/projects?cursor={cursor}")
        assert 422 == answer.status_code, cursor


async def test_text_no_database_can_hold_is_refused(app: FastAPI) -> None:
    """A null character or half a surrogate pair is a 422 in a body and in a query, not a crash."""
    owner = await people.make_member(app)

    for bad in (b'{"name": "a\\u0000b"}', b'{"name": "a\\ud800b"}'):
        answer = await owner.post(
            "/projects", content=bad, headers={"content-type": "application/json"}
        )
        assert 422 == answer.status_code, bad
    assert 422 == (await owner.get("/projects?q=%00")).status_code
