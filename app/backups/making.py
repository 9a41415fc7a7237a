"""Make a backup: the database first, then the files it names, then the manifest."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

from app import __version__
from app.backups import database
from app.backups.errors import BackupFailed
from app.backups.manifest import DUMP_NAME, FILES_NAME, MANIFEST_NAME, Manifest, Part
from app.backups.place import content_folder, repositories, source_database, work_folder

# Of the storage folder: what is still arriving, and what restores left there.
LEFT_OUT: Final = (".incoming", ".before-*", ".restoring-*")


async def make_backup(backup_id: str, *, now: datetime) -> Manifest:
    """Save everything in the first place, copy it to the second. Files are immutable and outlive their
    rows by `STORAGE_KEEP_DAYS`, so those copied after the dump hold all it names.

    Raises `BackupFailed`; a backup without manifest is none and goes with the next prune.
    """
    first, *others = repositories()
    await first.ensure()
    with work_folder() as folder:
        part = folder / "database"
        part.mkdir()
        facts = await database.dump(source_database(), part / DUMP_NAME, part / FILES_NAME)
        await first.save(part, backup_id=backup_id, part="database")
        content = content_folder()
        listed = await asyncio.to_thread(_require_files, part / FILES_NAME, content)
        await first.save(content, backup_id=backup_id, part="content", exclude=LEFT_OUT)
        manifest = Manifest(
            id=backup_id,
            created_at=now,
            version=__version__,
            schema_head=facts.schema_head,
            server_major=facts.server_major,
            parts=[await asyncio.to_thread(part_of, each) for each in sorted(part.iterdir())],
            tables=facts.tables,
            files=listed[0],
            size_bytes=listed[1],
            elsewhere=facts.elsewhere,
        )
        last = folder / "manifest"
        last.mkdir()
        (last / MANIFEST_NAME).write_text(manifest.as_text())
        await first.save(last, backup_id=backup_id, part="manifest")
    for other in others:
        await other.ensure(like=first)
        await first.copy_to(other, backup_id)
    return manifest


def part_of(path: Path) -> Part:
    return Part(name=path.name, size_bytes=path.stat().st_size, sha256=sha256_of(path))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_files(listing: Path, content: Path) -> tuple[int, int]:
    """Number and bytes of the files listed. Raises `BackupFailed` when the folder lacks one."""
    files = size_bytes = 0
    missing = []
    for _, key in listed_files(listing):
        path = content / key
        if path.is_file():
            files, size_bytes = files + 1, size_bytes + path.stat().st_size
        else:
            missing.append(key)
    if missing:
        raise BackupFailed(
            f"{len(missing)} files of the database are not in the storage folder, such as {missing[0]}: "
            "run arv doctor --storage --repair, which marks what is lost, then back up again."
        )
    return files, size_bytes


def listed_files(listing: Path) -> list[tuple[str, str]]:
    """SHA-256 and key of each file of the list."""
    lines = listing.read_text(encoding="utf-8").splitlines()
    return [(line[:64], line[66:]) for line in lines]
