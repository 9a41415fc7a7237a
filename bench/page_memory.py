"""How much memory a page's own process takes, as Linux counts it."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

_FIELD = re.compile(r"^(Pss|Private_Clean|Private_Dirty|Rss):\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class PageMemory:
    """Megabytes (10^6 bytes).

    `proportional`: memory shared with other processes, above all Chromium's program, counts by its share
    (PSS). `private`: what nobody shares. `resident`: all that is mapped, shared or not (RSS).
    """

    proportional: float
    private: float
    resident: float


def largest_renderer(browser: Browser) -> PageMemory:
    """Of the renderer with most of it: the visible page's, beside Chromium's empty spare ones."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    found = [_read(process["id"]) for process in processes if process["type"] == "renderer"]
    return max(found, key=lambda memory: memory.proportional)


def _read(pid: int) -> PageMemory:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    megabytes = {name: int(kilobytes) * 1024 / 1e6 for name, kilobytes in _FIELD.findall(text)}
    return PageMemory(
        proportional=megabytes["Pss"],
        private=megabytes["Private_Clean"] + megabytes["Private_Dirty"],
        resident=megabytes["Rss"],
    )
