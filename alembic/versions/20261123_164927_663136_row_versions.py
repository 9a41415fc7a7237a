"""Versions of companies, projects and contents, for entity tags.

Revision ID: 20261123_164927_663136
Revises: 20261123_164636_508408
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_164927_663136"
down_revision: str | None = "20261123_164636_508408"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("companies", "projects", "ar_contents")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table,
            sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "version")
