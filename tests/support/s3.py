"""A real S3 server (SeaweedFS) for tests: started once on free ports, with accounts of several kinds."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from app.local.ports import free_port
from app.storage.backends.s3 import S3Settings
from app.storage.backends.s3_signing import Signer

READY_WITHIN_SECONDS = 30
STARTS = 3
CORS = """<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
<AllowedMethod>HEAD</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader>
<ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"""
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs requests."""

    key_id: str
    secret: str


ADMIN = Account("arv-admin", "arv-admin-secret-0123456789")
READER = Account("arv-reader", "arv-reader-secret-0123456789")
STRANGER = Account("arv-stranger", "not-known-to-the-server-0123")


@dataclass(slots=True)
class S3Server:
    """`endpoint` answers until `stop`."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """At once: nothing in it is worth the seconds it takes to end in order."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_s3() -> S3Server:
    """The server, ready. Data in a temporary folder that `stop` removes.

    It listens on eight ports, each of which another process may take before it does: tried again.
    """
    for _ in range(STARTS - 1):
        with suppress(AssertionError):
            return _start_once()
    return _start_once()


def _start_once() -> S3Server:
    folder = Path(tempfile.mkdtemp(prefix="arv-s3-"))
    accounts = folder / "accounts.json"
    accounts.write_text(json.dumps(_accounts()))
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            _command(folder, accounts, port), stdout=log, stderr=subprocess.STDOUT, cwd=folder
        )
    server = S3Server(folder, port, process)
    _wait_until_ready(server)
    _wait_until_it_keeps(server)
    return server


def _accounts() -> dict[str, object]:
    def identity(account: Account, actions: list[str]) -> dict[str, object]:
        keys = [{"accessKey": account.key_id, "secretKey": account.secret}]
        return {"name": account.key_id, "credentials": keys, "actions": actions}

    everything = ["Admin", "Read", "Write", "List", "Tagging"]
    return {"identities": [identity(ADMIN, everything), identity(READER, ["Read", "List"])]}


def _command(folder: Path, accounts: Path, port: int) -> list[str]:
    ports = {
        name: str(free_port())
        for name in (
            *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc"),
            *("filer.port", "filer.port.grpc", "s3.port.grpc"),
        )
    }
    options = {
        "dir": str(folder),
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "s3.port": str(port),
        "s3.config": str(accounts),
        "master.volumeSizeLimitMB": "128",
        "volume.max": "400",
        "volume.minFreeSpace": "0",
        **ports,
    }
    weed = Path(sys.executable).with_name("weed")
    flags = [f"-{name}={value}" for name, value in options.items()]
    # Catalogues nobody asks for, on ports that are not free for a second server.
    off = ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    switches = ["-s3", *off, "-filer", "-master.telemetry=false", "-s3.autoCreateBucket=false"]
    return [str(weed), "server", *switches, "-s3.allowedOrigins=https://nobody.test", *flags]


def _wait_until_ready(server: S3Server) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        if _answers(server):
            return
        time.sleep(0.1)
    log = (server.folder / "log").read_text(errors="replace")[-4000:]
    server.stop()
    raise AssertionError(f"the S3 server did not start\n{log}")


def _wait_until_it_keeps(server: S3Server) -> None:
    """Its first volumes are made when the first object comes, and until they are it answers 500."""
    bucket = make_bucket(server, cors=False)
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not _signed(server, "PUT", f"/{bucket}/first", body="kept").is_success:
        if time.monotonic() > deadline:
            server.stop()
            raise AssertionError("the S3 server keeps nothing")
        time.sleep(0.1)
    _signed(server, "DELETE", f"/{bucket}/first").raise_for_status()
    _signed(server, "DELETE", f"/{bucket}").raise_for_status()


def _answers(server: S3Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=0.5).close()
        return httpx.get(f"{server.endpoint}/status", timeout=2).is_success
    except (OSError, httpx.HTTPError):
        return False


def make_bucket(server: S3Server, *, cors: bool = True) -> str:
    """The name of a new empty bucket; with `cors` browsers of any page may read and fill it."""
    name = f"arv-{uuid4().hex[:12]}"
    _signed(server, "PUT", f"/{name}").raise_for_status()
    if cors:
        _signed(server, "PUT", f"/{name}", {"cors": ""}, CORS).raise_for_status()
    return name


def settings_for(
    server: S3Server, bucket: str, account: Account = ADMIN, **more: Any
) -> S3Settings:
    """What a connection to the bucket says."""
    return S3Settings(
        endpoint=more.pop("endpoint", server.endpoint),
        region=REGION,
        bucket=bucket,
        access_key_id=account.key_id,
        secret_access_key=account.secret,
        **more,
    )


def _signed(
    server: S3Server, method: str, path: str, query: dict[str, str] | None = None, body: str = ""
) -> httpx.Response:
    signer = Signer(ADMIN.key_id, ADMIN.secret, REGION)
    url = signer.presign(
        method, server.endpoint + path, moment=datetime.now(UTC), seconds=60, query=query
    )
    return httpx.request(method, url, content=body)
