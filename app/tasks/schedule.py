"""The beat table: what runs by the clock, how often. Times are UTC.

A tick that nobody took before the next one is due expires, so a worker that comes back after an hour finds
one tick and not three hundred.
"""

from typing import Any

from app.core.config import JobSettings

INCOMING_SECONDS = 900.0
MAIL_SECONDS = 3600.0
KEYS_SECONDS = 3600.0
REVIEW_SECONDS = 600.0
DAY_SECONDS = 86400.0


def beat_schedule(settings: JobSettings) -> dict[str, dict[str, Any]]:
    """The table Celery's beat reads."""
    return {
        "sweep-jobs": _every(settings.sweep_seconds, "default.sweep_jobs"),
        "sweep-incoming": _every(INCOMING_SECONDS, "default.sweep_incoming"),
        "sweep-idempotency-keys": _every(KEYS_SECONDS, "default.sweep_idempotency_keys"),
        "review-subscriptions": _every(REVIEW_SECONDS, "default.review_subscriptions"),
        "recheck-domains": _every(DAY_SECONDS, "default.recheck_domains"),
        "sweep-exports": _every(KEYS_SECONDS, "default.sweep_exports"),
        "sweep-deleted-companies": _every(KEYS_SECONDS, "default.sweep_deleted_companies"),
        "recount-usage": _every(DAY_SECONDS, "default.recount_usage"),
        "sweep-mail": _every(MAIL_SECONDS, "default.sweep_mail"),
    }


def _every(seconds: float, task_name: str) -> dict[str, Any]:
    return {"task": task_name, "schedule": seconds, "options": {"expires": seconds}}
