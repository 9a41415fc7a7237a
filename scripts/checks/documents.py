"""Rules on pages: decisions stay short and whole, links lead somewhere, languages agree."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from scripts.checks.repository import Repository, Rule, Source, Violation

DECISION_LINES = 60
DECISION_PARTS = (
    "## Context",
    "## Decision",
    "## Consequences",
    "## Alternatives",
    "## Enforced by",
)
LANGUAGES = ("en", "ru")

_DECISION = re.compile(r"docs/decisions/\d{4}-[a-z0-9-]+\.md$")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)`")
_LOCALE = re.compile(r"(?:^|/)(en|ru)(?:/[^/]+)?\.json$")


def find_long_decisions(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".md", under="docs/decisions/"):
        if _DECISION.search(source.path) and len(source.lines) > DECISION_LINES:
            yield Violation(
                source.path, DECISION_LINES, f"{len(source.lines)} lines, at most {DECISION_LINES}"
            )


def find_unfinished_decisions(repository: Repository) -> Iterator[Violation]:
    for source in repository.matching(".md", under="docs/decisions/"):
        if not _DECISION.search(source.path):
            continue
        for part in DECISION_PARTS:
            if part not in source.lines:
                yield Violation(source.path, 1, f'has no "{part}"')


def find_dead_links(repository: Repository) -> Iterator[Violation]:
    """Links between pages of this repository; what lies outside is not asked."""
    known = {source.path for source in repository.sources}
    folders = {str(parent) for path in known for parent in PurePosixPath(path).parents}
    for source in repository.matching(".md"):
        for number, line in enumerate(source.lines, 1):
            for target in _LINK.findall(line):
                if re.match(r"[a-z]+:", target) or _is_picture(target):
                    continue
                if _resolved(source, target) not in known | folders:
                    yield Violation(source.path, number, f"{target} leads nowhere")


def find_absent_tests(repository: Repository) -> Iterator[Violation]:
    """A test that a page names as its proof is there."""
    known = {source.path for source in repository.sources}
    for source in repository.matching(".md", under="docs/"):
        for number, line in enumerate(source.lines, 1):
            for test in _TEST.findall(line):
                if test not in known:
                    yield Violation(source.path, number, f"{test} is not there")


def find_missing_translations(repository: Repository) -> Iterator[Violation]:
    """Every `en` file of texts has its `ru` twin with the same keys, and the other way round."""
    texts = {
        s.path: s for s in repository.matching(".json", under="web/") if _LOCALE.search(s.path)
    }
    for path, source in texts.items():
        match = _LOCALE.search(path)
        language = match.group(1) if match else ""
        for other in sorted(set(LANGUAGES) - {language}):
            twin = re.sub(rf"(^|/){language}(?=[/.])", rf"\g<1>{other}", path)
            theirs = _keys(texts[twin]) if twin in texts else set()
            for key in sorted(_keys(source) - theirs):
                yield Violation(path, 1, f"{key} is not in {twin}")


def _is_picture(target: str) -> bool:
    """Pictures are binary, hence unknown here; `tests/checks` looks at the disk for them."""
    return target.endswith((".png", ".webp", ".jpg", ".gif"))


def _resolved(source: Source, target: str) -> str:
    parts: list[str] = list(PurePosixPath(source.path).parent.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."


def _keys(source: Source) -> set[str]:
    """Dotted keys; the plural endings of a language are its own affair."""
    return {
        re.sub(r"_(zero|one|two|few|many|other)$", "", key)
        for key in _walk(json.loads(source.text))
    }


def _walk(node: object, prefix: str = "") -> Iterator[str]:
    if not isinstance(node, dict):
        yield prefix
        return
    for key, value in node.items():
        yield from _walk(value, f"{prefix}.{key}" if prefix else key)


RULES = (
    Rule("short-decisions", f"A decision has at most {DECISION_LINES} lines", find_long_decisions),
    Rule("whole-decisions", "A decision has all its parts", find_unfinished_decisions),
    Rule("live-links", "A link between pages leads somewhere", find_dead_links),
    Rule("tests-named", "A test a page names as proof is there", find_absent_tests),
    Rule(
        "both-languages", "English and Russian texts have the same keys", find_missing_translations
    ),
)
