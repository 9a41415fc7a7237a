"""The API killed, stopped and besieged by slow clients: what it acknowledged is there, and it goes on."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.faults.report import full, recovered
from tests.support.database_line import seconds_until
from tests.support.servers import TestServers
from tests.support.stack import RunningStack, make_stack

AGAIN_WITHIN = 30.0
SLOW_CLIENTS = 200
MOST_ROWS = 50  # of one writer


@dataclass
class Served:
    """A running API, and its operator's cookies."""

    stack: RunningStack
    cookies: httpx.Cookies

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.stack.url, cookies=self.cookies, trust_env=False, timeout=15
        )

    def until_it_answers(self) -> float:
        return seconds_until(f"{self.stack.url}/api/health/status")

    @property
    def names(self) -> set[str]:
        """Of all companies there are, page by page."""
        names, cursor = set[str](), None
        with self.client() as client:
            while True:
                asked = {"limit": 200} | ({"cursor": cursor} if cursor else {})
                page = client.get("/api/v1/companies", params=asked).raise_for_status().json()
                names |= {each["name"] for each in page["items"]}
                cursor = page["next_cursor"]
                if cursor is None:
                    return names


@pytest.fixture(scope="module")
def api(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    stack = make_stack(servers, tmp_path_factory.mktemp("hurt-api") / "stack")
    password = stack.run("seed").split("one-time password: ")[1].split()[0]
    stack.start_api()
    try:
        seconds_until(f"{stack.url}/api/health/status")
        with httpx.Client(base_url=stack.url, trust_env=False, timeout=15) as client:
            body = {"email": stack.admin_email, "password": password}
            client.post("/api/v1/auth/sign-in", json=body).raise_for_status()
            body = {"current_password": password, "new_password": "correct horse battery"}
            client.post("/api/v1/auth/password", json=body).raise_for_status()
            yield Served(stack, client.cookies)
    finally:
        stack.stop()


class Writers(threading.Thread):
    """Makes companies one after the other until told to stop, and remembers which were acknowledged."""

    def __init__(self, api: Served, name: str) -> None:
        super().__init__(daemon=True)
        self.api, self.label = api, name
        self.acknowledged: set[str] = set()
        self.statuses: set[int] = set()
        self.begun = threading.Event()
        self.ended = threading.Event()

    def run(self) -> None:
        number = 0
        with self.api.client() as client:
            while not self.ended.is_set() and len(self.acknowledged) < MOST_ROWS:
                number += 1
                name = f"{self.label} {number}"
                try:
                    body = {"name": name, "slug": name.lower().replace(" ", "-")}
                    answer = client.post("/api/v1/companies", json=body)
                except httpx.TransportError:
                    time.sleep(0.1)
                    continue
                self.statuses.add(answer.status_code)
                if answer.status_code == httpx.codes.CREATED:
                    self.acknowledged.add(name)
                    self.begun.set()

    def stop(self) -> None:
        self.ended.set()
        self.join(30)


def test_killed(api: Served) -> None:
    """Kill -9 while people write: every row that was acknowledged is there after the next start."""
    worst = 0.0
    for number in range(full(1, 20)):
        writer = Writers(api, f"Killed {number}")
        writer.start()
        assert writer.begun.wait(60)
        api.stack.kill("api")
        began = time.monotonic()
        api.stack.start_api()
        api.until_it_answers()
        worst = max(worst, time.monotonic() - began)
        writer.stop()

        assert writer.acknowledged
        assert {201} == writer.statuses
        assert writer.acknowledged <= api.names
    recovered(
        "API killed while people write",
        condition="0 acknowledged rows lost, no other answer than 201 or none",
        seconds=worst,
        limit=AGAIN_WITHIN,
    )


def test_stopped(api: Served) -> None:
    """A frozen API (SIGSTOP) answers what waited when it goes on: nothing is lost, nothing done twice."""
    writer = Writers(api, "Frozen")
    process = api.stack.processes["api"]
    writer.start()
    assert writer.begun.wait(60)
    os.killpg(process.pid, signal.SIGSTOP)
    time.sleep(full(1, 10))
    os.killpg(process.pid, signal.SIGCONT)
    seconds = api.until_it_answers()
    writer.stop()

    assert {201} == writer.statuses
    assert writer.acknowledged <= api.names
    recovered(
        "API stopped (SIGSTOP)",
        condition="0 acknowledged rows lost; goes on by itself",
        seconds=seconds,
        limit=AGAIN_WITHIN,
    )


def test_slow_clients(api: Served) -> None:
    """Two hundred clients that send a byte at a time, or nothing, hold up nobody else."""
    host, port = "127.0.0.1", api.stack.port
    slow = [socket.create_connection((host, port), timeout=10) for _ in range(SLOW_CLIENTS)]
    try:
        for number, line in enumerate(slow):
            head = "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            line.sendall((head if number % 2 else head + "\r\n{").encode())
        with api.client() as client:
            began = time.monotonic()
            answers = [client.get("/api/v1/companies").status_code for _ in range(5)]
            seconds = (time.monotonic() - began) / 5
        descriptors = len(list(Path(f"/proc/{api.stack.processes['api'].pid}/fd").iterdir()))
    finally:
        for line in slow:
            line.close()

    assert [200] * 5 == answers
    assert SLOW_CLIENTS <= descriptors, "they were connected all the while"
    recovered(
        "200 slow clients at the API",
        condition="everybody else is answered meanwhile",
        seconds=seconds,
        limit=5,
        detail="seconds an answer took",
    )
