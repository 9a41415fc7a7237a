"""Which image a content is recognised by: asking for targets, and replacing the image under the same code."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries
from app.ar_content.errors import TargetNotFailed
from app.ar_content.files import hold_upload
from app.ar_content.models import ArContent, Target
from app.ar_content.schemas import TargetStatus
from app.companies.roles import WRITE_CONTENTS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.etags import ANY_VERSION, Seen
from app.core.jobs import enqueue
from app.uploads.models import Upload

COMPILE_TASK: Final = "markers.compile_target"


class HasImage(Protocol):
    """A content or a target: both know the image by the same names."""

    image_key: str
    image_thumbnail_key: str
    image_width: int
    image_height: int
    image_size_bytes: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in the storage, as contents and targets note it."""

    image_key: str
    image_thumbnail_key: str
    image_width: int
    image_height: int
    image_size_bytes: int

    @classmethod
    def of(cls, row: HasImage) -> "Picture":
        return cls(
            row.image_key,
            row.image_thumbnail_key,
            row.image_width,
            row.image_height,
            row.image_size_bytes,
        )

    @classmethod
    def uploaded(cls, upload: Upload) -> "Picture":
        return cls(
            upload.key, upload.thumbnail_key, upload.width, upload.height, upload.stored_size_bytes
        )

    def put_on(self, row: HasImage) -> None:
        """Make it the row's image."""
        row.image_key, row.image_thumbnail_key = self.image_key, self.image_thumbnail_key
        row.image_width, row.image_height = self.image_width, self.image_height
        row.image_size_bytes = self.image_size_bytes


async def order_target(
    session: AsyncSession, content: ArContent, picture: Picture, *, version: int
) -> Target:
    """A target to be made of the picture, and the job that makes it."""
    target = Target(company_id=content.company_id, content_id=content.id, version=version)
    picture.put_on(target)
    session.add(target)
    await session.flush()
    job = await enqueue(session, COMPILE_TASK, company_id=content.company_id, target_id=target.id)
    target.job_id = job.id
    return target


async def replace_image(
    session: AsyncSession,
    actor: Actor,
    content_id: UUID,
    *,
    upload_id: UUID,
    seen: Seen = ANY_VERSION,
) -> ArContent:
    """The content with a new target ordered; the image in use stays until that target is ready.

    Raises `NotFound`, `PreconditionFailed` or `ContentArchived`.
    """
    actor.require(WRITE_CONTENTS)
    content = await queries.open_content(session, actor, content_id, seen)
    upload = await hold_upload(session, actor, upload_id, purpose="image")
    newest = await queries.newest_target(session, content)
    picture = Picture.uploaded(upload)
    target = await order_target(session, content, picture, version=newest.version + 1)
    content.updated_at = utcnow()
    await session.flush()
    events.record(
        session,
        "content.image_replaced",
        actor=actor,
        subject_id=content.id,
        data={"version": target.version},
        changes={"image_key": [newest.image_key, upload.key]},
    )
    return content


async def retry_target(session: AsyncSession, actor: Actor, content_id: UUID) -> ArContent:
    """Compile again what failed, as the next version. Raises `TargetNotFailed`."""
    actor.require(WRITE_CONTENTS)
    content = await queries.lock_content(session, actor, content_id)
    target = await queries.newest_target(session, content)
    if target.status != TargetStatus.FAILED:
        raise TargetNotFailed("The target is ready or being made; there is nothing to try again.")
    await order_target(session, content, Picture.of(target), version=target.version + 1)
    events.record(
        session,
        "target.retried",
        actor=actor,
        subject_id=content.id,
        data={"version": target.version + 1},
    )
    return content


async def use_target(session: AsyncSession, content: ArContent, target: Target) -> None:
    """After the target became ready: its image is the content's, unless a newer target is ready."""
    in_use = await queries.target_in_use(session, content)
    if in_use.id != target.id or content.image_key == target.image_key:
        return
    changed = {"image_key": [content.image_key, target.image_key]}
    Picture.of(target).put_on(content)
    await session.flush()
    events.record(
        session,
        "content.image_in_use",
        company_id=content.company_id,
        subject_id=content.id,
        data={"version": target.version},
        changes=changed,
    )


async def copy_target(session: AsyncSession, original: Target, copy: ArContent) -> None:
    """The copy's first target: the original's file when it is ready, else one to be made."""
    if original.status != TargetStatus.READY or original.key is None:
        await order_target(session, copy, Picture.of(original), version=1)
        return
    target = Target(
        company_id=copy.company_id,
        content_id=copy.id,
        version=1,
        status=original.status,
        key=original.key,
        width=original.width,
        height=original.height,
        size_bytes=original.size_bytes,
        score=original.score,
        features=original.features,
        patches=original.patches,
        seconds=original.seconds,
        report=original.report,
    )
    Picture.of(original).put_on(target)
    session.add(target)
    await session.flush()
