"""Targets the engine's tests share, compiled once."""

import subprocess
import sys
from pathlib import Path

import pytest

from arv_engine import CompiledTarget, compile_target
from tests.engine.scenes import photo

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _engine() -> None:
    """The binaries of these sources; at once when nothing changed."""
    subprocess.run([sys.executable, "engine/build.py"], cwd=CHECKOUT, check=True)


@pytest.fixture(scope="session")
def astronaut() -> CompiledTarget:
    """A textured portrait."""
    return compile_target(photo("astronaut"))


@pytest.fixture(scope="session")
def coffee() -> CompiledTarget:
    """A photo with large smooth parts."""
    return compile_target(photo("coffee"))
