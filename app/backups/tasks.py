"""The clock's orders. The work is done by `arv backup serve`, so that no worker is held for an hour."""

from app.backups import service
from app.core.config import get_settings
from app.core.database import session_scope
from app.tasks.runtime import periodic


@periodic("default.order_backup", time_limit=60)
async def order_backup() -> None:
    """Every day, where backups are set up."""
    if get_settings().backups.repository:
        async with session_scope(system=service.SYSTEM) as session:
            await service.order_scheduled_backup(session)


@periodic("default.order_backup_check", time_limit=60)
async def order_backup_check() -> None:
    """Every week: the newest backup is restored and compared."""
    if get_settings().backups.repository:
        async with session_scope(system=service.SYSTEM) as session:
            await service.order_scheduled_check(session)
