"""What a migration does that a running service would feel, read from its source without running it.

Expand and contract: while a release is rolled out, the one before runs on the new schema. So a migration may
add what nobody uses yet; what it takes away, renames, or reads as a whole while it holds a lock is said.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_TAKES_AWAY: Final = {
    "drop_table": "drops the table {0}",
    "drop_column": "drops {0}.{1}",
    "rename_table": "renames the table {0}",
}
_READS_ALL: Final = {
    "create_foreign_key": "checks every row of {1} under a lock",
    "create_check_constraint": "checks every row of {1} under a lock",
    "create_unique_constraint": "reads every row of {1} under a lock",
}
_HEAVY_SQL: Final = re.compile(
    r"\b(DROP\s+(?:TABLE|COLUMN|TYPE)|ALTER\s+COLUMN|RENAME|LOCK\s+TABLE|UPDATE|DELETE\s+FROM|TRUNCATE)\b",
    re.IGNORECASE,
)
# Bodies of functions are kept, not run; a policy or grant names UPDATE as a right.
_NOT_RUN: Final = re.compile(
    r"(\$(\w*)\$.*?\$\2\$)|\b(?:FOR|BEFORE|AFTER|OR|GRANT|REVOKE)\s[^;]*?\b(?:UPDATE|DELETE|TRUNCATE)\b",
    re.DOTALL | re.IGNORECASE,
)


def felt_by_the_running(path: Path) -> list[str]:
    """What the migration at `path` does to tables that are in use, in words; empty when it only adds."""
    return felt_in(path.read_text(encoding="utf-8"))


def felt_in(source: str) -> list[str]:
    """The same of a migration that is this text."""
    tree = _Spelled(source).tree
    upgrade = _function(tree, "upgrade")
    if upgrade is None:
        return []
    calls = list(_calls_of_op(upgrade))
    made_here = {
        _text(call.args[0]) for name, call in calls if name == "create_table" and call.args
    }
    said = [words for name, call in calls for words in _judged(name, call, made_here)]
    return list(dict.fromkeys(said))


class _Spelled(ast.NodeTransformer):
    """The module's tree, with names of its constants replaced by the texts they stand for."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source)
        self.texts = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        self.tree: ast.Module = self.visit(tree)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.texts.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def _function(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return next(found, None)


def _calls_of_op(function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "op":
                yield node.func.attr, node


def _judged(name: str, call: ast.Call, made_here: set[str]) -> Iterator[str]:
    words = [_text(argument) for argument in call.args[:2]] + ["", ""]
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in _TAKES_AWAY:
        yield _TAKES_AWAY[name].format(*words)
    elif name in _READS_ALL and words[1] not in made_here:
        yield _READS_ALL[name].format(*words)
    elif name == "create_index" and words[1] not in made_here:
        if not _is_true(given.get("postgresql_concurrently")):
            yield f"stops writes to {words[1]} while it makes an index"
    elif name == "alter_column":
        yield from _altered(words, given)
    elif name == "add_column" and words[0] not in made_here:
        yield from _added(words[0], call)
    elif name == "execute":
        yield from _executed(call, made_here)


def _altered(words: list[str], given: dict[str | None, ast.expr]) -> Iterator[str]:
    column = f"{words[0]}.{words[1]}"
    if "new_column_name" in given:
        yield f"renames {column}"
    if "type_" in given:
        yield f"changes the type of {column}, which may write the table anew"
    if _is_false(given.get("nullable")):
        yield f"lets {column} be empty no more, and checks every row under a lock"


def _added(table: str, call: ast.Call) -> Iterator[str]:
    column = call.args[1] if len(call.args) > 1 else None
    if not isinstance(column, ast.Call):
        return
    given = {keyword.arg: keyword.value for keyword in column.keywords}
    if _is_false(given.get("nullable")) and not {"server_default"} & set(given):
        yield f"adds {table}.{_text(column.args[0])}, which the release before would leave empty"


def _executed(call: ast.Call, made_here: set[str]) -> Iterator[str]:
    sql = " ".join(
        part.value
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    found = _HEAVY_SQL.search(_NOT_RUN.sub(" ", sql))
    if found and not any(table and table in sql for table in made_here):
        yield f"runs SQL to be read first: {' '.join(sql.split())[:60]}"


def _text(node: ast.expr) -> str:
    """The constant's text; for anything else its source."""
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
