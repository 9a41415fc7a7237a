"""A storage connection as the API shows it."""

from uuid import UUID

from app.storage import schemas
from app.storage.models import StorageConnection


def shown(connection: StorageConnection, active_id: UUID | None) -> schemas.StorageConnection:
    """Everything but the secret; `active_id` is the connection the company's files are in."""
    kind = schemas.StorageKind(connection.kind)
    is_s3 = kind is schemas.StorageKind.S3
    last = connection.last_test
    return schemas.StorageConnection(
        id=connection.id,
        name=connection.name,
        kind=kind,
        s3=schemas.S3Place.model_validate(connection.settings) if is_s3 else None,
        is_default=connection.id == active_id,
        is_shared=connection.company_id is None,
        has_secret=connection.secret is not None,
        created_at=connection.created_at,
        archived_at=connection.archived_at,
        last_tested_at=connection.last_tested_at,
        last_test=schemas.LastTest.model_validate(last) if last else None,
    )
