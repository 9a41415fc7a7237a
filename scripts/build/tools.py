"""Running tools, with one line and the remedy when one is missing or fails."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from app.local.console import StartRefused

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / ".make"
OLDEST_NODE = 20
SHOWN_LINES = 8


def run_tool(
    what: str, command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None
) -> str:
    """The tool's output. Raises `StartRefused` with the end of it when the tool fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StartRefused(
            f"{what} failed (exit {done.returncode}):\n{_worth_reading(done.stdout)}"
        )
    return done.stdout


def _worth_reading(output: str) -> str:
    """The beginning, where npm says why, and the end, where compilers do."""
    lines = output.strip().splitlines()
    if len(lines) > 2 * SHOWN_LINES:
        lines = [*lines[:SHOWN_LINES], "…", *lines[-SHOWN_LINES:]]
    return "\n".join(lines)


def require_node() -> None:
    """Raises `StartRefused` unless Node 20 and npm are here."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise StartRefused(
            f"Node {OLDEST_NODE} with npm was not found: apt install nodejs npm, or see nodejs.org."
        )
    version = run_tool("node --version", ["node", "--version"]).strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        raise StartRefused(
            f"Node {version} is too old: install {OLDEST_NODE} or newer, see nodejs.org."
        )


def digest_of(paths: Iterable[Path]) -> str:
    """One hash over names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_stamped(name: str, digest: str) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == digest


def set_stamp(name: str, digest: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(digest)
