"""The register of backups and of the times one was restored to prove it.

Revision ID: 20261123_214000_710344
Revises: 20261123_202717_522940
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "20261123_214000_710344"
down_revision: str | None = "20261123_202717_522940"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state in ('ordered', 'running')")


def upgrade() -> None:
    _create_backups()
    _create_checks()


def downgrade() -> None:
    op.drop_table("restore_checks")
    op.drop_table("backups")


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, MOMENT, nullable=True) for name in names]


def _numbers(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _create_backups() -> None:
    table = "backups"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_moments("started_at", "finished_at", "verified_at"),
        *_numbers("database_bytes", "rows", "files", "files_bytes", "places"),
        sa.Column("manifest_sha256", sa.String(64), nullable=True),
        sa.Column(
            "elsewhere", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('ordered', 'running', 'done', 'failed', 'pruned')",
            name=op.f("ck_backups_state_known"),
        ),
        sa.CheckConstraint("kind in ('scheduled', 'manual')", name=op.f("ck_backups_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.create_index("ix_backups_created_at", table, ["created_at"])
    op.create_index(
        "uq_backups_open", table, [sa.text("(true)")], unique=True, postgresql_where=OPEN
    )


def _create_checks() -> None:
    table = "restore_checks"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("backup_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_moments("started_at", "finished_at"),
        *_numbers("tables", "rows", "files"),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('ordered', 'running', 'done', 'failed')",
            name=op.f("ck_restore_checks_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["backup_id"],
            ["backups.id"],
            name=op.f("fk_restore_checks_backup_id_backups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_checks")),
    )
    op.create_index("ix_restore_checks_backup_id", table, ["backup_id"])
    op.create_index(
        "uq_restore_checks_open", table, [sa.text("(true)")], unique=True, postgresql_where=OPEN
    )
