"""Slowing down guesses, in a way that a guesser can not turn against the owner (ADR 0031).

    known device    carries the signed cookie of an earlier sign-in     a bucket of its own
    known network   the account has signed in from there before         a bucket of account and network
    stranger        neither                                             that bucket, and one budget that all
                                                                        strangers of the account share

A bucket lets five attempts pass, then makes the next wait 1, 2, 4 ... seconds. The budget holds twenty
attempts and refills by one in two minutes, so ten thousand addresses guess no faster than one. An attempt
is counted before the secret is looked at and forgotten when it was right, so a hundred guesses sent at once
count as a hundred. What is refused costs no hashing, and mostly not even a look into the database.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Literal
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.models import SignInFailure
from app.core.addresses import network_of
from app.core.errors import TooManyRequests

FREE_ATTEMPTS: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=5)
FORGOTTEN_AFTER: Final = timedelta(hours=1)
# Another process may have reopened what this one remembers as closed.
REMEMBERED_FOR: Final = timedelta(seconds=5)
_ACCOUNTS_WATCHED: Final = 2_000
_KEYS_WATCHED: Final = 20_000


class TooManyAttempts(TooManyRequests):
    code = "too_many_attempts"
    title = "Too many attempts"


@dataclass(frozen=True, slots=True)
class Budget:
    """So many at once, then one more each time `refill` has passed."""

    capacity: int
    refill: timedelta


STRANGERS: Final = Budget(20, timedelta(minutes=2))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a secret of an account. `device` is None for what carries no cookie of the account."""

    email: str
    address: str
    device: str | None = None
    what: Literal["password", "second_factor"] = "password"

    @property
    def account(self) -> str:
        return f"{self.what} of {self.email}"

    @property
    def network(self) -> str:
        return network_of(self.address)

    @property
    def bucket(self) -> bytes:
        place = f"device {self.device}" if self.device else self.network
        return _key(self.account, place)

    @property
    def strangers(self) -> bytes:
        return _key(self.account, "all strangers")


@dataclass(frozen=True, slots=True)
class Admitted:
    """What was counted, to be forgotten when the secret was right."""

    bucket: bytes
    budget: bytes | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was looked at; `wait` until something will be."""

    wait: timedelta

    def error(self) -> TooManyAttempts:
        seconds = ceil(self.wait.total_seconds())
        return TooManyAttempts(
            f"Too many wrong attempts from here. Try again in {seconds} s, use a device you signed in with "
            "before, or ask for a new password by mail: its link opens this device too.",
            retry_after_seconds=seconds,
        )


async def count_attempt(
    session: AsyncSession, attempt: Attempt, *, known_networks: frozenset[str], now: datetime
) -> Admitted | Refused:
    """Count the attempt, or say how long to wait. The strangers' budget is locked before the bucket."""
    is_stranger = attempt.device is None and attempt.network not in known_networks
    budget = None
    if is_stranger:
        budget = await _locked_budget(session, attempt.strangers, STRANGERS, now)
        if budget.failures >= STRANGERS.capacity:
            opens = budget.last_failed_at + STRANGERS.refill
            return _refused(attempt, attempt.strangers, opens, known_networks, now=now)
    bucket = await queries.lock_failures(session, attempt.bucket, now=now)
    if now - bucket.last_failed_at > FORGOTTEN_AFTER:
        bucket.failures = 0
    opens = bucket.last_failed_at + wait_after(bucket.failures)
    if opens > now:
        return _refused(attempt, attempt.bucket, opens, known_networks, now=now)
    if budget is not None:
        budget.failures += 1
    bucket.failures += 1
    bucket.last_failed_at = now
    return Admitted(attempt.bucket, attempt.strangers if budget is not None else None)


def _refused(
    attempt: Attempt, key: bytes, opens: datetime, known_networks: frozenset[str], *, now: datetime
) -> Refused:
    watch_of(attempt.account, now=now).remember(key, opens, known_networks, now=now)
    return Refused(opens - now)


async def forget(session: AsyncSession, admitted: Admitted) -> None:
    """The secret was right: its attempts were no guesses."""
    if admitted.budget is not None:
        await queries.give_back(session, admitted.budget)
    await queries.forget_failures(session, admitted.bucket)


async def spend(
    session: AsyncSession, *, what: str, whose: str, budget: Budget, now: datetime
) -> bool:
    """Whether the budget for `what` (such as mails to one account) still had one; it has one less now."""
    row = await _locked_budget(session, _key(what, whose), budget, now)
    if row.failures >= budget.capacity:
        return False
    row.failures += 1
    return True


async def _locked_budget(
    session: AsyncSession, key: bytes, budget: Budget, now: datetime
) -> SignInFailure:
    """The row of a budget; what was refilled since it was last used is given back first."""
    row = await queries.lock_failures(session, key, now=now)
    refilled = (now - row.last_failed_at) // budget.refill
    row.failures = max(0, row.failures - refilled)
    row.last_failed_at = now if not row.failures else row.last_failed_at + refilled * budget.refill
    return row


def wait_after(failures: int) -> timedelta:
    """How long the next attempt has to wait: nothing at first, then 1, 2, 4 ... seconds."""
    if failures < FREE_ATTEMPTS:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_ATTEMPTS, 20)), LONGEST_WAIT)


def _key(what: str, whose: str) -> bytes:
    return hashlib.sha256(f"{what}\n{whose}".encode()).digest()


@dataclass(slots=True)
class Watch:
    """What this process remembers of an account under attack, so that refusing costs next to nothing."""

    told_at: datetime
    closed: dict[bytes, tuple[datetime, datetime]] = field(default_factory=dict)  # trusted, opens
    known_networks: frozenset[str] = frozenset()
    networks_seen: set[str] = field(default_factory=set)
    untold_guesses: int = 0
    untold_networks: int = 0

    def note(self, attempt: Attempt, *, guesses: int = 1) -> None:
        """Count a guess for the next time the audit log is told."""
        self.untold_guesses += guesses
        if attempt.network not in self.networks_seen and len(self.networks_seen) < _KEYS_WATCHED:
            self.networks_seen.add(attempt.network)
            self.untold_networks += 1

    def remember(
        self, key: bytes, opens: datetime, known_networks: frozenset[str], *, now: datetime
    ) -> None:
        """This bucket opens at this moment; believed for a few seconds."""
        self.known_networks = known_networks
        if len(self.closed) > _KEYS_WATCHED:
            self.closed.clear()
        self.closed[key] = (min(opens, now + REMEMBERED_FOR), opens)

    def refusal(self, attempt: Attempt, *, now: datetime) -> Refused | None:
        """A refusal given a moment ago that still holds, found without the database."""
        keys = [attempt.bucket]
        if attempt.device is None and attempt.network not in self.known_networks:
            keys.append(attempt.strangers)
        for key in keys:
            trusted, opens = self.closed.get(key, (now, now))
            if trusted > now:
                return Refused(opens - now)
        return None

    def take_untold(self, now: datetime) -> tuple[int, int]:
        """The guesses and networks not told yet; after this they are."""
        untold = self.untold_guesses, self.untold_networks
        self.untold_guesses = self.untold_networks = 0
        self.told_at = now
        return untold


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict[str, Watch]] = (
    WeakKeyDictionary()
)


def watch_of(account: str, *, now: datetime) -> Watch:
    """What is remembered of the account; who was asked for longest ago is forgotten first."""
    watches = _watches.setdefault(asyncio.get_running_loop(), OrderedDict())
    watch = watches.setdefault(account, Watch(now))
    watches.move_to_end(account)
    if len(watches) > _ACCOUNTS_WATCHED:
        watches.popitem(last=False)
    return watch
