"""Companies' contact, look, domain, soft delete; exports and erasures.

Revision ID: 20261123_170143_108110
Revises: 20261123_165947_583071
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_170143_108110"
down_revision: str | None = "20261123_165947_583071"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
EMPTY = sa.text("'{}'::jsonb")
COMPANY_COLUMNS = ("contact", "time_zone", "language", "deleted_at")


def upgrade() -> None:
    _widen_companies()
    _create_looks()
    _create_company_domains()
    _create_exports()
    _create_erasures()
    for table in ("looks", "company_domains", "exports"):
        protect(op, table)
    _let_erasures_remove_events()


def downgrade() -> None:
    op.execute("REVOKE DELETE ON events FROM arv_system")
    op.execute(_REFUSE_ALWAYS)
    for table in ("erasures", "exports", "company_domains", "looks"):
        op.drop_table(table)
    op.drop_constraint("ck_companies_language_known", "companies")
    for name in COMPANY_COLUMNS:
        op.drop_column("companies", name)


def _widen_companies() -> None:
    op.add_column(
        "companies",
        sa.Column("contact", postgresql.JSONB(), server_default=EMPTY, nullable=False),
    )
    op.add_column(
        "companies",
        sa.Column("time_zone", sa.String(64), server_default=sa.text("'UTC'"), nullable=False),
    )
    op.add_column(
        "companies",
        sa.Column("language", sa.String(2), server_default=sa.text("'en'"), nullable=False),
    )
    op.add_column("companies", sa.Column("deleted_at", MOMENT, nullable=True))
    op.create_check_constraint(
        op.f("ck_companies_language_known"), "companies", "language in ('en', 'ru')"
    )


def _of_company(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id"],
        ["companies.id"],
        name=op.f(f"fk_{table}_company_id_companies"),
        ondelete="CASCADE",
    )


def _create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("background_color", sa.String(7), nullable=True),
        sa.Column("ink_color", sa.String(7), nullable=True),
        sa.Column("texts", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("logo_key", sa.String(200), nullable=True),
        sa.Column("logo_width", sa.BigInteger(), nullable=True),
        sa.Column("logo_height", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        _of_company("looks"),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_looks")),
    )


def _create_company_domains() -> None:
    op.create_table(
        "company_domains",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("hostname", sa.String(253), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("failure", sa.String(64), nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("missing_since", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state in ('pending', 'verified', 'failed')",
            name=op.f("ck_company_domains_state_known"),
        ),
        _of_company("company_domains"),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_domains")),
    )
    op.create_index(
        "uq_company_domains_hostname_verified",
        "company_domains",
        ["hostname"],
        unique=True,
        postgresql_where=sa.text("state = 'verified'"),
    )


def _create_exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("failure_code", sa.String(64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'ready', 'failed', 'expired')",
            name=op.f("ck_exports_state_known"),
        ),
        _of_company("exports"),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["users.id"],
            name=op.f("fk_exports_requested_by_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_company_id_id", "exports", ["company_id", "id"])


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erased_company_id", sa.Uuid(), nullable=False),
        sa.Column("storage_path", sa.String(63), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("report", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('running', 'done')", name=op.f("ck_erasures_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("erased_company_id", name=op.f("uq_erasures_erased_company_id")),
    )


def _let_erasures_remove_events() -> None:
    """The log stays append-only for whoever is not being erased; the trigger, not the code, decides."""
    op.execute("GRANT DELETE ON events TO arv_system")
    op.execute(_REFUSE_BUT_ERASURES)


_REFUSE_ALWAYS = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)
# An event of a company whose erasure is running, or of a user no row is left of, may go.
_REFUSE_BUT_ERASURES = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'arv_system' THEN
    IF OLD.company_id IS NOT NULL AND EXISTS (
      SELECT FROM erasures WHERE erased_company_id = OLD.company_id AND state = 'running'
    ) THEN RETURN OLD; END IF;
    IF OLD.company_id IS NULL AND coalesce(OLD.actor_id, OLD.subject_id) IS NOT NULL
      AND EXISTS (SELECT FROM erasures WHERE state = 'running')
      AND NOT EXISTS (SELECT FROM users WHERE id IN (OLD.actor_id, OLD.subject_id))
    THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""
