"""The least that could answer: a FastAPI route, and a raw ASGI handler that asks by asyncpg.

Neither knows who asks, counts, logs or keeps companies apart. `uvicorn bench.load.bare:app`; what it answers
and where its rows are comes in the environment (`BARE_*`).
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, Response
from starlette.types import Receive, Scope, Send

COMPANY: Final = UUID(os.environ["BARE_COMPANY"])
CONTENT: Final = UUID(os.environ["BARE_CONTENT"])
PROJECT: Final = UUID(os.environ["BARE_PROJECT"])
PAGE: Final = Path(os.environ["BARE_PAGE"]).read_bytes()

_CONTENT: Final = "SELECT * FROM ar_contents WHERE company_id = $1 AND id = $2"
_LIST: Final = """
SELECT * FROM ar_contents WHERE company_id = $1 AND archived_at IS NULL ORDER BY id DESC LIMIT 51"""
_TARGETS: Final = """
SELECT DISTINCT ON (t.content_id) t.*, j.progress, j.stage FROM targets t LEFT JOIN jobs j ON j.id = t.job_id
WHERE t.company_id = $1 AND t.content_id = ANY($2) ORDER BY t.content_id, t.version DESC"""
_VIDEOS: Final = """
SELECT * FROM videos WHERE company_id = $1 AND content_id = ANY($2) ORDER BY position, id"""
_ENDS: Final = "SELECT id, expires_at FROM projects WHERE company_id = $1 AND id = ANY($2)"
_INSERT: Final = """
INSERT INTO projects (id, company_id, name, created_at, updated_at) VALUES ($1, $2, $3, now(), now())
RETURNING *"""

api = FastAPI()


@api.get("/route")
async def route() -> Response:
    """As many bytes as the viewer page has, from a FastAPI route."""
    return Response(PAGE, media_type="text/html")


class Handler:
    """`/one`, `/list` and `/insert`: rows in, JSON out. Everything else is the FastAPI app's."""

    pool: asyncpg.Pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/route":
            await api(scope, receive, send)
        else:
            await self._answer(scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """One pool, as large as the API's, from the start to the end."""
        await receive()
        address = os.environ["BARE_DATABASE"]
        async with asyncpg.create_pool(address, min_size=5, max_size=10) as self.pool:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, send: Send) -> None:
        async with self.pool.acquire() as connection:
            body = json.dumps(await _read(connection, scope["path"]), default=_plain).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _read(connection: Any, path: str) -> Any:
    if path == "/insert":
        return dict(await connection.fetchrow(_INSERT, uuid4(), COMPANY, "Spring 2027"))
    rows = await (
        connection.fetch(_CONTENT, COMPANY, CONTENT)
        if path == "/one"
        else connection.fetch(_LIST, COMPANY)
    )
    ids = [row["id"] for row in rows]
    targets = {row["content_id"]: row for row in await connection.fetch(_TARGETS, COMPANY, ids)}
    videos: dict[UUID, list[Any]] = {}
    for row in await connection.fetch(_VIDEOS, COMPANY, ids):
        videos.setdefault(row["content_id"], []).append(dict(row))
    await connection.fetch(_ENDS, COMPANY, list({row["project_id"] for row in rows}))
    return [
        {**row, "target": dict(targets[row["id"]]), "videos": videos.get(row["id"], [])}
        for row in rows
    ]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


app = Handler()
