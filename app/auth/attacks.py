"""Guesses at an account as the audit log tells them: at twenty, a hundred, a thousand, ten thousand ...

One row an account counts them; an event is written when a power of ten is reached, and when an hour has
passed without another guess. Ten thousand guesses are five events.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.auth import queries
from app.auth.models import AccountAttack
from app.auth.throttle import Attempt, watch_of
from app.core.actor import Actor
from app.core.clock import utcnow

log = structlog.get_logger(__name__)

FIRST_REPORT: Final = 20
OVER_AFTER: Final = timedelta(hours=1)
TELL_AFTER_GUESSES: Final = 250
TELL_AFTER: Final = timedelta(seconds=5)

_WATCHMAN: Final = Actor.system("sign-in")


def is_to_be_told(attempt: Attempt, *, now: datetime) -> bool:
    """Whether enough guesses were refused from memory to tell the database of them."""
    watch = watch_of(attempt.account, now=now)
    return watch.untold_guesses >= TELL_AFTER_GUESSES or now - watch.told_at > TELL_AFTER


async def count_guess(
    session: AsyncSession,
    attempt: Attempt,
    *,
    user_id: UUID | None,
    now: datetime,
    was_checked: bool = False,
) -> AccountAttack:
    """Count what this process has seen of guesses at the account, and tell the audit log when it is time."""
    guesses, addresses = watch_of(attempt.account, now=now).take_untold(now)
    key = hashlib.sha256(attempt.account.encode()).digest()
    attack = await queries.lock_attack(session, key, user_id=user_id, now=now)
    if now - attack.last_at > OVER_AFTER:
        _tell_end(session, attack)
        attack.guesses = attack.checked = attack.addresses = attack.reported = 0
        attack.started_at = now
    attack.guesses += guesses
    attack.addresses += addresses
    attack.checked += was_checked
    attack.last_at = now
    _tell(session, attack, attempt)
    return attack


def _tell(session: AsyncSession, attack: AccountAttack, attempt: Attempt) -> None:
    due = _largest_step(attack.guesses)
    if due <= attack.reported:
        return
    attack.reported = due
    log.warning("account.under_attack_noticed", guesses=attack.guesses, addresses=attack.addresses)
    if attack.user_id is not None:
        events.record(
            session,
            "account.under_attack",
            actor=_WATCHMAN,
            subject_id=attack.user_id,
            data=_figures(attack) | {"what": attempt.what, "latest_address": attempt.address},
        )


def _largest_step(guesses: int) -> int:
    """The largest of 20, 100, 1,000, 10,000 ... that was reached; 0 below."""
    if guesses < FIRST_REPORT:
        return 0
    return max(FIRST_REPORT, 10 ** (len(str(guesses)) - 1) if guesses >= 100 else 0)


def _figures(attack: AccountAttack) -> dict[str, Any]:
    return {
        "guesses": attack.guesses,
        "checked": attack.checked,
        "refused": attack.guesses - attack.checked,
        "addresses": attack.addresses,
        "since": attack.started_at.isoformat(),
    }


def _tell_end(session: AsyncSession, attack: AccountAttack) -> None:
    if attack.reported and attack.user_id is not None:
        events.record(
            session,
            "account.attack_ended",
            actor=_WATCHMAN,
            subject_id=attack.user_id,
            data=_figures(attack) | {"until": attack.last_at.isoformat()},
        )


async def close_ended_attacks(session: AsyncSession) -> None:
    """Tell the audit log the totals of attacks that have been silent for an hour, and forget them."""
    for attack in await queries.take_ended_attacks(session, silent_since=utcnow() - OVER_AFTER):
        _tell_end(session, attack)
