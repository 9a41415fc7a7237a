"""Emptying every storage a company ever had a connection to, whatever the register says is there.

A storage move leaves copies in the place it left, a crash leaves files nobody registered: what lies below the
company's path is all its own. One place that does not answer never keeps the others from being emptied.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import structlog

from app.storage.models import StorageConnection
from app.storage.opening import open_storage
from app.storage.port import Storage, StorageError, StorageUnavailable

log = structlog.get_logger(__name__)

AT_ONCE: Final = 4
KEYS_AT_ONCE: Final = 1000
# One attempt gives a place no more: a slow one must not take the whole time of the job from the others.
PLACE_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Emptied:
    """What became of one place: how many files went, and why the rest could not, by its code."""

    connection: StorageConnection
    files: int
    trouble: str | None = None


async def empty_all(
    connections: list[StorageConnection], storage_path: str
) -> AsyncIterator[Emptied]:
    """Remove all files below the path from each place, one after the other. Doing it again is harmless."""
    for connection in connections:
        yield await _empty(connection, f"{storage_path}/")


async def _empty(connection: StorageConnection, prefix: str) -> Emptied:
    count = _Count()
    try:
        async with asyncio.timeout(PLACE_SECONDS):
            await _remove_all(open_storage(connection), prefix, count)
    except StorageError as error:
        return _left(connection, count, error.code)
    except OSError:  # The disk's own, and the time that is over.
        return _left(connection, count, StorageUnavailable.code)
    return Emptied(connection, count.files)


@dataclass(slots=True)
class _Count:
    files: int = 0


async def _remove_all(storage: Storage, prefix: str, count: _Count) -> None:
    """Look until nothing is found: where lists come in pages, what is removed makes room for the unseen."""
    while keys := await _some_keys(storage, prefix):
        for start in range(0, len(keys), AT_ONCE):
            group = keys[start : start + AT_ONCE]
            await asyncio.gather(*map(storage.delete, group))
            count.files += len(group)


async def _some_keys(storage: Storage, prefix: str) -> list[str]:
    keys: list[str] = []
    async for key, _size in storage.list_keys(prefix):
        keys.append(key)
        if len(keys) == KEYS_AT_ONCE:
            break
    return keys


def _left(connection: StorageConnection, count: _Count, code: str) -> Emptied:
    log.warning("erasure.place_not_emptied", connection_id=str(connection.id), code=code)
    return Emptied(connection, count.files, code)


def as_facts(places: list[Emptied]) -> list[dict[str, str]]:
    """Places that could not be emptied, for the report: by number and kind, naming nobody."""
    return [
        {
            "connection_id": str(each.connection.id),
            "kind": each.connection.kind,
            "code": each.trouble,
        }
        for each in places
        if each.trouble is not None
    ]
