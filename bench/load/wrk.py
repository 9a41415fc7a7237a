"""One burst of wrk, and what it counted (https://github.com/wg/wrk)."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# Prints one JSON line at the end. Latencies are in microseconds.
_SCRIPT: Final = """
wrk.method = %(method)s
wrk.body = %(body)s
done = function(summary, latency, requests)
  local e = summary.errors
  print(string.format(
    '{"requests":%%d,"seconds":%%f,"bytes":%%d,"lost":%%d,"refused":%%d,"p50":%%f,"p95":%%f,"p99":%%f}',
    summary.requests, summary.duration / 1e6, summary.bytes, e.connect + e.read + e.write + e.timeout,
    e.status, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of request, and by how many at once."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str = ""
    connections: int = 32


@dataclass(frozen=True, slots=True)
class Burst:
    """What came back. `lost` got no answer, `refused` another one than 2xx or 3xx; times in milliseconds."""

    requests: int
    seconds: float
    bytes: int
    lost: int
    refused: int
    p50: float
    p95: float
    p99: float

    @property
    def answered(self) -> int:
        return self.requests - self.refused


def find_wrk() -> str:
    """The program's path. Raises `FileNotFoundError` with the remedy."""
    found = shutil.which("wrk")
    if found is None:
        raise FileNotFoundError("wrk is not here: apt install wrk (make load does, where it may)")
    return found


def burst(asked: Asked, seconds: float) -> Burst:
    """Ask for so long, on one thread, and wait for nothing in between."""
    script = _SCRIPT % {"method": json.dumps(asked.method), "body": json.dumps(asked.body)}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [find_wrk(), "--threads=1", f"--connections={asked.connections}"]
        command += [f"--duration={max(1, round(seconds))}s", "--timeout=30s", "--latency"]
        command += [f"--script={Path(file.name)}"]
        command += [f"--header={name}: {value}" for name, value in asked.headers.items()]
        done = subprocess.run([*command, asked.url], check=True, capture_output=True, text=True)
    return Burst(**json.loads(done.stdout.splitlines()[-1]))
