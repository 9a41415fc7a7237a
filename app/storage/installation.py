"""The installation's own storage, for every company that has none of its own: its folder, or a bucket that
the operator names (`DEFAULT_STORAGE`, `S3_...`).

The settings are the operator's word, so the endpoint may be anywhere, and they are written over what the row
says each time the installation is seeded. Files are never left behind: another place is only taken while
nobody has any.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company
from app.core.clock import utcnow
from app.core.config import SettingsRefused, get_settings
from app.core.database import session_scope
from app.storage import queries
from app.storage.backends.s3 import S3Settings
from app.storage.backends.s3_signing import Signer
from app.storage.models import StorageConnection
from app.storage.opening import local_storage, make_storage, sealed, secrets_of
from app.storage.port import StorageRefused
from app.storage.proving import prove

SYSTEM: Final = "seed"
# Another one of these is another place; `folder` has no meaning in a bucket.
PLACE: Final = ("endpoint", "bucket", "prefix")
TRIAL_FOLDER: Final = "arv-trial"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings say."""

    kind: str
    name: str
    settings: dict[str, Any]
    secrets: dict[str, str]

    def is_at(self, row: StorageConnection) -> bool:
        """Whether the row leads to the same place."""
        here = [self.settings.get(field, "") for field in PLACE]
        return row.kind == self.kind and here == [row.settings.get(field, "") for field in PLACE]

    def is_as(self, row: StorageConnection) -> bool:
        return (row.kind, row.settings, _known_secrets(row)) == (
            self.kind,
            self.settings,
            self.secrets,
        )


async def ensure_installation_storage() -> None:
    """The installation's default connection, as the settings say; a new or changed one is used once.

    Idempotent. Raises `SettingsRefused` when it does not work, or when files lie in another place.
    """
    wanted = wanted_storage()
    async with session_scope(system=SYSTEM) as session:
        row = await queries.installation_connection(session)
        await _require_same_place(session, row, wanted)
    if row is not None and wanted.is_as(row):
        return
    if wanted.kind == "s3":
        await _require_working(wanted)
    async with session_scope(system=SYSTEM) as session:
        await queries.ensure_connection(
            session, company_id=None, name=wanted.name, kind=wanted.kind
        )
        row = await queries.installation_connection(session, for_update=True)
        assert row is not None, "it was just made"
        await _require_same_place(session, row, wanted)
        row.kind, row.name, row.settings = wanted.kind, wanted.name, wanted.settings
        row.secret = sealed(row.id, wanted.secrets) if wanted.secrets else None
    log.info("storage.installation_set", kind=wanted.kind)


async def ensure_company_storage(session: AsyncSession, company: Company) -> None:
    """Local disk for the first company where that is the installation's, and its base folders."""
    if wanted_storage().kind == "local":
        await queries.ensure_connection(
            session, company_id=company.id, name="Local disk", kind="local"
        )
    local_storage().make_base_folders(company.storage_path)


def wanted_storage() -> Wanted:
    """The installation's storage by its settings. Raises `SettingsRefused` when some are missing."""
    chosen = get_settings().installation_storage
    if chosen.kind == "local":
        return Wanted("local", "Local disk", {}, {})
    settings = {
        "endpoint": chosen.endpoint.rstrip("/"),
        "region": chosen.region,
        "bucket": chosen.bucket,
        "prefix": f"{chosen.prefix.strip('/')}/" if chosen.prefix else "",
        "path_style": chosen.path_style,
        "delivery": chosen.delivery,
        "public_endpoint": chosen.public_endpoint.rstrip("/"),
        "access_key_id": chosen.access_key_id,
    }
    secret = chosen.secret_access_key.get_secret_value()
    return Wanted("s3", "Object store", settings, {"secret_access_key": secret})


async def _require_same_place(
    session: AsyncSession, row: StorageConnection | None, wanted: Wanted
) -> None:
    if row is None or wanted.is_at(row) or not await queries.installation_has_files(session):
        return
    raise SettingsRefused(
        f"DEFAULT_STORAGE: files of companies lie in {_place_of(row)}. Leave the settings as they were, let "
        "each company move to a connection of its own (Settings, Storage), and change them then."
    )


async def _require_working(wanted: Wanted) -> None:
    trusted = wanted.settings | {"is_operators": True}
    await _make_bucket(S3Settings(**(trusted | wanted.secrets)))
    storage = make_storage(wanted.kind, UUID(int=0), trusted, wanted.secrets)
    proof = await prove(storage, TRIAL_FOLDER)
    if not proof.works:
        raise SettingsRefused(
            f"DEFAULT_STORAGE=s3: {proof.steps[-1].name} failed ({proof.code}). {proof.detail}"
        )


async def _make_bucket(settings: S3Settings) -> None:
    """A new bucket where there is none and the key may make one; what is wrong else, the proof tells."""
    signer = Signer(settings.access_key_id, settings.secret_access_key, settings.region)
    url = signer.presign("PUT", settings.bucket_url(), moment=utcnow(), seconds=60)
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            answer = await client.put(url)
    except httpx.HTTPError:
        return
    if answer.is_success:
        log.info("storage.bucket_made", bucket=settings.bucket)


def _known_secrets(row: StorageConnection) -> dict[str, str]:
    try:
        return secrets_of(row)
    except StorageRefused:
        return {}


def _place_of(row: StorageConnection) -> str:
    if row.kind == "local":
        return "the installation's folder"
    return f"the bucket {row.settings.get('bucket')} at {row.settings.get('endpoint')}"
