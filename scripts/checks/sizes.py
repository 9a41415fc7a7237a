"""Rules on length: a file of at most 500 lines, a function of at most 40."""

import ast
import re
from collections.abc import Iterator

from scripts.checks.repository import Repository, Rule, Source, Violation

FILE_LINES = 500
FUNCTION_LINES = 40
CODE = (".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".c", ".h", ".sh", ".conf")
GENERATED = ("web/api-client/src/schema", ".gen.ts")

_C_NOISE = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|^\s*#(?:\\\n|[^\n])*",
    re.DOTALL | re.MULTILINE,
)
_C_SIGNATURE = re.compile(r"(\w+)\s*\([^;{}]*\)[^;{}()]*$")


def find_long_files(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(*CODE):
        if any(mark in source.path for mark in GENERATED):
            continue
        count = len(source.lines)
        if count > FILE_LINES:
            yield Violation(source.path, FILE_LINES, f"{count} lines, at most {FILE_LINES}")


def find_long_python_functions(repository: Repository) -> Iterator[Violation]:
    """Counted from `def` to the last line, without the docstring."""
    for source in repository.matching(".py"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = _lines_of(node)
                if count > FUNCTION_LINES:
                    yield source.at(node, _too_long(node.name, count))


def find_long_c_functions(repository: Repository) -> Iterator[Violation]:
    """Counted from the opening to the closing brace at the outermost level."""
    for source in repository.matching(".c", ".h"):
        for name, first, last in c_functions(source):
            if last - first + 1 > FUNCTION_LINES:
                yield Violation(source.path, first, _too_long(name, last - first + 1))


def c_functions(source: Source) -> Iterator[tuple[str, int, int]]:
    """Name, first and last line of each function body in a C file."""
    text = _C_NOISE.sub(_blank, source.text)
    depth, start, name, since = 0, 0, "", 0
    for position, character in enumerate(text):
        if character == "{":
            if depth == 0:
                signature = _C_SIGNATURE.search(text[since:position])
                start, name = position, signature.group(1) if signature else ""
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                since = position + 1
                if name:
                    yield name, _line(text, start), _line(text, position)
        elif character == ";" and depth == 0:
            since = position + 1


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group(0))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def _too_long(name: str, count: int) -> str:
    return f"{name} has {count} lines, at most {FUNCTION_LINES}"


RULES = (
    Rule("file-length", f"A file has at most {FILE_LINES} lines", find_long_files),
    Rule(
        "function-length",
        f"A Python function has at most {FUNCTION_LINES} lines",
        find_long_python_functions,
    ),
    Rule(
        "c-function-length",
        f"A C function has at most {FUNCTION_LINES} lines",
        find_long_c_functions,
    ),
)
