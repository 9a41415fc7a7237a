"""Checks of a company's storage: ordered by a person or by the week, and what they found."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import MANAGE_STORAGE
from app.core import jobs, live
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Conflict
from app.core.notices import notify
from app.storage import keeping_queries
from app.storage.checking import Findings
from app.storage.models import StorageCheck
from app.tasks.outcome import Failure

CHECK_TASK: Final = "default.check_storage"


class CheckRunning(Conflict):
    code = "check_running"
    title = "The storage is being checked already"


async def start_check(session: AsyncSession, actor: Actor, *, is_deep: bool) -> StorageCheck:
    """Compare register and storage now; `is_deep` reads every byte. Raises `CheckRunning`."""
    actor.require(MANAGE_STORAGE)
    assert actor.company_id is not None
    check = await order(session, actor.company_id, is_deep=is_deep)
    if check is None:
        raise CheckRunning("Wait for its result.")
    told = {"is_deep": is_deep}
    events.record(session, "storage.check_started", actor=actor, subject_id=check.id, data=told)
    return check


async def order(session: AsyncSession, company_id: UUID, *, is_deep: bool) -> StorageCheck | None:
    """A check and its job; None when one is running."""
    if await keeping_queries.running_check(session, company_id) is not None:
        return None
    check = StorageCheck(company_id=company_id, is_deep=is_deep, state="running")
    session.add(check)
    await session.flush()
    await jobs.enqueue(session, CHECK_TASK, company_id=company_id, check_id=check.id)
    return check


async def finish(
    session: AsyncSession, check_id: UUID, findings: Findings, *, now: datetime
) -> None:
    """Note what was found; people are told when files are missing or damaged."""
    check = await keeping_queries.lock_check(session, check_id)
    if check is None:
        return
    check.state, check.finished_at = "done", now
    check.files, check.size_bytes = findings.files, findings.size_bytes
    check.missing, check.damaged = findings.missing, findings.damaged
    check.orphans, check.orphan_bytes = findings.orphans, findings.orphan_bytes
    check.examples = findings.examples
    told = {
        "files": findings.files,
        "missing": findings.missing,
        "damaged": findings.damaged,
        "orphans": findings.orphans,
    }
    events.record(
        session, "storage.checked", company_id=check.company_id, subject_id=check.id, data=told
    )
    await live.publish(session, check.company_id, "storage.changed", check.id)
    if not findings.is_whole:
        await _tell_failing(session, check, {"code": "files_missing", **told})


async def mark_failed(session: AsyncSession, failure: Failure, *, check_id: UUID) -> None:
    """The storage could not be read: that is what people are told, not that all is well."""
    check = await keeping_queries.lock_check(session, check_id)
    if check is None or check.state != "running":
        return
    check.state, check.finished_at = "failed", utcnow()
    check.failure_code, check.failure_detail = failure.code, failure.detail
    await _tell_failing(session, check, failure.as_json())


async def take_back(session: AsyncSession, *, check_id: UUID) -> None:
    """Runs before the work that a person began again."""
    check = await keeping_queries.lock_check(session, check_id)
    if check is not None and check.state == "failed":
        check.state, check.finished_at = "running", None
        check.failure_code, check.failure_detail = None, None


async def _tell_failing(
    session: AsyncSession, check: StorageCheck, told: dict[str, object]
) -> None:
    events.record(
        session, "storage.failing", company_id=check.company_id, subject_id=check.id, data=told
    )
    await notify(
        session,
        "storage.failing",
        company_id=check.company_id,
        subject_id=check.id,
        data=told,
        once_key=f"storage.failing:{check.id}",
    )
