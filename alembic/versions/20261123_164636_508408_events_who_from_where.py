"""Events tell who by kind and name, by which key, from where, and what was before and after.

Revision ID: 20261123_164636_508408
Revises: 20261123_141004_588459
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "20261123_164636_508408"
down_revision: str | None = "20261123_141004_588459"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Rows from before keep who they named: a person when there was an actor, else the system."""
    op.add_column("events", sa.Column("actor_kind", sa.Text(), nullable=True))
    for name in ("actor_label", "address", "user_agent"):
        op.add_column("events", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("events", sa.Column("api_key_id", sa.Uuid(), nullable=True))
    op.add_column(
        "events",
        sa.Column(
            "changes", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
    )
    op.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    op.execute(
        "UPDATE events SET actor_kind = CASE WHEN actor_id IS NULL THEN 'system' ELSE 'user' END"
    )
    op.execute("ALTER TABLE events ENABLE TRIGGER events_append_only")
    op.alter_column("events", "actor_kind", nullable=False, server_default=sa.text("'system'"))


def downgrade() -> None:
    for name in ("changes", "api_key_id", "user_agent", "address", "actor_label", "actor_kind"):
        op.drop_column("events", name)
