"""Fuzzes a native build of the engine's C under AddressSanitizer and UndefinedBehaviorSanitizer.

    python -m tests.engine.fuzz.native_run [--seconds 600] [--seed 1]

Needs gcc. The same sources as the WebAssembly module, its SIMD paths included (`native/wasm_simd128.h`
says them as GCC vectors); only the heap is another (`native/heap.c`). GCC's coverage callback guides the
mutation. A finding is kept in build/fuzz/finding.case; `--replay FILE` runs it again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
ENGINE = CHECKOUT / "engine"
NATIVE = Path(__file__).parent / "native"
GOLDEN = CHECKOUT / "tests" / "engine" / "golden"
BUILD = CHECKOUT / "build" / "fuzz"

# Float-to-integer conversions saturate in WebAssembly; -fsanitize=undefined leaves them out, as it should.
FLAGS = [
    "-std=gnu17", "-O1", "-g", "-fno-omit-frame-pointer", "-ffp-contract=off",
    "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
    f"-I{ENGINE}/include", f"-I{ENGINE}/src",
]  # fmt: skip
ENGINE_FLAGS = ["-w", "-fsanitize-coverage=trace-pc", "-D__wasm_simd128__", f"-I{NATIVE}"]
DRIVER_FLAGS = ["-Wall", "-Wextra", "-Werror"]


def main() -> int:
    """Builds and runs; exit code 0 without a finding, 2 when there is no gcc."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replay", type=Path, help="run one kept case instead")
    options = parser.parse_args()
    if shutil.which("gcc") is None:
        print("fuzz: gcc is missing, the native part can not run", file=sys.stderr)
        return 2
    program = build()
    seeds = [str(GOLDEN / "version-1.arvt"), str(GOLDEN / "version-1.pgm")]
    work = [str(options.seconds), str(options.seed), str(BUILD)]
    if options.replay:
        work = ["replay", str(options.replay)]
    environment = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"}
    return subprocess.run([program, *seeds, *work], env=environment, check=False).returncode


def build() -> Path:
    """The fuzzer's binary, made anew."""
    BUILD.mkdir(parents=True, exist_ok=True)
    sources = [(path, ENGINE_FLAGS) for path in sorted(ENGINE.glob("src/*.c"))]
    sources = [(path, flags) for path, flags in sources if path.name != "memory.c"]
    sources += [(path, DRIVER_FLAGS) for path in sorted(NATIVE.glob("*.c"))]
    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(lambda one: _compile(*one), sources))
    program = BUILD / "fuzz"
    subprocess.run(["gcc", *FLAGS, *objects, "-o", program, "-lm"], check=True)
    return program


def _compile(source: Path, flags: list[str]) -> Path:
    out = BUILD / f"{source.parent.name}-{source.stem}.o"
    subprocess.run(["gcc", *FLAGS, *flags, "-c", source, "-o", out], check=True)
    return out


if __name__ == "__main__":
    sys.exit(main())
