"""The whole cluster as it was at a moment, from what pgBackRest archived. Runs where PostgreSQL's folder is.

Its settings are pgBackRest's own, `PGBACKREST_CONFIG` and the like (docs/runbooks/point-in-time.md).
"""

import asyncio
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.backups.errors import BackupFailed, BackupRefused
from app.core.clock import utcnow

STANZA: Final = "arv"
_FOLDER: Final = "PGBACKREST_PG1_PATH"
_RUNBOOK: Final = "docs/runbooks/point-in-time.md"


@dataclass(frozen=True, slots=True)
class Rewound:
    """The folder PostgreSQL is started on, and where what was in it is kept."""

    folder: Path
    before: Path | None


def read_moment(text: str) -> datetime:
    """The moment a person typed. Raises `BackupRefused` without a zone, or when it is still to come."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BackupRefused(
            f'{text} is no moment: write it as "2026-11-23 12:00:00+00:00".'
        ) from error
    if moment.tzinfo is None:
        raise BackupRefused(f'Say in which zone {text} is: "{text}+00:00" is UTC.')
    if moment >= utcnow():
        raise BackupRefused(f"{text} is still to come.")
    return moment.astimezone(UTC)


async def restore_at(moment: datetime, *, force: bool, now: datetime) -> Rewound:
    """Let PostgreSQL's folder be what leads to the moment; it replays the log when it is started.

    PostgreSQL must be stopped. What is in the folder is moved aside, with `force` only, and moved back when
    pgBackRest can not restore. Raises `BackupRefused`, `BackupFailed`.
    """
    folder = _folder()
    _require_stopped(folder)
    before = _moved_aside(folder, now) if _is_filled(folder, force=force) else None
    try:
        await asyncio.to_thread(_restore, folder, moment, like=before or folder)
    except BaseException:
        if before is not None:
            shutil.rmtree(folder, ignore_errors=True)
            before.rename(folder)
        raise
    return Rewound(folder, before)


def _folder() -> Path:
    named = os.environ.get(_FOLDER)
    if not named or shutil.which("pgbackrest") is None:
        missing = f"{_FOLDER} is not set" if not named else "pgbackrest is not on this machine"
        raise BackupRefused(
            f"A moment is restored from pgBackRest's archive, where PostgreSQL's folder is, and {missing}. "
            f"{_RUNBOOK} sets it up; without an archive there are the backups of `arv backup list`."
        )
    return Path(named)


def _require_stopped(folder: Path) -> None:
    with suppress(OSError, ValueError, IndexError):
        number = int((folder / "postmaster.pid").read_text().splitlines()[0])
        if Path(f"/proc/{number}").exists():
            raise BackupRefused(f"PostgreSQL runs on {folder}: stop it, and ARV, first.")


def _is_filled(folder: Path, *, force: bool) -> bool:
    if not folder.is_dir() or not any(folder.iterdir()):
        return False
    if not force:
        raise BackupRefused(f"{folder} is not empty. --force moves it aside and keeps it.")
    return True


def _moved_aside(folder: Path, now: datetime) -> Path:
    before = folder.with_name(f"{folder.name}.before-{now:%Y%m%d_%H%M%S}")
    try:
        folder.rename(before)
    except OSError as error:
        raise BackupFailed(f"{folder} could not be moved aside: {error.strerror}.") from error
    return before


def _restore(folder: Path, moment: datetime, *, like: Path) -> None:
    """As whoever owns the folder: PostgreSQL does not start on one that is another's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = like.stat()
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, owner.st_uid, owner.st_gid)
    target = f"{moment:%Y-%m-%d %H:%M:%S.%f}+00"
    options = [f"--stanza={STANZA}", "--type=time", f"--target={target}", "--target-action=promote"]
    done = subprocess.run(
        ["pgbackrest", *options, "restore"],
        user=owner.st_uid if is_root else None,
        group=owner.st_gid if is_root else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise BackupFailed(f"pgbackrest: {told[-1]}")
