"""Failed jobs: seen, begun again, put aside; by the operator all, by a company its own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.core.database import session_scope
from app.core.jobs import Job, JobState, enqueue
from app.core.notices import Notice
from app.tasks import presence
from app.tasks.runtime import REGISTRY, run_job
from app.tasks.sweeper import sweep_finished_jobs
from tests.support import people
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member
from tests.support.tasks import effects

ALL = "/api/v1/operator/jobs"


async def failed(
    company_id: UUID | None = None, task: str = "default.test_bug", **more: Any
) -> Job:
    """A job that has failed for good."""
    async with session_scope(system="test") as session:
        job = await enqueue(session, task, company_id=company_id, **{"label": "x", **more})
    await run_job(REGISTRY[task], job.id)
    return await reread(job.id)


async def reread(job_id: UUID) -> Job:
    async with session_scope(system="test") as session:
        return await session.get_one(Job, job_id)


async def operator_of(app: FastAPI) -> Member:
    return await people.make_member(app, is_superadmin=True)


async def test_the_operator_sees_why_it_failed(app: FastAPI) -> None:
    """Name, company, attempts, error and what it was given, without secrets."""
    operator, owner = await operator_of(app), await people.make_member(app)
    job = await failed(owner.company_id)
    async with session_scope(system="test") as session:
        kwargs = {"label": "x", "content_id": str(job.id), "token": "abc", "who": "a@b.example"}
        await session.execute(update(Job).where(Job.id == job.id).values(kwargs=kwargs))

    listed = (await operator.client.get(ALL)).json()["items"]
    one = (await operator.client.get(f"{ALL}/{job.id}")).json()

    assert [str(job.id)] == [each["id"] for each in listed]
    assert one["arguments"] == {
        "label": "x", "content_id": str(job.id), "token": "•••", "who": "•••",
    }  # fmt: skip
    assert ("internal_error", 1, False) == (one["error"]["code"], one["attempts"], one["refused"])
    assert str(owner.company_id) == one["company_id"]


async def test_what_was_refused_is_told_apart(app: FastAPI) -> None:
    """A picture nobody can use is no fault of the machines: filtered, and no notice of it."""
    operator = await operator_of(app)
    await failed(task="default.test_refused")
    broken = await failed()

    only = await operator.client.get(ALL, params={"refused": False})

    assert [str(broken.id)] == [each["id"] for each in only.json()["items"]]
    async with session_scope(system="test") as session:
        told = list(await session.scalars(select(Notice.data).where(Notice.kind == "job.dead")))
    assert [{"task": "default.test_bug", "code": "internal_error"}] == told


async def test_a_thousand_deaths_are_one_notice(app: FastAPI) -> None:
    """The operators hear of a task once an hour, not once for each job."""
    for _ in range(3):
        await failed()

    async with session_scope(system="test") as session:
        count = await session.scalar(select(func.count()).where(Notice.kind == "job.dead"))
    assert 1 == count


async def test_a_failed_job_is_begun_again(app: FastAPI) -> None:
    """From the first attempt on, once; its feature takes the failure back before it works."""
    operator = await operator_of(app)
    job = await failed(task="default.test_mended")

    begun = await operator.client.post(f"{ALL}/{job.id}/retry")
    twice = await operator.client.post(f"{ALL}/{job.id}/retry")
    await run_queued_jobs()

    assert (200, "queued", 0) == (
        begun.status_code,
        begun.json()["state"],
        begun.json()["attempts"],
    )
    assert (409, "job_not_failed") == (twice.status_code, twice.json()["code"])
    async with session_scope(system="test") as session:
        names = ("test.work_failed", "test.taken_back", "test.work_done")
        assert [1, 1, 1] == [await effects(session, "x", name) for name in names]
    assert JobState.SUCCEEDED == (await reread(job.id)).state


async def test_what_can_not_be_taken_back_is_not_retried(app: FastAPI) -> None:
    """A feature that was told of the failure and can not forget it: 409 with a way on."""
    operator = await operator_of(app)
    job = await failed(task="default.test_refused")

    answer = await operator.client.post(f"{ALL}/{job.id}/retry")
    shown = await operator.client.get(f"{ALL}/{job.id}")

    assert (409, "job_can_not_be_retried") == (answer.status_code, answer.json()["code"])
    assert shown.json()["can_retry"] is False


async def test_many_at_once(app: FastAPI) -> None:
    """Those that can be are begun again, the others stay; what is put aside is in no list."""
    operator = await operator_of(app)
    jobs = [await failed(), await failed(), await failed(task="default.test_refused")]
    ids = {"ids": [str(job.id) for job in jobs]}

    retried = await operator.client.post(f"{ALL}/retry", json=ids)
    discarded = await operator.client.post(f"{ALL}/discard", json=ids)
    left = await operator.client.get(ALL)

    assert (2, 1) == (retried.json()["changed"], discarded.json()["changed"])
    assert [] == left.json()["items"]


async def test_a_company_sees_and_retries_its_own(app: FastAPI) -> None:
    """And nobody else's: another company's job is like none."""
    owner, other = await people.make_member(app), await people.make_member(app)
    own, foreign = await failed(owner.company_id), await failed(other.company_id)

    listed = await owner.get("/jobs")
    begun = await owner.post(f"/jobs/{own.id}/retry")
    denied = await owner.post(f"/jobs/{foreign.id}/retry")

    assert [str(own.id)] == [each["id"] for each in listed.json()["items"]]
    assert "arguments" not in listed.json()["items"][0]
    assert (200, 404) == (begun.status_code, denied.status_code)
    assert JobState.FAILED == (await reread(foreign.id)).state


async def test_queues_and_processes_at_a_glance(app: FastAPI) -> None:
    """Depth, age, the dead, and who is at work."""
    operator = await operator_of(app)
    await failed()
    async with session_scope(system="test") as session:
        waits = await enqueue(session, "default.test_work", label="w")
        await enqueue(session, "default.test_work", label="l", run_after=waits.created_at)
        await session.execute(
            update(Job).where(Job.id == waits.id).values(run_after=func.now() - timedelta(hours=1))
        )
        await presence.show(session, "w/1", "worker", queues=["default"], slots=2)

    shown = (await operator.client.get(f"{ALL}/overview")).json()

    queue = next(each for each in shown["queues"] if each["name"] == "default")
    assert (2, 1, 1, 2) == (queue["waiting"], queue["dead"], queue["workers"], queue["slots"])
    assert 3600 <= queue["oldest_seconds"] < 3700
    assert ["worker"] == [each["kind"] for each in shown["processes"]]


async def test_ended_jobs_are_forgotten(database: str) -> None:
    """Those that succeeded after a week, those that failed after three months."""
    done, dead, recent = await failed(), await failed(), await failed()
    async with session_scope(system="test") as session:
        for job, state, days in (
            (done, "succeeded", 8),
            (dead, "failed", 8),
            (recent, "failed", 91),
        ):
            values = {"state": state, "finished_at": func.now() - timedelta(days=days)}
            await session.execute(update(Job).where(Job.id == job.id).values(**values))

    await sweep_finished_jobs()

    async with session_scope(system="test") as session:
        left = set(await session.scalars(select(Job.id).where(Job.task_name == "default.test_bug")))
    assert {dead.id} == left
