"""Memory does not grow with a file: watched in a real process. `python -m bench uploads` takes 500 MB."""

import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bench.process_memory import PeakMemory
from tests.faults.upload_sender import PHOTO
from tests.flows.visitor import Panel
from tests.support import tus
from tests.support.forked_api import ForkedApi
from tests.support.servers import TestServers
from tests.support.stack import make_stack

SIZE_BYTES = 64 * 1024**2
PIECE_BYTES = 16 * 1024**2
AT_MOST_MB = 24.0


@pytest.fixture
def running(servers: TestServers, tmp_path: Path) -> Iterator[tuple[ForkedApi, Panel]]:
    """An API that has received a file before, and somebody signed in to it."""
    stack = make_stack(servers, tmp_path, {"LOG_LEVEL": "error"})
    api = ForkedApi(stack.environment, stack.port, tmp_path / "api.log")
    try:
        stack.admin_password = stack.run("seed").split("one-time password: ")[1].split()[0]
        api.start()
        panel = Panel(stack)
        Panel.expect(201, panel.upload(PHOTO))
        yield api, panel
    finally:
        api.stop()
        stack.stop()


def test_memory_stays_while_a_large_file_arrives(running: tuple[ForkedApi, Panel]) -> None:
    """64 MB in one request and 64 MB by tus: the process grows by a few pieces, not by the file."""
    api, panel = running
    assert api.pid is not None
    content = PHOTO + random.Random(7).randbytes(SIZE_BYTES)
    memory = PeakMemory([api.pid])

    Panel.expect(201, panel.upload(content))
    last = _by_tus(panel, content)

    assert "ARV-Upload-Id" in last.headers
    assert memory.growth_mb() < AT_MOST_MB


def _by_tus(panel: Panel, content: bytes) -> httpx.Response:
    begun = panel.client.post(f"{panel.base}/uploads/tus", headers=tus.begin_headers(content))
    path = begun.headers["Location"]
    answers = [
        panel.client.patch(
            path, content=content[at : at + PIECE_BYTES], headers=tus.piece_headers(at)
        )
        for at in range(0, len(content), PIECE_BYTES)
    ]
    return answers[-1]
