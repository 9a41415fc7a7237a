"""The sweep of answers kept for repeated requests."""

import structlog

from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.idempotency import sweep_keys
from app.tasks.runtime import periodic

log = structlog.get_logger(__name__)


@periodic("default.sweep_idempotency_keys", time_limit=120)
async def sweep_idempotency_keys() -> None:
    """Forget the answers that are older than a day."""
    async with session_scope() as session:
        forgotten = await sweep_keys(session, now=utcnow())
    if forgotten:
        log.info("idempotency.keys_swept", answers=forgotten)
