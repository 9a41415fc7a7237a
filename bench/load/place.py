"""Everything that is measured, running: PostgreSQL, Valkey, the API, nginx before it, and the bare ones."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import httpx

from app.auth.cookies import PLAIN_NAME
from app.core.clock import utcnow
from app.core.config import CHECKOUT
from app.core.ids import uuid7
from app.local.children import Program, stop
from app.local.ports import free_port
from bench.lists.seed import SMALL, Seeded, Size, seed
from bench.load.cost import Processes
from ops import nginx
from tests.containers.edge import Edge, free_address
from tests.support.servers import TestServers, start_servers
from tests.support.settings import LINK_SECRET, environment_for

VIDEO_BYTES: Final = 4_000_000
VIDEO_KEY: Final = "c/videos/x.mp4"
TOKEN: Final = "of-a-database-that-lives-for-minutes"  # noqa: S105
# Counted as in production, refused never: what a refusal costs is not what is asked.
NO_LIMIT: Final = "100000000/minute"
_UNLIMITED: Final = ("ADDRESS", "ACCOUNT", "KEY")
_STATIC: Final = """
{user}worker_processes 1;
daemon off;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  include {types};
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000;
  open_file_cache max=2000 inactive=60s;
  log_format json escape=json
    '{{"time":"$time_iso8601","path":"$uri","status":$status,"seconds":$request_time}}';
  access_log {folder}/access.log json;
  server {{ listen {listen} backlog=4096; root {folder}/files; }}
}}
"""


@dataclass(slots=True)
class Place:
    """Where to ask whom."""

    api: str
    edge: str
    bare: str
    static: str
    seeded: Seeded
    public_id: UUID
    cookie: str
    video: str
    database: str
    processes: Processes

    @property
    def company(self) -> str:
        return f"/api/v1/companies/{self.seeded.ids['company_id']}"


@contextmanager
def running(folder: Path, size: Size = SMALL) -> Iterator[Place]:
    """All of it, with this many contents; stopped and removed afterwards."""
    with ExitStack() as stack:
        servers = start_servers()
        stack.callback(servers.stop)
        database = asyncio.run(_migrated(servers, folder))
        seeded, public_id = asyncio.run(_filled(servers, database, size))
        storage = _files(folder)
        processes = Processes({program.name: process.pid for program, process in servers.children})
        api = _start_api(stack, servers, database, folder, processes)
        edge = _start_edge(stack, folder, api, storage, processes)
        place = Place(
            *(api, edge, "", "", seeded, public_id),
            cookie=f"{PLAIN_NAME}={TOKEN}",
            video="",
            database=servers.postgres.url(database).replace("+asyncpg", ""),
            processes=processes,
        )
        page = _page(place)
        place.video = _video_address(place)
        place.static = _start_static(stack, folder, page, processes)
        place.bare = _start_bare(stack, folder, place, processes)
        yield place


async def _migrated(servers: TestServers, folder: Path) -> str:
    """A new database with the whole schema."""
    environment = environment_for(servers, "arv", folder)
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "app.cli", "migrate"],
        check=True,
        cwd=CHECKOUT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return await servers.create_database()


async def _filled(servers: TestServers, database: str, size: Size) -> tuple[Seeded, UUID]:
    """The rows, and a session of the owner; the public id is of a content that is published."""
    connection = await asyncpg.connect(servers.postgres.url(database).replace("+asyncpg", ""))
    try:
        seeded = await seed(connection, size)
        await connection.execute(
            "INSERT INTO user_sessions (id, user_id, token_sha256, address, user_agent, created_at,"
            " last_seen_at, expires_at) VALUES ($1, $2, $3, '', '', $4, $4, $5)",
            *(uuid7(), seeded.owner_id, sha256(TOKEN.encode()).digest(), utcnow()),
            utcnow() + timedelta(days=1),
        )
        public_id = await connection.fetchval(
            "SELECT public_id FROM ar_contents WHERE status = 'published' AND company_id = $1 LIMIT 1",
            UUID(seeded.ids["company_id"]),
        )
    finally:
        await connection.close()
    return seeded, public_id


def _files(folder: Path) -> Path:
    storage = folder / "storage"
    video = storage / VIDEO_KEY
    video.parent.mkdir(parents=True)
    video.write_bytes(os.urandom(VIDEO_BYTES))
    return storage


def _start_api(
    stack: ExitStack, servers: TestServers, database: str, folder: Path, processes: Processes
) -> str:
    """One process, with the options of the image."""
    port = free_port()
    environment = environment_for(servers, database, folder / "storage") | {
        "RATE_LIMITS": "true",
        "LOG_FORMAT": "json",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **{f"RATE_LIMIT_{name}": NO_LIMIT for name in _UNLIMITED},
    }
    _spawn(
        stack,
        "api",
        _uvicorn(port, "--factory", "app.main:create_app"),
        folder,
        environment,
        processes,
    )
    _wait(f"http://127.0.0.1:{port}/api/health/status")
    return f"http://127.0.0.1:{port}"


def _start_edge(
    stack: ExitStack, folder: Path, api: str, storage: Path, processes: Processes
) -> str:
    """The nginx with the project's configuration; only its limits are lifted."""
    place = nginx.Place(
        folder / "edge",
        listen=free_address(),
        app=api.removeprefix("http://"),
        storage=storage,
        link_secret=LINK_SECRET,
    )
    edge = Edge(place)
    main = nginx.render(place)
    main.write_text(main.read_text().replace("worker_connections 2048", "worker_connections 8192"))
    limits = place.folder / "include" / "limits.conf"
    limits.write_text(re.sub(r"rate=\d+r/[sm]", "rate=1000000r/s", limits.read_text()))
    edge.start_again()
    stack.callback(edge.stop)
    assert edge.process is not None
    processes.roots["nginx"] = edge.process.pid
    _wait(f"{edge.url}/api/health/status")
    return edge.url


def _start_static(stack: ExitStack, folder: Path, page: bytes, processes: Processes) -> str:
    """An nginx that serves files and nothing else: a page as large as the viewer's, and the video."""
    place, listen = folder / "static", free_address()
    (place / "files").mkdir(parents=True)
    (place / "files" / "page.html").write_bytes(page)
    (place / "files" / "video.mp4").hardlink_to(folder / "storage" / VIDEO_KEY)
    user = "user root;\n" if os.geteuid() == 0 else ""
    types = CHECKOUT / "nginx" / "include" / "types.conf"
    config = place / "nginx.conf"
    config.write_text(_STATIC.format(user=user, folder=place, types=types, listen=listen))
    command = [str(nginx.find_nginx()), "-c", str(config), "-p", f"{place}/", "-e", "stderr"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    stack.callback(stop, process, signal.SIGTERM, timeout=5)
    processes.roots["static"] = process.pid
    _wait(f"http://{listen}/page.html")
    return f"http://{listen}"


def _start_bare(stack: ExitStack, folder: Path, place: Place, processes: Processes) -> str:
    port = free_port()
    environment = {
        "BARE_DATABASE": place.database,
        "BARE_COMPANY": place.seeded.ids["company_id"],
        "BARE_CONTENT": place.seeded.ids["content_id"],
        "BARE_PROJECT": place.seeded.ids["project_id"],
        "BARE_PAGE": str(folder / "static" / "files" / "page.html"),
    }
    _spawn(stack, "bare", _uvicorn(port, "bench.load.bare:app"), folder, environment, processes)
    _wait(f"http://127.0.0.1:{port}/route")
    return f"http://127.0.0.1:{port}"


def _uvicorn(port: int, *app: str) -> list[str]:
    quiet = ("--no-server-header", "--no-access-log")
    return [sys.executable, "-m", "uvicorn", *app, f"--port={port}", *quiet]


def _spawn(
    stack: ExitStack,
    name: str,
    command: list[str],
    folder: Path,
    environment: dict[str, str],
    processes: Processes,
) -> None:
    log = folder / f"{name}.log"
    program = Program(name, command, log, data=folder, environment=environment, cwd=CHECKOUT)
    process = program.spawn()
    stack.callback(stop, process, program.stop_signal, timeout=8)
    processes.roots[name] = process.pid


def _wait(url: str) -> None:
    """Until it answers 200; a minute at most."""
    transport = httpx.HTTPTransport(retries=0)
    with httpx.Client(transport=transport, trust_env=False) as client:
        for _ in range(600):
            try:
                if client.get(url).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer")


def _page(place: Place) -> bytes:
    answer = httpx.get(f"{place.edge}/ar/{place.public_id}", trust_env=False)
    answer.raise_for_status()
    return answer.content


def _video_address(place: Place) -> str:
    """The signed address the manifest gives out."""
    path = f"/api/v1/viewer/{place.public_id}/manifest"
    answer = httpx.get(f"{place.edge}{path}", params={"renewal": True}, trust_env=False)
    url: str = answer.raise_for_status().json()["video"]["url"]
    return url
