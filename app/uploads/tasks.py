"""The sweep of files that never finished arriving."""

import asyncio

from app.tasks.runtime import periodic
from app.uploads import service, sweeping


@periodic("default.sweep_incoming", time_limit=120)
async def sweep_incoming() -> None:
    """Remove leftovers of uploads that a crash cut short, and uploads nobody resumed in time."""
    await asyncio.to_thread(service.sweep_incoming)
    await sweeping.sweep_sessions()
