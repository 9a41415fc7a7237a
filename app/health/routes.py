"""Liveness says that the process answers; readiness says that it can do its work."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app import __version__
from app.core.draining import is_draining
from app.health.checks import check_staff, run_checks

router = APIRouter(prefix="/api/health", tags=["health"])

CheckResult = Literal["ok", "failed"]


class Status(BaseModel):
    status: Literal["ok"] = "ok"
    version: str = __version__


class Checks(BaseModel):
    database: CheckResult
    migrations: CheckResult
    isolation: CheckResult
    broker: CheckResult
    storage: CheckResult


class Readiness(BaseModel):
    status: Literal["ready", "not_ready"]
    checks: Checks


@router.get("/status", operation_id="getHealthStatus")
async def get_status() -> Status:
    """The process is alive. Touches nothing else, so a database that blinks restarts nobody."""
    return Status()


@router.get("/readiness", operation_id="getReadiness", responses={503: {"model": Readiness}})
async def get_readiness(response: Response) -> Readiness:
    """Whether requests can be served now: 200, or 503 naming the check that failed. 503 with every check
    ok: the process was asked to stop."""
    results = await run_checks()
    ready = all(results.values()) and not is_draining()
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    checks = Checks.model_validate({name: "ok" if ok else "failed" for name, ok in results.items()})
    return Readiness(status="ready" if ready else "not_ready", checks=checks)


class Detail(BaseModel):
    """Everything there is to know, also what no request needs: who does the background work."""

    status: Literal["complete", "incomplete"]
    checks: Checks
    workers: dict[str, CheckResult]
    beat: CheckResult


@router.get("/detail", operation_id="getHealthDetail", responses={503: {"model": Detail}})
async def get_detail(response: Response) -> Detail:
    """For monitoring: 503 also while a queue has no worker or the clock stands. Requests are served
    without either, so readiness does not ask."""
    results, staff = await asyncio.gather(run_checks(), check_staff())
    is_complete = all(results.values()) and staff.is_complete
    response.status_code = 200 if is_complete else 503
    response.headers["Cache-Control"] = "no-store"
    return Detail(
        status="complete" if is_complete else "incomplete",
        checks=Checks.model_validate({name: _result(ok) for name, ok in results.items()}),
        workers={queue: _result(count > 0) for queue, count in staff.workers.items()},
        beat=_result(staff.beats > 0),
    )


def _result(ok: bool) -> CheckResult:
    return "ok" if ok else "failed"
