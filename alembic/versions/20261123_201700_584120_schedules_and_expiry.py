"""Schedules, the end of contents and projects, and what was told of it.

Revision ID: 20261123_201700_584120
Revises: 20261123_201457_862518
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_201700_584120"
down_revision: str | None = "20261123_201457_862518"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
HAS_END = sa.text("expires_at is not null")


def upgrade() -> None:
    for table in ("ar_contents", "projects"):
        op.add_column(table, sa.Column("expires_at", MOMENT, nullable=True))
        op.create_index(f"ix_{table}_expires_at", table, ["expires_at"], postgresql_where=HAS_END)
    for column in _company_columns():
        op.add_column("companies", column)
    _create_schedules()
    _create_notices()
    for table in ("schedules", "expiry_notices"):
        protect(op, table)


def _company_columns() -> list[sa.Column]:
    days = sa.ARRAY(sa.Integer())
    return [
        sa.Column("expiry_warning_days", days, server_default="{30,7,1}", nullable=False),
        sa.Column("expiry_grace_days", sa.BigInteger(), server_default="30", nullable=False),
    ]


def _create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "content_id"],
            ["ar_contents.company_id", "ar_contents.id"],
            name=op.f("fk_schedules_company_id_ar_contents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_schedules")),
    )
    op.create_index("ix_schedules_company_id_content_id", "schedules", ["company_id", "content_id"])


def _create_notices() -> None:
    op.create_table(
        "expiry_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("days_before", sa.BigInteger(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind in ('warning', 'expired', 'closed', 'reopened')",
            name=op.f("ck_expiry_notices_kind_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'warning') = (days_before is not null)",
            name=op.f("ck_expiry_notices_warning_has_days"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "content_id"],
            ["ar_contents.company_id", "ar_contents.id"],
            name=op.f("fk_expiry_notices_company_id_ar_contents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_notices")),
        sa.UniqueConstraint(
            "content_id",
            "ends_at",
            "kind",
            "days_before",
            name=op.f("uq_expiry_notices_content_id_ends_at_kind_days_before"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_expiry_notices_company_id_content_id", "expiry_notices", ["company_id", "content_id"]
    )


def downgrade() -> None:
    op.drop_table("expiry_notices")
    op.drop_table("schedules")
    for name in ("expiry_grace_days", "expiry_warning_days"):
        op.drop_column("companies", name)
    for table in ("projects", "ar_contents"):
        op.drop_index(f"ix_{table}_expires_at", table)
        op.drop_column(table, "expires_at")
