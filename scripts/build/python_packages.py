"""`.venv` with exactly the packages of the lock, and the checkout itself, editable."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from app.local.console import StartRefused
from scripts.build.tools import PYTHON, ROOT, VENV, digest_of, is_stamped, run_tool, set_stamp

UV = VENV / "bin" / "uv"
# uv reads neither pip's configuration nor, by itself, the system's certificates.
PIP_TO_UV = {"global.index-url": "UV_DEFAULT_INDEX", "global.cert": "SSL_CERT_FILE"}


def install_python_packages(*, dev: bool) -> str:
    """What was done, in a word. The development lock holds the same versions as the other, and more."""
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements-run.lock")
    digest = digest_of([lock, ROOT / "pyproject.toml"])
    name = "python-dev" if dev else "python-run"
    if PYTHON.exists() and is_stamped(name, digest):
        return "unchanged"
    _make_venv()
    _install_uv()
    environment = _index_of_pip()
    install: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", PYTHON]
    run_tool(
        "Installing the Python packages",
        [*install, "--compile-bytecode", "--require-hashes", "-r", lock],
        environment=environment,
    )
    run_tool(
        "Installing the checkout",
        [*install, "--no-deps", "--no-build-isolation", "--editable", ROOT],
        environment=environment,
    )
    set_stamp(name, digest)
    return "installed"


def _make_venv() -> None:
    if PYTHON.exists() and _runs(PYTHON):
        return
    try:
        import ensurepip  # noqa: F401, PLC0415  (Debian ships it apart)
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise StartRefused(
            f"Python can not make a venv: apt install python{version}-venv"
        ) from None
    run_tool("Making .venv", [sys.executable, "-m", "venv", "--clear", VENV])


def _runs(python: Path) -> bool:
    """False for a venv whose Python was removed or replaced by an older one."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", check], check=False, capture_output=True).returncode == 0


def _install_uv() -> None:
    """With uv the set takes seconds, with pip a minute. Its own hash is in the lock too."""
    if UV.exists():
        return
    lock = (ROOT / "requirements-run.lock").read_text()
    entry = re.search(r"^uv==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    if entry is None:
        raise StartRefused("requirements-run.lock does not name uv: make lock")
    with tempfile.NamedTemporaryFile("w", suffix=".lock") as file:
        file.write(entry[0])
        file.flush()
        pip: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        run_tool("Installing uv", [*pip, "--require-hashes", "--no-deps", "-r", file.name])


def _index_of_pip() -> dict[str, str]:
    """The package index and certificates pip was told of, in uv's words."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    known = {name: value.strip("'\"") for name, _, value in pairs}
    return {uv: known[pip] for pip, uv in PIP_TO_UV.items() if pip in known}
