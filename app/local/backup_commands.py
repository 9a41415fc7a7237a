"""`arv backup ...`: make, list, prove, restore and clean up backups."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.local.console import StartRefused, say

backup = typer.Typer(no_args_is_help=True, help="Backups: make, list, prove, restore, clean up.")
T = TypeVar("T")


def _run(work: Callable[[], Awaitable[T]]) -> T:
    """Its result; what went wrong is one line."""
    from app.core.database import dispose_engine
    from app.core.errors import ArvError

    async def whole() -> T:
        try:
            return await work()
        finally:
            await dispose_engine()

    try:
        return asyncio.run(whole())
    except ArvError as error:
        raise StartRefused(error.detail) from error


@backup.command("create")
def create() -> None:
    """Make a backup now: database first, files second, manifest last."""
    from app.backups import service

    made = _run(service.create)
    rows = f"{made.rows:,} rows in {len(made.tables)} tables"
    say(f"backup {made.id}: {rows}, {made.files:,} files, {made.size_bytes:,} bytes")
    for each in made.elsewhere:
        say(
            f"not in it: {each.files:,} files of company {each.company_id}, kept in its own {each.kind}"
        )


@backup.command("list")
def list_all() -> None:
    """What the repository holds, oldest first. Needs no database."""
    from app.backups.manifest import Manifest
    from app.backups.place import repositories

    async def manifests() -> list[Manifest]:
        first = repositories()[0]
        found = await first.manifests() if await first.exists() else []
        return [await first.manifest(each) for each in found]

    for each in _run(manifests):
        size = f"{each.rows:>10,} rows  {each.files:>8,} files"
        say(f"{each.id}  {each.created_at:%Y-%m-%d %H:%M:%S} UTC  {size}")


@backup.command("verify")
def verify(
    backup_id: Annotated[str, typer.Argument(help="Its id, or latest")] = "latest",
    read_all: Annotated[bool, typer.Option("--all", help="Read older backups' bytes too")] = False,
) -> None:
    """Restore it into a scratch database and folder, and compare every row and every file."""
    from app.backups import service

    whole = _run(lambda: service.verify(backup_id, deep=read_all))
    say(f"whole: {whole.rows:,} rows in {len(whole.tables)} tables, {whole.files:,} files")


@backup.command("restore")
def restore(
    backup_id: Annotated[str | None, typer.Argument(help="Its id, or latest")] = None,
    at: Annotated[str | None, typer.Option(help="Instead: the moment, with its zone")] = None,
    database: Annotated[str | None, typer.Option(help="Into this database")] = None,
    content: Annotated[Path | None, typer.Option(help="Into this folder of files")] = None,
    force: Annotated[bool, typer.Option("--force", help="Though somebody's work is there")] = False,
) -> None:
    """Let database and files be as in the backup. What was there stays beside, under another name.

    With --at the whole PostgreSQL is as it was at that moment, by the archive of pgBackRest.
    """
    if (backup_id is None) == (at is None):
        raise typer.BadParameter("name a backup, or the moment with --at")
    if at is not None:
        if database or content:
            raise typer.BadParameter("--at takes neither --database nor --content")
        _restore_at(at, force=force)
    elif backup_id is not None:
        _restore(backup_id, database, content, force=force)


def _restore_at(at: str, *, force: bool) -> None:
    from app.backups.moment import Rewound, read_moment, restore_at
    from app.core.clock import utcnow

    async def work() -> Rewound:
        return await restore_at(read_moment(at), force=force, now=utcnow())

    rewound = _run(work)
    say(f"restored up to {at} into {rewound.folder}")
    if rewound.before:
        say(f"what was there is kept in {rewound.before}")
    say("start PostgreSQL: it replays the log up to the moment and then takes connections")


def _restore(backup_id: str, database: str | None, content: Path | None, *, force: bool) -> None:
    from app.backups import service
    from app.backups.database import Place
    from app.backups.restoring import Restored

    async def work() -> Restored:
        target = Place.of(database) if database else None
        folder = content.absolute() if content else None
        restored = await service.restore(backup_id, force=force, target=target, content=folder)
        if target is None:
            await service.note_restored(restored)
        return restored

    restored = _run(work)
    found = restored.manifest
    say(f"restored {found.id}: {found.rows:,} rows and {found.files:,} files, each compared")
    if restored.database_before:
        say(f"the database of before is kept as {restored.database_before}")
    if restored.content_before and any(restored.content_before.iterdir()):
        say(f"the files of before are kept in {restored.content_before}")


@backup.command("prune")
def prune() -> None:
    """Remove what is not to be kept any more."""
    from app.backups import service

    say(f"removed: {len(_run(service.prune))}")


@backup.command("serve")
def serve() -> None:
    """Make the backups the panel and the clock order, until stopped."""
    from app.backups.serving import serve as serve_orders
    from app.core.config import get_settings
    from app.core.logging import configure_logging

    async def work() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve_orders(stop=stop)

    settings = get_settings()
    configure_logging(settings.log.level, settings.log_format)
    _run(work)
