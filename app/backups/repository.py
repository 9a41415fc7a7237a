"""A restic repository: encrypted, deduplicated, in a folder or a bucket (https://restic.readthedocs.io).

A backup is three snapshots with the tag `backup=<id>`: `part=database`, `part=content` and, written last,
`part=manifest`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from app.backups.errors import BackupDamaged, BackupFailed, BackupRefused
from app.backups.manifest import MANIFEST_NAME, Manifest
from app.backups.programs import restic_program, run

HOST: Final = "arv"
PartName = Literal["database", "content", "manifest"]

_LOST_KEY: Final = (
    "The password does not open the repository at {place}. Without the password it was made with "
    "nobody can read it, we neither: look for the copy of BACKUP_PASSWORD that was put away "
    "when backups were set up (docs/runbooks/lost-server.md)."
)
_ABSENT: Final = ("does not exist", "unable to open config file", "no such file")
_DAMAGED: Final = (
    "ciphertext verification failed",
    "hash mismatch",
    "wrong data returned",
    "invalid data returned",
    "cannot be decoded",
    "not found in index",
    "errors while",
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What restic keeps under one id."""

    id: str
    time: str
    tags: frozenset[str]

    @property
    def backup_id(self) -> str:
        return next((tag[7:] for tag in self.tags if tag.startswith("backup=")), "")


@dataclass(frozen=True, slots=True)
class Repository:
    """`place` is a folder, or `s3:https://host/bucket/folder`."""

    place: str
    password: str = field(repr=False)
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    async def ensure(self, *, like: "Repository | None" = None) -> None:
        """Make the repository if there is none; `like` another one, what both have is copied as it is."""
        if await self.exists():
            return
        options = ["--from-repo", like.place, "--copy-chunker-params"] if like else []
        await self._restic("init", *options, source=like)

    async def exists(self) -> bool:
        """Raises `BackupRefused` when it is there and the password does not open it."""
        try:
            await self._restic("cat", "config")
        except BackupRefused:
            raise
        except BackupFailed as error:
            if any(words in error.detail.lower() for words in _ABSENT):
                return False
            raise
        return True

    async def save(
        self, folder: Path, *, backup_id: str, part: PartName, exclude: Iterable[str] = ()
    ) -> str:
        """Save what is in the folder; the id of the snapshot."""
        options = [f"--exclude={pattern}" for pattern in exclude]
        tags = [f"--tag=backup={backup_id},part={part}"]
        printed = await self._restic(
            *("backup", ".", "--json", f"--host={HOST}", *tags, *options), folder=folder
        )
        summary: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return str(summary["snapshot_id"])

    async def snapshots(self, backup_id: str | None = None) -> list[Snapshot]:
        """Oldest first; with an id those of that backup."""
        wanted = [f"--tag=backup={backup_id}"] if backup_id else []
        found = json.loads(await self._restic("snapshots", "--json", *wanted)) or []
        made = [
            Snapshot(each["id"], each["time"], frozenset(each.get("tags") or ())) for each in found
        ]
        return sorted(made, key=lambda snapshot: snapshot.time)

    async def manifests(self) -> list[Snapshot]:
        """One snapshot for each finished backup, oldest first."""
        return [each for each in await self.snapshots() if "part=manifest" in each.tags]

    async def manifest(self, snapshot: Snapshot) -> Manifest:
        return Manifest.read(await self._restic("dump", snapshot.id, f"/{MANIFEST_NAME}"))

    async def fetch(self, backup_id: str, part: PartName, target: Path) -> None:
        """Write a part of the backup below `target`. Raises `BackupDamaged` when bytes are not as saved."""
        wanted = {f"backup={backup_id}", f"part={part}"}
        found = [each for each in await self.snapshots(backup_id) if wanted <= each.tags]
        if not found:
            raise BackupDamaged(f"Backup {backup_id} has no {part} in {self.place}.")
        await self._restic("restore", found[-1].id, f"--target={target}")

    async def copy_to(self, other: "Repository", backup_id: str) -> None:
        """Let the other repository have the backup too."""
        ids = [each.id for each in await self.snapshots(backup_id)]
        await other._restic(  # noqa: SLF001  (another of our own kind)
            "copy", "--from-repo", self.place, *ids, source=self
        )

    async def check(self, *, deep: bool = False) -> None:
        """Raises `BackupDamaged` when something is missing; `deep` reads every byte."""
        try:
            await self._restic("check", *(["--read-data"] if deep else []))
        except BackupRefused:
            raise
        except BackupFailed as error:
            raise BackupDamaged(error.detail) from error

    async def to_forget(self, *rules: str) -> set[str]:
        """Ids of the backups that the rules (`--keep-daily=7`) do not keep."""
        printed = await self._restic(
            *("forget", "--dry-run", "--json", "--group-by=host", "--tag=part=manifest", *rules)
        )
        groups = json.loads(printed.splitlines()[0]) or []
        removed = [each for group in groups for each in group.get("remove") or ()]
        return {
            Snapshot(each["id"], each["time"], frozenset(each["tags"])).backup_id
            for each in removed
        }

    async def forget(self, snapshots: Iterable[Snapshot]) -> None:
        """Remove these and the bytes nobody else needs."""
        ids = [each.id for each in snapshots]
        if ids:
            await self._restic("unlock")
            await self._restic("forget", "--prune", *ids)

    async def _restic(
        self, *arguments: str, folder: Path | None = None, source: "Repository | None" = None
    ) -> bytes:
        environment = {
            "RESTIC_REPOSITORY": self.place,
            "RESTIC_PASSWORD": self.password,
            **self.environment,
        }
        if source is not None:
            environment["RESTIC_FROM_PASSWORD"] = source.password
        try:
            return await run(restic_program(), *arguments, environment=environment, folder=folder)
        except BackupFailed as error:
            raise self._explained(error) from error

    def _explained(self, error: BackupFailed) -> BackupFailed | BackupRefused:
        text = error.detail.lower()
        if "wrong password" in text or "no key found" in text:
            return BackupRefused(_LOST_KEY.format(place=self.place))
        if any(words in text for words in _DAMAGED):
            return BackupDamaged(f"Bytes in {self.place} are not what was saved. {error.detail}")
        return error
