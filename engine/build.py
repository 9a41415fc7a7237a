"""Builds the engine: C17 sources -> arv_engine.wasm (SIMD) and arv_engine_plain.wasm.

    python engine/build.py [--force]

The compiler is the `ziglang` package from PyPI. Nothing is rebuilt when the sources, the flags and
the compiler are those of the last build; the stamps are kept in build/engine/.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

ENGINE = Path(__file__).resolve().parent
OUTPUT = ENGINE.parent / "arv_engine"
STAMPS = ENGINE.parent / "build" / "engine"

# Memory: 1 MiB of stack, and at most 384 MiB in all (a 50-megapixel picture in grey is 48 MiB).
COMMON_FLAGS = [
    "-target", "wasm32-freestanding", "-std=c17", "-O3", "-nostdlib", "-ffreestanding",
    "-fno-sanitize=undefined", "-ffp-contract=off", "-fno-math-errno", "-fno-builtin",
    "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", "-Wno-unused-command-line-argument",
    "-Wl,--no-entry", "-Wl,--strip-all", "-Wl,--gc-sections", "-Wl,-z,stack-size=1048576",
    "-Wl,--max-memory=402653184", "-Wl,--export-dynamic",
]  # fmt: skip

# Every browser with WebAssembly SIMD (Chrome 91, Firefox 89, Safari 16.4) also has the others;
# the plain build needs what Safari 15 and Chrome 75 have.
BUILDS = {
    "arv_engine.wasm": [
        "-mcpu=mvp+simd128+bulk_memory+nontrapping_fptoint+sign_ext+mutable_globals",
    ],
    "arv_engine_plain.wasm": ["-mcpu=mvp+bulk_memory+nontrapping_fptoint+sign_ext+mutable_globals"],
}


def main() -> int:
    """Builds what is out of date and prints the sizes; returns a process exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--force", action="store_true", help="rebuild even when nothing changed")
    force = parser.parse_args().force
    for name, flags in BUILDS.items():
        try:
            built = build(name, flags, force=force)
        except subprocess.CalledProcessError as error:
            print(f"engine: compiling {name} failed (exit {error.returncode})", file=sys.stderr)
            return 1
        binary = (OUTPUT / name).read_bytes()
        packed = len(gzip.compress(binary, 9))
        print(
            f"engine: {name} {len(binary):,} bytes, {packed:,} gzip{'' if built else ' (up to date)'}"
        )
    return 0


def build(name: str, flags: list[str], *, force: bool) -> bool:
    """Compiles one binary unless its stamp is current; returns whether it did."""
    stamp_file = STAMPS / f"{name}.stamp"
    stamp = _stamp(flags)
    current = stamp_file.exists() and stamp_file.read_text() == stamp
    if current and not force and (OUTPUT / name).exists():
        return False
    OUTPUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUTPUT) as folder:
        binary = Path(folder) / name
        subprocess.run(_command(flags, binary), check=True, cwd=ENGINE, env=_environment())
        # The rename is atomic: whoever loads the engine meanwhile sees the old or the new one.
        binary.replace(OUTPUT / name)
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp_file.write_text(stamp)
    return True


def _command(flags: list[str], binary: Path) -> list[str]:
    sources = [str(path.relative_to(ENGINE)) for path in sorted(ENGINE.glob("src/*.c"))]
    compiler = [sys.executable, "-m", "ziglang", "cc"]
    return [*compiler, *COMMON_FLAGS, *flags, "-Iinclude", "-Isrc", *sources, "-o", str(binary)]


def _environment() -> dict[str, str]:
    """The caller's environment, with the compiler's cache inside the checkout's build folder."""
    cache = ENGINE.parent / "build" / "zig"
    return {"ZIG_GLOBAL_CACHE_DIR": str(cache), "ZIG_LOCAL_CACHE_DIR": str(cache), **os.environ}


def _stamp(flags: list[str]) -> str:
    digest = hashlib.sha256()
    digest.update("\0".join([version("ziglang"), *COMMON_FLAGS, *flags]).encode())
    for path in sorted([*ENGINE.glob("src/*"), *ENGINE.glob("include/*")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
