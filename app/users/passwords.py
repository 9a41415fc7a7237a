"""Passwords: argon2id, checked in two threads at most.

One check takes about 64 MB and 50 ms; the small pool bounds the memory however many sign in at once.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHash((Argon2Hasher(),))
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the password was right, and a stronger hash when ours has become too weak."""

    is_right: bool
    better_hash: str | None


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def check(password: str, password_hash: str | None) -> Check:
    """Compare. Without a hash (no such user) the same work is done, so that time tells nothing."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, _check, password, password_hash
    )


def _check(password: str, password_hash: str | None) -> Check:
    is_right, better_hash = _hasher.verify_and_update(password, password_hash or _nobodys_hash())
    return Check(is_right and password_hash is not None, better_hash)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def one_time_password() -> str:
    """Sixteen letters and digits that are not mistaken for each other (79 bits), in groups of four."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))
