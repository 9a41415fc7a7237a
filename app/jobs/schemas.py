"""What jobs look like from outside."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.core import jobs
from app.core.jobs import JobState
from app.core.pagination import Page

MOST_AT_ONCE: Final = 200
LONGEST_TEXT: Final = 120
HIDDEN: Final = "•••"
_SECRET: Final = re.compile(r"secret|token|password|key|code|url|mail|phone|address", re.IGNORECASE)
_HARMLESS: Final = re.compile(r"[\w .:/-]*")

Argument = str | int | float | bool | None

_EXAMPLE: JsonDict = {
    "id": "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b",
    "task_name": "markers.compile_target",
    "state": "failed",
    "attempts": 3,
    "max_attempts": 3,
    "error": {"code": "worker_lost", "detail": "The work was interrupted several times."},
    "refused": False,
    "can_retry": True,
    "progress": 0.4,
    "created_at": "2026-11-23T14:05:06Z",
    "started_at": "2026-11-23T14:05:07Z",
    "finished_at": "2026-11-23T14:06:40Z",
}


class JobError(BaseModel):
    """Why it failed: a code for programs and a sentence for people."""

    code: str
    detail: str


class CompanyJob(BaseModel):
    """One piece of work done in the background."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    task_name: str
    state: JobState
    attempts: int
    max_attempts: int
    error: JobError | None
    refused: Annotated[
        bool, Field(description="Its input was at fault; trying again changes nothing")
    ]
    can_retry: Annotated[bool, Field(description="Whether it can be begun again")]
    progress: float
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class CompanyJobPage(Page[CompanyJob]):
    """One page of a company's jobs, newest first."""


class OperatedJob(CompanyJob):
    """A job as the operator sees it. `arguments` hold ids and numbers; anything else is covered up."""

    queue: str
    company_id: UUID | None
    arguments: dict[str, Argument]
    stage: str | None
    worker: str | None
    run_after: datetime

    @classmethod
    def of(cls, job: jobs.Job) -> Self:
        shown = CompanyJob.model_validate(job).model_dump()
        return cls(
            **shown,
            queue=job.queue,
            company_id=job.company_id,
            arguments=shown_arguments(job.kwargs),
            stage=job.stage,
            worker=job.worker,
            run_after=job.run_after,
        )


class OperatedJobPage(Page[OperatedJob]):
    """One page of all jobs, newest first."""


def shown_arguments(kwargs: Mapping[str, Any]) -> dict[str, Argument]:
    """Ids, numbers and plain words; what could be a secret or somebody's is covered up."""
    return {name: _shown(name, value) for name, value in kwargs.items()}


def _shown(name: str, value: Any) -> Argument:
    if value is None or isinstance(value, bool | int | float):
        return value
    is_plain = isinstance(value, str) and len(value) <= LONGEST_TEXT and _HARMLESS.fullmatch(value)
    return str(value) if is_plain and not _SECRET.search(name) else HIDDEN


class JobIds(BaseModel):
    """Which jobs are meant."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"ids": ["0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"]}]},
    )

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Changed(BaseModel):
    """How many were changed; the others were not failed any more, or can not be begun again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"changed": 3}]})

    changed: int


class Queue(BaseModel):
    """How a queue stands. `oldest_seconds` is how long the oldest due job has waited."""

    name: str
    waiting: int
    scheduled: int
    running: int
    oldest_seconds: float | None
    dead: int
    workers: int
    slots: int


class Process(BaseModel):
    """A worker or beat that was heard of within the last minute."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    host: str
    queues: list[str]
    slots: int
    version: str
    started_at: datetime
    seen_at: datetime


class Tick(BaseModel):
    """Something that runs by the clock, and when next."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    timing: str
    due_at: datetime
    last_at: datetime | None


class Overview(BaseModel):
    """All background work at a glance."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "queues": [
                        {
                            "name": "markers",
                            "waiting": 4,
                            "scheduled": 0,
                            "running": 2,
                            "oldest_seconds": 1.5,
                            "dead": 0,
                            "workers": 1,
                            "slots": 2,
                        }
                    ],
                    "processes": [
                        {
                            "id": "worker-1f0c",
                            "kind": "worker",
                            "host": "arv-1",
                            "queues": ["markers"],
                            "slots": 2,
                            "version": "0.1.0",
                            "started_at": "2026-11-23T08:00:00Z",
                            "seen_at": "2026-11-23T09:30:05Z",
                        }
                    ],
                    "ticks": [
                        {
                            "name": "sweep-mail",
                            "timing": "3600",
                            "due_at": "2026-11-23T10:00:00Z",
                            "last_at": "2026-11-23T09:00:00Z",
                        }
                    ],
                }
            ]
        }
    )

    queues: list[Queue]
    processes: list[Process]
    ticks: list[Tick]
