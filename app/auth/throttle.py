"""Slowing down guesses, per account and address.

An attempt is counted before the password is looked at and forgotten when it was right, so a hundred guesses
sent at once count as a hundred. The address is part of the key: guessing from elsewhere never locks
the owner out.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.core.errors import TooManyRequests

FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)


class TooManyAttempts(TooManyRequests):
    code = "too_many_attempts"
    title = "Too many attempts"


async def count_attempt(session: AsyncSession, *, email: str, address: str, now: datetime) -> bytes:
    """Count an attempt and return the key to forget it by. Raises `TooManyAttempts` while waiting."""
    key = _key(email, address)
    failure = await queries.lock_failures(session, key, now=now)
    if now - failure.last_failed_at > FORGOTTEN_AFTER:
        failure.failures = 0
    wait = failure.last_failed_at + wait_after(failure.failures) - now
    if failure.failures and wait > timedelta(0):
        seconds = ceil(wait.total_seconds())
        raise TooManyAttempts(
            f"Too many wrong passwords. Try again in {seconds} s.", retry_after_seconds=seconds
        )
    failure.failures += 1
    failure.last_failed_at = now
    return key


def wait_after(failures: int) -> timedelta:
    """How long the next attempt has to wait: nothing at first, then 1, 2, 4 ... seconds."""
    if failures < FREE_ATTEMPTS:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_ATTEMPTS, 20)), LONGEST_WAIT)


def _key(email: str, address: str) -> bytes:
    return hashlib.sha256(f"{email}\n{_network(address)}".encode()).digest()


def _network(address: str) -> str:
    """IPv6 callers own a whole /64, so they are counted by it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
