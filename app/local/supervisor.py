"""Keeps the processes of one machine running: restarts what dies, shows what matters, stops in order."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from app.local.children import Program, stop
from app.local.console import dim, say

TICK_SECONDS = 0.2
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
LARGEST_LOG_BYTES = 20 * 2**20

_WORTH_SHOWING = re.compile(
    r"\[(?:warning|error|critical)\s*\]|\b(?:ERROR|CRITICAL|FATAL|PANIC|WARNING)\b|^Traceback"
    r'|"level": "(?:warning|error)'
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Clock = Callable[[], float]


@dataclass(slots=True)
class Service:
    """A program under watch. `stage` orders the stopping: higher stages stop first."""

    program: Program
    stage: int
    stop_seconds: float
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    failures: int = 0
    shown_bytes: int = 0

    def start(self) -> subprocess.Popen[bytes]:
        log = self.program.log
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_name(log.name + ".1"))
        self.shown_bytes = log.stat().st_size if log.exists() else 0
        self.process = self.program.spawn()
        self.started_at, self.restart_at = time.monotonic(), None
        return self.process


class Stopping(Exception):
    """Ctrl-C or SIGTERM came."""


@dataclass(slots=True)
class Supervisor:
    """Owns every service it started; `stop_all` leaves nothing behind."""

    verbose: bool = False
    services: list[Service] = field(default_factory=list)
    stop_requests: int = 0

    def start(
        self, program: Program, *, stage: int, stop_seconds: float = 10
    ) -> subprocess.Popen[bytes]:
        service = Service(program, stage, stop_seconds)
        self.services.append(service)
        return service.start()

    @contextmanager
    def signals_stop(self) -> Iterator[None]:
        """Ctrl-C, SIGTERM and a closed terminal raise `Stopping` once; a second one hurries the stopping."""
        watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in watched}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1
        if self.stop_requests == 1:
            raise Stopping

    def watch(self) -> None:
        """Until a signal comes: restart what ended, show warnings from the logs.

        What was logged while everything started is history: it started.
        """
        for service in self.services:
            _new_lines(service)
        while True:
            for service in self.services:
                self._look_after(service)
                self._show_log(service)
            time.sleep(TICK_SECONDS)

    def _look_after(self, service: Service) -> None:
        process, now = service.process, time.monotonic()
        if service.restart_at is not None:
            if now >= service.restart_at:
                say(dim(f"  {service.program.name} is started again"))
                service.start()
        elif process is not None and process.poll() is not None:
            steady = now - service.started_at > STEADY_AFTER_SECONDS
            service.failures = 1 if steady else service.failures + 1
            pause = restart_pause_seconds(service.failures)
            service.restart_at = now + pause
            self._show_log(service)
            name, code = service.program.name, describe_exit(process.returncode)
            say(f"  ! {name} ended ({code}); again in {pause:.0f} s. Log: {service.program.log}")

    def _show_log(self, service: Service) -> None:
        for line in _new_lines(service):
            if self.verbose or _WORTH_SHOWING.search(_COLOUR.sub("", line)):
                say(f"{dim(service.program.name + ' |')} {line}")

    def stop_all(self) -> None:
        """Stop stage by stage, the highest first, whatever else is signalled meanwhile."""
        for stage in sorted({service.stage for service in self.services}, reverse=True):
            self._stop_together([s for s in self.services if s.stage == stage])
        self.services.clear()

    def _stop_together(self, services: Sequence[Service]) -> None:
        running = [(s, s.process) for s in services if s.process is not None]
        for service, process in running:
            if process.poll() is None:
                process.send_signal(service.program.stop_signal)
        for service, process in running:
            deadline = time.monotonic() + service.stop_seconds
            while process.poll() is None and time.monotonic() < deadline and self.stop_requests < 2:
                time.sleep(0.05)
            stop(process, service.program.stop_signal, timeout=5 if service.stage == 0 else 0.2)


def restart_pause_seconds(failures: int) -> float:
    """1 s after the first failure, doubled after each, half a minute at most."""
    return float(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1)))


def describe_exit(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def _new_lines(service: Service) -> list[str]:
    """Whole lines written since the last look."""
    log: Path = service.program.log
    try:
        size = log.stat().st_size
        if size <= service.shown_bytes:
            service.shown_bytes = min(size, service.shown_bytes)
            return []
        with log.open("rb") as file:
            file.seek(service.shown_bytes)
            text = file.read(2**20)
    except OSError:
        return []
    whole = text[: text.rfind(b"\n") + 1]
    service.shown_bytes += len(whole)
    return whole.decode(errors="replace").splitlines()
