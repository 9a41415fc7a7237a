"""Contents from a table: any spreadsheet's, checked first, each row once."""

import csv
import io
from typing import Any

import pytest
from fastapi import FastAPI

from app.imports.tables import TableInvalid, read_table
from tests.support import media, people
from tests.support.contents import make_project, upload
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member

TABLE = "key,title,image,video\r\np1,Первый танец,dance.jpg,\r\np2,Торт,cake.jpg,\r\n"


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (TABLE.encode(), "utf-8", ","),
        (TABLE.encode("utf-8-sig"), "utf-8-sig", ","),
        (TABLE.encode("utf-16"), "utf-16", ","),
        (TABLE.replace(",", ";").encode("cp1251"), "cp1251", ";"),
    ],
)
def test_tables_of_every_spreadsheet_are_read(
    content: bytes, encoding: str, delimiter: str
) -> None:
    """Encoding and separator are found, and letters are what they were."""
    table = read_table(content)

    assert (encoding, delimiter) == (table.encoding, table.delimiter)
    assert [("p1", "Первый танец"), ("p2", "Торт")] == [(r.key, r.title) for r in table.rows]
    assert [2, 3] == [row.line for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"title,image",
        b"name,picture\na,b",
        b'title,image\n"open,x',
        b"title,image\n" + b"a,b\n" * 1001,
    ],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    """Nothing, bytes, no rows, other columns, a cell without an end, too many rows."""
    with pytest.raises(TableInvalid):
        read_table(content)


async def _import(member: Member, project: str, table: str) -> dict[str, Any]:
    answer = await member.post(
        f"/projects/{project}/imports",
        params={"filename": "album.csv"},
        content=table.encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert 202 == answer.status_code, answer.text
    await run_queued_jobs()
    return (await member.get(f"/imports/{answer.json()['id']}")).json()


async def test_a_check_tells_line_and_column_and_changes_nothing(app: FastAPI) -> None:
    """Missing uploads, an empty title and a repeated key, each with its place in the file."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    await upload(owner, media.photo(64, 64), filename="dance.jpg")
    table = "key,title,image,video\na,One,dance.jpg,\nb,,dance.jpg,\na,Two,gone.jpg,gone.mp4\n"

    answer = await owner.post(
        f"/projects/{project}/imports/check",
        content=table.encode(),
        headers={"Content-Type": "text/csv"},
    )
    checked = answer.json()

    assert (200, 1) == (answer.status_code, checked["to_create"])
    assert {
        (3, "title", "missing"),
        (4, "key", "repeated"),
        (4, "image", "upload_not_found"),
        (4, "video", "upload_not_found"),
    } == {(each["line"], each["column"], each["code"]) for each in checked["errors"]}
    missing = [each["value"] for each in checked["errors"] if each["code"] == "upload_not_found"]
    assert ["gone.jpg", "gone.mp4"] == missing
    assert [] == (await owner.get("/contents")).json()["items"]


async def test_a_table_imported_twice_makes_its_contents_once(app: FastAPI) -> None:
    """The second time every row exists; a row that failed the first time is made then."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    await upload(owner, media.photo(64, 64), filename="dance.jpg")

    first = await _import(owner, project, TABLE)
    await upload(owner, media.photo(80, 64), filename="cake.jpg")
    second = await _import(owner, project, TABLE)
    titles = {each["title"] for each in (await owner.get("/contents")).json()["items"]}

    assert ("done", 1, 0, 1) == (
        first["status"],
        first["created"],
        first["existing"],
        first["failed"],
    )
    assert ("done", 1, 1, 0) == (
        second["status"],
        second["created"],
        second["existing"],
        second["failed"],
    )
    assert {"Первый танец", "Торт"} == titles


async def test_report_template_and_export_open_in_a_spreadsheet(app: FastAPI) -> None:
    """UTF-8 with a mark, one line a row, and no cell that a spreadsheet would run."""
    owner = await people.make_member(app)
    project = await make_project(owner)
    await upload(owner, media.photo(64, 64), filename="dance.jpg")
    done = await _import(owner, project, "title,image\n=1+1,dance.jpg\nTwo,gone.jpg\n")

    report = await owner.get(f"/imports/{done['id']}/report.csv")
    export = await owner.get("/contents.csv")
    template = await owner.get("/imports/template.csv")

    rows = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert ["created", "failed"] == [row["status"] for row in rows]
    assert ("3", "image", "upload_not_found") == (
        rows[1]["line"],
        rows[1]["column"],
        rows[1]["code"],
    )
    exported = csv.DictReader(io.StringIO(export.content.decode("utf-8-sig")))
    assert ["'=1+1"] == [row["title"] for row in exported]
    assert ["print-001"] == [row.key for row in read_table(template.content).rows]


async def test_a_viewer_imports_nothing(app: FastAPI) -> None:
    """403 for the import and for the check."""
    company = await people.make_company()
    owner = await people.make_member(app, company=company)
    project = await make_project(owner)
    viewer = await people.make_member(app, role="viewer", company=company)
    options = {"content": TABLE.encode(), "headers": {"Content-Type": "text/csv"}}

    check = await viewer.post(f"/projects/{project}/imports/check", **options)
    start = await viewer.post(
        f"/projects/{project}/imports", params={"filename": "a.csv"}, **options
    )

    assert (403, 403) == (check.status_code, start.status_code)
