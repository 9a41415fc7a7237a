"""Where backups go and what they are made of, as the settings say."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.backups.database import Place
from app.backups.errors import BackupsNotSetUp
from app.backups.repository import Repository
from app.core.config import get_settings


def repositories() -> list[Repository]:
    """The first place, and the second if one is named. Raises `BackupsNotSetUp`."""
    settings = get_settings().backups
    password = settings.password.get_secret_value()
    if not settings.repository or not password:
        raise BackupsNotSetUp(
            "Name a repository (BACKUP_REPOSITORY) and its password (BACKUP_PASSWORD_FILE); "
            "docs/runbooks/backup.md shows how."
        )
    secret = settings.s3_secret_access_key.get_secret_value()
    keys = {"AWS_ACCESS_KEY_ID": settings.s3_access_key_id, "AWS_SECRET_ACCESS_KEY": secret}
    environment = {name: value for name, value in keys.items() if value}
    if settings.work:
        environment["RESTIC_CACHE_DIR"] = str(settings.work.absolute() / "cache")
    places = [settings.repository, settings.second_repository]
    return [Repository(place, password, environment) for place in places if place]


def source_database() -> Place:
    settings = get_settings()
    return Place.of(settings.backups.database_url or settings.database.url)


def content_folder() -> Path:
    return get_settings().storage.root.absolute()


@contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder with room for the dump, gone afterwards."""
    parent = get_settings().backups.work
    if parent:
        parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="arv-backup-", dir=parent) as folder:
        yield Path(folder)
