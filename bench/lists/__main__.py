"""`python -m bench.lists`: milliseconds at the database for every list the API offers, at two sizes.

200 companies with 10,000 contents in one, then ten times as much; the service asks as in production, as its
own role with row level security. Exit 1 when a list of the first size takes 30 ms or more (p95). The plan of
each case's slowest statement is kept in bench/out/lists/. `--small` leaves the second size out.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from app.core.config import CHECKOUT
from app.core.logging import configure_logging
from bench.lists.measure import Measured, measure
from bench.lists.seed import GROWN, SMALL, Size
from tests.support.servers import TestServers, start_servers
from tests.support.settings import applied, environment_for

AIM_MILLISECONDS: Final = 30.0
PLANS: Final = CHECKOUT / "bench" / "out" / "lists"


def main() -> int:
    """Print the table; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__)
    parser.add_argument("--small", action="store_true", help="only the size with the aim")
    sizes = (SMALL,) if parser.parse_args().small else (SMALL, GROWN)
    configure_logging("error")
    servers = start_servers()
    try:
        with tempfile.TemporaryDirectory(prefix="arv-lists-") as folder:
            results = [asyncio.run(_measured(servers, size, Path(folder))) for size in sizes]
    finally:
        servers.stop()
    return report(results)


async def _measured(servers: TestServers, size: Size, folder: Path) -> list[Measured]:
    with applied(environment_for(servers, "arv", folder)):
        await _migrated()
    found = await measure(servers, size, folder)
    for each in found:
        _keep_plan(each, size)
    return found


async def _migrated() -> None:
    from app.core.migrations import upgrade_to_head  # noqa: PLC0415  (reads the settings on import)

    await asyncio.to_thread(upgrade_to_head)


def _keep_plan(measured: Measured, size: Size) -> None:
    folder = PLANS / size.name
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", measured.case.name.lower()).strip("-")
    (folder / f"{name}.txt").write_text(measured.plan)


def report(results: list[list[Measured]]) -> int:
    """The table of all cases; the number of the process's exit."""
    small = results[0]
    grown = {each.case.name: each for each in results[1]} if len(results) > 1 else {}
    print(f"\n{'':<66}{'p50 ms':>8}{'p95 ms':>8}{'waited':>8}{'grown':>8}{'ratio':>7}  rows")
    for each in small:
        other = grown.get(each.case.name)
        more = f"{other.p95:>8.1f}{other.p95 / each.p95:>7.1f}" if other else " " * 15
        mark = "  MISSED" if each.p95 >= AIM_MILLISECONDS else ""
        print(
            f"{each.case.name:<66}{each.p50:>8.1f}{each.p95:>8.1f}{each.waited_p95:>8.1f}{more}"
            f"  {each.rows}{mark}"
        )
    missed = [each for each in small if each.p95 >= AIM_MILLISECONDS]
    worst = max(small, key=lambda each: each.p95)
    print(
        f"\n{len(small)} cases; slowest p95 {worst.p95:.1f} ms: {worst.case.name}; aim below 30 ms"
    )
    print(f"plans: {PLANS.relative_to(CHECKOUT)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
