"""Periodic work: levels of quotas, and counters proved by a recount."""

from app.subscriptions import review
from app.tasks.runtime import periodic


@periodic("default.review_subscriptions", time_limit=600)
async def review_subscriptions() -> None:
    """Warn of quotas that filled up by views, which no request checks."""
    await review.review_all()


@periodic("default.recount_usage", time_limit=3000)
async def recount_usage() -> None:
    """Every night: the counters are what the files say."""
    await review.recount_all()
