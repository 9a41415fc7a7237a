"""Rules against mistakes that look right: lazy loading, late commits, tables without migrations."""

import ast
from collections.abc import Iterator

from scripts.checks.repository import Repository, Rule, Violation


def find_lazy_relationships(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="app/"):
        for call in _calls(source.tree, "relationship"):
            if _keyword(call, "lazy") not in ("raise", "raise_on_sql"):
                yield source.at(
                    call, 'relationship without lazy="raise": loading must be asked for'
                )


def find_late_dependencies(repository: Repository) -> Iterator[Violation]:
    """`Depends(f)` on a generator runs its end after the answer was sent, unless scoped."""
    sources = list(repository.matching(".py", under="app/"))
    generators = {name for source in sources for name in _generator_names(source.tree)}
    for source in sources:
        for call in _calls(source.tree, "Depends"):
            target = _last_name(call.args[0]) if call.args else None
            if target in generators and _keyword(call, "scope") != "function":
                yield source.at(call, f'Depends({target}) without scope="function" ends too late')


def find_create_all(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py"):
        if not source.path.startswith(("app/", "alembic/", "tests/")):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("create_all", "drop_all"):
                yield source.at(node, f"{node.attr}: tables are made by migrations only")


def find_tests_without_sentence(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="tests/"):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("test_") and not ast.get_docstring(node):
                yield source.at(node, f"{node.name} lacks the sentence it proves (a docstring)")


def find_skipped_tests(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="tests/"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail"):
                owner = ast.unparse(node.value)
                if owner in ("pytest", "pytest.mark"):
                    yield source.at(node, f"{owner}.{node.attr}: a test runs or is not there")


def _calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == name:
            yield node


def _last_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _keyword(call: ast.Call, name: str) -> object:
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


def _generator_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _yields(node):
            yield node.name


def _yields(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function itself yields; functions defined inside it do not count."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))
    return False


RULES = (
    Rule("lazy-raise", 'Relationships are lazy="raise"', find_lazy_relationships),
    Rule(
        "commit-before-answer",
        'A yield dependency is declared with scope="function"',
        find_late_dependencies,
    ),
    Rule("migrations-only", "Tables are made by migrations only", find_create_all),
    Rule("tests-are-sentences", "Every test says what it proves", find_tests_without_sentence),
    Rule("no-skipped-test", "No test is skipped or expected to fail", find_skipped_tests),
)
