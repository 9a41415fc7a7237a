"""Between two companies: the other's object looks exactly like none, on every route there is."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from tests.support import media, people
from tests.support.contents import make_project, make_published, upload_id

Route = tuple[str, str]

# Routes that belong to no company, or are open to everybody.
PUBLIC = {
    "sign_in",
    "sign_out",
    "get_me",
    "change_password",
    "list_companies",
    "create_company",
    "get_manifest",
    "get_health_status",
    "get_readiness",
    "getHealthStatus",
    "getReadiness",
}
# What each route is sent; a route that is in neither table fails the test.
BODIES: dict[str, dict[str, Any]] = {
    "get_company": {},
    "update_company": {"json": {"name": "Taken over"}},
    "list_projects": {},
    "create_project": {"json": {"name": "Planted"}},
    "get_project": {},
    "update_project": {"json": {"name": "Taken over"}},
    "delete_project": {},
    "create_upload": {"params": {"purpose": "image", "filename": "x"}, "content": b"x"},
    "list_contents": {},
    "create_content": {"json": {"title": "Planted", "image_upload_id": "{upload_id}"}},
    "get_content": {},
    "update_content": {"json": {"title": "Taken over"}},
    "delete_content": {},
    "publish_content": {},
    "unpublish_content": {},
    "retry_target": {},
    "add_video": {"json": {"upload_id": "{upload_id}"}},
    "delete_video": {},
    "download_qr": {},
    "archive_project": {},
    "restore_project": {},
    "list_company_contents": {"params": {"project_id": "{project_id}"}},
    "change_contents": {
        "json": {"action": "move", "ids": ["{content_id}"], "project_id": "{project_id}"}
    },
    "archive_content": {},
    "restore_content": {},
    "duplicate_content": {"json": {"project_id": "{project_id}"}},
    "replace_image": {"json": {"upload_id": "{upload_id}"}},
    "list_targets": {},
    "list_videos": {},
    "reorder_videos": {"json": {"video_ids": ["{video_id}"]}},
    "update_video": {"json": {"name": "Taken over"}},
    "list_uploads": {},
    "get_upload": {},
    "download_import_template": {},
    "check_import": {"content": b"title,image\na,b\n", "headers": {"Content-Type": "text/csv"}},
    "start_import": {
        "content": b"title,image\na,b\n",
        "headers": {"Content-Type": "text/csv"},
        "params": {"filename": "a.csv"},
    },
    "list_imports": {},
    "get_import": {},
    "download_import_report": {},
    "export_contents": {"params": {"project_id": "{project_id}"}},
    "list_storage_connections": {},
    "get_storage_connection": {},
    "test_storage_connection": {},
}
# Routes of a company itself: with one's own company they are not foreign at all.
WITHOUT_OBJECT = {
    "get_company",
    "update_company",
    "list_projects",
    "create_project",
    "create_upload",
    "list_uploads",
    "download_import_template",
    "list_imports",
    "list_storage_connections",
}


def _routes(app: FastAPI) -> dict[str, Route]:
    """Every documented route: operation id, then method and path."""
    return {
        operation["operationId"]: (method, path)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


async def _objects_of(member: people.Member, folder: Path) -> dict[str, str]:
    """The ids of one of everything."""
    content = await make_published(member, folder)
    return {
        "company_id": str(member.company_id),
        "project_id": content["project_id"],
        "content_id": content["id"],
        "video_id": content["default_video_id"],
        "upload_id": await upload_id(member, media.photo(64, 64)),
        "file_format": "svg",
    }


async def _ask(
    client: httpx.AsyncClient, operation: str, route: Route, ids: dict[str, str]
) -> httpx.Response:
    method, path = route
    options: dict[str, Any] = _filled(BODIES[operation], ids)
    return await client.request(method, path.format(**ids), **options)


def _filled(value: Any, ids: dict[str, str]) -> Any:
    """The value with `{content_id}` and the like replaced, however deep they are."""
    match value:
        case str():
            return value.format(**ids)
        case list():
            return [_filled(item, ids) for item in value]
        case dict():
            return {key: _filled(item, ids) for key, item in value.items()}
        case _:
            return value


def _words(answer: httpx.Response) -> dict[str, Any]:
    """The problem without what names the request."""
    return {
        key: value for key, value in answer.json().items() if key not in ("instance", "request_id")
    }


def test_every_route_is_in_the_matrix(app: FastAPI) -> None:
    """A route nobody thought of here can not slip through."""
    operations = set(_routes(app))

    assert set() == operations - set(BODIES) - PUBLIC
    assert set() == set(BODIES) - operations


async def test_a_foreign_company_looks_like_none(app: FastAPI, tmp_path: Path) -> None:
    """An owner elsewhere gets for a foreign company, object by object, what a made-up id gets."""
    owner = await people.make_member(app)
    stranger = await people.make_member(app)
    foreign = await _objects_of(owner, tmp_path)
    made_up = foreign | {"company_id": str(uuid4())}
    before = (await owner.get(f"/contents/{foreign['content_id']}")).json()

    for operation in BODIES:
        route = _routes(app)[operation]
        answer = await _ask(stranger.client, operation, route, foreign)
        unknown = await _ask(stranger.client, operation, route, made_up)
        assert (operation, 404) == (operation, answer.status_code)
        assert _words(unknown) == _words(answer), operation

    assert before == (await owner.get(f"/contents/{foreign['content_id']}")).json()


async def test_a_foreign_object_in_ones_own_company_looks_like_none(
    app: FastAPI, tmp_path: Path
) -> None:
    """Foreign ids below one's own company get what made-up ids get, and change nothing."""
    owner = await people.make_member(app)
    stranger = await people.make_member(app)
    foreign = await _objects_of(owner, tmp_path)
    smuggled = foreign | {"company_id": str(stranger.company_id)}
    made_up = {key: str(uuid4()) if re.search("_id$", key) else key for key in smuggled}
    made_up |= {"company_id": str(stranger.company_id), "file_format": "svg"}
    before = (await owner.get(f"/contents/{foreign['content_id']}")).json()

    for operation in set(BODIES) - WITHOUT_OBJECT:
        route = _routes(app)[operation]
        answer = await _ask(stranger.client, operation, route, smuggled)
        unknown = await _ask(stranger.client, operation, route, made_up)
        assert (operation, 404) == (operation, answer.status_code)
        assert _words(unknown) == _words(answer), operation

    assert before == (await owner.get(f"/contents/{foreign['content_id']}")).json()


async def test_foreign_uploads_are_no_material(app: FastAPI, tmp_path: Path) -> None:
    """A content can not be made of another company's upload, nor get its video."""
    owner = await people.make_member(app)
    stranger = await people.make_member(app)
    image = await upload_id(owner, media.photo(64, 64))
    video = await upload_id(owner, media.clip(tmp_path), purpose="video")
    own_image = await upload_id(stranger, media.photo(64, 64))
    project = await make_project(stranger)

    for body in (
        {"image_upload_id": image},
        {"image_upload_id": own_image, "video_upload_id": video},
    ):
        answer = await stranger.post(f"/projects/{project}/contents", json={"title": "T"} | body)
        assert 404 == answer.status_code
    assert [] == (await stranger.get(f"/projects/{project}/contents")).json()["items"]


@pytest.mark.parametrize("operation", sorted(BODIES))
async def test_nothing_is_open_without_signing_in(operation: str, app: FastAPI) -> None:
    """401 before anything else, whatever the company."""
    ids = {key: str(uuid4()) for key in ("company_id", "project_id", "content_id", "video_id")}
    ids |= {"upload_id": str(uuid4()), "file_format": "svg"}

    answer = await _ask(people.client_of(app), operation, _routes(app)[operation], ids)

    assert (401, "unauthenticated") == (answer.status_code, answer.json()["code"])


async def test_no_list_shows_the_neighbours(app: FastAPI, tmp_path: Path) -> None:
    """A member of one company sees nothing of the next, in any list."""
    owner = await people.make_member(app)
    await _objects_of(owner, tmp_path)
    stranger = await people.make_member(app)

    companies = (await stranger.client.get("/api/v1/companies")).json()["items"]
    projects = (await stranger.get("/projects")).json()["items"]

    assert [str(stranger.company_id)] == [company["id"] for company in companies]
    assert [] == projects
