"""The living print: contents, their targets and their videos."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import utcnow
from app.core.database import Base
from app.core.ids import uuid7


class ArContent(Base):
    """One image to recognise. `public_id` is in the printed code: random, and never changed."""

    __tablename__ = "ar_contents"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'published', 'expired')", name="status_known"),
        ForeignKeyConstraint(
            ["company_id", "project_id"],
            ["projects.company_id", "projects.id"],
            ondelete="RESTRICT",
        ),
        UniqueConstraint("company_id", "id"),
        UniqueConstraint("company_id", "import_key"),
        Index("ix_ar_contents_company_id_project_id_id", "company_id", "project_id", "id"),
        Index("ix_ar_contents_company_id_status_id", "company_id", "status", "id"),
        Index("ix_ar_contents_company_id_created_at_id", "company_id", "created_at", "id"),
        Index("ix_ar_contents_company_id_updated_at_id", "company_id", "updated_at", "id"),
        Index(
            "ix_ar_contents_expires_at",
            "expires_at",
            postgresql_where=text("expires_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id", ondelete="RESTRICT"))
    project_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    image_key: Mapped[str] = mapped_column(String(200))
    image_thumbnail_key: Mapped[str] = mapped_column(String(200))
    image_width: Mapped[int]
    image_height: Mapped[int]
    image_size_bytes: Mapped[int] = mapped_column(BigInteger)
    default_video_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("videos.id", ondelete="SET NULL", use_alter=True), index=True
    )
    import_key: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__: Any = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it once)

    videos: Mapped[list["Video"]] = relationship(
        lazy="raise",
        foreign_keys="Video.content_id",
        order_by="Video.position, Video.id",
        viewonly=True,
    )


Index(
    "ix_ar_contents_company_id_title",
    ArContent.company_id,
    func.lower(ArContent.title),
    ArContent.id,
)


class Target(Base):
    """The compiled recognition data of a content's image; the highest version that is ready is in use.

    It keeps which image it was made of, so that a replaced image becomes the content's own when, and only
    when, its target is ready.
    """

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint(
            "status in ('queued', 'compiling', 'ready', 'failed')", name="status_known"
        ),
        CheckConstraint("(status = 'ready') = (key is not null)", name="ready_has_file"),
        ForeignKeyConstraint(
            ["company_id", "content_id"],
            ["ar_contents.company_id", "ar_contents.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("content_id", "version"),
        Index("ix_targets_company_id_status", "company_id", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID]
    content_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    image_key: Mapped[str] = mapped_column(String(200))
    image_thumbnail_key: Mapped[str] = mapped_column(String(200))
    image_width: Mapped[int]
    image_height: Mapped[int]
    image_size_bytes: Mapped[int] = mapped_column(BigInteger)
    job_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(String(16), default="queued")
    key: Mapped[str | None] = mapped_column(String(200))
    width: Mapped[int | None]
    height: Mapped[int | None]
    size_bytes: Mapped[int | None]
    score: Mapped[float | None]
    features: Mapped[int | None]
    patches: Mapped[int | None]
    seconds: Mapped[float | None]
    report: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    failure_code: Mapped[str | None] = mapped_column(String(64))
    failure_detail: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class Video(Base):
    """One thing to play.

    `key` is the file that plays, empty until the first one is ready. `status` is of the newest order: while a
    source is processed, or when that failed, what played before goes on playing. A source stays until its
    video is ready, and for as long as a colour is keyed out of it, so that the key can be changed.
    """

    __tablename__ = "videos"
    __table_args__ = (
        CheckConstraint("status in ('processing', 'ready', 'failed')", name="status_known"),
        CheckConstraint("status <> 'ready' or key is not null", name="ready_has_file"),
        CheckConstraint("status = 'ready' or source_key is not null", name="order_has_source"),
        CheckConstraint("alpha in ('none', 'side_by_side')", name="alpha_known"),
        ForeignKeyConstraint(
            ["company_id", "content_id"],
            ["ar_contents.company_id", "ar_contents.id"],
            ondelete="CASCADE",
        ),
        Index("ix_videos_company_id_content_id", "company_id", "content_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_id: Mapped[UUID]
    content_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16), default="ready", server_default="ready")
    progress: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    failure_code: Mapped[str | None] = mapped_column(String(64))
    failure_detail: Mapped[str | None] = mapped_column(Text)
    job_id: Mapped[UUID | None]
    source_key: Mapped[str | None] = mapped_column(String(200))
    source_media_type: Mapped[str | None] = mapped_column(String(100))
    chroma_key: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    key: Mapped[str | None] = mapped_column(String(200))
    poster_key: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    width: Mapped[int]
    height: Mapped[int]
    duration_seconds: Mapped[float]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    has_audio: Mapped[bool]
    alpha: Mapped[str] = mapped_column(String(16), default="none", server_default="none")
    renditions: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default=text("'[]'::jsonb")
    )
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
