"""The house rules find what breaks them and leave alone what keeps them."""

from pathlib import Path

import pytest

from scripts.checks.repository import Rule, Source, read_repository
from scripts.checks.run import RULES
from scripts.checks.sizes import c_functions
from tests.checks.samples import SAMPLES, repository_of

by_name = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@by_name
def test_rule_can_fail(rule: Rule) -> None:
    """A file that breaks the rule is found, with its place and a sentence."""
    violations = list(rule.check(repository_of(SAMPLES[rule.name].breaks)))

    assert violations
    assert all(violation.line >= 1 and violation.message for violation in violations)
    assert {violation.path for violation in violations} <= set(SAMPLES[rule.name].breaks)


@by_name
def test_rule_can_pass(rule: Rule) -> None:
    """A file that keeps the rule is left alone."""
    assert list(rule.check(repository_of(SAMPLES[rule.name].keeps))) == []


def test_every_rule_has_a_sample() -> None:
    """A rule nobody has seen fail is not a rule."""
    assert {rule.name for rule in RULES} == set(SAMPLES)


def test_c_functions_are_measured_between_their_braces() -> None:
    """Braces in comments and strings do not confuse the count, and the name is the function's."""
    text = 'int a(void) { return 1; }\n\nint b(char *s)\n{\n  s = "}"; // }\n  return 0;\n}\n'

    assert list(c_functions(Source("x.c", text))) == [("a", 1, 1), ("b", 4, 7)]


def test_repository_lists_new_files_and_not_ignored_ones() -> None:
    """A file is judged before it is committed; build results never are."""
    root = Path(__file__).parents[2]
    paths = {source.path for source in read_repository(root).sources}

    assert "tests/checks/test_rules.py" in paths
    assert not [path for path in paths if path.startswith((".venv/", "node_modules/"))]
