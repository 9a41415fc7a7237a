"""The data folder of the one-machine size, and the secrets in it."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.config import CHECKOUT
from app.local.accounts import Account
from app.local.console import StartRefused

REACHABLE_PARENT = Path("/var/lib")
SECRET_NAMES = ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`<root>/{postgres,valkey,storage/content,logs,run}` and `secrets.env`."""

    root: Path

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def storage(self) -> Path:
        return self.root / "storage" / "content"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    def create(self) -> None:
        """Raises `StartRefused` when the place can not be written."""
        try:
            for folder in (self.root, self.valkey, self.storage, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StartRefused(
                f"The data folder {self.root} can not be written ({reason}): choose another, --data-dir PATH."
            ) from error
        self.valkey.chmod(0o700)
        self.run.chmod(0o700)

    def server_folder(self, account: Account) -> Path:
        """Where PostgreSQL's user can keep its files: here, or below /var/lib when it can not come here."""
        if account.can_enter(self.root):
            return self.root
        name = hashlib.sha256(str(self.root.resolve()).encode()).hexdigest()[:12]
        elsewhere = REACHABLE_PARENT / f"arv-{name}"
        elsewhere.mkdir(mode=0o755, exist_ok=True)
        return elsewhere

    def secrets(self) -> dict[str, str]:
        """The installation's own secrets, made at the first start and kept in `secrets.env` (0600)."""
        path = self.root / "secrets.env"
        known = read_environment(path) if path.exists() else {}
        missing = [name for name in SECRET_NAMES if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(36) for name in missing}
            write_private(path, known)
        return known


def default_data_folder() -> DataFolder:
    """`ARV_DATA_DIR`, or `.arv` in the checkout."""
    return DataFolder(Path(os.environ.get("ARV_DATA_DIR") or CHECKOUT / ".arv").absolute())


def read_environment(path: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def write_private(path: Path, environment: Mapping[str, str]) -> None:
    """Write `NAME=value` lines for our eyes only; a crash leaves the old file or the new, never half."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in environment.items())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
