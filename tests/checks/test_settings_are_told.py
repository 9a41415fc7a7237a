"""Every setting the code reads is told to the operator, under the name it has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import Group

ROOT = Path(__file__).parents[2]
TOLD_IN = (".env.example", "docs/reference/settings.md")


def settings() -> Iterator[tuple[str, object]]:
    """Environment name and default of every setting."""
    for group in Group.__subclasses__():
        for field in group.model_fields.values():
            if isinstance(field.validation_alias, str):
                yield field.validation_alias, field.get_default(call_default_factory=False)


def compose_variables() -> set[str]:
    texts = [file.read_text() for file in ROOT.glob("docker-compose*.yml")]
    return set(re.findall(r"\$\{([A-Z0-9_]+)", "\n".join(texts)))


@pytest.mark.parametrize("page", TOLD_IN)
def test_every_setting_is_told(page: str) -> None:
    """A setting that is not on the page does not exist for the operator."""
    told = set(re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", (ROOT / page).read_text()))

    assert {name for name, _ in settings()} - told == set()


def test_every_variable_of_compose_is_in_the_example() -> None:
    """What the compose files read is in the file that is copied to .env."""
    named = set(re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert compose_variables() - named == set()


def test_the_example_tells_the_defaults() -> None:
    """An operator who uncomments a line as it stands changes nothing."""
    example = dict(
        re.findall(r"^#?([A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )

    for name, default in settings():
        if isinstance(default, bool | int | float | str) and name in example:
            assert example[name].lower() == str(default).lower(), name


def test_pictures_of_the_pages_are_there() -> None:
    """A page shows what exists."""
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text()):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"
