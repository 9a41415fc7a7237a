"""Installations that are backed up, lost and compared."""

import hashlib
import os
from pathlib import Path
from random import Random

from app.companies.models import Company
from app.core.database import session_scope
from app.storage.models import StoredFile

ENOUGH_FILES = 12
PASSWORD = "for-tests-only-repository-password"


def backup_settings(folder: Path, **others: str) -> dict[str, str]:
    """The environment with backups set up below the folder."""
    return {
        **os.environ,
        "BACKUP_REPOSITORY": str(folder / "first"),
        "BACKUP_PASSWORD": PASSWORD,
        "BACKUP_WORK": str(folder / "work"),
        **others,
    }


async def add_files(
    company: Company, content: Path, *, count: int, size_bytes: int = 2000, seed: int = 0
) -> list[StoredFile]:
    """Files in the storage folder with their rows, as uploads leave them."""
    random = Random(seed)
    added = []
    for _ in range(count):
        body = random.randbytes(size_bytes)
        sha256 = hashlib.sha256(body).hexdigest()
        key = f"{company.storage_path}/videos/{sha256[:2]}/{sha256}.mp4"
        path = content / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        added.append(
            StoredFile(
                company_id=company.id,
                key=key,
                sha256=sha256,
                media_type="video/mp4",
                size_bytes=size_bytes,
            )
        )
    async with session_scope(system="test") as session:
        session.add_all(added)
    return added


def files_below(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but those of before, by its path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    }
