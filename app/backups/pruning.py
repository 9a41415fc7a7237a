"""What is kept: every day for 30 days, then weeks and months as the settings say."""

from datetime import datetime, timedelta
from typing import Final

from app.backups.repository import Repository, Snapshot
from app.core.config import get_settings

# A backup without a manifest may still be under way for that long.
UNFINISHED_AFTER: Final = timedelta(days=1)


def rules() -> list[str]:
    """What restic's forget is told."""
    settings = get_settings().backups
    return [
        f"--keep-within={settings.keep_days}d",
        f"--keep-weekly={settings.keep_weekly}",
        f"--keep-monthly={settings.keep_monthly}",
        "--keep-last=1",  # however old: the clock may have stood still
    ]


async def prune(repository: Repository, *, now: datetime) -> set[str]:
    """Remove what the rules do not keep and what was never finished; the ids of the backups removed."""
    if not await repository.exists():
        return set()
    gone = await repository.to_forget(*rules())
    snapshots = await repository.snapshots()
    finished = {each.backup_id for each in snapshots if "part=manifest" in each.tags}
    removed = [
        each
        for each in snapshots
        if each.backup_id in gone
        or (each.backup_id not in finished and _age(each, now) > UNFINISHED_AFTER)
    ]
    await repository.forget(removed)
    return gone


def _age(snapshot: Snapshot, now: datetime) -> timedelta:
    # Go writes nanoseconds, Python reads microseconds: the second is enough.
    return now - datetime.fromisoformat(snapshot.time[:19] + "+00:00")
