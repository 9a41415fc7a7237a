"""Identifiers: UUIDv7 where the database keeps rows in order (RFC 9562, section 5.7)."""

import secrets
import time
import uuid

_RANDOM_BITS = 62


def uuid7() -> uuid.UUID:
    """A UUID that sorts by time of creation: milliseconds, then 12 bits of the fraction, then chance."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | fraction << 64
    value |= 0b10 << 62 | secrets.randbits(_RANDOM_BITS)
    return uuid.UUID(int=value)
