"""What a server's processes spend, told by the kernel: a busy machine makes requests late, not dear."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Processes:
    """Servers by name, each with the processes it has started."""

    roots: dict[str, int] = field(default_factory=dict)

    def seconds(self, *names: str) -> float:
        """Processor seconds these servers (all, if none is named) spent so far, ended children included."""
        wanted = names or tuple(self.roots)
        return sum(
            _spent(pid, 4) for name in wanted for pid in _family(self.roots[name])[:1]
        ) + sum(_spent(pid, 2) for name in wanted for pid in _family(self.roots[name])[1:])

    def megabytes(self, name: str) -> float:
        """Memory of the server's processes (10^6 bytes), what they share counted once for each."""
        return sum(_resident(pid) for pid in _family(self.roots[name])) / 1e6


def _family(root: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(place.name))
        if fields:
            children.setdefault(int(fields[1]), []).append(int(place.name))
    family = [root]
    for pid in family:
        family += children.get(pid, [])
    return family


def _spent(pid: int, fields: int) -> float:
    """User and system time; with four fields that of children which have ended, too (proc(5))."""
    return sum(int(ticks) for ticks in _stat(pid)[11 : 11 + fields]) / _TICKS


def _resident(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[21]) * _PAGE if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields after the command's name, the state first; none when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()
