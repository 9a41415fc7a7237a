"""Storages, opened once and kept: no request for a viewer's page opens a connection anew."""

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ClassVar, Final
from uuid import UUID

from app.core import crypto
from app.core.config import get_settings
from app.core.database import DATABASE_SILENT, session_scope
from app.storage import queries
from app.storage.backends.local import LocalStorage
from app.storage.backends.s3 import S3Settings, S3Storage
from app.storage.backends.yandex_api import DiskApi
from app.storage.backends.yandex_disk import DEFAULT_ROOT, YandexDisk
from app.storage.grants import GrantTokens
from app.storage.models import StorageConnection
from app.storage.port import FileMissing, Storage, StorageRefused

MOST_KEPT: Final = 256
# How long a process may use a connection that was changed elsewhere, for files that are streamed.
KNOWN_SECONDS: Final = 15.0


class _Kept:
    """Storages by connection and version, and which of them served a connection just now."""

    storages: ClassVar[OrderedDict[tuple[UUID, int], Storage]] = OrderedDict()
    known: ClassVar[dict[UUID, tuple[float, Storage]]] = {}


def local_storage() -> LocalStorage:
    """The folder of this machine that the settings name."""
    return LocalStorage(get_settings().storage.root.absolute())


def open_storage(connection: StorageConnection) -> Storage:
    """The backend of a connection. Raises `StorageRefused` when its settings or secret can not be used."""
    if connection.kind == "local":
        return local_storage()
    key = (connection.id, connection.version)
    if key not in _Kept.storages:
        settings = connection.settings
        if connection.kind == "s3":
            settings = settings | {"is_operators": connection.company_id is None}
        _Kept.storages[key] = make_storage(
            connection.kind, connection.id, settings, secrets_of(connection)
        )
        if len(_Kept.storages) > MOST_KEPT:
            _Kept.storages.popitem(last=False)
    _Kept.storages.move_to_end(key)
    return _Kept.storages[key]


async def storage_by_id(connection_id: UUID) -> Storage:
    """The storage of a connection, for whoever holds a signed address. Raises `FileMissing` if it is gone.

    While the database does not answer, a connection that was used before is used on: addresses end anyway.
    """
    until, storage = _Kept.known.get(connection_id, (0.0, None))
    if storage is not None and time.monotonic() < until:
        return storage
    try:
        async with session_scope(system="delivery") as session:
            connection = await queries.any_connection(session, connection_id)
    except DATABASE_SILENT:
        if storage is None:
            raise
        return storage
    if connection is None:
        raise FileMissing(str(connection_id))
    opened = open_storage(connection)
    if len(_Kept.known) > MOST_KEPT:
        _Kept.known.clear()
    _Kept.known[connection_id] = (time.monotonic() + KNOWN_SECONDS, opened)
    return opened


def make_storage(
    kind: str, connection_id: UUID, settings: dict[str, Any], secrets: dict[str, str]
) -> Storage:
    """A storage with these settings, whether they were saved or not. Raises `StorageRefused`."""
    make = _KINDS.get(kind)
    if make is None:
        raise StorageRefused(f"There is no backend for {kind}.", code="kind_unknown")
    return make(connection_id, settings, secrets)


def secrets_of(connection: StorageConnection) -> dict[str, str]:
    """The connection's secrets in clear. Raises `StorageRefused` when their key was thrown away."""
    if connection.secret is None:
        return {}
    try:
        opened = crypto.decrypt(connection.secret, purpose=secret_purpose(connection.id))
    except crypto.NotReadable as error:
        raise StorageRefused(
            "The secret of this connection can not be read any more. Enter it again.",
            code="secret_unreadable",
        ) from error
    secrets: dict[str, str] = json.loads(opened)
    return secrets


def sealed(connection_id: UUID, secrets: dict[str, str]) -> str:
    """Secrets as they are kept: encrypted for this connection alone."""
    return crypto.encrypt(json.dumps(secrets), purpose=secret_purpose(connection_id))


def secret_purpose(connection_id: UUID) -> str:
    return f"storage:{connection_id}"


def _s3(connection_id: UUID, settings: dict[str, Any], secrets: dict[str, str]) -> Storage:
    return S3Storage(connection_id, S3Settings(**(settings | secrets)))


def _yandex_disk(
    connection_id: UUID, settings: dict[str, Any], _secrets: dict[str, str]
) -> Storage:
    api = DiskApi(GrantTokens(connection_id), get_settings().yandex.api_url)
    root = str(settings.get("folder") or DEFAULT_ROOT)
    return YandexDisk(api, root=root, connection_id=connection_id)


_KINDS: Final[dict[str, Callable[[UUID, dict[str, Any], dict[str, str]], Storage]]] = {
    "s3": _s3,
    "yandex_disk": _yandex_disk,
}
