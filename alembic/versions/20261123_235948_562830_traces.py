"""Jobs belong to the trace of the request that ordered them.

Revision ID: 20261123_235948_562830
Revises: 20261123_233500_451207
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_235948_562830"
down_revision: str | None = "20261123_233500_451207"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("traceparent", sa.String(55), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "traceparent")
