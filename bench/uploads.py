"""`python -m bench uploads`: 500 MB through nginx and the API, beside `cp` and nginx alone; and the memory.

All four end with the bytes on the disk. What is sent is a JPEG with 500 MB behind its end: checked like any
picture, in a moment, so that receiving is what is measured.
"""

import http.client
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.figures import Figure
from bench.process_memory import PeakMemory, processes_of
from bench.service import Service
from ops import nginx
from tests.containers.edge import Edge, free_address
from tests.support import media, tus

SIZE_BYTES = 500 * 1000 * 1000
RUNS = 3
BLOCK_BYTES = 1024 * 1024
PIECE_BYTES = 64 * 1024 * 1024
AIM_MEMORY_MB = 64.0
NGINX_ALONE = """
{user}worker_processes 1;
daemon off;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_max_body_size 0;
  client_body_temp_path {folder}/body;
  server {{ listen {listen}; location / {{ root {folder}/put; dav_methods PUT; create_full_put_path on; }} }}
}}
"""


@dataclass(frozen=True)
class Way:
    """Where and as whom the measured requests go."""

    url: str
    uploads: str
    cookie: str


def measure(service: Service) -> list[Figure]:
    """Seconds for each way, as multiples of `cp` and of nginx alone; and what memory grew by."""
    with tempfile.TemporaryDirectory(prefix="arv-bench-uploads-", dir=Path.cwd()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = _make_file(folder)
        copied = [_timed(lambda: _copy(file, folder / "copy")) for _ in range(RUNS)]
        with _nginx_alone(folder) as address:
            put = [_timed(lambda: _put(address, file)) for _ in range(RUNS)]
        with _edge(service, folder) as edge:
            way = _way(service, edge.url)
            memory = PeakMemory(processes_of(service.url))
            plain = [_timed(lambda: _in_one_request(way, file)) for _ in range(RUNS)]
            grown_plain = memory.growth_mb()
            memory = PeakMemory(processes_of(service.url))
            pieces = [_timed(lambda: _in_pieces(way, file)) for _ in range(RUNS)]
            grown_pieces = memory.growth_mb()
    megabytes = SIZE_BYTES / 1e6
    return [
        Figure("cp and fsync", [megabytes / s for s in copied], "MB/s"),
        Figure("PUT to nginx alone", [megabytes / s for s in put], "MB/s"),
        Figure("upload in one request", [megabytes / s for s in plain], "MB/s"),
        Figure("upload by tus, pieces of 64 MB", [megabytes / s for s in pieces], "MB/s"),
        Figure("one request: times as long as cp", _ratios(plain, copied), "x"),
        Figure("one request: as nginx alone", _ratios(plain, put), "x"),
        Figure("tus: times as long as cp", _ratios(pieces, copied), "x"),
        Figure("tus: as nginx alone", _ratios(pieces, put), "x"),
        Figure("memory of the API, one request", [grown_plain], "MB", AIM_MEMORY_MB),
        Figure("memory of the API, tus", [grown_pieces], "MB", AIM_MEMORY_MB),
    ]


def _make_file(folder: Path) -> Path:
    path = folder / "large.jpg"
    block = os.urandom(BLOCK_BYTES)
    with path.open("wb") as file:
        file.write(media.photo())
        while (left := SIZE_BYTES - file.tell()) > 0:
            file.write(block[:left])
        file.flush()
        os.fsync(file.fileno())
    return path


def _ratios(times: list[float], beside: list[float]) -> list[float]:
    usual = sorted(beside)[len(beside) // 2]
    return [each / usual for each in times]


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    descriptor = os.open(target, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    target.unlink()


@contextmanager
def _nginx_alone(folder: Path) -> Iterator[str]:
    """An nginx that takes a file and does nothing else with it."""
    place, address = folder / "alone", free_address()
    place.mkdir()
    user = "user root;\n" if os.geteuid() == 0 else ""
    config = place / "nginx.conf"
    config.write_text(NGINX_ALONE.format(user=user, folder=place, listen=address))
    process = subprocess.Popen(["nginx", "-c", str(config), "-p", str(place)])
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            httpx.get(f"http://{address}/", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx did not start")


@contextmanager
def _edge(service: Service, folder: Path) -> Iterator[Edge]:
    place = nginx.Place(folder / "edge", free_address(), urlsplit(service.url).netloc)
    edge = Edge(place)
    edge.start()
    try:
        yield edge
    finally:
        edge.stop()


def _way(service: Service, url: str) -> Way:
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        known = {"email": service.credentials.email, "password": service.credentials.password}
        answer = client.post("/api/v1/auth/sign-in", json=known)
        answer.raise_for_status()
        company = answer.json()["memberships"][0]["company"]["id"]
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return Way(url, f"/api/v1/companies/{company}/uploads", cookie)


def _put(address: str, file: Path) -> None:
    """Sent, kept and on the disk, as ARV's own are when it answers."""
    _send(f"http://{address}", "PUT", "/large.jpg", file, 0, SIZE_BYTES, {}, {201, 204})
    os.sync()


def _in_one_request(way: Way, file: Path) -> None:
    path = f"{way.uploads}?purpose=image&filename=large.jpg"
    headers = {"Cookie": way.cookie, "Content-Type": "image/jpeg"}
    _send(way.url, "POST", path, file, 0, SIZE_BYTES, headers, {201})


def _in_pieces(way: Way, file: Path) -> None:
    said = tus.metadata(filename="large.jpg", purpose="image")
    headers = {**tus.VERSION, "Upload-Length": str(SIZE_BYTES), "Upload-Metadata": said}
    answer = httpx.post(
        way.url + way.uploads + "/tus", headers=headers | {"Cookie": way.cookie}, trust_env=False
    )
    answer.raise_for_status()
    path = answer.headers["Location"]
    for at in range(0, SIZE_BYTES, PIECE_BYTES):
        piece = tus.piece_headers(at) | {"Cookie": way.cookie}
        _send(way.url, "PATCH", path, file, at, min(PIECE_BYTES, SIZE_BYTES - at), piece, {204})


def _send(
    url: str,
    method: str,
    path: str,
    file: Path,
    at: int,
    length: int,
    headers: dict[str, str],
    accepted: set[int],
) -> None:
    """One request whose body is a part of the file, without more work than the kernel's."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=300)
    connection.putrequest(method, path)
    for name, value in (headers | {"Content-Length": str(length)}).items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.sock is not None
    with file.open("rb") as source:
        connection.sock.sendfile(source, offset=at, count=length)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status not in accepted:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
