"""Events: indexes for the lists of the audit log, and no TRUNCATE either.

Revision ID: 20261123_165947_583071
Revises: 20261123_165510_100417
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261123_165947_583071"
down_revision: str | None = "20261123_165510_100417"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "ix_events_company_id_created_at_id": ["company_id", "created_at", "id"],
    "ix_events_company_id_actor_id_created_at": ["company_id", "actor_id", "created_at"],
    "ix_events_created_at_id": ["created_at", "id"],
    "ix_events_subject_id_created_at": ["subject_id", "created_at"],
}
REPLACED = {
    "ix_events_company_id_id": ["company_id", "id"],
    "ix_events_subject_id": ["subject_id"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "events", columns)
    for name in REPLACED:
        op.drop_index(name, table_name="events")
    op.execute(
        "CREATE TRIGGER events_never_emptied BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER events_never_emptied ON events")
    for name, columns in REPLACED.items():
        op.create_index(name, "events", columns)
    for name in INDEXES:
        op.drop_index(name, table_name="events")
