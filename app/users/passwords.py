"""Passwords: argon2id, checked in two threads at most.

One check takes about 64 MB and 50 ms; the small pool bounds the memory however many sign in at once, and
the queue in front of it is short: who would wait for more than a second is told to come back.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unavailable

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHash((Argon2Hasher(),))
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
# A stranger waits behind at most so many; who is known, and who sets a new password, behind twice as many.
LONGEST_QUEUE = 24


# Kept for who signs in through a company only: no password is right, until one is set by a mailed link.
NO_PASSWORD: Final = "!"  # noqa: S105  (that is the point)

T = TypeVar("T")


class Busy(Unavailable):
    code = "sign_in_busy"
    title = "Too many are signing in at this moment"


@dataclass(slots=True)
class _Waiting:
    """Hashes asked for and not done, of this process."""

    count: int = 0


_waiting = _Waiting()


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the password was right, and a stronger hash when ours has become too weak."""

    is_right: bool
    better_hash: str | None


async def hash_password(password: str) -> str:
    """Raises `Busy` when too many wait."""
    return await _in_turn(2 * LONGEST_QUEUE, _hasher.hash, one_form(password))


async def check(password: str, password_hash: str | None, *, is_known: bool = False) -> Check:
    """Compare. Without a hash (no such user) the same work is done, so that time tells nothing.

    Raises `Busy` when too many wait; `is_known` callers (a device that signed in before) wait longer.
    """
    longest = LONGEST_QUEUE * (2 if is_known else 1)
    return await _in_turn(longest, _check, one_form(password), password_hash)


def one_form(password: str) -> str:
    """Unicode NFC: `é` typed on one keyboard is `é` typed on another (RFC 8265, section 4)."""
    return unicodedata.normalize("NFC", password)


async def _in_turn(longest: int, work: Callable[..., T], *arguments: object) -> T:
    if _waiting.count >= longest:
        raise Busy("Many people are signing in at the moment. Try again in a few seconds.")
    _waiting.count += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)
    finally:
        _waiting.count -= 1


def _check(password: str, password_hash: str | None) -> Check:
    known = password_hash if password_hash != NO_PASSWORD else None
    is_right, better_hash = _hasher.verify_and_update(password, known or _nobodys_hash())
    return Check(is_right and known is not None, better_hash)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def one_time_password() -> str:
    """Sixteen letters and digits that are not mistaken for each other (79 bits), in groups of four."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))
