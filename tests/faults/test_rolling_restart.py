"""One app after another is restarted behind nginx, and nobody who asks meanwhile notices."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.local.ports import free_port
from ops import nginx
from tests.containers.edge import Edge, free_address
from tests.faults.report import full, recovered
from tests.support.forked_api import ForkedApi
from tests.support.load import Load
from tests.support.servers import TestServers
from tests.support.settings import LINK_SECRET
from tests.support.stack import make_stack

DRAIN_SECONDS = 0.6
REST_SECONDS = 1
# "Longer than fail_timeout" is only true a second later; measured with half a second: no app left to ask.
NGINX_COUNTS_WHOLE_SECONDS = 1.5
# What a request may take at worst while the apps come and go, on a loaded machine too.
ANSWERED_WITHIN_SECONDS = 10
ASKED = [("GET", "/api/health/status"), ("POST", "/api/v1/companies"), ("GET", "/api/v1/auth/me")]


@dataclass
class Pair:
    """nginx, and the two apps it asks in turn."""

    edge: Edge
    apps: list[ForkedApi]

    def restart(self, app: ForkedApi) -> None:
        """As ops/rolling-restart.sh does: end it, start it, give nginx time to trust it again."""
        app.terminate()
        app.start()
        time.sleep(REST_SECONDS + NGINX_COUNTS_WHOLE_SECONDS)


@pytest.fixture(scope="module")
def pair(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    stack = make_stack(servers, folder, {"DRAIN_SECONDS": f"{DRAIN_SECONDS}"})
    first = ForkedApi(stack.environment, stack.port, folder / "apps.log")
    second = ForkedApi(stack.environment, free_port(), folder / "apps.log", beside=first)
    place = nginx.Place(
        folder / "edge",
        free_address(),
        ",".join(app.url.removeprefix("http://") for app in (first, second)),
        storage=stack.storage,
        link_secret=LINK_SECRET,
        app_rest_seconds=REST_SECONDS,
    )
    edge = Edge(place)
    try:
        for app in (first, second):
            app.start()
        nginx.render(place)
        lift_limits(place.folder)
        edge.start_again()
        yield Pair(edge, [first, second])
    finally:
        edge.stop()
        second.kill()
        first.stop()
        stack.stop()


def lift_limits(folder: Path) -> None:
    """One client here asks as many do in life."""
    limits = folder / "include" / "limits.conf"
    limits.write_text(re.sub(r"rate=\d+r/[sm]", "rate=100000r/s", limits.read_text()))


def test_apps_restarted_in_turn_fail_nobody(pair: Pair) -> None:
    """Reads and writes go on while each app is stopped and started: every request gets its answer."""
    rounds = full(1, 6)
    with Load(pair.edge.url, ASKED) as load:
        for _round in range(rounds):
            for app in pair.apps:
                pair.restart(app)

    assert load.failures == []
    assert {request: sum(request in answer for answer in load.answers) for _, request in ASKED} == {
        request: 1 for _, request in ASKED
    }, load.answers
    recovered(
        "both apps restarted in turn under load",
        condition=f"0 of {load.count} requests failed",
        seconds=load.slowest_seconds,
        limit=ANSWERED_WITHIN_SECONDS,
        detail=f"{2 * rounds} restarts; the slowest answer",
    )


def test_with_both_apps_gone_the_load_notices(pair: Pair) -> None:
    """The first test can fail: when nobody is left to answer, every request is a failure."""
    for app in pair.apps:
        app.terminate()
    with Load(pair.edge.url, ASKED, clients=1) as load:
        time.sleep(0.5)

    assert load.failures
    assert not load.answers
