"""Second factors, password resets, challenges, attacks counted, companies' identity providers.

Revision ID: 20261123_165510_100417
Revises: 20261123_165428_175830
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_165510_100417"
down_revision: str | None = "20261123_165428_175830"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _extend_sessions_and_companies()
    _create_sign_in_challenges()
    _create_password_resets()
    _create_account_attacks()
    _create_second_factors()
    _create_identity_providers()
    _create_user_identities()


def downgrade() -> None:
    for table in (
        "user_identities",
        "identity_providers",
        "recovery_codes",
        "authenticators",
        "account_attacks",
        "password_resets",
        "sign_in_challenges",
    ):
        op.drop_table(table)
    op.drop_column("companies", "require_two_factor")
    op.drop_column("user_sessions", "only_company_id")
    op.drop_column("user_sessions", "authenticated_at")


def _extend_sessions_and_companies() -> None:
    op.add_column("user_sessions", sa.Column("authenticated_at", MOMENT, nullable=True))
    op.add_column("user_sessions", sa.Column("only_company_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_user_sessions_only_company_id_companies"),
        "user_sessions",
        "companies",
        ["only_company_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column(
        "companies",
        sa.Column("require_two_factor", sa.Boolean(), server_default="false", nullable=False),
    )


def _user(table: str) -> sa.ForeignKeyConstraint:
    return _link(table, "user_id", "users")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete="CASCADE"
    )


def _create_sign_in_challenges() -> None:
    table = "sign_in_challenges"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("only_company_id", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        _user(table),
        _link(table, "only_company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_sha256", name=op.f(f"uq_{table}_token_sha256")),
    )
    op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def _create_password_resets() -> None:
    table = "password_resets"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _user(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_sha256", name=op.f(f"uq_{table}_token_sha256")),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def _create_account_attacks() -> None:
    table = "account_attacks"
    op.create_table(
        table,
        sa.Column("account_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guesses", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("addresses", sa.BigInteger(), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        _user(table),
        sa.PrimaryKeyConstraint("account_sha256", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_last_at", table, ["last_at"])


def _create_second_factors() -> None:
    op.create_table(
        "authenticators",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_encrypted", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _user("authenticators"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _user("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def _create_identity_providers() -> None:
    table = "identity_providers"
    op.create_table(
        table,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("client_secret_encrypted", sa.Text(), nullable=False),
        sa.Column("allowed_domains", sa.ARRAY(sa.String(length=253)), nullable=False),
        sa.Column("default_role", sa.String(length=16), nullable=False),
        sa.Column("auto_provision", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "default_role in ('owner', 'editor', 'viewer')", name=op.f(f"ck_{table}_role_known")
        ),
        _link(table, "company_id", "companies"),
        sa.PrimaryKeyConstraint("company_id", name=op.f(f"pk_{table}")),
    )
    protect(op, table)


def _create_user_identities() -> None:
    table = "user_identities"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        _link(table, "company_id", "companies"),
        _user(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "company_id", "issuer", "subject", name=op.f(f"uq_{table}_company_id_issuer_subject")
        ),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    protect(op, table)
