"""Rules on what a file may import or call because of its name and folder."""

import ast
from collections.abc import Iterator

from scripts.checks.repository import Repository, Rule, Source, Violation

INNER_FILES = ("service", "queries", "models", "schemas")
WEB_AND_JOBS = ("fastapi", "starlette", "celery", "kombu")
SQL_BUILDERS = ("select", "insert", "update", "delete", "text")
FOUNDATIONS = ("core", "tasks", "local", "demo")
# Asks whether the database answers; has no company's rows to forget a filter on.
ASKS_NOBODYS_DATA = ("app/health/checks.py",)
COMMITTERS = ("app/core/database.py", "app/tasks/runtime.py")
VAGUE_NAMES = ("utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py")


def imported_modules(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every module named by an import statement, with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module


def feature_file(source: Source) -> str | None:
    """The fixed name (`service`, `queries`, ...) of a file in a feature folder, else None.

    A feature with much to look up has more than one: `grant_queries.py` is `queries` too.
    """
    parts = source.parts
    if len(parts) < 3 or parts[0] != "app" or parts[1] in FOUNDATIONS:
        return None
    name = parts[2].removesuffix(".py")
    return "queries" if name.endswith("_queries") else name


def find_web_in_inner_files(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="app/"):
        kind = feature_file(source)
        if kind not in INNER_FILES:
            continue
        for node, module in imported_modules(source.tree):
            if module.split(".")[0] in WEB_AND_JOBS:
                yield source.at(
                    node, f"{kind} imports {module}: HTTP belongs in routes, jobs are named"
                )


def find_foreign_commits(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="app/"):
        if source.path in COMMITTERS:
            continue
        for call in _method_calls(source.tree):
            owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method == "commit" or (method == "begin" and owner.endswith("session")):
                yield source.at(
                    call, f"{owner}.{method}(): only session_scope and the task runtime commit"
                )


def find_sql_outside_queries(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="app/"):
        kind = feature_file(source)
        if kind in (None, "queries") or source.path in ASKS_NOBODYS_DATA:
            continue
        allowed = {"text"} if kind == "models" else set()
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                builders = {a.name for a in node.names} & set(SQL_BUILDERS) - allowed
                for name in sorted(builders):
                    yield source.at(node, f"{name} imported here: SQL is built in queries.py only")


def find_filters_by_hand(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="app/"):
        if feature_file(source) not in ("routes", "service"):
            continue
        for call in _method_calls(source.tree):
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("where", "filter_by"):
                yield source.at(call, "a filter written here can forget the company: use queries")


def find_vague_names(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py"):
        if source.name in VAGUE_NAMES:
            yield Violation(source.path, 1, f"{source.name} says nothing: split by subject")


def _method_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


RULES = (
    Rule(
        "inner-files",
        "Services, queries, models and schemas know neither HTTP nor Celery",
        find_web_in_inner_files,
    ),
    Rule(
        "one-committer",
        "Nobody commits but core/database.py and tasks/runtime.py",
        find_foreign_commits,
    ),
    Rule("sql-in-queries", "Only queries.py builds SQL", find_sql_outside_queries),
    Rule(
        "no-filter-by-hand",
        "No tenant filter is written in a route or a service",
        find_filters_by_hand,
    ),
    Rule("named-by-subject", "No file is called utils or helpers", find_vague_names),
)
