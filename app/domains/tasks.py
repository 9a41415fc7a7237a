"""The daily look at records of hostnames in use."""

from app.core.clock import utcnow
from app.domains import service
from app.tasks.runtime import periodic


@periodic("default.recheck_domains", time_limit=1800)
async def recheck_domains() -> None:
    """A hostname whose record stays away for days is no longer used."""
    await service.recheck_all(now=utcnow())
