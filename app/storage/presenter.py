"""A storage connection as the API shows it."""

from uuid import UUID

from app.storage import schemas
from app.storage.models import StorageConnection


def shown(connection: StorageConnection, active_id: UUID | None) -> schemas.StorageConnection:
    """Everything but the secret; `active_id` is the connection the company's files are in.

    Where the installation's own bucket is, is the operator's business alone.
    """
    kind, is_shared = schemas.StorageKind(connection.kind), connection.company_id is None
    is_told = kind is schemas.StorageKind.S3 and not is_shared
    last = connection.last_test
    return schemas.StorageConnection(
        id=connection.id,
        name=connection.name,
        kind=kind,
        s3=schemas.S3Place.model_validate(connection.settings) if is_told else None,
        is_default=connection.id == active_id,
        is_shared=is_shared,
        has_secret=connection.secret is not None,
        created_at=connection.created_at,
        archived_at=connection.archived_at,
        last_tested_at=connection.last_tested_at,
        last_test=schemas.LastTest.model_validate(last) if last else None,
    )
