"""What the runbooks say is there, and what they say to type works. See docs/runbooks/README.md."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.report import full
from tests.runbooks.reading import PAGES, Block, blocks_of, commands_in, complaints, fault_of, pages
from tests.runbooks.world import World
from tests.support.servers import TestServers
from tests.support.stack import make_stack

IN_FULL = full(0, 1) == 1
BLOCKS = [block for page in pages() for block in blocks_of(page)]


def runs(block: Block) -> bool:
    """Whether it is executed now; `make runbooks` executes those marked `full` too."""
    return "run" in block.words and (IN_FULL or "full" not in block.words)


EXECUTED = sorted({block.page for block in BLOCKS if runs(block)})


@pytest.fixture(scope="module")
def world(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The operator's machine. In full API and worker run, else only database and broker."""
    folder = tmp_path_factory.mktemp("runbooks")
    stack = make_stack(
        servers,
        folder,
        {"BACKUP_REPOSITORY": str(folder / "backups"), "BACKUP_WORK": str(folder / "work")},
    )
    try:
        made = World(stack)
        made.add_company()
        if IN_FULL:
            stack.start()
        yield made
    finally:
        stack.stop()


@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS}))
def test_everything_a_page_names_is_there(page: str) -> None:
    """Bash reads every block; each program, option, service, target and script exists."""
    blocks = [block for block in BLOCKS if block.page == page]

    assert [] == [complaint for block in blocks for complaint in complaints(block)]
    for block in blocks:
        assert block.words <= {"run", "full"}, block.info
        read = subprocess.run(
            ["bash", "-n"], input=block.text, capture_output=True, text=True, check=False
        )
        assert "" == read.stderr


@pytest.mark.parametrize("page", EXECUTED)
def test_what_a_page_says_works(page: str, world: World) -> None:
    """The blocks marked `run`, one after the other, in one shell that stops at the first failure."""
    done = world.execute(block.text for block in BLOCKS if block.page == page and runs(block))

    assert 0 == done.returncode, f"{page}\n{done.stdout}\n{done.stderr}"


def test_every_page_is_in_the_list() -> None:
    """A page nobody finds helps nobody, and a link that leads nowhere helps even less."""
    listed = set(re.findall(r"\]\(([a-z-]+\.md)\)", (PAGES / "README.md").read_text()))

    assert {page.name for page in PAGES.glob("*.md")} - {"README.md"} == listed


def test_links_of_the_pages_lead_somewhere() -> None:
    """From page to page, and into the reference."""
    for page in pages():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize(
    "line",
    [
        "arv backup crate",
        "arv backup restore latest --forced",
        "docker compose exec app-9 arv migrate",
        "docker compose exec app-1 arv migrte",
        "docker compose logs --since 1h celery-wrker | grep x",
        "docker compose up -d --scale celery-worker-marker=2 celery-worker-markers",
        "make bakups",
        "ops/backup/restore-att.sh now",
        "grepp x file",
    ],
)
def test_what_is_not_there_is_noticed(line: str) -> None:
    """The check above can fail: each of these has one wrong word."""
    assert any(fault_of(words) for words in commands_in(line + "\n"))


def test_a_command_that_fails_is_noticed(world: World) -> None:
    """Executing can fail too, also inside a service and before a pipe's end."""
    assert 0 != world.execute(["docker compose exec app-1 arv secrets rotte"]).returncode
    assert 0 != world.execute(["false | cat", "true"]).returncode


def test_the_pages_are_read_at_all() -> None:
    """Nothing that is marked is overlooked."""
    marked = sum(Path(page).read_text().count("```sh run") for page in pages())

    assert len([block for block in BLOCKS if "run" in block.words]) == marked - _in_readme()


def _in_readme() -> int:
    return (PAGES / "README.md").read_text().count("```sh run")
