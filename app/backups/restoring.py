"""The way back. Everything is fetched, loaded beside what is there and compared; only then exchanged.

What was there is the restore point: the database under another name, the files in a folder beside.
"""

import asyncio
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.backups import database
from app.backups.database import Place
from app.backups.errors import BackupDamaged, BackupFailed, BackupRefused
from app.backups.making import listed_files, sha256_of
from app.backups.manifest import DUMP_NAME, FILES_NAME, Manifest
from app.backups.place import work_folder
from app.backups.repository import Repository

LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and the names under which what was there before is kept."""

    manifest: Manifest
    database_before: str | None
    content_before: Path | None


async def find_manifest(repository: Repository, backup_id: str) -> Manifest:
    """The manifest of a backup, of the newest for `latest`. Raises `BackupRefused` if there is none."""
    if not await repository.exists():
        raise BackupRefused(f"There is no repository at {repository.place}.")
    found = await repository.manifests()
    wanted = found if backup_id == LATEST else [s for s in found if s.backup_id.endswith(backup_id)]
    if not wanted or (backup_id != LATEST and len(wanted) > 1):
        raise BackupRefused(f"No single backup {backup_id} in {repository.place}: arv backup list.")
    return await repository.manifest(wanted[-1])


async def fetch(repository: Repository, manifest: Manifest, target: Path) -> None:
    """Dump and files below `target`, every byte compared. Raises `BackupDamaged`."""
    await repository.fetch(manifest.id, "database", target / "database")
    await repository.fetch(manifest.id, "content", target / "content")
    await asyncio.to_thread(_compare_parts, manifest, target)


def _compare_parts(manifest: Manifest, target: Path) -> None:
    for part in manifest.parts:
        path = target / "database" / part.name
        if not path.is_file() or sha256_of(path) != part.sha256:
            raise BackupDamaged(f"{part.name} is not what was saved.")
    listed = listed_files(target / "database" / FILES_NAME)
    _compare_files(listed, target / "content")
    if len(listed) != manifest.files:
        raise BackupDamaged(f"{manifest.files} files were saved, {len(listed)} are listed.")


def _compare_files(listed: Iterable[tuple[str, str]], content: Path) -> None:
    for sha256, key in listed:
        path = content / key
        if not path.is_file() or sha256_of(path) != sha256:
            raise BackupDamaged(f"The file {key} is missing or not what was saved.")


async def restore(
    repository: Repository,
    backup_id: str,
    *,
    target: Place,
    content: Path,
    now: datetime,
    force: bool = False,
) -> Restored:
    """Let database and folder be as in the backup. Until everything is compared nothing is changed,
    and when the exchange fails it is taken back.

    Raises `BackupRefused` when somebody's work is there and `force` is not given.
    """
    manifest = await find_manifest(repository, backup_id)
    await _require_empty(target, content, force=force)
    mark = f"{now:%Y%m%d_%H%M%S}"
    # On the same disk as the files, so that exchanging them is a rename.
    content.mkdir(parents=True, exist_ok=True)
    draft = content / f".restoring-{mark}"
    loaded = target.named(f"{target.name}_restoring_{mark}")
    try:
        await fetch(repository, manifest, draft)
        await database.load(loaded, draft / "database" / DUMP_NAME, expected=manifest.tables)
        before = await asyncio.to_thread(_exchange_files, content, draft / "content", mark)
        try:
            await database.exchange(
                target, loaded, kept_as=(kept := f"{target.name}_before_{mark}")
            )
        except BaseException:
            await asyncio.to_thread(_take_back, content, before)
            raise
    except OSError as error:
        raise BackupFailed(f"The files could not be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        with suppress(BackupFailed):
            await database.drop(loaded)
    had_database = await _is_there(target.named(kept))
    return Restored(manifest, kept if had_database else None, before)


async def _require_empty(target: Place, content: Path, *, force: bool) -> None:
    if force:
        return
    if await database.is_in_use(target):
        raise BackupRefused(
            f"The database {target.name} is in use. --force restores nevertheless and keeps what is there."
        )
    if content.is_dir() and any(path.is_file() for path in _own(content)):
        raise BackupRefused(
            f"{content} is not empty. --force restores nevertheless and keeps what is there."
        )


def _own(content: Path) -> Iterable[Path]:
    """Everything below the folder but what arrives, and what restores left."""
    for path in content.iterdir():
        if not path.name.startswith("."):
            yield path
            yield from path.rglob("*") if path.is_dir() else ()


def _exchange_files(content: Path, fetched: Path, mark: str) -> Path:
    """By renames inside the folder: it may be where a volume is mounted."""
    before = content / f".before-{mark}"
    before.mkdir(mode=0o700)
    try:
        for path in list(content.iterdir()):
            if not path.name.startswith("."):
                path.rename(before / path.name)
        for path in list(fetched.iterdir()):
            path.rename(content / path.name)
    except BaseException:
        _take_back(content, before)
        raise
    return before


def _take_back(content: Path, before: Path) -> None:
    for path in list(content.iterdir()):
        if not path.name.startswith("."):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in list(before.iterdir()):
        path.rename(content / path.name)
    before.rmdir()


async def _is_there(place: Place) -> bool:
    async with place.named("postgres").connect() as connection:
        return bool(
            await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", place.name)
        )


async def verify(
    repository: Repository, backup_id: str, *, server: Place, now: datetime, deep: bool = False
) -> Manifest:
    """Restore into a scratch database and folder and compare every row and file; nothing else is touched.

    `deep` reads everything else in the repository too. Raises `BackupDamaged`.
    """
    manifest = await find_manifest(repository, backup_id)
    await repository.check(deep=deep)
    scratch = server.named(f"{server.name}_verify_{now:%Y%m%d_%H%M%S}")
    with work_folder() as folder:
        await fetch(repository, manifest, folder)
        await database.load(scratch, folder / "database" / DUMP_NAME, expected=manifest.tables)
    await database.drop(scratch)
    return manifest
