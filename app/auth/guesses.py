"""The door in front of every secret: who may try, and what is kept of those who tried in vain."""

from dataclasses import dataclass

from app import events
from app.auth import attacks, queries, throttle
from app.auth.devices import Visitor, known_device
from app.auth.throttle import Admitted, Attempt, Refused, watch_of
from app.core.addresses import network_of
from app.core.clock import utcnow
from app.core.database import session_scope
from app.users import queries as users
from app.users.models import User

FAILURE_EVENTS = {"password": "user.sign_in_failed", "second_factor": "user.second_factor_failed"}


@dataclass(frozen=True, slots=True)
class Door:
    """An attempt that may go on: what was counted, and the account if there is one."""

    attempt: Attempt
    admitted: Admitted
    user: User | None

    @property
    def is_known_device(self) -> bool:
        return self.attempt.device is not None


def attempt_of(visitor: Visitor, email: str) -> Attempt:
    """The visitor's try at the password of this account."""
    return Attempt(email, visitor.address, known_device(visitor, email, now=utcnow()))


async def knock(attempt: Attempt) -> Door:
    """Count the attempt before anything costly is done. Raises `TooManyAttempts`."""
    now = utcnow()
    watch = watch_of(attempt.account, now=now)
    refused = watch.refusal(attempt, now=now)
    if refused is not None:
        watch.note(attempt)
        if attacks.is_to_be_told(attempt, now=now):
            await _tell_of_refused(attempt)
        raise refused.error()
    async with session_scope(system="sign-in") as session:
        user = await users.find_by_email(session, attempt.email)
        came_from = await queries.addresses_of(session, user.id) if user else []
        networks = frozenset(network_of(address) for address in came_from)
        answer = await throttle.count_attempt(session, attempt, known_networks=networks, now=now)
        if isinstance(answer, Refused):
            watch.note(attempt)
            user_id = user.id if user else None
            await attacks.count_guess(session, attempt, user_id=user_id, now=now)
    if isinstance(answer, Refused):
        raise answer.error()
    return Door(attempt, answer, user)


async def _tell_of_refused(attempt: Attempt) -> None:
    async with session_scope(system="sign-in") as session:
        user = await users.find_by_email(session, attempt.email)
        user_id = user.id if user else None
        await attacks.count_guess(session, attempt, user_id=user_id, now=utcnow())


async def record_wrong(door: Door, visitor: Visitor) -> None:
    """Keep that the secret was wrong: as an event, or under attack as a number."""
    now, attempt = utcnow(), door.attempt
    watch_of(attempt.account, now=now).note(attempt)
    user_id = door.user.id if door.user else None
    async with session_scope(system="sign-in") as session:
        attack = await attacks.count_guess(
            session, attempt, user_id=user_id, now=now, was_checked=True
        )
        if user_id is not None and attack.guesses < attacks.FIRST_REPORT:
            events.record(
                session,
                FAILURE_EVENTS[attempt.what],
                actor=visitor.acting_as(attempt.email),
                subject_id=user_id,
            )
