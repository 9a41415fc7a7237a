"""The process that makes the backups people and the clock order."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

import structlog

from app.backups import queries, service
from app.backups.errors import BackupRefused
from app.core.database import session_scope
from app.core.errors import ArvError

log = structlog.get_logger(__name__)

LOOKS_EVERY_SECONDS: Final = 5.0


async def serve(*, stop: asyncio.Event) -> None:
    """Work until `stop` is set. What fails is told in the register; the next order is taken all the same."""
    _alive().touch()
    while not stop.is_set():
        try:
            await work_once()
        except BackupRefused as error:
            log.warning("backup.refused", reason=str(error))
        except (ArvError, OSError) as error:
            log.error("backup.order_failed", reason=str(error))  # noqa: TRY400  (the register has it)
        _alive().touch()
        try:
            async with asyncio.timeout(LOOKS_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


def _alive() -> Path:
    """Touched between orders, for the container's healthcheck."""
    return Path(tempfile.gettempdir()) / "arv-backup-alive"


async def work_once() -> None:
    """Do what is ordered: a backup, then the clean-up that follows it, then a check."""
    async with session_scope(system=service.SYSTEM) as session:
        backup, check = await queries.open_backup(session), await queries.open_check(session)
        wants_backup, wants_check = backup is not None, check and str(check.backup_id)
    if wants_backup:
        await service.create()
        await service.prune()
    if wants_check:
        await service.verify(wants_check)
