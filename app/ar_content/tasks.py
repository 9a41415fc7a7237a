"""Compiling targets: the one job of the `markers` queue.

Doing it twice is harmless: the engine gives the same bytes for the same image, the key is their hash, and
the row is written once, in the transaction that ends the job.
"""

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

import arv_engine
from app.ar_content import compilation
from app.ar_content.targets import COMPILE_TASK
from app.storage import service as storage
from app.storage.port import FileMissing, StorageUnavailable
from app.storage.service import StoredContent
from app.tasks.runtime import Failure, Permanent, Retryable, TaskContext, task

TIME_LIMIT_SECONDS: Final = 300
# A progress report is a transaction; a watcher looks about once a second.
PROGRESS_STEP: Final = 0.05


async def mark_failed(session: AsyncSession, failure: Failure, *, target_id: UUID) -> None:
    """Runs with the transaction that gives the job up."""
    await compilation.fail(session, target_id, code=failure.code, detail=failure.detail)


async def take_back(session: AsyncSession, *, target_id: UUID) -> None:
    """Runs before the work that a person began again."""
    await compilation.wait_again(session, target_id)


@task(COMPILE_TASK, time_limit=TIME_LIMIT_SECONDS, on_failed=mark_failed, on_retry=take_back)
async def compile_target(context: TaskContext, *, target_id: UUID) -> None:
    """Make the recognition data of an image and keep it."""
    async with context.session() as session:
        order = await compilation.claim(session, target_id)
    if order is None:
        context.log.info("target.not_wanted", target_id=str(target_id))
        return
    try:
        compiled = await _compile(context, order)
        await context.progress(0.95, "storing")
        stored = await store_target(order, compiled.data)
    except (FileMissing, StorageUnavailable) as error:
        raise Retryable(
            "The storage did not give or take the file.", code="storage_unavailable"
        ) from error
    async with context.session(completes=True) as session:
        await compilation.complete(session, order, compiled, stored)


async def _compile(context: TaskContext, order: compilation.Order) -> arv_engine.CompiledTarget:
    image = b"".join([chunk async for chunk in order.storage.open(order.image_key)])
    report = _reporter(context, asyncio.get_running_loop())
    try:
        return await asyncio.to_thread(arv_engine.compile_target, image, progress=report)
    except arv_engine.ImageError as error:
        raise Permanent(error.code, _sentence(str(error))) from error


def _sentence(words: str) -> str:
    """The engine's words, which begin small as errors do, as a person reads them."""
    return words[:1].upper() + words[1:].rstrip(".") + "."


async def store_target(order: compilation.Order, content: bytes) -> StoredContent:
    """The target file in the storage of its image, under the hash of its content."""
    return await storage.store_bytes(
        order.storage,
        content,
        storage_path=order.storage_path,
        folder="markers",
        media_type="application/octet-stream",
    )


def _reporter(
    context: TaskContext, loop: asyncio.AbstractEventLoop
) -> Callable[[float, str], None]:
    """A function the compiling thread may call as often as it likes."""
    last = 0.0

    def report(fraction: float, stage: str) -> None:
        nonlocal last
        if fraction - last >= PROGRESS_STEP:
            last = fraction
            asyncio.run_coroutine_threadsafe(context.progress(fraction * 0.95, stage), loop)

    return report
