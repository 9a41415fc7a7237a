"""A sender that never gives up: it remembers what was acknowledged, and holds the service to it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import httpx

from tests.support import media, tus
from tests.support.forked_api import PLAIN

PHOTO = media.photo(64, 64)


@dataclass
class Sent:
    """One file on its way."""

    content: bytes
    path: str | None = None
    acknowledged: int = 0
    upload_id: str | None = None


@dataclass
class Sender:
    """Sends one file after the other; `lost` tells what was acknowledged and is not there."""

    url: str
    base: str
    cookies: httpx.Cookies
    chance: random.Random
    on_acknowledged: Callable[[], None] = lambda: None
    now: Sent | None = None
    finished: list[Sent] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    resumed: int = 0

    def send_until_cut(self) -> None:
        """Send files until the line breaks."""
        with self.client() as client:
            try:
                while True:
                    self._send_one(client)
            except httpx.TransportError:
                return

    def finish(self) -> None:
        """Send what is left of the present file."""
        with self.client() as client:
            if self.now is not None:
                self._send_one(client)

    def prove_all(self) -> None:
        """Every upload that was acknowledged is there, byte for byte by its hash."""
        with self.client() as client:
            for sent in self.finished:
                answer = client.get(f"{self.base}/uploads/{sent.upload_id}")
                expected = sha256(sent.content).hexdigest()
                if not answer.is_success or answer.json()["sha256"] != expected:
                    self.lost.append(f"upload {sent.upload_id}: {answer.status_code}")

    def client(self) -> httpx.Client:
        """Signed in, straight to the service."""
        return httpx.Client(
            base_url=self.url, cookies=self.cookies, trust_env=False, verify=PLAIN, timeout=30
        )

    def _send_one(self, client: httpx.Client) -> None:
        sent = self.now = self.now or Sent(PHOTO + self.chance.randbytes(200_000))
        if sent.path is None:
            self._begin(client, sent)
        at = self._offset(client, sent)
        while sent.upload_id is None:
            at = self._send_piece(client, sent, at)
        self.finished.append(sent)
        self.now = None

    def _begin(self, client: httpx.Client, sent: Sent) -> None:
        headers = tus.begin_headers(sent.content, sha256=sha256(sent.content).hexdigest())
        answer = client.post(f"{self.base}/uploads/tus", headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        sent.path = answer.headers["Location"]
        self.on_acknowledged()

    def _offset(self, client: httpx.Client, sent: Sent) -> int:
        """Where the service says it is, which may be further than it could tell us, never less."""
        assert sent.path is not None
        answer = client.head(sent.path, headers=tus.VERSION)
        if not answer.is_success:
            self.lost.append(f"{sent.path}: {answer.status_code}")
            raise AssertionError(self.lost[-1])
        at = int(answer.headers["Upload-Offset"])
        if at < sent.acknowledged:
            self.lost.append(f"{sent.path}: {at} of {sent.acknowledged}")
        self.resumed += int(at > 0)
        sent.upload_id = answer.headers.get("ARV-Upload-Id")
        return at

    def _send_piece(self, client: httpx.Client, sent: Sent, at: int) -> int:
        assert sent.path is not None
        piece = sent.content[at : at + self.chance.randrange(1, 60_000)]
        answer = client.patch(sent.path, content=piece, headers=tus.piece_headers(at))
        assert answer.status_code == httpx.codes.NO_CONTENT, answer.text
        sent.acknowledged = int(answer.headers["Upload-Offset"])
        sent.upload_id = answer.headers.get("ARV-Upload-Id")
        self.on_acknowledged()
        return sent.acknowledged
