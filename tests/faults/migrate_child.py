"""Migrates the database of the settings and is killed at every revision on the way, until it is through.

Run by test_migration_faults.py in a process of its own: it forks. Prints how many revisions it was killed in.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

import app.all_models  # noqa: F401  (once, before the forks)
from app.core.migrations import upgrade_to_head

BECOMES_A_REVISION = ("UPDATE alembic_version", "INSERT INTO alembic_version")


def die_in(number: int) -> None:
    """Kill -9 of this process when so many revisions are done and the last is about to be committed."""
    seen = 0

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal seen
        if statement.startswith(BECOMES_A_REVISION):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", before)


def migrate(number: int) -> bool:
    """Whether the upgrade came through before it was killed."""
    child = os.fork()
    if child == 0:
        die_in(number)
        upgrade_to_head()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status):
        sys.exit(f"the upgrade failed with {os.WEXITSTATUS(status)}")
    return True


def main() -> None:
    """Killed in the first revision it meets, then in each second one: each run comes `step` further."""
    step = int(sys.argv[1])
    kills = 0
    is_through = migrate(1)
    while not is_through:
        kills += 1
        is_through = migrate(1 + step)
    print(kills)


if __name__ == "__main__":
    main()
