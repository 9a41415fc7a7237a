"""Where the runbooks' commands are executed: an installation whose services are plain processes here.

`docker compose exec SERVICE PROGRAM` runs the program against it; other compose commands do nothing.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from app.api_keys.service import create_key
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import CHECKOUT
from app.core.database import dispose_engine, session_scope
from app.users import queries as users
from tests.support import people
from tests.support.backups import PASSWORD
from tests.support.settings import applied
from tests.support.stack import RunningStack

PATIENCE_SECONDS: Final = 240
SHIMS: Final = {
    "docker": """#!/bin/sh
[ "$1" = compose ] || exit 0
shift
while [ $# -gt 0 ]; do
  case "$1" in
    -f | --file | --profile | --env-file) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
verb=$1
shift
case "$verb" in exec | run) ;; *) exit 0 ;; esac
while [ "${1#-}" != "$1" ]; do shift; done
shift
[ $# -eq 0 ] || exec "$@"
""",
    "arv": """#!/bin/sh
exec {python} -m app.cli "$@"
""",
    "psql": """#!/bin/bash
set -f
kept=()
while [ $# -gt 0 ]; do
  case "$1" in -U | -d) shift 2 ;; *) kept+=("$1"); shift ;; esac
done
exec {psql} --no-psqlrc --set ON_ERROR_STOP=1 "{database}" "${{kept[@]}}"
""",
    "redis-cli": """#!{python}
import sys
import redis
print(redis.Redis.from_url("{broker}", decode_responses=True).execute_command(*sys.argv[1:]))
""",
}


class World:
    """A folder like the operator's, with `secrets/`, and everything the pages name."""

    def __init__(self, stack: RunningStack) -> None:
        self.stack = stack
        self.folder = stack.folder / "operator"
        self.folder.mkdir()
        (self.folder / "ops").symlink_to(CHECKOUT / "ops")
        for name in ("docker-compose.yml", "Makefile"):
            (self.folder / name).symlink_to(CHECKOUT / name)
        self._make_secrets()
        self._make_certificate()
        self._make_shims()
        self.environment = {
            **os.environ,
            **stack.environment,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(CHECKOUT),
            "SECRET_KEY_FILE": str(self.folder / "secrets/secret_key"),
            "OLD_SECRET_KEYS_FILE": str(self.folder / "secrets/old_secret_keys"),
            "BACKUP_PASSWORD_FILE": str(self.folder / "secrets/backup_password"),
            "PUBLIC_URL": stack.url,
            "HTTP_PROXY": "",
            "http_proxy": "",
            "NO_PROXY": "*",
        }
        for name in ("SECRET_KEY", "OLD_SECRET_KEYS"):
            self.environment.pop(name, None)

    def _make_secrets(self) -> None:
        script = CHECKOUT / "ops/containers/make-secrets.sh"
        subprocess.run([str(script)], cwd=self.folder, check=True, capture_output=True)
        secrets = self.folder / "secrets"
        for name, text in {
            "secret_key": self.stack.environment["SECRET_KEY"],
            "backup_password": PASSWORD,
        }.items():
            (secrets / name).chmod(0o600)
            (secrets / name).write_text(text)

    def _make_certificate(self) -> None:
        """The pair a customer of a certificate authority would hold in hand."""
        new = self.folder / "new"
        new.mkdir()
        request = (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 "
            "-subj /CN=arv.example.com -keyout privkey.pem -out fullchain.pem"
        )
        subprocess.run(request.split(), cwd=new, check=True, capture_output=True)

    def _make_shims(self) -> None:
        folder = self.folder / "bin"
        folder.mkdir()
        values = {
            "python": sys.executable,
            "psql": self.stack.servers.postgres.tools.program("psql"),
            "database": self.stack.environment["DATABASE_URL"].replace("+asyncpg", ""),
            "broker": self.stack.environment["CELERY_BROKER_URL"],
        }
        for name, text in SHIMS.items():
            shim = folder / name
            shim.write_text(
                text.format(**values) if "{python}" in text or "{psql}" in text else text
            )
            shim.chmod(0o755)

    def add_company(self) -> None:
        """A company and a key of it, as `COMPANY` and `ARV_KEY`."""
        with applied(self.stack.environment):
            company_id, token = asyncio.run(_company_with_key())
        self.environment |= {"COMPANY": company_id, "ARV_KEY": token}

    def execute(self, texts: Iterable[str]) -> subprocess.CompletedProcess[str]:
        """The blocks of a page, one after the other in one shell that stops at the first failure."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(texts)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )


async def _company_with_key() -> tuple[str, str]:
    company = await people.make_company("North Light")
    email = await people.make_user()
    async with session_scope(company_id=company.id) as session:
        user = await users.find_by_email(session, email)
        assert user is not None
        owner = Actor(user.id, email, company_id=company.id, permissions=people.ALL)
        made = await create_key(
            session,
            owner,
            name="Operator",
            scopes=("read", "company.export"),
            expires_at=utcnow() + timedelta(days=1),
            now=utcnow(),
        )
    await dispose_engine()
    return str(company.id), made.token.text
