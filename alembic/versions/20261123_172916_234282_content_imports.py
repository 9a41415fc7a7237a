"""Imports of contents, and their rows.

Revision ID: 20261123_172916_234282
Revises: 20261123_172115_845882
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_172916_234282"
down_revision: str | None = "20261123_172115_845882"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_imports()
    _create_rows()
    for table in ("content_imports", "content_import_rows"):
        protect(op, table)


def _create_imports() -> None:
    op.create_table(
        "content_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_label", sa.String(length=255), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "status in ('queued', 'running', 'done', 'failed')",
            name=op.f("ck_content_imports_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_content_imports_company_id_companies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_imports")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_content_imports_company_id_id")),
    )


def _create_rows() -> None:
    op.create_table(
        "content_import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("image", sa.String(length=255), nullable=False),
        sa.Column("video", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error_column", sa.String(length=16), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("content_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status in ('pending', 'created', 'existing', 'failed')",
            name=op.f("ck_content_import_rows_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "import_id"],
            ["content_imports.company_id", "content_imports.id"],
            name=op.f("fk_content_import_rows_company_id_content_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_content_import_rows")),
    )
    op.create_index(
        "ix_content_import_rows_company_id_import_id",
        "content_import_rows",
        ["company_id", "import_id"],
    )


def downgrade() -> None:
    op.drop_table("content_import_rows")
    op.drop_table("content_imports")
