"""Between two companies: every route, for everybody, with one's own, the neighbour's and no object.

What each cell must answer follows from `access_table.py` alone, so a check of a permission that is forgotten
fails, and so does a route that is not in the table. The neighbour's object answers like none, word by word.
"""

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.flows.access_matrix import prove_matrix
from tests.flows.access_table import TABLE
from tests.support import media, people
from tests.support.contents import make_project, make_published, upload_id


def test_every_route_is_in_the_table(app: FastAPI) -> None:
    """A route nobody thought of can not slip through; one that is gone leaves the table."""
    paths = app.openapi()["paths"].values()
    operations = {operation["operationId"] for methods in paths for operation in methods.values()}

    assert set() == operations - set(TABLE), "add them to tests/flows/access_table.py"
    assert set() == set(TABLE) - operations


@pytest.mark.timeout(900)
async def test_the_matrix_of_reads(app: FastAPI, tmp_path: Path) -> None:
    """Every GET x everybody x own, foreign, nonexistent is as the table of permissions says."""
    await prove_matrix(app, tmp_path, lambda route: route.method == "get")


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


async def test_no_list_shows_the_neighbours(app: FastAPI, tmp_path: Path) -> None:
    """A member of one company sees nothing of the next, in any list."""
    owner = await people.make_member(app)
    await make_published(owner, tmp_path)
    stranger = await people.make_member(app)

    companies = (await stranger.client.get("/api/v1/companies")).json()["items"]
    projects = (await stranger.get("/projects")).json()["items"]

    assert [str(stranger.company_id)] == [company["id"] for company in companies]
    assert [] == projects
