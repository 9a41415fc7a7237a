"""Notices, how people are told of them, and webhooks.

Revision ID: 20261123_201409_616977
Revises: 20261123_200739_302549
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.tenancy import protect

revision: str = "20261123_201409_616977"
down_revision: str | None = "20261123_200739_302549"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PROTECTED = (
    "notices",
    "notifications",
    "notification_channels",
    "notification_deliveries",
    "webhook_endpoints",
    "webhook_deliveries",
    "webhook_inbox",
)

# The event and the word of it commit together, so no order of commits and no crash loses one. Companies
# without an endpoint pay for a look at an index.
KEEP_FOR_WEBHOOKS = """
CREATE FUNCTION keep_for_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.company_id IS NOT NULL AND EXISTS (
        SELECT FROM webhook_endpoints WHERE company_id = NEW.company_id AND enabled
    ) THEN
        INSERT INTO webhook_inbox (event_id, company_id) VALUES (NEW.id, NEW.company_id);
    END IF;
    RETURN NULL;
END
$$
"""


def _reference(
    table: str, column: str, parent: str, *, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _create_notices()
    _index_notices()
    _create_notifications()
    _index_notifications()
    _create_notification_preferences()
    _create_notification_channels()
    _index_notification_channels()
    _create_notification_deliveries()
    _index_notification_deliveries()
    _create_webhook_endpoints()
    _index_webhook_endpoints()
    _create_webhook_deliveries()
    _index_webhook_deliveries()
    _create_webhook_inbox()
    for table in PROTECTED:
        protect(op, table)
    op.execute(KEEP_FOR_WEBHOOKS)
    op.execute(
        "CREATE TRIGGER events_kept_for_webhooks AFTER INSERT ON events "
        "FOR EACH ROW EXECUTE FUNCTION keep_for_webhooks()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER events_kept_for_webhooks ON events")
    op.execute("DROP FUNCTION keep_for_webhooks()")
    for table in (
        "webhook_inbox",
        "webhook_deliveries",
        "webhook_endpoints",
        "notification_deliveries",
        "notification_channels",
        "notification_preferences",
        "notifications",
        "notices",
    ):
        op.drop_table(table)


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column(
            "data", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("once_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _reference("notices", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )


def _index_notices() -> None:
    op.create_index("ix_notices_created_at", "notices", ["created_at"], unique=False)
    op.create_index(
        "uq_notices_company_id_once_key",
        "notices",
        ["company_id", "once_key"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column(
            "data", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "digest_state", sa.String(length=10), server_default=sa.text("'none'"), nullable=False
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "digest_state in ('none', 'waiting', 'sent')",
            name=op.f("ck_notifications_digest_state_known"),
        ),
        _reference("notifications", "company_id", "companies"),
        _reference("notifications", "notice_id", "notices"),
        _reference("notifications", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "notice_id", "user_id", name=op.f("uq_notifications_notice_id_user_id")
        ),
    )


def _index_notifications() -> None:
    op.create_index("ix_notifications_company_id", "notifications", ["company_id"], unique=False)
    op.create_index(
        "ix_notifications_for_digest",
        "notifications",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("digest_state = 'waiting'"),
    )
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["user_id", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_notifications_user_id_id", "notifications", ["user_id", "id"], unique=False)


def _create_notification_preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column(
            "choices", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "digest in ('off', 'daily', 'weekly')",
            name=op.f("ck_notification_preferences_digest_known"),
        ),
        _reference("notification_preferences", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_preferences")),
    )


def _create_notification_channels() -> None:
    op.create_table(
        "notification_channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("settings_encrypted", sa.Text(), nullable=False),
        sa.Column("link_token", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kinds", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("language", sa.String(length=2), server_default=sa.text("'en'"), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("failure", postgresql.JSONB(), nullable=True),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind in ('telegram', 'messenger')", name=op.f("ck_notification_channels_kind_known")
        ),
        sa.CheckConstraint(
            "language in ('en', 'ru')", name=op.f("ck_notification_channels_language_known")
        ),
        _reference("notification_channels", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_channels")),
    )


def _index_notification_channels() -> None:
    op.create_index(
        "ix_notification_channels_company_id_id",
        "notification_channels",
        ["company_id", "id"],
        unique=False,
    )


def _create_notification_deliveries() -> None:
    op.create_table(
        "notification_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("once_key", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", postgresql.JSONB(), nullable=True),
        sa.Column("provider_id", sa.String(length=100), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'sent', 'failed')",
            name=op.f("ck_notification_deliveries_state_known"),
        ),
        _reference(
            "notification_deliveries", "channel_id", "notification_channels", ondelete="SET NULL"
        ),
        _reference("notification_deliveries", "company_id", "companies"),
        _reference("notification_deliveries", "notice_id", "notices"),
        _reference("notification_deliveries", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_deliveries")),
        sa.UniqueConstraint("once_key", name=op.f("uq_notification_deliveries_once_key")),
    )


def _index_notification_deliveries() -> None:
    op.create_index(
        "ix_notification_deliveries_company_id_id",
        "notification_deliveries",
        ["company_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_notification_deliveries_created_at",
        "notification_deliveries",
        ["created_at"],
        unique=False,
    )


def _create_webhook_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column(
            "description", sa.String(length=200), server_default=sa.text("''"), nullable=False
        ),
        sa.Column("events", sa.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("disabled_reason", sa.String(length=40), nullable=True),
        sa.Column("secret_encrypted", sa.Text(), nullable=False),
        sa.Column("old_secret_encrypted", sa.Text(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        _reference("webhook_endpoints", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )


def _index_webhook_endpoints() -> None:
    op.create_index(
        "ix_webhook_endpoints_company_id_id",
        "webhook_endpoints",
        ["company_id", "id"],
        unique=False,
    )


def _create_webhook_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_status", sa.BigInteger(), nullable=True),
        sa.Column("response_excerpt", sa.String(length=500), nullable=True),
        sa.Column("failure", postgresql.JSONB(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'delivered', 'failed')",
            name=op.f("ck_webhook_deliveries_state_known"),
        ),
        _reference("webhook_deliveries", "company_id", "companies"),
        _reference("webhook_deliveries", "endpoint_id", "webhook_endpoints"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id", "event_id", name=op.f("uq_webhook_deliveries_endpoint_id_event_id")
        ),
    )


def _index_webhook_deliveries() -> None:
    op.create_index(
        "ix_webhook_deliveries_company_id_id",
        "webhook_deliveries",
        ["company_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_webhook_deliveries_created_at", "webhook_deliveries", ["created_at"], unique=False
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["endpoint_id", "event_id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )


def _create_webhook_inbox() -> None:
    op.create_table(
        "webhook_inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        _reference("webhook_inbox", "company_id", "companies"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_webhook_inbox")),
    )
