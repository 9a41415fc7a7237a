"""What a company's mails wear, and the address that ends mails by one click.

Revision ID: 20261123_233500_451207
Revises: 20261123_214000_710344
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.core.tenancy import protect, unprotect

revision: str = "20261123_233500_451207"
down_revision: str | None = "20261123_214000_710344"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "mail_letterheads"


def upgrade() -> None:
    op.add_column("mail_messages", sa.Column("one_click_url", sa.Text(), nullable=True))
    op.create_table(
        TABLE,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("background_color", sa.String(7), nullable=True),
        sa.Column("ink_color", sa.String(7), nullable=True),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_width", sa.BigInteger(), nullable=True),
        sa.Column("logo_height", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_mail_letterheads_company_id_companies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_mail_letterheads")),
    )
    protect(op, TABLE)


def downgrade() -> None:
    unprotect(op, TABLE)
    op.drop_table(TABLE)
    op.drop_column("mail_messages", "one_click_url")
