"""Who cleans up after a move says so: no other move begins meanwhile.

Revision ID: 20261123_202717_522940
Revises: 20261123_202500_370219
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_202717_522940"
down_revision: str | None = "20261123_202500_370219"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "storage_moves", sa.Column("cleaning_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("storage_moves", "cleaning_at")
