"""Events: one column of words to search in.

Revision ID: 20261123_172115_845882
Revises: 20261123_171927_802662
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_172115_845882"
down_revision: str | None = "20261123_171927_802662"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Rows from before are searched by the same facts, with the names of fields among them."""
    op.add_column(
        "events",
        sa.Column("words", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
    )
    op.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    op.execute("ALTER TABLE events NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE events SET words = left(lower(concat_ws(' ', name, actor_label, address, "
        "data::text, changes::text)), 4000)"
    )
    op.execute("ALTER TABLE events FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE events ENABLE TRIGGER events_append_only")


def downgrade() -> None:
    op.drop_column("events", "words")
