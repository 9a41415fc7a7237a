"""Making videos playable: the job `default.process_video`.

Doing it twice is harmless: keys are hashes of contents, the row names the job it waits for, and what an older
job made is let go. A crash between video and renditions leaves a video that plays; the next attempt makes
the rest.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import processing
from app.ar_content.processing import PROCESS_TASK, KeptRendition, Order
from app.core.errors import ArvError
from app.media.facts import VideoFacts
from app.media.processing import ProcessedVideo, make_renditions, process_video
from app.media.videos import prepare_video
from app.storage import service as storage
from app.storage.port import FileMissing, StorageUnavailable
from app.storage.service import StoredContent
from app.tasks.runtime import Failure, Permanent, Retryable, TaskContext, task

TIME_LIMIT_SECONDS: Final = 2700
# A progress report is a transaction; a watcher looks about once a second.
PROGRESS_PAUSE_SECONDS: Final = 1.0
MP4: Final = "video/mp4"

OnProgress = Callable[[float], Awaitable[None]]


async def mark_failed(
    session: AsyncSession, failure: Failure, *, video_id: UUID, source_key: str
) -> None:
    """Runs with the transaction that gives the job up."""
    await processing.fail(
        session, video_id, source_key=source_key, code=failure.code, detail=failure.detail
    )


async def take_back(session: AsyncSession, *, video_id: UUID, source_key: str) -> None:
    """Runs before the work that a person began again."""
    await processing.wait_again(session, video_id, source_key=source_key)


@task(PROCESS_TASK, time_limit=TIME_LIMIT_SECONDS, on_failed=mark_failed, on_retry=take_back)
async def make_video_ready(context: TaskContext, *, video_id: UUID, source_key: str) -> None:
    """Make the video playable if it is not, and smaller files of it for slow lines."""
    async with context.session() as session:
        order = await processing.claim(session, video_id, context.job_id)
    if order is None:
        context.log.info("video.not_wanted", video_id=str(video_id), source_key=source_key)
        return
    try:
        async with _fetched(order) as source:
            facts, playing = await _playable(context, order, source)
            if facts is not None:
                await _renditions(context, order, facts, playing)
    except (FileMissing, StorageUnavailable) as error:
        raise Retryable(
            "The storage did not give or take the file.", code="storage_unavailable"
        ) from error


@asynccontextmanager
async def _fetched(order: Order) -> AsyncIterator[Path]:
    """The order's file on this machine's disk; it and all that was written beside it are removed."""
    folder = storage.incoming_folder()
    path = folder / f"process-{uuid4().hex}.source"
    try:
        await order.storage.fetch(order.key, path)
        yield path
    finally:
        for left in folder.glob(f"{path.stem}.*"):
            left.unlink(missing_ok=True)


async def _playable(
    context: TaskContext, order: Order, source: Path
) -> tuple[VideoFacts | None, Path]:
    """The facts of the file that plays, and that file; no facts when another order came meanwhile."""
    if not order.is_source:
        return order.facts, source
    try:
        made = await _made(context, order, source)
    except ArvError as error:
        raise Permanent(error.code, error.detail) from error
    kept = made.path.with_suffix(".kept")
    kept.hardlink_to(
        made.path
    )  # the storage takes the file over; its renditions are made of this name
    stored = await _store(order, made.path, "videos", MP4)
    poster = await _store(order, made.poster_path, "thumbnails", "image/webp")
    flat = await _flat(order, made)
    async with context.session() as session:
        wanted = await processing.complete(session, order, made.facts, stored, poster, flat)
    return (made.facts if wanted else None), kept


async def _made(context: TaskContext, order: Order, source: Path) -> ProcessedVideo:
    """The playable file: what was sent as it is, where that is all there is to do, else encoded anew."""
    if order.is_original:
        again = await prepare_video(source, order.media_type, source.parent)
        if again.is_playable:
            facts = VideoFacts(again.width, again.height, again.duration_seconds, again.has_audio)
            return ProcessedVideo(facts, again.path, again.poster_path, None)
    return await process_video(
        source,
        order.media_type,
        source.parent,
        chroma_key=order.chroma_key,
        on_progress=_reporter(context, order),
    )


async def _flat(order: Order, made: ProcessedVideo) -> KeptRendition | None:
    """The transparent video on white paper, for players that know nothing of masks."""
    if made.flat_path is None:
        return None
    facts = made.facts
    bitrate = round(made.flat_path.stat().st_size * 8 / max(facts.duration_seconds, 0.1))
    stored = await _store(order, made.flat_path, "renditions", MP4)
    return KeptRendition(stored, facts.width, facts.height, bitrate, "none")


async def _renditions(context: TaskContext, order: Order, facts: VideoFacts, playing: Path) -> None:
    """Smaller files; the video plays without them, so whatever they fail of is only told to the log."""
    kept: list[KeptRendition] = []
    try:
        made = await make_renditions(playing, facts, playing.parent, on_progress=_quiet)
    except ArvError as error:
        context.log.warning("video.renditions_failed", code=error.code)
        made = []
    for each in made:
        stored = await _store(order, each.path, "renditions", MP4)
        kept.append(KeptRendition(stored, each.width, each.height, each.bitrate, facts.alpha))
    async with context.session(completes=True) as session:
        await processing.keep_renditions(session, order, kept)


async def _store(order: Order, path: Path, folder: str, media_type: str) -> StoredContent:
    return await storage.store(
        order.storage, path, storage_path=order.storage_path, folder=folder, media_type=media_type
    )


async def _quiet(_fraction: float) -> None:
    """The video plays already; nobody waits for its renditions."""


def _reporter(context: TaskContext, order: Order) -> OnProgress:
    """Tells job and video how far the work is, at most once a second."""
    last = 0.0

    async def report(fraction: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < PROGRESS_PAUSE_SECONDS:
            return
        last = now
        await context.progress(fraction * 0.95, "converting")
        async with context.session() as session:
            await processing.note_progress(session, order, fraction * 0.95)

    return report
