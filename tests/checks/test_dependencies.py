"""Every direct dependency earns a line in docs/decisions/dependencies.md, and nothing else has one."""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "decisions" / "dependencies.md"


def python_dependencies() -> Iterator[str]:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project, tools = declared["project"], declared["dependency-groups"]
    groups = [project["dependencies"], *project["optional-dependencies"].values(), *tools.values()]
    for requirement in chain.from_iterable(groups):
        yield re.split(r"[\[~><= ]", requirement)[0]


def npm_dependencies() -> Iterator[str]:
    files = [
        ROOT / "package.json",
        *ROOT.glob("web/*/package.json"),
        *ROOT.glob("bench/*/package.json"),
    ]
    for file in files:
        package = json.loads(file.read_text())
        for kind in ("dependencies", "devDependencies", "optionalDependencies"):
            yield from (name for name in package.get(kind, {}) if not name.startswith("@arv/"))


def listed() -> set[str]:
    rows = re.findall(r"^\| `?([\w@/.-]+)`? \|", PAGE.read_text(), re.MULTILINE)
    return set(rows) - {"package"}


def test_every_direct_dependency_is_explained() -> None:
    """A dependency nobody can explain is one too many; a line about none is a lie."""
    assert listed() == {*python_dependencies(), *npm_dependencies()}


def test_every_line_is_complete() -> None:
    """What it does, size, licence and release are filled in."""
    for line in PAGE.read_text().splitlines():
        if line.startswith("|") and not line.startswith(("|---", "| package")):
            assert all(cell.strip() for cell in line.strip("|").split("|")), line
