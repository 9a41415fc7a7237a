"""The Celery app. Tasks are named by strings, so this module imports no feature.

The transport options are measured, not guessed: with them 12 of 12 tasks were redone 13 s after kill -9;
with the defaults none within a minute. Messages carry a job id only (see `app/core/jobs.py`).
"""

from typing import Any

from celery import Celery

from app.core import jobs
from app.core.config import get_settings
from app.core.queues import QUEUES
from app.tasks import transport

TASK_MODULES = (
    "app.ar_content.tasks",
    "app.ar_content.video_tasks",
    "app.auth.tasks",
    "app.domains.tasks",
    "app.erasure.tasks",
    "app.exports.tasks",
    "app.imports.tasks",
    "app.mail.tasks",
    "app.notifications.tasks",
    "app.tasks.keys",
    "app.rotation.tasks",
    "app.subscriptions.tasks",
    "app.tasks.process",
    "app.tasks.sweeper",
    "app.backups.tasks",
    "app.storage.keeping_tasks",
    "app.uploads.tasks",
    "app.uploads.unused",
    "app.webhooks.tasks",
)

LONGEST_TASK_SECONDS = 3600

TRANSPORT_OPTIONS = {
    "visibility_timeout": LONGEST_TASK_SECONDS + 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 15,
}


def _configuration() -> dict[str, Any]:
    settings = get_settings()
    return {
        "broker_url": settings.broker.url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": TRANSPORT_OPTIONS,
        "result_backend": None,
        "task_ignore_result": True,
        "task_queues": {name: {"exchange": name} for name in QUEUES},
        "task_default_queue": "default",
        "task_routes": (_route,),
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_concurrency": settings.jobs.worker_concurrency,
        "worker_max_memory_per_child": settings.jobs.worker_recycle_mb * 1024,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "beat_scheduler": "app.tasks.beat:Clock",
    }


def _route(name: str, *_args: Any, **_options: Any) -> dict[str, str]:
    return {"queue": jobs.queue_of(name)}


transport.install()
celery_app = Celery("arv", include=TASK_MODULES, set_as_current=True)
celery_app.add_defaults(_configuration)


def send(nudge: jobs.Nudge) -> None:
    """Put one nudge on its queue; raises at once when the broker does not answer."""
    celery_app.send_task(
        nudge.task_name,
        kwargs={"job_id": str(nudge.job_id)},
        queue=nudge.queue,
        retry=False,
        ignore_result=True,
    )


jobs.publish_with(send)
