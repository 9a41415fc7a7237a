"""`arv doctor`: what is in place on this machine, and the remedy for what is not."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from app.core.config import CHECKOUT, DatabaseSettings, get_settings
from app.core.database import dispose_engine
from app.health.checks import check_isolation, check_staff
from app.local.console import StartRefused, complain, say
from app.local.folders import DataFolder, default_data_folder
from app.local.ports import require_free
from app.local.tools import find_postgres, find_valkey
from app.tasks.presence import Staff

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 2 * 2**30


def examine(host: str, port: int, data_dir: Path | None) -> bool:
    """Print one line per finding; True when nothing is missing."""
    folder = DataFolder(data_dir.absolute()) if data_dir else default_data_folder()
    examinations: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Python", _python),
        ("PostgreSQL", lambda: _postgres(folder)),
        ("Valkey or Redis", _valkey),
        ("Isolation", _isolation),
        ("Background work", _staff),
        ("Engine", _engine),
        ("Panel", lambda: _built("admin")),
        ("Viewer", lambda: _built("viewer")),
        ("Disk", lambda: _disk(folder)),
        ("Port", lambda: _port(host, port)),
    )
    results = [_passes(name, finding) for name, finding in examinations]
    return all(results)


def _passes(name: str, finding: Callable[[], str]) -> bool:
    try:
        say(f"  ✓ {name:<16} {finding()}")
    except StartRefused as refusal:
        complain(f"{name:<16} {refusal}")
        return False
    return True


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        raise StartRefused(f"{version} is too old: install Python 3.11 or newer.")
    return version


def _postgres(folder: DataFolder) -> str:
    tools = find_postgres(folder.root / "postgres")
    return f"{tools.major}, {tools.origin}"


def _valkey() -> str:
    tool = find_valkey()
    return f"{tool.program.name} {tool.version}, {tool.origin}"


def _isolation() -> str:
    """Only a database the settings name can be asked now; `make run` makes the private one itself."""
    if "url" not in DatabaseSettings().model_fields_set:
        return "private database, under the role arv_app"
    try:
        asyncio.run(_check_isolation())
    except Exception as error:
        raise StartRefused(str(error)) from error
    return "companies are kept apart by row level security"


async def _check_isolation() -> None:
    try:
        await check_isolation()
    finally:
        await dispose_engine()


def _staff() -> str:
    """Whoever works at the jobs of a database the settings name; `arv up` looks after its own."""
    if "url" not in DatabaseSettings().model_fields_set:
        return "worker and beat run with the service"
    staff = asyncio.run(_ask_staff())
    missing = [f"no worker takes {queue}" for queue, count in staff.workers.items() if not count]
    missing += [] if staff.beats else ["no beat runs"]
    if missing:
        raise StartRefused(f"{', '.join(missing)}: start arv worker and arv beat.")
    return f"{max(staff.workers.values())} workers, {staff.beats} beat"


async def _ask_staff() -> Staff:
    try:
        return await check_staff()
    finally:
        await dispose_engine()


def _engine() -> str:
    binary = CHECKOUT / "arv_engine" / "arv_engine.wasm"
    if not binary.exists():
        raise StartRefused("not built: make engine")
    return f"{binary.stat().st_size // 1024} kB"


def _built(app: str) -> str:
    folder = get_settings().web.dist_folder("admin" if app == "admin" else "viewer")
    if not (folder / "index.html").exists():
        raise StartRefused("not built: make web")
    return "built"


def _disk(folder: DataFolder) -> str:
    place = next(p for p in (folder.root, *folder.root.parents) if p.exists())
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE_BYTES:
        raise StartRefused(
            f"{free // 2**20} MB free at {place}: make room, or choose another --data-dir."
        )
    return f"{free // 2**30} GB free"


def _port(host: str, port: int) -> str:
    require_free(host, port)
    return f"{port} is free"
