"""Whose job is next: one company after the other, however many each has waiting."""

from uuid import UUID, uuid4

from sqlalchemy import update

from app.core.database import session_scope
from app.core.jobs import Job, enqueue
from app.tasks import ledger
from app.tasks.ledger import Seeker

TASKS = ("default.test_work", "default.test_blocking_work")


async def waiting(company_id: UUID | None, count: int, task_name: str = TASKS[0]) -> list[Job]:
    async with session_scope(system="test") as session:
        return [await enqueue(session, task_name, company_id=company_id) for _ in range(count)]


async def next_job(seeker: Seeker | None = None) -> Job | None:
    async with session_scope(system="test") as session:
        return await ledger.claim_next(
            session, "default", seeker or Seeker("worker/1", TASKS), lease_seconds=60
        )


async def served(count: int) -> list[UUID | None]:
    """The companies of the jobs as they are claimed."""
    jobs = [await next_job() for _ in range(count)]
    return [job.company_id for job in jobs if job is not None]


async def test_a_single_job_waits_for_one_of_each_other_company(database: str) -> None:
    """Behind a hundred of another's, a company's only job is the second to be begun."""
    many, single = uuid4(), uuid4()
    await waiting(many, 100)
    await waiting(single, 1)

    assert [many, single, many] == await served(3)


async def test_who_comes_late_is_not_behind_those_who_wait(database: str) -> None:
    """It begins where the queue is, neither at its end nor before what was served already."""
    many, late = uuid4(), uuid4()
    await waiting(many, 20)
    await served(7)
    await waiting(late, 3)

    assert [late, many, late, many, late, many] == await served(6)


async def test_a_stream_of_single_jobs_takes_its_turns_only(database: str) -> None:
    """A company that enqueues again whenever it was served does not starve who waits in patience."""
    patient, eager = uuid4(), uuid4()
    await waiting(patient, 10)
    seen = []
    for _ in range(10):
        await waiting(eager, 1)
        seen += await served(1)

    assert 5 == seen.count(patient)


async def test_three_companies_are_served_in_turn(database: str) -> None:
    """Each gets every third, whatever their numbers."""
    companies = [uuid4(), uuid4(), None]
    for company, count in zip(companies, (50, 20, 5), strict=True):
        await waiting(company, count)

    order = await served(15)

    assert [5, 5, 5] == [order.count(company) for company in companies]
    assert all(set(order[at : at + 3]) == set(companies) for at in range(0, 15, 3))


async def test_everything_is_served_in_the_end_and_once(database: str) -> None:
    """Nothing is passed over and nothing is given out twice."""
    jobs = [*await waiting(uuid4(), 7), *await waiting(uuid4(), 4), *await waiting(None, 3)]

    taken = [await next_job() for _ in jobs]

    assert {job.id for job in jobs} == {job.id for job in taken if job is not None}
    assert await next_job() is None


async def test_long_work_leaves_a_process_for_the_rest(database: str) -> None:
    """Of two processes one may do long work; the other takes what is short, though it came later."""
    quick, long = TASKS
    await waiting(uuid4(), 2, long)
    first, second = (
        Seeker(f"worker/{number}", TASKS, long_tasks=(long,), long_slots=1) for number in (1, 2)
    )
    await waiting(uuid4(), 1, quick)

    one, two, three = await next_job(first), await next_job(second), await next_job(second)

    assert one is not None
    assert two is not None
    assert (long, quick, None) == (one.task_name, two.task_name, three)


async def test_other_workers_long_work_does_not_count(database: str) -> None:
    """What one worker keeps free is its own affair."""
    _, long = TASKS
    await waiting(uuid4(), 2, long)

    taken = [
        await next_job(Seeker(f"{worker}/1", TASKS, long_tasks=(long,), long_slots=1))
        for worker in ("one", "two")
    ]

    assert None not in taken


async def test_the_fence_grows_with_each_claim_and_never_falls(database: str) -> None:
    """Given back, an attempt is not counted; the claim is, so what its holder still writes misses."""
    await waiting(None, 1)
    fences = []
    for _ in range(3):
        job = await next_job()
        assert job is not None
        fences.append((job.fence, job.attempts))
        async with session_scope(system="test") as session:
            assert 1 == len(await ledger.give_back(session, "worker"))

    assert [(1, 1), (2, 1), (3, 1)] == fences


async def test_tasks_of_a_newer_version_wait_for_who_knows_them(database: str) -> None:
    """A worker of before does not take a job it could not do."""
    [job] = await waiting(None, 1)
    async with session_scope(system="test") as session:
        await session.execute(
            update(Job).where(Job.id == job.id).values(task_name="default.of_tomorrow")
        )

    assert await next_job() is None
