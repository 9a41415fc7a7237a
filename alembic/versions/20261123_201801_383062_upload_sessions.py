"""Uploads on their way, and the largest file of a plan.

Revision ID: 20261123_201801_383062
Revises: 20261123_201800_754850
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_201801_383062"
down_revision: str | None = "20261123_201800_754850"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "upload_sessions"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("plans", "subscriptions"):
        op.add_column(table, sa.Column("max_upload_bytes", sa.BigInteger(), nullable=True))
    _create_sessions()
    op.create_index("ix_upload_sessions_company_id", TABLE, ["company_id"])
    op.create_index("ix_upload_sessions_expires_at", TABLE, ["expires_at"])
    protect(op, TABLE)


def downgrade() -> None:
    op.drop_table(TABLE)
    for table in ("subscriptions", "plans"):
        op.drop_column(table, "max_upload_bytes")


def _create_sessions() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("offset_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("sender_metadata", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_direct", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=True),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "purpose in ('image', 'video')", name=op.f("ck_upload_sessions_purpose_known")
        ),
        sa.CheckConstraint(
            "state in ('receiving', 'done', 'refused')", name=op.f("ck_upload_sessions_state_known")
        ),
        sa.CheckConstraint(
            "offset_bytes between 0 and size_bytes", name=op.f("ck_upload_sessions_offset_in_range")
        ),
        _reference("company_id", "companies", "CASCADE"),
        _reference("user_id", "users", "SET NULL"),
        _reference("connection_id", "storage_connections", "SET NULL"),
        _reference("upload_id", "uploads", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_sessions")),
    )


def _reference(column: str, table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=ondelete)
