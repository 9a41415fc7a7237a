"""The commands of the runbooks: taken out of the pages, and held against what there is."""

import re
import shlex
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typer.main
import yaml

from app.cli import cli

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ROOT / "docs/runbooks"
_BLOCK: Final = re.compile(
    r"^(?P<indent> *)```(?P<info>sh\b[^\n]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_SEPARATORS: Final = frozenset(";|&()\n<>")
# Words that stand before a command, and those that end or hold one.
_BEFORE: Final = frozenset({"while", "until", "if", "then", "do", "else", "!", "{", "exec", "time"})
_SHELL: Final = frozenset(
    {"done", "fi", "}", "for", "export", "test", "[", ":", "cd", "set", "echo", "printf", "exit"}
)
# Of the machines ARV runs on; not all of them are where the tests run.
_OF_SERVERS: Final = frozenset(
    {
        "docker",
        "journalctl",
        "systemctl",
        "apt",
        "apt-get",
        "ssh",
        "restic",
        "certbot",
        "git",
        "ufw",
    }
    | {"kubectl", "helm", "pgbackrest", "sudo", "getent", "openssl", "crontab", "nproc", "curl"}
)
_IN_CONTAINERS: Final = frozenset(
    {"arv", "psql", "pg_isready", "redis-cli", "curl", "sh", "nginx", "alembic", "cat", "df", "mc"}
)
_COMPOSE_VALUES: Final = frozenset(
    {"-f", "--file", "--profile", "--env-file", "-p", "--since", "--tail", "-t", "--timeout", "-u"}
    | {
        "--user",
        "-e",
        "--env",
        "--index",
        "-v",
        "--volume",
        "--name",
        "--entrypoint",
        "--scale",
        "-n",
    }
    | {"--format", "-w", "--workdir", "--wait-timeout"}
)
_COMPOSE_WORDS: Final = frozenset(
    {"up", "down", "exec", "run", "logs", "ps", "restart", "start", "stop", "kill", "pull", "build"}
    | {"config", "images", "cp", "rm", "top"}
)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands as the page shows them."""

    page: str
    info: str
    text: str

    @property
    def words(self) -> frozenset[str]:
        """What the page says about the block after `sh`."""
        return frozenset(self.info.split()[1:])


def pages() -> list[Path]:
    return sorted(PAGES.rglob("*.md"))


def blocks_of(page: Path) -> list[Block]:
    """Every block of shell commands, without the indent of the list it stands in."""
    name = str(page.relative_to(PAGES))
    found = []
    for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        indent = len(match["indent"])
        lines = [line[indent:] for line in match["text"].splitlines()]
        found.append(Block(name, match["info"].strip(), "\n".join(lines) + "\n"))
    return found


def complaints(block: Block) -> list[str]:
    """What in the block does not exist: programs, subcommands, options, services, targets, files."""
    return [
        f"{block.page}: {' '.join(words)}: {reason}"
        for words in commands_in(block.text)
        if (reason := fault_of(words))
    ]


def commands_in(text: str) -> Iterator[list[str]]:
    """Each simple command as words: pipes, lists and unquoted substitutions are taken apart."""
    plain = re.sub(r"^ *#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    reader = shlex.shlex(plain, posix=True, punctuation_chars=";|&()<>\n")
    reader.whitespace, reader.commenters, reader.whitespace_split = " \t\r", "", True
    words: list[str] = []
    skip = False
    for token in reader:
        if token and set(token) <= _SEPARATORS:
            redirects = bool(set(token) & set("<>"))
            if words and not redirects:
                yield from _command(words)
                words = []
            skip = redirects
        elif skip:
            skip = False
        else:
            words.append(token)
    yield from _command(words)


def _command(words: list[str]) -> Iterator[list[str]]:
    while words and (words[0] in _BEFORE or re.match(r"^[A-Za-z_]\w*=", words[0])):
        words = words[1:]
    if words and words[0] not in _SHELL | {"$"}:
        yield words


def fault_of(words: list[str]) -> str:
    """Why the command could not work; empty when it could."""
    program, rest = words[0], words[1:]
    if program == "arv":
        return _fault_of_arv(rest)
    if program == "make":
        return next((f"no make target {t}" for t in _targets(rest) if t not in make_targets()), "")
    if program == "docker":
        return _fault_of_compose(rest[1:]) if rest[:1] == ["compose"] else ""
    if "/" in program and not program.startswith("/"):
        return "" if (ROOT / program).is_file() else "there is no such script"
    known = program in _OF_SERVERS or shutil.which(program) is not None
    return "" if known else "no such program"


def _targets(words: list[str]) -> Iterable[str]:
    return (word for word in words if "=" not in word and not word.startswith("-"))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@lru_cache
def _arv() -> Any:
    return typer.main.get_command(cli)


def _fault_of_arv(words: list[str]) -> str:
    command = _arv()
    rest = list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0] == "--help":
            return "" if rest else "no subcommand"
        name = rest.pop(0)
        if name not in command.commands:
            return f"arv has no command {name}"
        command = command.commands[name]
    known = {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    return next(
        (
            f"arv has no option {word}"
            for word in rest
            if word.startswith("--") and word.partition("=")[0] not in known | {"--help", "--"}
        ),
        "",
    )


@lru_cache
def services() -> set[str]:
    return set(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])


def _fault_of_compose(words: list[str]) -> str:
    rest = _plain(words)
    if not rest or rest[0] not in _COMPOSE_WORDS:
        return f"docker compose has no {rest[:1]}"
    verb, named = rest[0], rest[1:]
    if verb in ("exec", "run"):
        service, inside = named[0] if named else "", _after(words, verb)
        if service not in services():
            return f"there is no service {service}"
        return _fault_inside(inside[inside.index(service) + 1 :])
    if verb in ("config", "cp"):
        return ""
    scaled = [word.partition("=")[0] for word in words if re.fullmatch(r"[a-z0-9-]+=\d+", word)]
    return next((f"there is no service {n}" for n in (*named, *scaled) if n not in services()), "")


def _fault_inside(words: list[str]) -> str:
    if not words:
        return ""
    if words[0] == "arv":
        return _fault_of_arv(words[1:])
    return "" if words[0] in _IN_CONTAINERS else f"no {words[0]} in the containers"


def _after(words: list[str], verb: str) -> list[str]:
    return words[words.index(verb) + 1 :]


def _plain(words: list[str]) -> list[str]:
    """Without options and their values."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _COMPOSE_VALUES
        else:
            found.append(word)
    return found
