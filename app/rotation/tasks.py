"""Periodic work: telling of ends."""

from app.rotation import expiry
from app.tasks.runtime import periodic


@periodic("default.review_ends", time_limit=300)
async def review_ends() -> None:
    """Warnings, ends and closings that are due, each once."""
    await expiry.review_ends()
