"""Rules on what no tracked file may hold: registry hosts, paths of one machine, keys."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from scripts.checks.repository import Repository, Rule, Source, Violation

LOCKS = ("requirements.lock", "requirements-run.lock", "requirements-dev.lock", "package-lock.json")

# Each pattern is put together from pieces, so that this file does not break its own rule.
_REGISTRIES = re.compile(
    "|".join(
        (
            r"files\.python" + r"hosted\.org",
            r"registry\.npm" + r"js\.org",
            r"test\.py" + r"pi\.org",
            r"deb\.debian" + r"\.org",
            r"--(?:extra-)?index" + r"-url[= ]+http",
            r"https?://[\w.-]*(?:artifactory|nexus|devpi|verdaccio)[\w.-]*/",
        )
    )
)
_MACHINE_PATH = re.compile(
    r"(?<![\w.$}/-])/(?:" + "work" + r"|root|Users/\w+|home/(?!app)\w+)/[\w.]+"
)
_SECRETS = re.compile(
    "|".join(
        (
            r"-----BEGIN (?:[A-Z]+ )?PRIVATE" + r" KEY-----",
            r"\bAK" + r"IA[0-9A-Z]{16}\b",
            r"\bgh[pousr]" + r"_[A-Za-z0-9]{36}\b",
            r"\bxox[abpr]" + r"-[A-Za-z0-9-]{10,}",
            r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ" + r"[A-Za-z0-9_-]{20,}\.",
        )
    )
)
_LOCK_HOST = re.compile(r'(?:index-url|find-links|"resolved":).*https?://| @ https?://')


def find_registry_hosts(repository: Repository) -> Iterator[Violation]:
    for source in repository.sources:
        for number, line in enumerate(source.lines, 1):
            named = _REGISTRIES.search(line) or any(host in line for host in configured_hosts())
            if named:
                yield Violation(
                    source.path, number, "names a package registry: clients know theirs"
                )


def find_hosts_in_locks(repository: Repository) -> Iterator[Violation]:
    for source in repository.sources:
        if source.name in LOCKS:
            yield from _hosts_in_lock(source)


def find_machine_paths(repository: Repository) -> Iterator[Violation]:
    for source in repository.sources:
        for number, line in enumerate(source.lines, 1):
            if match := _MACHINE_PATH.search(line):
                yield Violation(source.path, number, f"{match.group(0)}: a path of one machine")


def find_secrets(repository: Repository) -> Iterator[Violation]:
    for source in repository.sources:
        for number, line in enumerate(source.lines, 1):
            if _SECRETS.search(line):
                yield Violation(source.path, number, "looks like a key or a token")


@cache
def configured_hosts() -> tuple[str, ...]:
    """Hosts of the registries this machine's own clients are set up for."""
    home = Path.home()
    files = [
        Path("/etc/pip.conf"),
        home / ".config/pip/pip.conf",
        home / ".pip/pip.conf",
        home / ".npmrc",
        home / ".config/uv/uv.toml",
    ]
    said = [file.read_text(errors="replace") for file in files if file.is_file()]
    said += [
        value for name, value in os.environ.items() if name.endswith(("INDEX_URL", "REGISTRY"))
    ]
    urls = re.findall(r"https?://[^\s\"']+", "\n".join(said))
    hosts = {urlsplit(url).hostname or "" for url in urls}
    return tuple(sorted(host for host in hosts if "." in host))


def _hosts_in_lock(source: Source) -> Iterator[Violation]:
    for number, line in enumerate(source.lines, 1):
        if _LOCK_HOST.search(line):
            yield Violation(source.path, number, "a lock names packages and hashes, never a host")


RULES = (
    Rule("no-registry-host", "No tracked file names a package registry", find_registry_hosts),
    Rule("host-free-locks", "Lock files hold names and hashes, no host", find_hosts_in_locks),
    Rule("no-machine-path", "No tracked file names a path of one machine", find_machine_paths),
    Rule("no-secret", "No tracked file holds a key or a token", find_secrets),
)
