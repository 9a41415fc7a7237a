"""The checkout as the rules see it: its tracked files, parsed at most once."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, order=True)
class Violation:
    """One place that breaks a rule, printed the way editors and terminals can jump to."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One text file: where it is, below the root, and what it says."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.path).parts

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def tree(self) -> ast.Module:
        """The parsed module; an empty one for a file Python itself would refuse (ruff names it)."""
        return _parse(self.text)

    def at(self, node: ast.AST, message: str) -> Violation:
        return Violation(self.path, getattr(node, "lineno", 1), message)


@dataclass(frozen=True)
class Repository:
    """Every text file under version control, or about to be."""

    sources: tuple[Source, ...]

    def matching(self, *suffixes: str, under: str = "") -> Iterator[Source]:
        """Files whose name ends in one of `suffixes`, in the folder `under`."""
        for source in self.sources:
            if source.path.startswith(under) and source.path.endswith(suffixes):
                yield source


@dataclass(frozen=True)
class Rule:
    """One sentence of the house rules and the function that finds what breaks it."""

    name: str
    sentence: str
    check: Callable[[Repository], Iterable[Violation]]


def read_repository(root: Path) -> Repository:
    """The files git tracks or would track; binary ones are left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode()
    paths = sorted(path for path in listed.split("\0") if path)
    return Repository(tuple(_read_all(root, paths)))


def _read_all(root: Path, paths: list[str]) -> Iterator[Source]:
    for path in paths:
        file = root / path
        if not file.is_file():
            continue
        content = file.read_bytes()
        if b"\0" not in content[:8192]:
            yield Source(path, content.decode("utf-8", errors="replace"))


@cache
def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])
