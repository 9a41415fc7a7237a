"""How much memory a server's processes take at most, as Linux counts it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

RESET_PEAK = "5"  # proc(5), clear_refs
_FIELD = re.compile(r"^(VmRSS|VmHWM):\s+(\d+) kB$", re.MULTILINE)


def processes_of(url: str) -> list[int]:
    """The ids of the uvicorn processes that were told to listen at the address."""
    port = f"--port={urlsplit(url).port}"
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # It has ended.
        if port in command and "uvicorn" in command:
            found.append(int(place.name))
    return found


class PeakMemory:
    """Watches processes from the moment it is made."""

    def __init__(self, pids: list[int]) -> None:
        assert pids, "nothing to watch"
        self._before = {pid: _read(pid)["VmRSS"] for pid in pids}
        for pid in pids:
            Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)

    def growth_mb(self) -> float:
        """By how many megabytes (10^6 bytes) the one that grew most did, at its peak."""
        return max(_read(pid)["VmHWM"] - before for pid, before in self._before.items()) / 1000


def _read(pid: int) -> dict[str, int]:
    text = Path(f"/proc/{pid}/status").read_text()
    return {name: int(kilobytes) for name, kilobytes in _FIELD.findall(text)}
