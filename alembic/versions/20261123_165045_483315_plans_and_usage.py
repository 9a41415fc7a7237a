"""Plans and subscriptions, and counters of what each company uses.

Revision ID: 20261123_165045_483315
Revises: 20261123_164927_663136
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_165045_483315"
down_revision: str | None = "20261123_164927_663136"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
GIGABYTE = 1024**3
# Fixed, so that an installation restored from a backup has one plan of each kind.
PLANS = (
    ("00000000-0000-7000-8000-000000000001", "unlimited", "Unlimited", None, None, None, None),
    ("00000000-0000-7000-8000-000000000002", "free", "Free", GIGABYTE, 10, 2, 1_000),
    ("00000000-0000-7000-8000-000000000003", "studio", "Studio", 50 * GIGABYTE, 500, 10, 50_000),
    (
        "00000000-0000-7000-8000-000000000004",
        "agency",
        "Agency",
        500 * GIGABYTE,
        10_000,
        100,
        1_000_000,
    ),
)
LIMITS = ("storage_bytes", "contents", "members", "views_month")


def upgrade() -> None:
    _create_plans()
    _create_subscriptions()
    _create_usage()
    _create_storage_deltas()
    _create_monthly_views()
    _count_stored_files()


def downgrade() -> None:
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER stored_files_count_{event} ON stored_files")
    op.execute("DROP FUNCTION count_stored_files()")
    for table in ("monthly_views", "storage_deltas", "company_usage", "subscriptions", "plans"):
        op.drop_table(table)


def _limits() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=True) for name in LIMITS]


def _of_company(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id"],
        ["companies.id"],
        name=op.f(f"fk_{table}_company_id_companies"),
        ondelete="CASCADE",
    )


def _create_plans() -> None:
    plans = op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        *_limits(),
        sa.Column("grace_days", sa.SmallInteger(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("grace_days >= 0", name=op.f("ck_plans_grace_not_negative")),
        sa.CheckConstraint(
            "least(storage_bytes, contents, members, views_month) >= 0",
            name=op.f("ck_plans_limits_not_negative"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("code", name=op.f("uq_plans_code")),
    )
    op.create_index(
        "uq_plans_is_default",
        "plans",
        ["is_default"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    _offer_plans(plans)


def _offer_plans(plans: sa.Table) -> None:
    names = ("id", "code", "name", *LIMITS)
    rows = [dict(zip(names, plan, strict=True)) for plan in PLANS]
    op.bulk_insert(
        plans,
        [
            {
                **row,
                "id": UUID(str(row["id"])),
                "grace_days": 30,
                "is_default": row["code"] == "unlimited",
            }
            for row in rows
        ],
    )
    # The time of a row is the application's to say, as everywhere.
    for name in ("created_at", "updated_at"):
        op.alter_column("plans", name, server_default=None)


def _create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("grace_days", sa.SmallInteger(), nullable=True),
        *_limits(),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "ends_at is null or ends_at > starts_at", name=op.f("ck_subscriptions_ends_after_start")
        ),
        _of_company("subscriptions"),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_subscriptions_plan_id_plans"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_plan_id", "subscriptions", ["plan_id"])


def _create_usage() -> None:
    op.create_table(
        "company_usage",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("storage_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("level", sa.String(length=8), server_default=sa.text("'ok'"), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "level in ('ok', 'warning', 'full')", name=op.f("ck_company_usage_level_known")
        ),
        _of_company("company_usage"),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_usage")),
    )


def _create_storage_deltas() -> None:
    op.create_table(
        "storage_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        _of_company("storage_deltas"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_deltas")),
    )
    op.create_index("ix_storage_deltas_company_id", "storage_deltas", ["company_id"])


def _create_monthly_views() -> None:
    op.create_table(
        "monthly_views",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("views", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _of_company("monthly_views"),
        sa.PrimaryKeyConstraint("company_id", "month", name=op.f("pk_monthly_views")),
    )


def _count_stored_files() -> None:
    """Whoever writes `stored_files`, by whatever code, the sum follows in the same transaction."""
    op.execute(_COUNT_FUNCTION)
    for event, tables in (
        ("insert", "NEW TABLE AS came"),
        ("update", "OLD TABLE AS went NEW TABLE AS came"),
        ("delete", "OLD TABLE AS went"),
    ):
        op.execute(
            f"CREATE TRIGGER stored_files_count_{event} AFTER {event.upper()} ON stored_files "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_stored_files()"
        )
    op.execute(
        "INSERT INTO company_usage (company_id, storage_bytes) "
        "SELECT company_id, sum(size_bytes) FROM stored_files WHERE released_at IS NULL "
        "GROUP BY company_id"
    )


_COUNT_FUNCTION = """
CREATE FUNCTION count_stored_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO storage_deltas (company_id, bytes)
    SELECT company_id, sum(size_bytes) FROM came WHERE released_at IS NULL GROUP BY company_id;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO storage_deltas (company_id, bytes)
    SELECT company_id, -sum(size_bytes) FROM went WHERE released_at IS NULL GROUP BY company_id;
  ELSE
    INSERT INTO storage_deltas (company_id, bytes)
    SELECT company_id, sum(bytes) FROM (
      SELECT company_id, size_bytes AS bytes FROM came WHERE released_at IS NULL
      UNION ALL
      SELECT company_id, -size_bytes FROM went WHERE released_at IS NULL
    ) AS moved GROUP BY company_id HAVING sum(bytes) <> 0;
  END IF;
  RETURN NULL;
END $$
"""
