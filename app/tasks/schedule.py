"""The beat table: what runs by the clock, and when. Each timing is a setting (`BEAT_...`), `0` switches off.

A tick whose job of last time still waits or runs makes no second one, so a worker that comes back after an
hour finds one and not three hundred.
"""

from dataclasses import dataclass

from app.core.config import BeatSettings
from app.core.timetable import Timing, parse


@dataclass(frozen=True, slots=True)
class Tick:
    """A periodic task and the timing as it was written; `timing` is None when it is switched off."""

    task_name: str
    written: str
    timing: Timing | None


def beat_schedule(settings: BeatSettings) -> dict[str, Tick]:
    """The table, by the names the ticks are remembered under."""
    return {
        "sweep-incoming": _tick(settings.sweep_incoming, "default.sweep_incoming"),
        "sweep-idempotency-keys": _tick(settings.sweep_keys, "default.sweep_idempotency_keys"),
        "review-subscriptions": _tick(
            settings.review_subscriptions, "default.review_subscriptions"
        ),
        "recheck-domains": _tick(settings.recheck_domains, "default.recheck_domains"),
        "sweep-exports": _tick(settings.sweep_exports, "default.sweep_exports"),
        "sweep-deleted-companies": _tick(
            settings.sweep_companies, "default.sweep_deleted_companies"
        ),
        "recount-usage": _tick(settings.recount_usage, "default.recount_usage"),
        "review-ends": _tick(settings.review_ends, "default.review_ends"),
        "sweep-mail": _tick(settings.sweep_mail, "default.sweep_mail"),
        "send-digests": _tick(settings.send_digests, "notifications.send_digests"),
        "sweep-notifications": _tick(
            settings.sweep_notifications, "notifications.sweep_notifications"
        ),
        "sweep-webhooks": _tick(settings.sweep_webhooks, "notifications.sweep_webhooks"),
        "sweep-finished-jobs": _tick(settings.sweep_jobs, "default.sweep_finished_jobs"),
        "sweep-storage": _tick(settings.sweep_storage, "default.sweep_storage"),
        "clean-up-moves": _tick(settings.clean_up_moves, "default.clean_up_moves"),
        "release-unused-uploads": _tick(settings.unused_uploads, "default.release_unused_uploads"),
        "check-storage": _tick(settings.check_storage, "default.check_storages"),
        "order-backup": _tick(settings.create_backup, "default.order_backup"),
        "order-backup-check": _tick(settings.verify_backup, "default.order_backup_check"),
    }


def _tick(written: str, task_name: str) -> Tick:
    return Tick(task_name, written, parse(written))
