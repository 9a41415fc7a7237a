"""Brings a fresh checkout to the point where ARV runs. Does again only what changed.

    scripts/bootstrap.sh run      packages, engine, viewer and panel
    scripts/bootstrap.sh dev      the same, with everything tests and checks need
    scripts/bootstrap.sh python | engine | web | openapi      one part, and what it stands on

Runs on the system's Python with nothing installed; whatever it makes lies in the checkout.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.local.console import StartRefused, complain, step  # noqa: E402
from scripts.build.engine import build_engine  # noqa: E402
from scripts.build.node_packages import install_node_packages  # noqa: E402
from scripts.build.python_packages import install_python_packages  # noqa: E402
from scripts.build.tools import require_node  # noqa: E402
from scripts.build.web import build_web, export_openapi  # noqa: E402


def run(goal: str) -> None:
    """Do everything the goal stands on, in order. Raises `StartRefused` with the remedy."""
    wants_web = goal in ("run", "dev", "web", "openapi")
    if wants_web:
        require_node()  # before anything takes time
    with step("Python packages") as current:
        current.note(install_python_packages(dev=goal == "dev"))
    if goal != "python":
        with step("Recognition engine") as current:
            current.note(build_engine())
    if wants_web:
        with step("Node packages") as current:
            current.note(install_node_packages())
    if goal == "openapi":
        export_openapi()
    elif wants_web:
        build_web()


def main() -> int:
    goal = sys.argv[1] if len(sys.argv) > 1 else "run"
    try:
        run(goal)
    except StartRefused as refusal:
        complain(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
