"""Making videos ready: orders, and the steps of the job that touch the database.

An order names the source a video is to be made of. What played before goes on playing until the new file is
there; a newer order makes an older one pointless, and its result is let go.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.ar_content import queries
from app.ar_content.files import release
from app.ar_content.models import ArContent, Video
from app.ar_content.schemas import VideoStatus
from app.core.jobs import enqueue
from app.core.notices import notify
from app.media.facts import Alpha, VideoFacts
from app.media.processing import lines_for
from app.storage import service as storage
from app.storage.port import Storage, is_served
from app.storage.service import StoredContent

PROCESS_TASK: Final = "default.process_video"


@dataclass(frozen=True, slots=True)
class Order:
    """A video to make ready, or one that is and gets its renditions."""

    video_id: UUID
    job_id: UUID
    company_id: UUID
    key: str
    media_type: str
    is_source: bool
    facts: VideoFacts
    chroma_key: dict[str, Any] | None
    storage: Storage
    storage_path: str

    @property
    def is_original(self) -> bool:
        """Whether the source was served before a colour was keyed out of it: it only has to be put back."""
        return self.is_source and self.chroma_key is None and is_served(self.key)


@dataclass(frozen=True, slots=True)
class KeptRendition:
    """A smaller file of a video, stored and not yet registered."""

    stored: StoredContent
    width: int
    height: int
    bitrate: int
    alpha: Alpha

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.stored.key,
            "width": self.width,
            "height": self.height,
            "bitrate": self.bitrate,
            "size_bytes": self.stored.size_bytes,
            "alpha": self.alpha,
        }


async def order_processing(session: AsyncSession, video: Video) -> None:
    """Have the video made ready from its source; of one that is ready, smaller files if it is heavy."""
    video.progress = 0.0
    video.failure_code = video.failure_detail = video.job_id = None
    if video.status == VideoStatus.READY and not lines_for(_facts_of(video), video.size_bytes):
        await session.flush()
        return
    job = await enqueue(
        session,
        PROCESS_TASK,
        company_id=video.company_id,
        video_id=video.id,
        source_key=video.source_key or "",
    )
    video.job_id = job.id
    await session.flush()


async def claim(session: AsyncSession, video_id: UUID, job_id: UUID) -> Order | None:
    """What the job is to do; None when the video is gone, failed, or another job's by now."""
    found = await queries.video_for_worker(session, video_id)
    if found is None or found[1].job_id != job_id or found[1].status == VideoStatus.FAILED:
        return None
    video = found[1]
    is_source = video.status == VideoStatus.PROCESSING
    key = video.source_key if is_source else video.key
    media_type = video.source_media_type if is_source else video.media_type
    assert key is not None, "a video that is processed has a source, one that is ready a file"
    return Order(
        video_id=video.id,
        job_id=job_id,
        company_id=video.company_id,
        key=key,
        media_type=media_type or "video/mp4",
        is_source=is_source,
        facts=_facts_of(video),
        chroma_key=video.chroma_key if is_source else None,
        storage=await storage.storage_of(session, video.company_id),
        storage_path=key.split("/", 1)[0],
    )


async def wait_again(session: AsyncSession, video_id: UUID, *, source_key: str) -> None:
    """Forget that the video could not be made ready; one that has another fate meanwhile keeps it."""
    found = await queries.video_for_worker(session, video_id)
    if found is None or found[1].source_key != source_key:
        return
    video = found[1]
    if video.status == VideoStatus.FAILED:
        video.status = VideoStatus.PROCESSING.value
        video.failure_code = video.failure_detail = None
        await session.flush()


def _facts_of(video: Video) -> VideoFacts:
    return VideoFacts(
        width=video.width,
        height=video.height,
        duration_seconds=video.duration_seconds,
        has_audio=video.has_audio,
        alpha="side_by_side" if video.alpha == "side_by_side" else "none",
    )


async def note_progress(session: AsyncSession, order: Order, fraction: float) -> None:
    """Tell watchers of the video how far it is."""
    await queries.set_video_progress(session, order.video_id, order.job_id, fraction)


async def complete(
    session: AsyncSession,
    order: Order,
    facts: VideoFacts,
    stored: StoredContent,
    poster: StoredContent,
    flat: KeptRendition | None,
) -> bool:
    """Make the new file the one that plays. False when another order came meanwhile."""
    found = await queries.video_for_worker(session, order.video_id)
    if found is None or found[1].job_id != order.job_id:
        return False
    content, video = found
    old = queries.video_keys(video)
    video.key, video.poster_key = stored.key, poster.key
    video.media_type, video.size_bytes = stored.media_type, stored.size_bytes
    video.width, video.height = facts.width, facts.height
    video.duration_seconds, video.has_audio = facts.duration_seconds, facts.has_audio
    video.alpha, video.renditions = facts.alpha, [flat.as_json()] if flat else []
    video.status, video.progress = VideoStatus.READY.value, 1.0
    if video.chroma_key is None:
        video.source_key = video.source_media_type = None
    files = [stored, poster, *([flat.stored] if flat else [])]
    await storage.register(session, video.company_id, *files)
    await session.flush()
    await release(session, video.company_id, old - queries.video_keys(video))
    _record(session, "video.ready", content.id, video, seconds=facts.duration_seconds)
    await _tell(session, "video.ready", content, video)
    return True


async def keep_renditions(
    session: AsyncSession, order: Order, renditions: list[KeptRendition]
) -> None:
    """Note the smaller files; without effect when another order came meanwhile."""
    found = await queries.video_for_worker(session, order.video_id)
    if found is None or found[1].job_id != order.job_id or not renditions:
        return
    video = found[1]
    old = queries.video_keys(video)
    flat = [each for each in video.renditions if each["alpha"] != video.alpha]
    video.renditions = [*flat, *(each.as_json() for each in renditions)]
    await storage.register(session, video.company_id, *(each.stored for each in renditions))
    await session.flush()
    await release(session, video.company_id, old - queries.video_keys(video))


async def fail(
    session: AsyncSession, video_id: UUID, *, source_key: str, code: str, detail: str
) -> None:
    """Record why the video could not be made ready of this source, which stays for another try."""
    found = await queries.video_for_worker(session, video_id)
    if found is None or found[1].source_key != source_key:
        return
    content, video = found
    if video.status != VideoStatus.PROCESSING:
        return  # It plays; only its renditions are missing.
    video.status = VideoStatus.FAILED.value
    video.failure_code, video.failure_detail = code, detail
    await session.flush()
    _record(session, "video.failed", content.id, video, code=code)
    await _tell(session, "video.failed", content, video, code=code)


async def _tell(
    session: AsyncSession,
    kind: Literal["video.ready", "video.failed"],
    content: ArContent,
    video: Video,
    **data: object,
) -> None:
    await notify(
        session,
        kind,
        company_id=video.company_id,
        subject_id=content.id,
        data={"title": content.title, "video": video.name, **data},
        once_key=f"{kind}:{video.id}:{video.job_id}",
    )


def _record(
    session: AsyncSession, name: str, content_id: UUID, video: Video, **data: object
) -> None:
    events.record(
        session,
        name,
        company_id=video.company_id,
        subject_id=content_id,
        data={"video_id": str(video.id), "name": video.name, **data},
    )
