"""Proving anew who one is, for what must not follow from a browser left open."""

from datetime import timedelta
from typing import Final

from app import events
from app.auth import guesses, queries, throttle
from app.auth.devices import Visitor
from app.auth.guesses import Door
from app.auth.service import Current, WrongSecondFactor
from app.auth.throttle import Attempt
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.errors import Forbidden, Invalid
from app.two_factor import service as two_factor
from app.users import passwords
from app.users.models import User

FRESH_FOR: Final = timedelta(minutes=10)


class ConfirmationRequired(Forbidden):
    code = "confirmation_required"
    title = "Confirm that it is you"

    def __init__(self) -> None:
        super().__init__("Enter your password once more to go on (POST /api/v1/auth/confirm).")


class OwnSignInRequired(Forbidden):
    """A company's provider vouches for its people in that company, not for the whole account."""

    code = "own_sign_in_required"
    title = "Sign in with your own password"

    def __init__(self) -> None:
        super().__init__(
            "You signed in through a company, which opens that company only. Sign in with your own "
            "password to change your account; if you have none yet, have a link mailed to you."
        )


def require_fresh(current: Current) -> None:
    """Raises `ConfirmationRequired` unless the person proved who they are within ten minutes."""
    proved_at = current.authenticated_at
    if proved_at is None or utcnow() - proved_at > FRESH_FOR:
        raise ConfirmationRequired


def require_own_sign_in(current: Current) -> None:
    """Raises `OwnSignInRequired` for who came through a company's identity provider."""
    if current.only_company_id is not None:
        raise OwnSignInRequired


async def prove_password(
    current: Current, password: str, visitor: Visitor, *, pointer: str
) -> tuple[User, Door]:
    """The user and what was counted. Raises `Invalid` at `pointer`, or `TooManyAttempts`.

    Guesses in a session are counted by the session: who stole it slows nobody else down.
    """
    require_own_sign_in(current)
    email = current.actor.email
    door = await guesses.knock(Attempt(email, visitor.address, f"session {current.session_id}"))
    assert door.user is not None, "the account of a live session is there"
    check = await passwords.check(password, door.user.password_hash, is_known=True)
    if not check.is_right:
        await guesses.record_wrong(door, visitor)
        raise Invalid("This is not your present password.", pointer=pointer)
    return door.user, door


async def prove_code(current: Current, code: str, visitor: Visitor) -> None:
    """Raises `WrongSecondFactor` unless the code is the user's, or `TooManyAttempts`."""
    require_own_sign_in(current)
    device = f"session {current.session_id}"
    attempt = Attempt(current.actor.email, visitor.address, device, what="second_factor")
    door = await guesses.knock(attempt)
    async with session_scope(system="sign-in") as session:
        if await two_factor.accepts(session, current.actor.person_id, code, now=utcnow()):
            await throttle.forget(session, door.admitted)
            return
    await guesses.record_wrong(door, visitor)
    raise WrongSecondFactor("This code is not right, or was used before. Wait for the next one.")


async def confirm(current: Current, *, password: str, visitor: Visitor) -> None:
    """Make the session fresh: dangerous changes are open for ten minutes."""
    user, door = await prove_password(current, password, visitor, pointer="#/password")
    async with session_scope(system="sign-in") as session:
        await throttle.forget(session, door.admitted)
        await queries.confirm_session(session, current.session_id, now=utcnow())
        events.record(session, "session.confirmed", actor=current.actor, subject_id=user.id)


async def forget_guesses(door: Door) -> None:
    """The password was right, so what was counted is forgotten."""
    async with session_scope(system="sign-in") as session:
        await throttle.forget(session, door.admitted)
