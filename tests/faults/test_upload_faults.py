"""Uploads through crashes, broken lines, full disks, slow senders and greedy neighbours."""

import asyncio
import itertools
import random
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.core.config import get_settings
from app.storage.service import incoming_folder
from app.uploads import incoming
from tests.faults.report import full, recovered
from tests.faults.upload_sender import Sender
from tests.flows.visitor import Panel
from tests.support import media, people, tus
from tests.support.contents import upload
from tests.support.fault_proxy import FaultProxy
from tests.support.forked_api import ForkedApi
from tests.support.servers import TestServers
from tests.support.small_disk import small_disk
from tests.support.stack import RunningStack, make_stack

SEED = 20261123
PHOTO = media.photo()
# The proxy passes bytes on in pieces of this size.
CUT_EVERY_BYTES = 16 * 1024
RESTART_LIMIT_SECONDS = 30


@pytest.fixture(scope="module")
def stack(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A seeded installation whose API is started by the test."""
    made = make_stack(servers, tmp_path_factory.mktemp("uploads"), {"LOG_LEVEL": "error"})
    made.admin_password = made.run("seed").split("one-time password: ")[1].split()[0]
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def api(stack: RunningStack) -> Iterator[ForkedApi]:
    forked = ForkedApi(stack.environment, stack.port, stack.folder / "forked.log")
    try:
        yield forked
    finally:
        forked.stop()


def _sender(stack: RunningStack, api: ForkedApi, url: str | None = None) -> Sender:
    if api.pid is None:
        api.start()
    panel = Panel(stack)
    cookies = panel.client.cookies
    return Sender(url or api.url, panel.base, cookies, random.Random(SEED))


def test_killed_after_any_acknowledgement_nothing_is_lost(
    stack: RunningStack, api: ForkedApi
) -> None:
    """Killed a seeded moment after a seeded number of answers: what they acknowledged is there."""
    sender, chance = _sender(stack, api), random.Random(SEED)
    kills, slowest = full(8, 500), 0.0

    for _ in range(kills):
        if api.pid is None:
            slowest = max(slowest, api.start())
        sender.on_acknowledged = _after(chance.randint(1, 9), chance.uniform(0, 0.2), api.kill)
        sender.send_until_cut()
    sender.on_acknowledged = lambda: None
    slowest = max(slowest, api.start())
    sender.finish()
    sender.prove_all()

    assert [] == sender.lost
    assert len(sender.finished) >= kills // 4
    recovered(
        "API killed while uploads arrive",
        condition="0 acknowledged bytes or uploads lost, sending goes on",
        seconds=slowest,
        limit=RESTART_LIMIT_SECONDS,
        detail=f"{kills} kills, {len(sender.finished)} uploads whole, {sender.resumed} resumed",
    )


def _after(answers: int, seconds: float, act: Callable[[], None]) -> Callable[[], None]:
    """What to call at each answer, so that so many, and then so many seconds, later it is acted."""
    left = itertools.count(answers - 1, -1)

    def count() -> None:
        if next(left) == 0:
            threading.Timer(seconds, act).start()

    return count


def test_cut_at_every_chunk_an_upload_goes_on(stack: RunningStack, api: ForkedApi) -> None:
    """The line is reset after each 16 kB in turn; what arrived before stays, and the rest follows."""
    sender, cuts, began = _sender(stack, api), full(4, 60), time.monotonic()
    with FaultProxy("127.0.0.1", stack.port) as line, sender.client() as straight:
        for number in range(1, cuts + 1):
            content = PHOTO + random.Random(number).randbytes(cuts * CUT_EVERY_BYTES)
            headers = tus.begin_headers(content, sha256=sha256(content).hexdigest())
            path = straight.post(f"{sender.base}/uploads/tus", headers=headers).headers["Location"]
            line.reset_after = number * CUT_EVERY_BYTES

            assert _is_cut(line, sender, path, content)

            at = _settled_offset(straight, path)
            assert at <= number * CUT_EVERY_BYTES
            rest = straight.patch(path, content=content[at:], headers=tus.piece_headers(at))
            made = straight.get(f"{sender.base}/uploads/{rest.headers['ARV-Upload-Id']}").json()
            assert sha256(content).hexdigest() == made["sha256"]

    recovered(
        "upload cut at every chunk",
        condition="it goes on where it was, and is whole",
        seconds=(time.monotonic() - began) / cuts,
        limit=20,
        detail=f"{cuts} cuts, seconds are for each",
    )


def _is_cut(line: FaultProxy, sender: Sender, path: str, content: bytes) -> bool:
    """Send the whole file through the line; whether that was cut."""
    url = f"http://127.0.0.1:{line.port}"
    with replace(sender, url=url).client() as client:
        try:
            client.patch(path, content=content, headers=tus.piece_headers(0))
        except httpx.TransportError:
            return True
    return False


def _settled_offset(client: httpx.Client, path: str) -> int:
    """The offset once the service has noticed that the line is gone: nobody holds the upload then."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        at = int(client.head(path, headers=tus.VERSION).headers["Upload-Offset"])
        nothing = client.patch(path, content=b"", headers=tus.piece_headers(at))
        if nothing.status_code == httpx.codes.NO_CONTENT:
            return at
        time.sleep(0.02)
    raise AssertionError("the upload stays held")


async def test_a_full_disk_takes_no_bytes_and_loses_none(app: FastAPI) -> None:
    """503 in words; what was acknowledged before stays, and once there is room the upload goes on.

    Without the right to mount, a part file that leads to /dev/full stands for the full disk.
    """
    owner = await people.make_member(app)
    content = PHOTO + random.Random(SEED).randbytes(3 * 1024**2)
    with small_disk(incoming_folder()) as mounted:
        path = await tus.begin(owner, content)
        first = await tus.send(owner, path, content[: 500 * 1024], offset=0)
        if not mounted:
            _fill(incoming.path_of(tus.id_of(path)))
        refused = await tus.send(owner, path, content[500 * 1024 :], offset=500 * 1024)
        kept = await tus.offset_of(owner, path)
        if mounted:
            _enlarge(incoming_folder())
        else:
            _empty(incoming.path_of(tus.id_of(path)))
        began = time.monotonic()
        done = await tus.send(owner, path, content[kept:], offset=kept)

    assert (204, 503, "unavailable") == (
        first.status_code,
        refused.status_code,
        refused.json()["code"],
    )
    assert kept >= 500 * 1024
    assert 204 == done.status_code, done.text
    recovered(
        "disk full for media",
        condition="refused in words, nothing acknowledged lost, goes on when there is room",
        seconds=time.monotonic() - began,
        limit=10,
        detail="a small tmpfs" if mounted else "/dev/full",
    )


def _enlarge(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=16m", str(folder)], check=True)


def _fill(part: Path) -> None:
    part.rename(part.with_suffix(".aside"))
    part.symlink_to("/dev/full")


def _empty(part: Path) -> None:
    part.unlink()
    part.with_suffix(".aside").rename(part)


async def test_a_full_disk_refuses_a_whole_file_and_keeps_nothing(app: FastAPI) -> None:
    """The one-request upload too: 503, and no leftover. Without the right to mount, a limit of the kernel."""
    owner = await people.make_member(app)
    content = PHOTO + random.Random(SEED).randbytes(3 * 1024**2)
    with small_disk(incoming_folder()) as mounted, _largest_file(None if mounted else 1024**2):
        refused = await upload(owner, content)
        left = list(incoming_folder().iterdir())

    assert (503, "unavailable") == (refused.status_code, refused.json()["code"])
    assert [] == left
    assert 201 == (await upload(owner, content)).status_code


@contextmanager
def _largest_file(size: int | None) -> Iterator[None]:
    """No file of this process grows beyond `size` (EFBIG, where a disk says ENOSPC)."""
    import resource  # noqa: PLC0415
    import signal  # noqa: PLC0415

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if size is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_without_inodes_nothing_begins(app: FastAPI) -> None:
    """No name can be made: 503, and no row of an upload that has no bytes anywhere."""
    owner = await people.make_member(app)
    headers = tus.begin_headers(PHOTO)
    with small_disk(incoming_folder(), inodes=2) as mounted:
        if not mounted:
            incoming_folder().rmdir()
            incoming_folder().parent.joinpath(".incoming").write_text("in the way")
        else:
            (incoming_folder() / "last").touch()
        refused = await owner.post("/uploads/tus", headers=headers)

    assert (503, "unavailable") == (refused.status_code, refused.json()["code"])


async def test_slow_senders_hold_up_nobody(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many drips as one company may have: another company's upload does not feel them."""
    monkeypatch.setenv("UPLOAD_STALL_SECONDS", "2")
    get_settings.cache_clear()
    slow, quick = await people.make_member(app), await people.make_member(app)
    alone = await _seconds_of(quick)
    paths = [await tus.begin(slow, PHOTO) for _ in range(get_settings().uploads.at_once)]
    drips = [asyncio.create_task(tus.send(slow, path, _drip(), offset=0)) for path in paths]
    await asyncio.sleep(0.2)

    beside = await _seconds_of(quick)
    ended = await asyncio.gather(*drips)

    assert {503} == {each.status_code for each in ended}
    recovered(
        "slow senders",
        condition="another company's upload takes no longer than half a second more",
        seconds=beside - alone,
        limit=0.5 + alone,
    )


async def _drip() -> AsyncIterator[bytes]:
    for _ in range(5):
        yield PHOTO[:10]
        await asyncio.sleep(0.1)
    await asyncio.sleep(60)


async def _seconds_of(member: people.Member) -> float:
    began = time.monotonic()
    assert 201 == (await upload(member, PHOTO)).status_code
    return time.monotonic() - began


async def test_a_company_at_fifty_times_the_others_waits_its_turn(app: FastAPI) -> None:
    """Fifty uploads of one company at once: another's single one does not wait for half of them."""
    greedy, modest = await people.make_member(app), await people.make_member(app)
    ended, first = list[int](), asyncio.Event()

    async def send(number: int) -> None:
        answer = await upload(greedy, media.photo(320, 240, seed=number))
        assert 201 == answer.status_code, answer.text
        ended.append(number)
        first.set()

    many = [asyncio.create_task(send(number)) for number in range(50)]
    await first.wait()
    before, began = len(ended), time.monotonic()
    answer = await upload(modest, PHOTO)
    between, seconds = len(ended) - before, time.monotonic() - began
    await asyncio.gather(*many)

    assert 201 == answer.status_code
    assert between <= 25, f"{between} of the fifty came first"
    recovered(
        "one company sends fifty files at once",
        condition="another's file does not wait for half of them",
        seconds=seconds,
        limit=20,
        detail=f"{between} of 50 ended meanwhile",
    )
