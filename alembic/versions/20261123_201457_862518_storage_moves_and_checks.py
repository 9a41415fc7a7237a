"""Moves between storages, checks of them, grants of accounts, and the sweep's marks on files.

Revision ID: 20261123_201457_862518
Revises: 20261123_201409_616977
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_201457_862518"
down_revision: str | None = "20261123_201409_616977"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
FILES = "stored_files"
MARKS = ("sweeping_at", "swept_at", "missing_since")


def upgrade() -> None:
    for name in MARKS:
        op.add_column(FILES, sa.Column(name, MOMENT, nullable=True))
    op.add_column(FILES, sa.Column("moved_in", sa.Uuid(), nullable=True))
    op.create_index("ix_stored_files_company_id_id", FILES, ["company_id", "id"])
    op.create_index(
        "ix_stored_files_released_at",
        FILES,
        ["released_at"],
        postgresql_where=sa.text("released_at is not null"),
    )
    _create_grants()
    _create_moves()
    _create_checks()


def downgrade() -> None:
    for table in ("storage_checks", "storage_moves", "storage_grants"):
        op.drop_table(table)
    op.drop_index("ix_stored_files_released_at", table_name=FILES)
    op.drop_index("ix_stored_files_company_id_id", table_name=FILES)
    for name in ("moved_in", *MARKS):
        op.drop_column(FILES, name)


def _create_grants() -> None:
    op.create_table(
        "storage_grants",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("tokens_encrypted", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("renewing_until", MOMENT, nullable=True),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["storage_connections.id"],
            name=op.f("fk_storage_grants_connection_id_storage_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_storage_grants_company_id_companies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_storage_grants")),
    )
    protect(op, "storage_grants", shared=True)


def _create_moves() -> None:
    table = "storage_moves"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("from_connection_id", sa.Uuid(), nullable=False),
        sa.Column("to_connection_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("leave_missing", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("files_total", "files_done", "bytes_total", "bytes_done", "files_missing")
        ),
        sa.Column("failure_code", sa.String(64), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        *(
            sa.Column(name, MOMENT, nullable=True)
            for name in ("finished_at", "clean_up_after", "cleaned_at")
        ),
        *_moves_constraints(table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_moves")),
    )
    op.create_index("ix_storage_moves_company_id_id", table, ["company_id", "id"])
    op.create_index(
        "uq_storage_moves_open",
        table,
        ["company_id"],
        unique=True,
        postgresql_where=sa.text("state in ('running', 'paused', 'failed')"),
    )
    protect(op, table)


def _moves_constraints(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "state in ('running', 'paused', 'failed', 'cancelled', 'done')",
            name=op.f("ck_storage_moves_state_known"),
        ),
        _to_company(table),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["storage_connections.id"],
                name=op.f(f"fk_{table}_{name}_storage_connections"),
            )
            for name in ("from_connection_id", "to_connection_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["users.id"],
            name=op.f("fk_storage_moves_requested_by_users"),
            ondelete="SET NULL",
        ),
    ]


def _create_checks() -> None:
    table = "storage_checks"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("is_deep", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("files", "size_bytes", "missing", "damaged", "orphans", "orphan_bytes")
        ),
        sa.Column("examples", postgresql.JSONB(), nullable=False),
        sa.Column("failure_code", sa.String(64), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('running', 'done', 'failed')", name=op.f("ck_storage_checks_state_known")
        ),
        _to_company(table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_checks")),
    )
    op.create_index("ix_storage_checks_company_id_id", table, ["company_id", "id"])
    protect(op, table)


def _to_company(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id"],
        ["companies.id"],
        name=op.f(f"fk_{table}_company_id_companies"),
        ondelete="RESTRICT",
    )
