"""Runs the house rules: `python scripts/checks/run.py [RULE ...]`, exit 1 when one is broken."""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.checks import documents, layers, migrations, secrets, sizes, traps  # noqa: E402
from scripts.checks.repository import Repository, Rule, read_repository  # noqa: E402

RULES: tuple[Rule, ...] = (
    *layers.RULES,
    *traps.RULES,
    *sizes.RULES,
    *secrets.RULES,
    *documents.RULES,
    *migrations.RULES,
)


def main(names: list[str]) -> int:
    unknown = set(names) - {rule.name for rule in RULES}
    if unknown:
        print(
            f"no rule {', '.join(sorted(unknown))}; there are: {', '.join(r.name for r in RULES)}"
        )
        return 2
    repository = read_repository(ROOT)
    chosen = [rule for rule in RULES if not names or rule.name in names]
    broken = sum(not report(rule, repository) for rule in chosen)
    print(f"{len(chosen) - broken} of {len(chosen)} house rules hold")
    return 1 if broken else 0


def report(rule: Rule, repository: Repository) -> bool:
    """Prints what breaks the rule; true when nothing does."""
    started = time.perf_counter()
    violations = sorted(rule.check(repository))
    spent = time.perf_counter() - started
    for violation in violations:
        print(violation)
    mark = "FAIL" if violations else "ok"
    print(f"{mark:4} {spent:5.2f} s  {rule.name}: {rule.sentence}")
    return not violations


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
