"""Settings of the test run: what the environment of the developer says must not matter."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.core.config import get_settings
from app.tasks.celery_app import celery_app
from tests.support.servers import TestServers
from tests.support.tenancy import seeing_everything

CLEARED = (
    *("DEBUG", "LOG_FORMAT", "WEB_DIST", "ADMIN_EMAIL", "SECRET_KEY_FILE", "DATABASE_URL_FILE"),
    *("SMTP_URL", "SMTP_URL_FILE", "MAIL_FROM"),
)
TEST_SECRET = "a-secret-for-tests-only-0123456789-abcdefghijkl"
LINK_SECRET = "links-for-tests-only-0123456789-0123456789"
ADMIN_EMAIL = "admin@example.com"


def environment_for(
    servers: TestServers, database: str, storage: Path, *, broker: int = 1
) -> dict[str, str]:
    """The environment of one database; complete, so that processes can be started with it.

    `broker` is a number among Valkey's own databases: who has another one shares no queue.
    """
    return {
        "ENVIRONMENT": "test",
        "DATABASE_URL": servers.postgres.url(database),
        "DB_POOL_SIZE": "5",
        "CELERY_BROKER_URL": servers.valkey.url(broker),
        "REDIS_URL": servers.valkey.url(0),
        "SECRET_KEY": TEST_SECRET,
        "STORAGE_ROOT": str(storage),
        "STORAGE_LINK_SECRET": LINK_SECRET,
        "PUBLIC_URL": "http://testserver",
        "ADMIN_EMAIL": ADMIN_EMAIL,
        "RATE_LIMITS": "false",  # tests ask faster than people; tests of the limits turn them on
        "LOG_LEVEL": "info",
        "ARV_ENV_FILE": os.devnull,
    }


@contextmanager
def applied(environment: Mapping[str, str]) -> Iterator[None]:
    """`os.environ` and the settings of this process, for as long as the block runs.

    What tests look up themselves, outside the service's requests and jobs, they look up in all companies.
    """
    before = dict(os.environ)
    for name in CLEARED:
        os.environ.pop(name, None)
    os.environ.update(environment)
    _reread()
    try:
        with seeing_everything():
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _reread()


def _reread() -> None:
    """Celery too has read its broker's address, and holds connections to it."""
    get_settings.cache_clear()
    celery_app.conf.broker_url = get_settings().broker.url
    celery_app._after_fork()
