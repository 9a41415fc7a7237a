"""`python -m bench.load`: requests a second and core of the whole stack, beside the least that could answer.

One API process, nginx with the project's configuration, PostgreSQL and Valkey, all on loopback. What is
compared takes turns (A B A B), and is counted by the processor time the servers spent, so that whatever else
the machine does falls on both alike. Exit 1 when an aim is missed or a request was lost or refused.
`--rounds 3 --seconds 3`; `--only WORDS` asks only what has them in its name.
"""

import argparse
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from bench.load.cases import Beside, Case, cases, crowd
from bench.load.place import Place, running
from bench.load.wrk import Asked, Burst, burst, find_wrk

VIEWERS: Final = 1_000
_SERVERS: Final = ("nginx", "api", "bare", "static", "postgres", "valkey")


@dataclass(slots=True)
class Measured:
    """All bursts of one kind, with the processor seconds each took of the servers."""

    bursts: list[Burst] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def add(self, place: Place, asked: Asked, seconds: float) -> None:
        before = place.processes.seconds()
        self.bursts.append(burst(asked, seconds))
        self.spent.append(place.processes.seconds() - before)

    @property
    def per_core(self) -> float:
        """Requests for each second a processor worked; the median burst."""
        each = [b.answered / s for b, s in zip(self.bursts, self.spent, strict=True)]
        return float(np.median(each))

    def median(self, name: str) -> float:
        return float(np.median([getattr(each, name) for each in self.bursts]))

    @property
    def per_second(self) -> float:
        return float(np.median([each.answered / each.seconds for each in self.bursts]))

    @property
    def failed(self) -> int:
        return sum(each.lost + each.refused for each in self.bursts)


def main() -> int:
    """Print the tables; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    find_wrk()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # nginx would outlive us
    with tempfile.TemporaryDirectory(prefix="arv-load-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(folder) as place:
            wanted = [
                case for case in [*cases(place), *crowd(place, VIEWERS)] if chosen.only in case.name
            ]
            _heading()
            complaints = [
                complaint
                for case in wanted
                for complaint in _measure(place, case, chosen.rounds, chosen.seconds)
            ]
            _memory(place)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _measure(place: Place, case: Case, rounds: int, seconds: float) -> list[str]:
    """Print the case; what it missed."""
    asked = [case.asked, *(each.asked for each in case.beside)]
    for each in asked:
        burst(each, 1)
    found = [Measured() for _ in asked]
    for _ in range(rounds):
        for measured, each in zip(found, asked, strict=True):
            measured.add(place, each, seconds)
    _line(case.name, found[0])
    complaints = [f"{case.name}: {found[0].failed} lost or refused"] if found[0].failed else []
    for beside, measured in zip(case.beside, found[1:], strict=True):
        complaints += _compared(case, beside, found[0], measured)
    return complaints


def _compared(case: Case, beside: Beside, ours: Measured, theirs: Measured) -> list[str]:
    share = ours.per_core / theirs.per_core if theirs.per_core else 0.0
    aim = f"aim {beside.aim:.0%}" if beside.aim else ""
    is_missed = beside.aim is not None and share < beside.aim
    mark = "  MISSED" if is_missed else ""
    _line(f"  beside: {beside.name}", theirs, f"{share:>7.1%}  {aim}{mark}")
    return [f"{case.name}: {share:.0%} of {beside.name}, {aim}"] if is_missed else []


def _heading() -> None:
    titles = ("req/s/core", "req/s", "p50 ms", "p95 ms", "p99 ms", "failed")
    print(f"{'':<42}" + "".join(f"{title:>11}" for title in titles) + "   share")


def _line(name: str, found: Measured, share: str = "") -> None:
    times = "".join(f"{found.median(each):>11.1f}" for each in ("p50", "p95", "p99"))
    numbers = f"{found.per_core:>11,.0f}{found.per_second:>11,.0f}"
    print(f"{name:<42}{numbers}{times}{found.failed:>11}  {share}", flush=True)


def _memory(place: Place) -> None:
    """What each server holds at the end, in memory of its own and shared."""
    print("\nmemory, MB: ", end="")
    known = [name for name in _SERVERS if name in place.processes.roots]
    print(", ".join(f"{name} {place.processes.megabytes(name):.0f}" for name in known))


if __name__ == "__main__":
    sys.exit(main())
