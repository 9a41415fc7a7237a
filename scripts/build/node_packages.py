"""`node_modules` with exactly the packages of the lock."""

import json
from pathlib import Path
from typing import Any

from scripts.build.tools import ROOT, run_tool

MODULES = ROOT / "node_modules"


def install_node_packages() -> str:
    """What was done, in a word. No package may run a script of its own while it is installed."""
    if _is_installed():
        return "unchanged"
    run_tool(
        "Installing the Node packages",
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    )
    return "installed"


def _is_installed() -> bool:
    """Beside the packages npm keeps a lock of what it really installed."""
    wanted, installed = (
        _packages(ROOT / "package-lock.json"),
        _packages(MODULES / ".package-lock.json"),
    )
    return all(
        name in installed and installed[name].get("version") == package.get("version")
        for name, package in wanted.items()
        if name and not package.get("optional") and not package.get("link")
    )


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    if not lock.exists():
        return {}
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text())["packages"]
    return packages
