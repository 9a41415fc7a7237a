"""Videos that are being made ready: source, progress, failure; transparency and renditions.

Revision ID: 20261123_202500_370219
Revises: 20261123_201801_383062
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "20261123_202500_370219"
down_revision: str | None = "20261123_201801_383062"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKS = {
    "status_known": "status in ('processing', 'ready', 'failed')",
    "ready_has_file": "status <> 'ready' or key is not null",
    "order_has_source": "status = 'ready' or source_key is not null",
    "alpha_known": "alpha in ('none', 'side_by_side')",
}


def upgrade() -> None:
    for column in _columns():
        op.add_column("videos", column)
    op.alter_column("videos", "key", existing_type=sa.String(length=200), nullable=True)
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_videos_{name}"), "videos", condition)


def _columns() -> list[sa.Column]:
    json = postgresql.JSONB(astext_type=sa.Text())
    return [
        sa.Column("status", sa.String(length=16), server_default="ready", nullable=False),
        sa.Column("progress", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure_code", sa.String(length=64), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("source_key", sa.String(length=200), nullable=True),
        sa.Column("source_media_type", sa.String(length=100), nullable=True),
        sa.Column("chroma_key", json, nullable=True),
        sa.Column("alpha", sa.String(length=16), server_default="none", nullable=False),
        sa.Column("renditions", json, server_default=sa.text("'[]'::jsonb"), nullable=False),
    ]


def downgrade() -> None:
    op.execute(
        "UPDATE ar_contents SET default_video_id = NULL FROM videos WHERE videos.key IS NULL"
        " AND ar_contents.default_video_id = videos.id"
    )
    op.execute("DELETE FROM videos WHERE key IS NULL")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_videos_{name}"), "videos", type_="check")
    op.alter_column("videos", "key", existing_type=sa.String(length=200), nullable=False)
    for column in _columns():
        op.drop_column("videos", column.name)
