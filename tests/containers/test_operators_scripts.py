"""The scripts an operator types, without containers: what they ask of compose, and in which order."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = "celery-beat celery-worker-default app-1 app-2 nginx postgres migrate"
# Stands where compose does: notes what it is told, knows the services, and fails for those in BROKEN.
STAND_IN = """#!/bin/sh
case "$1" in
  config) printf '%s\\n' $SERVICES; exit ;;
  ps) case " $ILL " in *" $4 "*) echo unhealthy ;; *) echo healthy ;; esac; exit ;;
esac
echo "$*" >>"$NOTES"
for last; do :; done
case " $BROKEN " in *" $last "*) exit 1 ;; esac
"""


def roll(
    folder: Path, *services: str, ill: str = "", broken: str = ""
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """What ops/rolling-restart.sh says, and the services it had made anew, in order."""
    compose, notes = folder / "compose", folder / "notes"
    compose.write_text(STAND_IN)
    compose.chmod(0o755)
    notes.touch()
    told = {"COMPOSE": str(compose), "SERVICES": SERVICES, "SETTLE_SECONDS": "0"}
    told |= {"NOTES": str(notes), "ILL": ill, "BROKEN": broken}
    done = run("ops/rolling-restart.sh", *services, environment=told)
    renewed = [line for line in notes.read_text().splitlines() if line.startswith("up ")]
    return done, [line.partition("--wait-timeout 180 ")[2] for line in renewed]


def run(
    script: str, *arguments: str, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / script, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_apps_are_renewed_one_by_one_and_the_rest_at_once(tmp_path: Path) -> None:
    """Servers, nginx and what runs once are left alone."""
    done, renewed = roll(tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert renewed == ["app-1", "app-2", "celery-beat celery-worker-default"]


def test_only_what_was_named_is_renewed(tmp_path: Path) -> None:
    """In the order it was named."""
    assert roll(tmp_path, "app-2", "celery-beat")[1] == ["app-2", "celery-beat"]


def test_the_last_healthy_app_is_not_stopped(tmp_path: Path) -> None:
    """Nobody would answer meanwhile; the words say what to do."""
    done, renewed = roll(tmp_path, ill="app-2")

    assert (done.returncode, renewed) == (1, [])
    assert "stopping app-1 would stop ARV" in done.stdout


def test_an_ill_app_is_renewed_first_when_it_is_named(tmp_path: Path) -> None:
    """That is how it is repaired."""
    done, renewed = roll(tmp_path, "app-2", ill="app-2")

    assert (done.returncode, renewed) == (0, ["app-2"])


@pytest.mark.parametrize(
    ("broken", "renewed"),
    [
        ("app-1", ["app-1"]),
        ("celery-worker-default", ["app-1", "app-2", "celery-beat celery-worker-default"]),
    ],
)
def test_it_stops_at_the_first_that_does_not_come_back(
    tmp_path: Path, broken: str, renewed: list[str]
) -> None:
    """The others still run as they did."""
    done, tried = roll(tmp_path, broken=broken)

    assert (done.returncode, tried) == (1, renewed)
    assert "✗" in done.stdout


def test_pages_are_laid_out_beside_those_of_before(tmp_path: Path) -> None:
    """What older pages are made of stays, until nobody can ask for it any more."""
    old, new, laid = tmp_path / "old", tmp_path / "new", tmp_path / "laid"
    for folder, script in ((old, "a-1.js"), (new, "a-2.js")):
        (folder / "admin" / "assets").mkdir(parents=True)
        (folder / "admin" / "index.html").write_text(f"<script src={script}>")
        (folder / "admin" / "assets" / script).write_text(script)
    laid.mkdir()
    forgotten = laid / "forgotten.js"
    forgotten.write_text("x")
    long_ago = time.time() - 91 * 86400
    os.utime(forgotten, (long_ago, long_ago))

    for folder in (old, new, new):
        lay_out = run(
            "ops/containers/lay-out-pages.sh", str(laid), environment={"PAGES_FROM": str(folder)}
        )
        assert lay_out.returncode == 0, lay_out.stderr

    assert (laid / "admin" / "index.html").read_text() == "<script src=a-2.js>"
    assert {f.name for f in laid.rglob("*") if f.is_file()} == {"index.html", "a-1.js", "a-2.js"}


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    """A second run changes nothing, so it may follow every upgrade."""
    folder = tmp_path / "secrets"
    first, second = (
        run("ops/containers/make-secrets.sh", str(folder), environment={}) for _ in range(2)
    )
    kept = {file.name: file.read_text() for file in folder.iterdir()}

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert f"made {folder}/secret_key" in first.stdout
    assert second.stdout == ""
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(kept["secret_key"]) >= 64
    assert kept["postgres_password"] in kept["database_url"]
    assert kept["storage_link_secret"] in kept["storage_links"]
