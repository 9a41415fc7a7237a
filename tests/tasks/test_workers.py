"""Jobs with a real worker and beat. What becomes of them when either is hurt is in tests/faults."""

from collections.abc import Iterator

import pytest

from app.core.database import session_scope
from app.tasks import presence
from app.tasks.alive import verdict
from tests.support.background import eventually, queued, scene, until_done
from tests.support.settings import applied
from tests.support.stack import RunningStack


@pytest.fixture
def stack(running_stack: RunningStack) -> Iterator[RunningStack]:
    """This process speaks to the stack's database and broker."""
    with applied(running_stack.environment):
        yield running_stack


def test_work_is_done_promptly(stack: RunningStack) -> None:
    """An enqueued job is done within moments, not at the sweeper's next round."""

    async def scenario() -> float:
        return await until_done([await queued("prompt")])

    assert scene(scenario) < 3


def test_workers_and_beat_show_themselves(stack: RunningStack) -> None:
    """In the database for whoever asks the API, in a file for the container's healthcheck."""

    async def scenario() -> None:
        async def is_complete() -> bool:
            async with session_scope(system="test") as session:
                return (await presence.staff(session)).is_complete

        await eventually(is_complete)

    scene(scenario)
    assert verdict("worker")[0]
    assert verdict("beat")[0]
