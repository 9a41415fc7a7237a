"""What `arv tune postgres` prints, and a real PostgreSQL that starts with it."""

import asyncio
import tempfile
from pathlib import Path

import pytest
import yaml

from app.core.config import CHECKOUT
from app.local.postgres_tuning import GB, MB, as_flags, bytes_of, tuned
from tests.support.database_line import HurtPostgres, hurt_postgres


def _values(memory: int, connections: int = 100) -> dict[str, str]:
    return {each.name: each.value for each in tuned(memory, connections=connections)}


def test_the_rules() -> None:
    """Four gigabytes: a quarter shared, three quarters hoped for, the rest among the connections."""
    found = _values(4 * GB, connections=100)

    assert "1024MB" == found["shared_buffers"]
    assert "3072MB" == found["effective_cache_size"]
    assert "10MB" == found["work_mem"]
    assert "256MB" == found["maintenance_work_mem"]
    assert "16MB" == found["wal_buffers"]


@pytest.mark.parametrize(
    ("text", "size"),
    [("4G", 4 * GB), ("512m", 512 * MB), ("1.5 GiB", 3 * GB // 2), ("2gb", 2 * GB)],
)
def test_amounts(text: str, size: int) -> None:
    """People write memory in many ways."""
    assert size == bytes_of(text)


@pytest.mark.parametrize("text", ["", "much", "-1G", "4X"])
def test_no_amount(text: str) -> None:
    """What is no amount is refused."""
    with pytest.raises(ValueError, match="no amount"):
        bytes_of(text)


def test_compose_has_them() -> None:
    """The compose file starts PostgreSQL with what the command prints for the memory it gives it."""
    service = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]["postgres"]

    assert ["postgres", *as_flags(tuned(bytes_of(service["mem_limit"]))).split(", ")] == service[
        "command"
    ]


def test_postgres_starts_with_them() -> None:
    """A real server takes every one of them, and says so."""
    wanted = _values(512 * MB, connections=30)
    with (
        tempfile.TemporaryDirectory(prefix="arv-tuned-") as name,
        hurt_postgres(Path(name), like=None, **wanted) as postgres,
    ):
        found = asyncio.run(_told_by(postgres, list(wanted)))

    assert set(wanted) == set(found)
    assert {"128MB", "384MB", "off", "30"} <= set(found.values())


async def _told_by(postgres: HurtPostgres, names: list[str]) -> dict[str, str]:
    connection = await postgres.server.connect("postgres")
    try:
        rows = await connection.fetch(
            "SELECT name, current_setting(name) AS told FROM pg_settings WHERE name = ANY($1)",
            names,
        )
    finally:
        await connection.close()
    return {row["name"]: row["told"] for row in rows}
