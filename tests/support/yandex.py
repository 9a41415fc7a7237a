"""A little Yandex: OAuth and the Disk's REST API, as their public documentation tells them, with faults.

A real server on a free port. https://yandex.com/dev/disk-api/doc/en/ and https://yandex.com/dev/id/doc/en/.
What tests switch: `fail_next` (any status), `expire_tokens`, `capacity_bytes` (507), `seconds` (slow),
`accepts_later` (202), `spoils` (keeps other bytes), `breaks_after` (a download that is cut).
"""

import asyncio
import base64
import hashlib
import queue
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from app.local.ports import free_port

CLIENT_ID, CLIENT_SECRET = "arv-of-tests", "a secret of tests"
TOKEN_SECONDS = 3600
ROOTS = ("app:", "disk:")


@dataclass(slots=True)
class Item:
    """A file, or a folder when it has no content."""

    content: bytes | None
    modified: datetime
    polls_until_seen: int = 0

    def described(self, path: str) -> dict[str, Any]:
        about: dict[str, Any] = {
            "name": path.rpartition("/")[2],
            "path": path,
            "type": "dir" if self.content is None else "file",
            "modified": self.modified.isoformat(timespec="seconds"),
        }
        if self.content is not None:
            about |= {
                "size": len(self.content),
                "sha256": hashlib.sha256(self.content).hexdigest(),
                "md5": hashlib.md5(self.content, usedforsecurity=False).hexdigest(),
            }
        return about


@dataclass(slots=True)
class Yandex:
    """One account's Disk and tokens. `url` is both servers: the API's and OAuth's."""

    url: str
    items: dict[str, Item] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    operations: dict[str, int] = field(default_factory=dict)
    failures: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    capacity_bytes: int | None = None
    seconds: float = 0.0
    accepts_later: int = 0
    slow_operations: int = 0
    spoils: int = 0
    breaks_after: list[int] = field(default_factory=list)
    token_seconds: int = TOKEN_SECONDS
    renewals: int = 0
    moved: list[str] = field(default_factory=list)

    def fail_next(self, status: int, *, times: int = 1, at: str = "", **headers: str) -> None:
        """The next requests whose path begins with `at` get this status."""
        self.failures += [(at, status, headers)] * times

    def expire_tokens(self) -> None:
        """The access tokens given so far are refused from now on; what renews them is good."""
        self.access_tokens.clear()

    def revoke(self) -> None:
        """The account holder takes the grant back."""
        self.access_tokens.clear()
        self.refresh_tokens.clear()

    def consent(self, url: str) -> dict[str, str]:
        """What the browser brings back after the account holder said yes at this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_hex(4)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def issue(self) -> dict[str, Any]:
        access, refresh = f"y0_{secrets.token_hex(8)}", f"1:{secrets.token_hex(8)}"
        self.access_tokens.add(access)
        self.refresh_tokens.add(refresh)
        return {
            "token_type": "bearer",
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": self.token_seconds,
        }

    def put_file(self, path: str, content: bytes, *, modified: datetime | None = None) -> None:
        """A file that lies there already, with its folders."""
        folder = path.rpartition("/")[0]
        while folder and folder not in ROOTS:
            self.items.setdefault(folder, Item(None, datetime.now(UTC)))
            folder = folder.rpartition("/")[0]
        self.items[path] = Item(content, modified or datetime.now(UTC))

    def files(self) -> dict[str, bytes]:
        return {path: item.content for path, item in self.items.items() if item.content is not None}

    def used_bytes(self) -> int:
        return sum(map(len, self.files().values()))

    def found(self, path: str) -> Item | None:
        if path.rstrip("/") in ROOTS:
            return Item(None, datetime.now(UTC))
        item = self.items.get(path)
        if item is not None and item.polls_until_seen > 0:
            item.polls_until_seen -= 1
            return None
        return item


def problem(status: int, error: str) -> JSONResponse:
    return JSONResponse({"message": error, "description": error, "error": error}, status)


def link(yandex: Yandex, path: str, status: int, method: str = "GET") -> JSONResponse:
    body = {"href": yandex.url + path, "method": method, "templated": False}
    return JSONResponse(body, status)


def app_of(yandex: Yandex) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def faults(request: Request, call_next: Any) -> Response:
        yandex.asked.append((request.method, request.url.path))
        await asyncio.sleep(yandex.seconds)
        for number, (at, status, headers) in enumerate(yandex.failures):
            if request.url.path.startswith(at):
                del yandex.failures[number]
                await request.body()
                return JSONResponse(
                    {"error": "Switched"},
                    status,
                    {k.replace("_", "-"): v for k, v in headers.items()},
                )
        if request.url.path.startswith("/v1/"):
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme != "OAuth" or token not in yandex.access_tokens:
                return problem(401, "UnauthorizedError")
        answer: Response = await call_next(request)
        return answer

    _add_oauth(app, yandex)
    _add_resources(app, yandex)
    _add_changes(app, yandex)
    _add_links(app, yandex)
    _add_bytes(app, yandex)
    return app


def _add_oauth(app: FastAPI, yandex: Yandex) -> None:
    @app.post("/token")
    async def token(request: Request) -> Response:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 400)
        if form["grant_type"] == "refresh_token":
            yandex.renewals += 1
            if form["refresh_token"] not in yandex.refresh_tokens:
                return JSONResponse({"error": "invalid_grant"}, 400)
            yandex.refresh_tokens.discard(form["refresh_token"])
            return JSONResponse(yandex.issue())
        asked = yandex.codes.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or asked.get("code_challenge") != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(yandex.issue())


def _add_resources(app: FastAPI, yandex: Yandex) -> None:
    @app.get("/v1/disk/resources")
    async def describe(path: str, limit: int = 20, offset: int = 0) -> Response:
        item = yandex.found(path)
        if item is None:
            return problem(404, "DiskNotFoundError")
        about = item.described(path)
        if item.content is None:
            inside = sorted(p for p in yandex.items if p.rpartition("/")[0] == path.rstrip("/"))
            found = [yandex.items[p].described(p) for p in inside[offset : offset + limit]]
            about["_embedded"] = {"items": found, "total": len(inside), "limit": limit}
        return JSONResponse(about)

    @app.put("/v1/disk/resources")
    async def make_folder(path: str) -> Response:
        if yandex.found(path) is not None:
            return problem(409, "DiskPathPointsToExistentDirectoryError")
        if yandex.found(path.rpartition("/")[0]) is None:
            return problem(409, "DiskPathDoesntExistsError")
        yandex.items[path] = Item(None, datetime.now(UTC))
        return link(yandex, f"/v1/disk/resources?path={path}", 201)


def _add_changes(app: FastAPI, yandex: Yandex) -> None:
    @app.delete("/v1/disk/resources")
    async def remove(path: str, permanently: bool = False) -> Response:
        assert permanently, "it would fill the trash"
        if yandex.items.pop(path, None) is None:
            return problem(404, "DiskNotFoundError")
        return _done(yandex, 204)

    @app.post("/v1/disk/resources/move")
    async def move(request: Request) -> Response:
        source, path = request.query_params["from"], request.query_params["path"]
        if source not in yandex.items:
            return problem(404, "DiskNotFoundError")
        if yandex.found(path.rpartition("/")[0]) is None:
            return problem(409, "DiskPathDoesntExistsError")
        if path in yandex.items and request.query_params.get("overwrite") != "true":
            return problem(409, "DiskResourceAlreadyExistsError")
        yandex.items[path] = yandex.items.pop(source)
        yandex.moved.append(path)
        return _done(yandex, 201)

    @app.get("/v1/disk/operations/{operation_id}")
    async def operation(operation_id: str) -> Response:
        left = yandex.operations[operation_id]
        yandex.operations[operation_id] = left - 1
        return JSONResponse({"status": "in-progress" if left > 0 else "success"})


def _add_links(app: FastAPI, yandex: Yandex) -> None:
    @app.get("/v1/disk/resources/upload")
    async def upload(path: str, overwrite: bool = False) -> Response:
        if yandex.found(path.rpartition("/")[0]) is None:
            return problem(409, "DiskPathDoesntExistsError")
        if path in yandex.items and not overwrite:
            return problem(409, "DiskResourceAlreadyExistsError")
        target = secrets.token_hex(8)
        yandex.targets[target] = path
        return link(yandex, f"/upload-target/{target}", 200, "PUT")

    @app.get("/v1/disk/resources/download")
    async def download(path: str) -> Response:
        if yandex.found(path) is None:
            return problem(404, "DiskNotFoundError")
        target = secrets.token_hex(8)
        yandex.targets[target] = path
        return link(yandex, f"/disk/{target}", 200)


def _done(yandex: Yandex, status: int) -> Response:
    """At once, or as an operation that has to be asked about."""
    if not yandex.slow_operations:
        return Response(status_code=status)
    operation_id = secrets.token_hex(8)
    yandex.operations[operation_id] = yandex.slow_operations
    return link(yandex, f"/v1/disk/operations/{operation_id}", 202)


def _add_bytes(app: FastAPI, yandex: Yandex) -> None:
    @app.put("/upload-target/{target}")
    async def receive(target: str, request: Request) -> Response:
        path = yandex.targets.pop(target, None)
        content = await request.body()
        if path is None:
            return problem(404, "TargetNotFound")
        capacity = yandex.capacity_bytes
        if capacity is not None and yandex.used_bytes() + len(content) > capacity:
            return problem(507, "DiskInsufficientStorageError")
        if yandex.spoils > 0:
            yandex.spoils -= 1
            content = content[:-1]
        yandex.items[path] = Item(content, datetime.now(UTC), yandex.accepts_later)
        return Response(status_code=202 if yandex.accepts_later else 201)

    @app.get("/disk/{target}")
    async def redirect(target: str, request: Request) -> Response:
        assert "authorization" not in request.headers, "the token went to another host"
        if target not in yandex.targets:
            return problem(410, "LinkExpired")
        return Response(status_code=302, headers={"Location": f"{yandex.url}/bytes/{target}"})

    @app.get("/bytes/{target}")
    async def send(target: str, request: Request) -> Response:
        item = yandex.items.get(yandex.targets[target])
        if item is None or item.content is None:
            return problem(404, "NotFound")
        first, _, last = request.headers["range"].removeprefix("bytes=").partition("-")
        start, stop = int(first), int(last) + 1 if last else len(item.content)
        if start >= len(item.content):
            return Response(status_code=416)
        part = item.content[start:stop]
        broken = yandex.breaks_after.pop(0) if yandex.breaks_after else None
        headers = {"Content-Length": str(len(part))}
        return StreamingResponse(_sent(part, broken), 206, headers)


async def _sent(content: bytes, broken: int | None) -> AsyncIterator[bytes]:
    yield content[:broken]
    if broken is not None:
        raise ConnectionError("the line broke")


@asynccontextmanager
async def running_yandex() -> AsyncIterator[Yandex]:
    """A Yandex that answers on the loopback interface until the block ends."""
    port = free_port()
    yandex = Yandex(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(app_of(yandex), port=port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event to wait for)
        await asyncio.sleep(0.01)
    try:
        yield yandex
    finally:
        server.should_exit = True
        await running


@contextmanager
def yandex_beside() -> Iterator[Yandex]:
    """The same in a thread of its own, for tests whose service is other processes."""
    started: queue.Queue[Yandex] = queue.Queue()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def run() -> None:
        async with running_yandex() as yandex:
            started.put(yandex)
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    try:
        yield started.get(timeout=20)
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=10)
        loop.close()
