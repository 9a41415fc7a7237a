"""Storage connections of other kinds, with secrets, versions and the last test.

Revision ID: 20261123_200739_302549
Revises: 20261123_172916_234282
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "20261123_200739_302549"
down_revision: str | None = "20261123_172916_234282"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
TABLE = "storage_connections"
KIND = "ck_storage_connections_kind_known"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("secret", sa.Text(), nullable=True))
    op.add_column(
        TABLE, sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1"))
    )
    op.add_column(TABLE, sa.Column("archived_at", MOMENT, nullable=True))
    op.add_column(TABLE, sa.Column("last_tested_at", MOMENT, nullable=True))
    op.add_column(TABLE, sa.Column("last_test", postgresql.JSONB(), nullable=True))
    op.drop_constraint(op.f(KIND), TABLE, type_="check")
    op.create_check_constraint(op.f(KIND), TABLE, "kind in ('local', 's3', 'yandex_disk')")
    op.create_check_constraint(
        op.f("ck_storage_connections_active_not_archived"),
        TABLE,
        "not (is_default and archived_at is not null)",
    )


def downgrade() -> None:
    op.execute("DELETE FROM storage_connections WHERE kind <> 'local'")
    op.drop_constraint(op.f("ck_storage_connections_active_not_archived"), TABLE, type_="check")
    op.drop_constraint(op.f(KIND), TABLE, type_="check")
    op.create_check_constraint(op.f(KIND), TABLE, "kind in ('local')")
    for column in ("last_test", "last_tested_at", "archived_at", "version", "secret"):
        op.drop_column(TABLE, column)
