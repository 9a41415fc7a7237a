"""Fences, fair turns, dead letters, the clock's ticks, and who is at work.

Revision ID: 20261123_201800_754850
Revises: 20261123_201700_584120
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_201800_754850"
down_revision: str | None = "20261123_201700_584120"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
QUEUES = ("markers", "notifications", "default")
INDEXES = ("ix_jobs_next", "ix_jobs_turns", "ix_jobs_ended", "ix_jobs_dead")


def upgrade() -> None:
    for column in _columns():
        op.add_column("jobs", column)
    # A worker of before writes while its attempt is the row's; from here on the fence says so.
    op.execute("UPDATE jobs SET fence = attempts")
    _create_indexes()
    _create_queues()
    _create_ticks()
    _create_processes()


def _columns() -> list[sa.Column[object]]:
    """New for every call: a column belongs to one table."""
    number, no = sa.text("0"), sa.text("false")
    return [
        sa.Column("fence", sa.BigInteger(), server_default=number, nullable=False),
        sa.Column("turn", sa.BigInteger(), server_default=number, nullable=False),
        sa.Column("refused", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("can_retry", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("reopened", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("discarded_at", MOMENT, nullable=True),
    ]


def _create_indexes() -> None:
    queued, ended = sa.text("state = 'queued'"), sa.text("finished_at IS NOT NULL")
    op.create_index("ix_jobs_next", "jobs", ["queue", "turn", "id"], postgresql_where=queued)
    op.create_index("ix_jobs_turns", "jobs", ["queue", "company_id", "turn"])
    op.create_index("ix_jobs_ended", "jobs", ["finished_at"], postgresql_where=ended)
    op.create_index("ix_jobs_dead", "jobs", ["id"], postgresql_where=sa.text("state = 'failed'"))


def _create_queues() -> None:
    table = op.create_table(
        "job_queues",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("serving", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_job_queues")),
    )
    op.bulk_insert(table, [{"queue": queue} for queue in QUEUES])


def _create_ticks() -> None:
    op.create_table(
        "beat_ticks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timing", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat_ticks")),
    )


def _create_processes() -> None:
    op.create_table(
        "work_processes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("queues", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("slots", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_processes")),
        sa.CheckConstraint("kind in ('worker', 'beat')", name=op.f("ck_work_processes_kind_known")),
    )


def downgrade() -> None:
    for table in ("work_processes", "beat_ticks", "job_queues"):
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, "jobs")
    for column in _columns():
        op.drop_column("jobs", column.name)
