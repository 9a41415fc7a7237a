"""A small tus client for tests: it says exactly what it is told to say, wrong things too."""

import base64
import hashlib
from typing import Any
from uuid import UUID

import httpx

from tests.support.people import Member

VERSION = {"Tus-Resumable": "1.0.0"}
BODY_TYPE = "application/offset+octet-stream"


def metadata(**said: str) -> str:
    """`Upload-Metadata`."""
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())


def begin_headers(content: bytes, *, purpose: str = "image", **said: str) -> dict[str, str]:
    """What begins an upload of this content."""
    said = {"filename": "portrait.jpg", "purpose": purpose} | said
    return VERSION | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(**said)}


def piece_headers(offset: int) -> dict[str, str]:
    return VERSION | {"Upload-Offset": str(offset), "Content-Type": BODY_TYPE}


def checksum(content: bytes, algorithm: str = "sha256") -> dict[str, str]:
    digest = hashlib.new(algorithm, content).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


async def begin(member: Member, content: bytes, **said: str) -> str:
    """The path of a new upload below the company."""
    answer = await member.post("/uploads/tus", headers=begin_headers(content, **said))
    assert 201 == answer.status_code, answer.text
    return "/uploads/tus/" + answer.headers["Location"].rsplit("/", 1)[-1]


async def send(
    member: Member, path: str, piece: Any, *, offset: int, **headers: str
) -> httpx.Response:
    return await member.patch(path, content=piece, headers=piece_headers(offset) | headers)


async def offset_of(member: Member, path: str) -> int:
    """What the server says has arrived."""
    answer = await member.client.head(member.path(path), headers=VERSION)
    assert 200 == answer.status_code, answer.status_code
    return int(answer.headers["Upload-Offset"])


def id_of(path: str) -> UUID:
    """The id in the path that `begin` gave."""
    return UUID(path.rsplit("/", 1)[-1])
