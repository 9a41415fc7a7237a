"""The steps of a target's making that touch the database, each in a transaction of the task."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries, targets
from app.ar_content.models import Target
from app.ar_content.schemas import TargetStatus
from app.storage import service as storage
from app.storage.port import Storage
from app.storage.service import StoredContent
from arv_engine import CompiledTarget

WANTED = (TargetStatus.QUEUED, TargetStatus.COMPILING)


@dataclass(frozen=True, slots=True)
class Order:
    """A target to make: from which image, and where the result goes."""

    target_id: UUID
    company_id: UUID
    image_key: str
    storage: Storage
    storage_path: str


async def claim(session: AsyncSession, target_id: UUID) -> Order | None:
    """The order, with its target marked as compiling; None when the target is gone or finished."""
    target = await queries.target_for_worker(session, target_id)
    if target is None or target.status not in WANTED:
        return None
    target.status = TargetStatus.COMPILING.value
    return Order(
        target_id=target.id,
        company_id=target.company_id,
        image_key=target.image_key,
        storage=await storage.storage_of(session, target.company_id),
        # A key begins with its company's folder, and the target belongs beside its image.
        storage_path=target.image_key.split("/", 1)[0],
    )


async def complete(
    session: AsyncSession, order: Order, compiled: CompiledTarget, stored: StoredContent
) -> None:
    """Record the target as ready, once: a target deleted or finished meanwhile stays as it is."""
    content = await queries.content_for_worker(session, order.target_id)
    target = await queries.target_for_worker(session, order.target_id)
    if content is None or target is None or target.status not in WANTED:
        return
    target.status = TargetStatus.READY.value
    target.key = stored.key
    target.size_bytes = stored.size_bytes
    target.width, target.height = compiled.width, compiled.height
    target.features, target.patches = compiled.features, compiled.patches
    target.score, target.seconds = compiled.score, compiled.seconds
    target.report = compiled.report
    await storage.register(session, target.company_id, stored)
    await session.flush()
    _record(session, "target.ready", target, score=compiled.score)
    await targets.use_target(session, content, target)


async def fail(session: AsyncSession, target_id: UUID, *, code: str, detail: str) -> None:
    """Record why no target could be made."""
    target = await queries.target_for_worker(session, target_id)
    if target is None or target.status not in WANTED:
        return
    target.status = TargetStatus.FAILED.value
    target.failure_code, target.failure_detail = code, detail
    await session.flush()
    _record(session, "target.failed", target, code=code)


async def wait_again(session: AsyncSession, target_id: UUID) -> None:
    """Forget that no target could be made; one that has another fate meanwhile keeps it."""
    target = await queries.target_for_worker(session, target_id)
    if target is not None and target.status == TargetStatus.FAILED:
        target.status = TargetStatus.QUEUED.value
        target.failure_code = target.failure_detail = None
        await session.flush()


def _record(session: AsyncSession, name: str, target: Target, **data: object) -> None:
    events.record(
        session,
        name,
        company_id=target.company_id,
        subject_id=target.content_id,
        data={"version": target.version, **data},
    )
