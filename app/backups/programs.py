"""The programs backups are made with: restic, and PostgreSQL's own."""

import asyncio
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.backups.errors import BackupFailed, BackupRefused

DEBIAN_POSTGRES: Final = Path("/usr/lib/postgresql")


def postgres_program(name: str, *, server_major: int) -> str:
    """pg_dump or pg_restore of this machine, not older than the server. Raises `BackupRefused`."""
    found = [
        (int(folder.parent.name), folder / name)
        for folder in DEBIAN_POSTGRES.glob("*/bin")
        if folder.parent.name.isdigit() and (folder / name).exists()
    ]
    fitting = sorted(entry for entry in found if entry[0] >= server_major)
    if fitting:
        return str(fitting[0][1])
    on_path = shutil.which(name)
    if on_path and not found:
        return on_path
    raise BackupRefused(
        f"{name} {server_major} or newer is not on this machine: "
        f"apt install postgresql-client-{server_major}."
    )


def restic_program() -> str:
    """Raises `BackupRefused` when it is not installed."""
    found = shutil.which("restic")
    if found is None:
        raise BackupRefused("restic is not on this machine: apt install restic.")
    return found


async def run(
    *command: str, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> bytes:
    """What the program printed. Raises `BackupFailed` with the last line of its complaint.

    The program ends with us: a job that is given up leaves nothing running.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **(environment or {})},
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        failed = BackupFailed(f"{Path(command[0]).name}: {_reason(complaint)}")
        failed.complaint = complaint.decode(errors="replace")
        raise failed
    return output


def _reason(complaint: bytes) -> str:
    """The complaint in one line, without passwords of addresses."""
    lines = [line.strip() for line in complaint.decode(errors="replace").splitlines()]
    text = " ".join(line for line in lines[-4:] if line) or "no reason given"
    return re.sub(r"://[^@\s]*@", "://", text)
