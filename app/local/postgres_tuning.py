"""Settings of PostgreSQL for a machine's memory, by the rules its own documentation and PGTune give.

https://www.postgresql.org/docs/15/runtime-config-resource.html, https://github.com/le0pard/pgtune ("web").
"""

import re
from dataclasses import dataclass
from typing import Final

KB: Final = 1024
MB: Final = 1024 * KB
GB: Final = 1024 * MB
LEAST_MEMORY: Final = 256 * MB
_UNITS: Final = {"": 1, "k": KB, "m": MB, "g": GB, "t": 1024 * GB}
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tuned:
    """One setting, and why it is so."""

    name: str
    value: str
    reason: str


def bytes_of(text: str) -> int:
    """`4G`, `512M`, `1.5g` in bytes (powers of 1024). Raises `ValueError`."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text} is no amount of memory; write it like 4G or 512M")
    return int(float(found[1]) * _UNITS[found[2].lower()])


def tuned(memory: int, *, connections: int = 100, spinning: bool = False) -> list[Tuned]:
    """The settings for a server with so many bytes for PostgreSQL alone. Raises `ValueError` below 256 MB."""
    if memory < LEAST_MEMORY:
        raise ValueError("PostgreSQL wants 256M for itself at least")
    shared = memory // 4
    work = max(MB, (memory - shared) // (connections * 3))
    return [
        Tuned("max_connections", str(connections), "every process of API and workers has a pool"),
        Tuned(
            "shared_buffers", _told(shared), "a quarter of the memory; the kernel caches the rest"
        ),
        Tuned(
            "effective_cache_size", _told(memory * 3 // 4), "what planner may hope to find cached"
        ),
        Tuned(
            "work_mem", _told(work), "a third of what is left, if every connection sorts at once"
        ),
        Tuned(
            "maintenance_work_mem",
            _told(min(memory // 16, 2 * GB)),
            "vacuum and index builds; few at a time",
        ),
        Tuned("wal_buffers", _told(min(shared * 3 // 100, 16 * MB)), "3 % of shared_buffers"),
        Tuned(
            "max_wal_size", _told(min(max(memory, GB), 4 * GB)), "checkpoints stay rare under load"
        ),
        Tuned("random_page_cost", "4" if spinning else "1.1", _disk(spinning)),
        Tuned("effective_io_concurrency", "2" if spinning else "200", _disk(spinning)),
        Tuned("jit", "off", "our statements take milliseconds: compiling them takes longer"),
    ]


def _disk(spinning: bool) -> str:  # noqa: FBT001  (a word for each)
    return "a disk that turns" if spinning else "a solid state disk"


def _told(size: int) -> str:
    return f"{size // MB}MB" if size >= MB else f"{size // KB}kB"


def as_configuration(settings: list[Tuned]) -> str:
    """Lines of postgresql.conf, each with its reason."""
    lines = [f"{each.name} = {each.value}" for each in settings]
    width = max(map(len, lines))
    told = zip(lines, settings, strict=True)
    return "\n".join(f"{line:{width}}  # {each.reason}" for line, each in told)


def as_flags(settings: list[Tuned]) -> str:
    """The same for the server's command line, as docker-compose.yml has them."""
    return ", ".join(f"-c, {each.name}={each.value}" for each in settings)
