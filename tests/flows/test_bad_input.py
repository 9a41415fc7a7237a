"""Bad input to a running service: a clear answer each time, nothing half-stored, memory bounded."""

import http.client
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.flows.visitor import Panel, is_over
from tests.support import media
from tests.support.stack import RunningStack

MEBIBYTE = 1024**2
MOST_GROWTH = 96 * MEBIBYTE


def _files(stack: RunningStack) -> set[Path]:
    return {path for path in stack.storage.rglob("*") if path.is_file()}


def _memory(stack: RunningStack, measure: str) -> int:
    """Bytes the API process uses now (VmRSS) or used at most (VmHWM), told by the kernel."""
    status = Path(f"/proc/{stack.processes['api'].pid}/status").read_text()
    found = re.search(rf"{measure}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def _forget_the_peak(stack: RunningStack) -> None:
    Path(f"/proc/{stack.processes['api'].pid}/clear_refs").write_text("5")


@pytest.fixture
def panel(running_stack: RunningStack) -> Panel:
    return Panel(running_stack)


@pytest.mark.parametrize(
    ("purpose", "content", "status", "code", "words"),
    [
        ("image", b"this is a text, called .jpg", 415, "image_type_refused", "JPEG, PNG, WebP"),
        ("image", media.photo()[:20_000], 422, "image_broken", "save it again"),
        ("image", media.huge_png(), 422, "image_too_large", "20,000 x 20,000"),
        ("video", b"", 422, "file_empty", "Choose the file again"),
        ("video", b"\0\0\0\x18ftypisom\0\0\0\0isommp42", 422, "video_broken", "Export it again"),
    ],
    ids=["text named jpg", "truncated jpeg", "20000 x 20000", "empty video", "hollow video"],
)
def test_a_bad_file_gets_a_clear_answer_and_leaves_nothing(
    purpose: str,
    content: bytes,
    status: int,
    code: str,
    words: str,
    panel: Panel,
    running_stack: RunningStack,
) -> None:
    """Status, code, and words that say what to do; the storage is as before."""
    before = _files(running_stack)

    answer = panel.upload(content, purpose)

    assert (status, code) == (answer.status_code, answer.json()["code"])
    assert words in answer.json()["detail"]
    assert before == _files(running_stack)


def test_a_bomb_of_pixels_costs_no_memory(panel: Panel, running_stack: RunningStack) -> None:
    """A 20,000 x 20,000 PNG would take 400 MB decoded; the server grows by a fraction of it."""
    panel.upload(media.photo())  # whatever the first picture loads is loaded
    _forget_the_peak(running_stack)
    before = _memory(running_stack, "VmRSS")

    panel.upload(media.huge_png())

    growth = _memory(running_stack, "VmHWM") - before
    print(f"refusing 400 megapixels: the API grew by {growth / MEBIBYTE:.1f} MB at most")
    assert growth < MOST_GROWTH


def test_a_wall_without_texture_ends_as_failed_with_the_reason(panel: Panel) -> None:
    """The picture is a good file, so it is the target that fails."""
    made = panel.create_content(media.grey_wall())

    target = panel.wait_for(made["id"], is_over)["target"]

    assert ("failed", "no_texture") == (target["status"], target["failure"]["code"])


def test_six_hundred_megabytes_declared_are_refused_at_once(
    panel: Panel, running_stack: RunningStack
) -> None:
    """413 by the declared length, before the body is sent."""
    connection = _request_head(panel, f"Content-Length: {600 * MEBIBYTE}")
    with connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        words = answer.read().decode()

    assert 413 == answer.status
    assert "500 MB" in words


def test_six_hundred_megabytes_in_chunks_are_refused_by_counting(
    panel: Panel, running_stack: RunningStack
) -> None:
    """Without a declared length the bytes are counted; memory stays flat and the disk is given back."""
    _forget_the_peak(running_stack)
    before_files, before = _files(running_stack), _memory(running_stack, "VmRSS")
    started = time.perf_counter()
    sent, answer = _send_in_chunks(panel, 600)

    growth = _memory(running_stack, "VmHWM") - before
    print(
        f"{sent} MB sent in chunks in {time.perf_counter() - started:.1f} s: the API grew by "
        f"{growth / MEBIBYTE:.1f} MB at most"
    )
    assert answer.startswith("HTTP/1.1 413")
    assert growth < MOST_GROWTH
    _wait_until(lambda: before_files == _files(running_stack))


def test_a_disconnect_in_mid_upload_leaves_nothing(
    panel: Panel, running_stack: RunningStack
) -> None:
    """Half a file arrives, the client vanishes: the partial file goes, and no crash is logged."""
    before = _files(running_stack)
    crashes = running_stack.logs(10_000).count("request.crashed")
    connection = _request_head(panel, f"Content-Length: {8 * MEBIBYTE}")
    connection.sendall(b"x" * 4 * MEBIBYTE)
    _wait_until(lambda: before != _files(running_stack))

    connection.close()

    _wait_until(lambda: before == _files(running_stack))
    assert crashes == running_stack.logs(10_000).count("request.crashed")


def _wait_until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came so far"
        time.sleep(0.05)


def _request_head(panel: Panel, framing: str) -> socket.socket:
    """A connection on which an upload has been announced, its body still to come."""
    address = urlsplit(str(panel.client.base_url))
    connection = socket.create_connection((address.hostname, address.port), timeout=30)
    cookies = "; ".join(f"{name}={value}" for name, value in panel.client.cookies.items())
    connection.sendall(
        f"POST {panel.base}/uploads?purpose=video&filename=x HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Cookie: {cookies}\r\n{framing}\r\n\r\n".encode()
    )
    return connection


def _send_in_chunks(panel: Panel, megabytes: int) -> tuple[int, str]:
    """How many megabytes could be sent until the server answered, and its answer."""
    connection = _request_head(panel, "Transfer-Encoding: chunked")
    sent = 0
    with connection:
        try:
            for chunk in _chunks(megabytes):
                connection.sendall(chunk)
                sent += 1
        except (BrokenPipeError, ConnectionResetError):
            pass  # The server has answered and hung up, as it should.
        try:
            return sent, connection.recv(65536).decode()
        except ConnectionResetError:
            return sent, ""


def _chunks(megabytes: int) -> Iterator[bytes]:
    body = b"x" * MEBIBYTE
    for _ in range(megabytes):
        yield b"%x\r\n%s\r\n" % (MEBIBYTE, body)
    yield b"0\r\n\r\n"
