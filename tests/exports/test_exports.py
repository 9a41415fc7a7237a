"""Everything a company has, in one file that can be proved whole."""

import json
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Column, insert
from typer.testing import CliRunner

from app.cli import cli
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.ids import uuid7
from app.events.models import Event
from app.exports import service
from app.exports.archive import Archive
from app.exports.catalogue import LEFT_OUT, exported_columns, exported_tables, is_secret
from app.exports.verification import verify
from tests.support import people
from tests.support.contents import make_published
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member

CONTENTS = b"0123456789" * 1000


async def export(member: Member) -> dict[str, Any]:
    """A finished export of the member's company."""
    asked = await member.post("/exports")
    assert 202 == asked.status_code, asked.text
    await run_queued_jobs()
    return (await member.get(f"/exports/{asked.json()['id']}")).json()


async def test_an_export_holds_rows_and_files(app: FastAPI, tmp_path: Path) -> None:
    """Rows as JSON Lines, files as they are, a manifest that proves both; nothing of the neighbour."""
    owner, neighbour = await people.make_member(app), await people.make_member(app)
    content = await make_published(owner, tmp_path)
    await make_published(neighbour, tmp_path)

    made = await export(owner)
    answer = await owner.get(f"/exports/{made['id']}/file")

    assert ("ready", 1.0, 200) == (made["state"], made["progress"], answer.status_code)
    path = tmp_path / "export.zip"
    path.write_bytes(answer.content)
    assert [] == verify(path).faults
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        lines = archive.read("data/ar_contents.jsonl").splitlines()
        everything = b"".join(
            archive.read(name) for name in archive.namelist() if name.endswith(".jsonl")
        )
        names = archive.namelist()
    assert [content["id"]] == [json.loads(line)["id"] for line in lines]
    assert 1 == manifest["counts"]["people"] == manifest["counts"]["ar_contents"]
    # picture, thumbnail, video, poster, target
    assert 5 == manifest["files"]["count"] == sum(name.startswith("files/") for name in names)
    assert str(neighbour.company_id).encode() not in everything
    assert b"argon2" not in everything


async def test_what_was_tampered_with_is_found(tmp_path: Path) -> None:
    """A changed byte, a file too many and one too few are each named; the whole one passes."""
    whole = make_archive(tmp_path / "whole.zip")
    changed = rewritten(whole, tmp_path / "changed.zip", {"data/b.jsonl": CONTENTS + b"!"})
    added = rewritten(whole, tmp_path / "added.zip", {"files/new": b"x"})
    missing = rewritten(whole, tmp_path / "missing.zip", {"data/a.jsonl": None})
    torn = tmp_path / "torn.zip"
    torn.write_bytes(whole.read_bytes()[:-200])

    runner = CliRunner()
    codes = [
        runner.invoke(cli, ["export", "verify", str(path)]).exit_code
        for path in (whole, changed, added, missing, torn)
    ]

    assert [0, 1, 1, 1, 1] == codes
    assert ["data/b.jsonl: 10001 bytes instead of 10000"] == verify(changed).faults
    assert ["files/new: not in the manifest"] == verify(added).faults
    assert ["data/a.jsonl: missing"] == verify(missing).faults


def make_archive(path: Path) -> Path:
    with Archive(path) as archive:
        for name in ("data/a.jsonl", "data/b.jsonl"):
            with archive.entry(name, packed=True) as entry:
                entry.write(CONTENTS)
        archive.finish({"counts": {}})
    return path


def rewritten(source: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """The archive with entries replaced, added or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        contents = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in contents.items():
            if content is not None:
                new.writestr(name, content)
    return target


async def test_a_swapped_file_of_the_same_size_is_found(tmp_path: Path) -> None:
    """The hash decides, not the size; the zip's own checksum is right in a rewritten zip."""
    whole = make_archive(tmp_path / "whole.zip")
    swapped = rewritten(whole, tmp_path / "swapped.zip", {"data/a.jsonl": CONTENTS[::-1]})

    assert ["data/a.jsonl: its bytes were changed"] == verify(swapped).faults


async def test_a_huge_listing_and_a_huge_file_take_little_memory(
    app: FastAPI, tmp_path: Path
) -> None:
    """20,000 rows and a file of 64 MB are written with less than 24 MB of Python's memory."""
    owner = await people.make_member(app)
    async with session_scope(system="test") as session:
        rows = [
            {
                "id": uuid7(),
                "name": "test.filler",
                "company_id": owner.company_id,
                "data": {"n": "x" * 200},
            }
            for _ in range(20_000)
        ]
        for start in range(0, len(rows), 2000):
            await session.execute(insert(Event), rows[start : start + 2000])
    del rows
    tracemalloc.start()

    made = await export(owner)
    with Archive(tmp_path / "big.zip") as archive:
        with archive.entry("files/big", packed=False) as entry:
            for _ in range(64):
                entry.write(bytes(1024 * 1024))
        archive.finish({})
    verdict = verify(tmp_path / "big.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert made["counts"]["events"] >= 20_000
    assert ([], 64 * 1024**2) == (verdict.faults, verdict.size_bytes)
    assert peak < 24 * 1024**2, f"{peak / 1024**2:.1f} MB"


async def test_exports_are_the_owners_and_end(app: FastAPI) -> None:
    """No editor, one at a time, gone after seven days with their file."""
    owner = await people.make_member(app)
    asked = await owner.post("/exports")
    second = await owner.post("/exports")
    await run_queued_jobs()
    path = service.file_of(asked.json()["id"])
    was_there = path.is_file()

    swept = await service.sweep_exports(now=utcnow() + timedelta(days=7, minutes=1))

    gone = await owner.get(f"/exports/{asked.json()['id']}/file")
    assert (409, "export_running") == (second.status_code, second.json()["code"])
    assert (True, 1, False) == (was_there, swept, path.exists())
    assert (410, "export_gone") == (gone.status_code, gone.json()["code"])
    assert path.parent.name.startswith(".")
    assert path.is_relative_to(get_settings().storage.root)


async def test_an_editor_exports_nothing(app: FastAPI) -> None:
    """The permission is the owners'."""
    editor = await people.make_member(app, role="editor")

    answers = [await editor.post("/exports"), await editor.get("/exports")]

    assert [403, 403] == [answer.status_code for answer in answers]


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_what_is_left_out_is_a_table_with_a_reason(name: str) -> None:
    """A table that is gone or misspelt here fails."""
    exported = {table.name for table in exported_tables()}

    assert name not in exported
    assert LEFT_OUT[name]


def test_no_secret_is_exported() -> None:
    """Nothing that signs anybody in, whatever table it is in; hashes of files are no secrets."""
    columns: list[Column[Any]] = [c for table in exported_tables() for c in exported_columns(table)]
    names = {f"{column.table.name}.{column.name}" for column in columns}

    assert {"stored_files.sha256", "ar_contents.title", "looks.texts"} <= names
    secret = {"api_keys.token_sha256", "company_domains.token", "storage_connections.secret"}
    assert set() == names & secret
    assert not any(is_secret(column) for column in columns)


def test_the_format_is_documented() -> None:
    """Every exported table stands in the reference, so does every one left out."""
    page = Path("docs/reference/export-format.md").read_text(encoding="utf-8")

    unknown = [t.name for t in exported_tables() if f"`{t.name}`" not in page]
    assert [] == unknown + [name for name in LEFT_OUT if f"`{name}`" not in page]
