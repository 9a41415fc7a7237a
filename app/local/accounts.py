"""PostgreSQL refuses to run as root: which ordinary user takes its place, and what that user can reach."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "arv", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The user a server runs as; `switched` when it is not the one we run as."""

    uid: int
    gid: int
    name: str
    switched: bool

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may walk into `folder` from the root."""
        path = folder.resolve()
        return all(self._has(part, stat.S_IXOTH) for part in [path, *path.parents])

    def _has(self, folder: Path, bit_for_others: int) -> bool:
        if self.uid == 0:
            return True
        facts = folder.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & bit_for_others << 6)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & bit_for_others << 3)
        return bool(facts.st_mode & bit_for_others)

    def own(self, folder: Path) -> None:
        """Make the folder this user's, readable by nobody else."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.switched:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def server_account() -> Account:
    """Ourselves, or as root the first ordinary user that exists."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid()) if _is_known(os.geteuid()) else None
        return Account(os.geteuid(), os.getegid(), me.pw_name if me else "me", switched=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name, switched=True)
    return Account(65534, 65534, "65534", switched=True)


def _is_known(uid: int) -> bool:
    """A container may run us under a number that has no entry."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
