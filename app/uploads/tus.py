"""The tus protocol's own words: metadata, checksums, dates.

https://tus.io/protocols/resumable-upload, version 1.0.0
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from app.core.errors import Invalid
from app.uploads.errors import ChecksumDiffers, ChecksumUnknown
from app.uploads.schemas import Purpose

if TYPE_CHECKING:
    from hashlib import _Hash

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,termination,checksum,expiration"
CHECKSUMS: Final = ("sha256", "sha1")
BODY_TYPE: Final = "application/offset+octet-stream"
LONGEST_METADATA: Final = 4000
LONGEST_NAME: Final = 255

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the sender says of a file before it comes. `text` is how it was said, to be said back."""

    size_bytes: int
    purpose: Purpose
    filename: str
    sha256: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece must hash to."""

    algorithm: str
    expected: bytes

    def new(self) -> "_Hash":
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def compare(self, digest: "_Hash | None") -> None:
        """Raises `ChecksumDiffers`."""
        if digest is None or not hmac.compare_digest(digest.digest(), self.expected):
            raise ChecksumDiffers(
                "This piece is not what was sent, and was not kept. Send it again."
            )


def checksum_in(header: str | None) -> Checksum | None:
    """`Upload-Checksum: sha256 <base64>`. Raises `ChecksumUnknown`."""
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    expected = _decoded(value.strip())
    if algorithm not in CHECKSUMS or expected is None:
        raise ChecksumUnknown(f"Write it as tus says, with one of {', '.join(CHECKSUMS)}.")
    return Checksum(algorithm, expected)


def declared_in(size_bytes: int, header: str) -> Declared:
    """What `Upload-Metadata` says of a file: `filename`, `purpose`, `sha256`. Raises `Invalid`."""
    said = _metadata(header)
    filename = said.get("filename") or said.get("name") or ""
    if not 0 < len(filename) <= LONGEST_NAME:
        raise _invalid(f"“filename” is missing, or longer than {LONGEST_NAME} characters.")
    if said.get("purpose") not in set(Purpose):
        raise _invalid("“purpose” must be image or video.")
    sha256 = said.get("sha256", "").lower() or None
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise _invalid("“sha256” must be 64 hexadecimal digits.")
    return Declared(size_bytes, Purpose(said["purpose"]), filename, sha256, header)


def _metadata(header: str) -> dict[str, str]:
    said = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        decoded = _decoded(value.strip())
        if not key or decoded is None:
            raise _invalid("Write each value in base64 behind its key, pairs separated by commas.")
        try:
            said[key] = decoded.decode()
        except UnicodeDecodeError as error:
            raise _invalid(f"“{key}” is not UTF-8 text.") from error
    return said


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _invalid(detail: str) -> Invalid:
    return Invalid(f"Upload-Metadata: {detail}", pointer="header/Upload-Metadata")


def http_date(moment: datetime) -> str:
    """As `Upload-Expires` wants it (RFC 9110)."""
    return format_datetime(moment, usegmt=True)
