"""The audit log: who may read it, what can be looked for, what leaves in a file."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.core.actor import Actor
from app.core.config import get_settings
from app.core.database import session_scope
from app.core.spreadsheets import csv_line
from app.core.tenancy import APP_ROLE, SYSTEM_ROLE
from app.events import record
from tests.support import people


async def write(member: people.Member, *names: str, **facts: Any) -> None:
    """Events of the member's company, a transaction each, in this order."""
    actor = facts.pop("actor", member.actor)
    for name in names:
        async with session_scope(company_id=member.company_id) as session:
            record(session, name, actor=actor, company_id=member.company_id, **facts)


def names(answer: httpx.Response) -> list[str]:
    assert 200 == answer.status_code, answer.text
    return [event["name"] for event in answer.json()["items"]]


@pytest.fixture
async def owner(app: FastAPI) -> people.Member:
    return await people.make_member(app)


async def test_an_event_tells_who_what_when_from_where(app: FastAPI, owner: people.Member) -> None:
    """A change through the API is told with its actor, address, browser, before and after."""
    project = (await owner.post("/projects", json={"name": "Spring"})).json()["id"]
    await owner.patch(
        f"/projects/{project}", json={"name": "Summer"}, headers={"User-Agent": "Firefox/140"}
    )

    event = (await owner.get("/events?name=project.updated")).json()["items"][0]

    assert {"name": ["Spring", "Summer"]} == event["changes"]
    assert ("user", str(owner.user_id), owner.email) == (
        event["actor"]["kind"],
        event["actor"]["id"],
        event["actor"]["label"],
    )
    assert ("203.0.113.5", "Firefox/140") == (event["address"], event["user_agent"])
    assert project == event["subject_id"]
    assert timedelta(minutes=1) > datetime.now(UTC) - datetime.fromisoformat(event["created_at"])


async def test_pages_follow_each_other_newest_first(owner: people.Member) -> None:
    """The cursor leads through all events once."""
    await write(owner, "thing.first_done", "thing.second_done", "thing.third_done")

    first = await owner.get("/events?name=thing.&limit=2")
    second = await owner.get(f"/events?name=thing.&limit=2&cursor={first.json()['next_cursor']}")

    assert ["thing.third_done", "thing.second_done"] == names(first)
    assert ["thing.first_done"] == names(second)
    assert second.json()["next_cursor"] is None


async def test_filters_find_by_name_actor_subject_time_and_words(owner: people.Member) -> None:
    """Each filter alone finds the event it tells of, and only it."""
    robot = Actor(None, kind="api_key", api_key_id=uuid4(), label="Print_robot 100%")
    subject = uuid4()
    await write(owner, "thing.done", data={"colour": "blue_green"})
    await write(owner, "thingy.done", actor=robot, subject_id=subject)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")

    found = {
        query: names(await owner.get(f"/events?{query}"))
        for query in (
            "name=thing.",
            "actor=api_key",
            f"actor={robot.api_key_id}",
            "actor=robot 100%25",
            f"subject_id={subject}",
            "q=BLUE_",
            "q=blue%25",
        )
    }

    assert ["thing.done"] == found["name=thing."] == found["q=BLUE_"]
    assert [] == found["q=blue%25"]
    robots = [found[query] for query in found if query.startswith(("actor", "subject"))]
    assert [["thingy.done"]] * 4 == robots
    assert [] == names(await owner.get(f"/events?from={later}"))
    assert 2 <= len(names(await owner.get(f"/events?to={later}")))


@pytest.mark.parametrize("file", ["", ".csv", ".jsonl"])
@pytest.mark.parametrize(
    "query", ["name=%25", "from=yesterday", "from=2026-01-01T00:00:00", "to=131826", "q=%00"]
)
async def test_a_filter_nobody_understands_is_refused(
    query: str, file: str, owner: people.Member
) -> None:
    """A moment without its offset from UTC or as a number too; of a file before its first line."""
    assert 422 == (await owner.get(f"/events{file}?{query}")).status_code


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_only_owners_read_the_log(role: str, app: FastAPI) -> None:
    """It shows addresses and browsers of people."""
    member = await people.make_member(app, role=role)

    answers = [await member.get(path) for path in ("/events", "/events.csv", "/events.jsonl")]

    assert {(403, "forbidden")} == {(a.status_code, a.json()["code"]) for a in answers}


async def test_the_operator_reads_all_and_what_belongs_to_none(app: FastAPI) -> None:
    """Nobody else does; a company's owner is not told more than that it is not allowed."""
    owner = await people.make_member(app)
    operator = await people.make_member(app, is_superadmin=True)
    await write(owner, "thing.done")
    async with session_scope(system="test") as session:
        record(session, "platform.upgraded")

    everything = names(await operator.client.get("/api/v1/events"))
    of_one = await operator.client.get(f"/api/v1/events?company_id={owner.company_id}&name=thing.")
    refused = [
        await owner.client.get(f"/api/v1/events{ending}") for ending in ("", ".csv", ".jsonl")
    ]

    assert {"thing.done", "platform.upgraded"} <= set(everything)
    assert ["thing.done"] == names(of_one)
    assert {403} == {answer.status_code for answer in refused}


async def test_the_neighbours_events_are_not_there(app: FastAPI) -> None:
    """Neither in the list nor in the files."""
    owner, stranger = await people.make_member(app), await people.make_member(app)
    await write(owner, "thing.done")

    lists = [(await stranger.get(f"/events{end}")).text for end in ("", ".csv", ".jsonl")]

    assert not any("thing.done" in text for text in lists)


async def test_files_hold_every_event_the_filter_finds(owner: people.Member) -> None:
    """More than a page of them, in both forms; that they were taken is itself an event."""
    await write(owner, *["thing.done"] * 205)

    table = await owner.get("/events.csv?name=thing.")
    lines = await owner.get("/events.jsonl?name=thing.&q=done")

    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    objects = [json.loads(line) for line in lines.text.splitlines()]
    assert (205, 205) == (len(rows), len(objects))
    assert [row["id"] for row in rows] == [event["id"] for event in objects]
    assert 'attachment; filename="events.csv"' == table.headers["Content-Disposition"]
    taken = (await owner.get("/events?name=audit.exported")).json()["items"]
    assert [
        {"format": "jsonl", "filters": {"name": "thing.", "q": "done"}},
        {"format": "csv", "filters": {"name": "thing."}},
    ] == [event["data"] for event in taken]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_spreadsheet_runs_nothing(start: str) -> None:
    """What begins like a formula is text; numbers and nothing stay what they are."""
    text = f"{start}HYPERLINK(1)"

    assert ([f"'{text}", "-5", ""]) == next(
        csv.reader(io.StringIO(csv_line([text, -5, None]), newline=""))
    )


async def test_a_formula_in_a_browsers_name_is_defused(owner: people.Member) -> None:
    """The user agent is whatever the caller says."""
    evil = {"User-Agent": '=HYPERLINK("http://evil.example")'}
    await owner.post("/projects", json={"name": "Spring"}, headers=evil)

    text = (await owner.get("/events.csv?name=project.created")).text

    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert row["user_agent"].startswith("'=HYPERLINK")


@pytest.mark.parametrize("role", [APP_ROLE, SYSTEM_ROLE])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE events SET name = 'forged'", "DELETE FROM events", "TRUNCATE events"],
)
async def test_the_services_roles_can_not_change_the_log(
    role: str, statement: str, owner: people.Member
) -> None:
    """A raw connection as the service works: PostgreSQL refuses, by privilege, or by the trigger where an
    erasure is allowed what nobody else is."""
    await write(owner, "thing.done")
    connection = await _raw()
    try:
        await connection.execute(f"SET ROLE {role}")
        await connection.execute(
            "SELECT set_config('arv.company_id', $1, false)", str(owner.company_id)
        )
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RaiseError)):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE events SET name = 'forged'", "DELETE FROM events", "TRUNCATE events"],
)
async def test_even_the_tables_owner_meets_the_trigger(
    statement: str, owner: people.Member
) -> None:
    """Whoever signs in to the database as its owner has to take the trigger away first, and that is seen."""
    await write(owner, "thing.done")
    connection = await _raw()
    try:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(statement)
    finally:
        await connection.close()


async def _raw() -> asyncpg.Connection:
    """A connection to the test's database past everything of ours."""
    return await asyncpg.connect(get_settings().database.url.replace("+asyncpg", ""))
