"""Rules on migrations: what the release before would feel is said where an operator reads it."""

from collections.abc import Iterator

from app.core.migration_review import felt_in
from scripts.checks.repository import Repository, Rule, Violation

# The newest when the rule came; what is older has been rolled out.
RULE_SINCE = "20261124_000000_000000"
SAID = "Roll out with a pause:"


def find_unsaid_contractions(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".py", under="alembic/versions/"):
        if source.name < RULE_SINCE or SAID in source.text:
            continue
        for felt in felt_in(source.text):
            remedy = f"add first and take away in a later release, or say {SAID!r} and why"
            yield source.at(source.tree, f"{felt}: {remedy}")


RULES = (
    Rule(
        "expand-and-contract",
        f"A migration only adds, or its docstring says `{SAID}` and why.",
        find_unsaid_contractions,
    ),
)
