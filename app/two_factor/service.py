"""Setting up an authenticator app, checking its codes, and recovery codes (RFC 6238, RFC 4226)."""

import hashlib
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import pyotp
import segno
import structlog
from pyotp.utils import strings_equal
from sqlalchemy.ext.asyncio import AsyncSession

from app import events, mail
from app.core import crypto
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Conflict, Forbidden, Invalid
from app.two_factor import queries
from app.users import queries as users

log = structlog.get_logger(__name__)

ISSUER: Final = "ARV"
STEP_SECONDS: Final = 30
# The clock of a phone may be half a minute off, either way (RFC 6238, section 5.2).
STEPS_AROUND: Final = (0, -1, 1)
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"

Method = Literal["totp", "recovery_code"]


class TwoFactorEnabled(Conflict):
    code = "two_factor_enabled"
    title = "An authenticator app is set up already"


class TwoFactorNotEnabled(Conflict):
    code = "two_factor_not_enabled"
    title = "No authenticator app is set up"


class WrongCode(Invalid):
    code = "wrong_code"
    title = "The code is not right"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app must be told, once: to type, to open, to scan."""

    secret: str
    otpauth_uri: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a second factor is asked for, since when, and how many recovery codes are left."""

    enabled_at: datetime | None
    recovery_codes_left: int


async def status_of(session: AsyncSession, user_id: UUID) -> Status:
    authenticator = await queries.find_authenticator(session, user_id)
    enabled_at = authenticator.confirmed_at if authenticator else None
    left = await queries.count_recovery_codes(session, user_id) if enabled_at else 0
    return Status(enabled_at, left)


async def is_enabled(session: AsyncSession, user_id: UUID) -> bool:
    authenticator = await queries.find_authenticator(session, user_id)
    return authenticator is not None and authenticator.confirmed_at is not None


async def begin(session: AsyncSession, actor: Actor) -> Enrolment:
    """A new secret, which counts for nothing until a code of it was confirmed. Raises `TwoFactorEnabled`."""
    secret = pyotp.random_base32()
    encrypted = crypto.encrypt(secret, purpose=_purpose(actor.person_id))
    if not await queries.put_unconfirmed(session, actor.person_id, encrypted, now=utcnow()):
        raise TwoFactorEnabled(
            "Switch the present authenticator app off before you set up another."
        )
    events.record(session, "two_factor.enrolment_begun", actor=actor, subject_id=actor.person_id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=actor.email, issuer_name=ISSUER)
    return Enrolment(secret, uri, _qr_svg(uri))


async def confirm(session: AsyncSession, actor: Actor, *, code: str, now: datetime) -> list[str]:
    """Switch the second factor on; the recovery codes, told this once. Raises `WrongCode`."""
    authenticator = await queries.find_authenticator(session, actor.person_id)
    if authenticator is None:
        raise TwoFactorNotEnabled("Begin the set-up first: it gives the code to scan.")
    if authenticator.confirmed_at is not None:
        raise TwoFactorEnabled("An authenticator app is set up already.")
    if not await _takes_totp(session, actor.person_id, code, now=now):
        raise WrongCode(
            "This is not the code the app shows now. Is the clock of the phone right?",
            pointer="#/code",
        )
    authenticator.confirmed_at = now
    events.record(session, "two_factor.enabled", actor=actor, subject_id=actor.person_id)
    await _tell_owner(session, actor.person_id, "two_factor_enabled")
    return await _make_recovery_codes(session, actor.person_id)


async def accepts(
    session: AsyncSession, user_id: UUID, code: str, *, now: datetime
) -> Method | None:
    """How the code proves who it is, or None. A code is accepted once."""
    plain = "".join(code.split()).replace("-", "").lower()
    if plain.isdigit():
        return "totp" if await _takes_totp(session, user_id, plain, now=now) else None
    taken = await queries.take_recovery_code(session, user_id, _sha256(plain), now=now)
    return "recovery_code" if taken else None


async def require_enabled(session: AsyncSession, actor: Actor) -> None:
    """Raises `TwoFactorNotEnabled`."""
    if not await is_enabled(session, actor.person_id):
        raise TwoFactorNotEnabled("There is no authenticator app. Set one up first.")


async def disable(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Switch the second factor off, forget the secret and the recovery codes, tell the owner by mail."""
    await queries.delete_authenticator(session, user_id)
    events.record(session, "two_factor.disabled", actor=actor, subject_id=user_id)
    await _tell_owner(session, user_id, "two_factor_disabled")


async def remove_for(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Switch it off for a person who lost phone and codes. Only a superadmin may."""
    if not actor.is_superadmin:
        raise Forbidden(
            "Only the operator of this installation switches off a person's second factor."
        )
    await users.get_user(session, user_id)
    if not await is_enabled(session, user_id):
        raise TwoFactorNotEnabled("This person has no authenticator app.")
    await disable(session, actor, user_id)


async def _tell_owner(session: AsyncSession, user_id: UUID, template: str) -> None:
    user = await users.get_user(session, user_id)
    await mail.send(session, template, to=user.email, language=user.language, context={})


async def renew_recovery_codes(session: AsyncSession, actor: Actor) -> list[str]:
    """Ten new codes, told this once; those of before are worth nothing."""
    if not await is_enabled(session, actor.person_id):
        raise TwoFactorNotEnabled("Recovery codes go with an authenticator app. Set one up first.")
    events.record(
        session, "two_factor.recovery_codes_renewed", actor=actor, subject_id=actor.user_id
    )
    return await _make_recovery_codes(session, actor.person_id)


async def _takes_totp(session: AsyncSession, user_id: UUID, code: str, *, now: datetime) -> bool:
    authenticator = await queries.find_authenticator(session, user_id)
    if authenticator is None:
        return False
    purpose = _purpose(user_id)
    try:
        secret = crypto.decrypt(authenticator.secret_encrypted, purpose=purpose)
    except crypto.NotReadable:  # its key was thrown away; a recovery code still opens
        log.exception("two_factor.secret_unreadable", user_id=str(user_id))
        return False
    step = _step_of(pyotp.TOTP(secret), "".join(code.split()), now=now)
    if step is None or not await queries.take_step(session, user_id, step):
        return False
    if crypto.is_outdated(authenticator.secret_encrypted):
        authenticator.secret_encrypted = crypto.encrypt(secret, purpose=purpose)
    return True


def _step_of(totp: pyotp.TOTP, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is, among those around now."""
    present = int(now.timestamp()) // STEP_SECONDS
    steps = (present + around for around in STEPS_AROUND)
    return next((step for step in steps if strings_equal(code, totp.generate_otp(step))), None)


async def _make_recovery_codes(session: AsyncSession, user_id: UUID) -> list[str]:
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    hashes = [_sha256(code.replace("-", "")) for code in codes]
    await queries.replace_recovery_codes(session, user_id, hashes, now=utcnow())
    return codes


def _recovery_code() -> str:
    """Sixteen letters and digits, in groups of four; it has a letter, so it is never taken for a TOTP."""
    while True:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
        if not letters.isdigit():
            return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _qr_svg(uri: str) -> str:
    drawing = io.BytesIO()
    segno.make(uri, error="m").save(
        drawing, kind="svg", scale=4, xmldecl=False, svgns=True, nl=False
    )
    return drawing.getvalue().decode()


def _purpose(user_id: UUID) -> str:
    return f"totp:{user_id}"


def _sha256(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
