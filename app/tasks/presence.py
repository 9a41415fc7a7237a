"""Who is at work: each worker and beat writes itself down every few seconds."""

import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import __version__
from app.core.queues import QUEUES
from app.tasks.alive import Kind
from app.tasks.models import WorkProcess

# They write every five seconds; a stopping one waits for its jobs and says nothing meanwhile.
SILENT_AFTER: Final = timedelta(seconds=45)
FORGOTTEN_AFTER: Final = timedelta(days=1)


async def show(
    session: AsyncSession, process_id: str, kind: Kind, *, queues: list[str], slots: int
) -> None:
    """Write that this process is at work, and forget those not heard of for a day."""
    values = {
        "kind": kind,
        "host": socket.gethostname(),
        "queues": queues,
        "slots": slots,
        "version": __version__,
    }
    statement = insert(WorkProcess).values(id=process_id, **values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[WorkProcess.id], set_={**values, "seen_at": func.now()}
        )
    )
    await session.execute(
        delete(WorkProcess).where(WorkProcess.seen_at < func.now() - FORGOTTEN_AFTER)
    )


async def leave(session: AsyncSession, process_id: str) -> None:
    """This process has ended in good order."""
    await session.execute(delete(WorkProcess).where(WorkProcess.id == process_id))


@dataclass(frozen=True, slots=True)
class Staff:
    """How many live processes there are, by what they do."""

    workers: dict[str, int]
    beats: int

    @property
    def is_complete(self) -> bool:
        return self.beats > 0 and all(self.workers.values())


async def staff(session: AsyncSession) -> Staff:
    """Live workers of each queue, and beats."""
    present = await list_present(session)
    workers = {
        queue: sum(queue in one.queues for one in present if one.kind == "worker")
        for queue in QUEUES
    }
    return Staff(workers, sum(one.kind == "beat" for one in present))


async def list_present(session: AsyncSession) -> list[WorkProcess]:
    """Who was heard of lately, workers first."""
    statement = (
        select(WorkProcess)
        .where(WorkProcess.seen_at > func.now() - SILENT_AFTER)
        .order_by(WorkProcess.kind.desc(), WorkProcess.started_at)
    )
    return list(await session.scalars(statement))
