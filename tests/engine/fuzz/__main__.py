"""Fuzzes the WebAssembly module in wasmtime.

    python -m tests.engine.fuzz [--seconds 600] [--seed 1] [--case 1/4711]

Ends with exit code 1 at the first finding and names the case, which `--case` runs again.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.engine.fuzz.cases import make_case
from tests.engine.fuzz.sandbox import Finding, Sandbox

CASES_PER_INSTANCE = 100


def main() -> int:
    """Runs cases until the time is up; exit code 0 without a finding."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", help="SEED/INDEX of one case")
    options = parser.parse_args()
    if options.case:
        seed, index = map(int, options.case.split("/"))
        Sandbox().run(make_case(seed, index))
        return 0
    return explore(options.seed, options.seconds)


def explore(seed: int, seconds: float) -> int:
    """Case after case; the two builds take turns."""
    end, index, told = time.monotonic() + seconds, 0, time.monotonic()
    sandbox = Sandbox()
    while time.monotonic() < end:
        if index % CASES_PER_INSTANCE == 0:
            sandbox = Sandbox(plain=index // CASES_PER_INSTANCE % 4 == 3)
        try:
            sandbox.run(make_case(seed, index))
        except Finding as finding:
            print(f"case {seed}/{index}: {finding}", file=sys.stderr)
            return 1
        index += 1
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"fuzz: {index} cases", file=sys.stderr, flush=True)
    print(f"{index} cases in WebAssembly, no finding")
    return 0


if __name__ == "__main__":
    sys.exit(main())
