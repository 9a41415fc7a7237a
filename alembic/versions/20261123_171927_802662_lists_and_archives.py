"""Archives, project dates, targets that keep their image, and an index for each order of a list.

Revision ID: 20261123_171927_802662
Revises: 20261123_171232_480675
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "20261123_171927_802662"
down_revision: str | None = "20261123_171232_480675"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
IMAGE = ("image_thumbnail_key", "image_width", "image_height", "image_size_bytes")


def upgrade() -> None:
    op.add_column("projects", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("projects", sa.Column("ends_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_projects_dates_in_order"), "projects", "ends_on >= starts_on"
    )
    for table in ("projects", "ar_contents"):
        op.add_column(table, sa.Column("archived_at", MOMENT, nullable=True))
    op.add_column("ar_contents", sa.Column("import_key", sa.String(length=200), nullable=True))
    op.create_unique_constraint(
        op.f("uq_ar_contents_company_id_import_key"), "ar_contents", ["company_id", "import_key"]
    )
    _let_targets_keep_their_image()
    _create_indexes()


def _let_targets_keep_their_image() -> None:
    op.add_column("targets", sa.Column("image_thumbnail_key", sa.String(length=200), nullable=True))
    for name in IMAGE[1:]:
        op.add_column("targets", sa.Column(name, sa.BigInteger(), nullable=True))
    # Row level security holds the owner of the tables too.
    op.execute("SET LOCAL ROLE arv_system")
    op.execute(
        "UPDATE targets SET image_thumbnail_key = ar_contents.image_thumbnail_key,"
        " image_width = ar_contents.image_width, image_height = ar_contents.image_height,"
        " image_size_bytes = ar_contents.image_size_bytes"
        " FROM ar_contents WHERE ar_contents.id = targets.content_id"
    )
    op.execute("RESET ROLE")
    for name in IMAGE:
        op.alter_column("targets", name, nullable=False)


def _create_indexes() -> None:
    for column in ("status", "created_at", "updated_at"):
        name = op.f(f"ix_ar_contents_company_id_{column}_id")
        op.create_index(name, "ar_contents", ["company_id", column, "id"])
    op.create_index(
        "ix_ar_contents_company_id_title",
        "ar_contents",
        ["company_id", sa.text("lower(title)"), "id"],
    )
    op.create_index(
        "ix_projects_company_id_updated_at_id", "projects", ["company_id", "updated_at", "id"]
    )
    op.create_index(
        "ix_projects_company_id_name", "projects", ["company_id", sa.text("lower(name)"), "id"]
    )
    op.create_index("ix_targets_company_id_status", "targets", ["company_id", "status"])


def downgrade() -> None:
    op.drop_index("ix_targets_company_id_status", "targets")
    for name in ("ix_projects_company_id_name", "ix_projects_company_id_updated_at_id"):
        op.drop_index(name, "projects")
    for column in ("title", "updated_at_id", "created_at_id", "status_id"):
        op.drop_index(f"ix_ar_contents_company_id_{column}", "ar_contents")
    for name in reversed(IMAGE):
        op.drop_column("targets", name)
    op.drop_constraint(op.f("uq_ar_contents_company_id_import_key"), "ar_contents")
    op.drop_column("ar_contents", "import_key")
    for table in ("ar_contents", "projects"):
        op.drop_column(table, "archived_at")
    op.drop_constraint(op.f("ck_projects_dates_in_order"), "projects")
    op.drop_column("projects", "ends_on")
    op.drop_column("projects", "starts_on")
