"""Answers kept by `Idempotency-Key`, so that a request repeated after a lost answer has one effect.

An advisory lock says that a request with the key is being worked on; it ends with the transaction that
makes the effect, and so does everything else: effect and answer are committed together or not at all. A
crash leaves nothing behind, and there is no claim that could outlive its owner.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import LargeBinary, String, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core import crypto
from app.core.clock import utcnow
from app.core.database import Base
from app.core.errors import Conflict, Invalid

KEPT_FOR: Final = timedelta(hours=24)
LARGEST_ANSWER_BYTES: Final = 1024 * 1024
LONGEST_KEY: Final = 255

_BYTES: Final = "latin-1"  # each byte is one character, whatever the body is


class RequestInFlight(Conflict):
    code = "idempotency_in_flight"
    title = "The first request with this key is still being worked on"


class AnswerNotKept(Conflict):
    code = "idempotency_answer_not_kept"
    title = "This was done already"


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    title = "This key was used for another request"


class KeptAnswer(Base):
    """The answer to the first request with a key; `body` is encrypted, or null when it was too large."""

    __tablename__ = "idempotency_keys"

    owner: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    body: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


async def claim(
    session: AsyncSession, *, owner: str, key: str, fingerprint: bytes
) -> KeptAnswer | None:
    """The answer kept under the key, or None when this transaction is now the one to do the work.

    Raises `RequestInFlight` while another transaction holds the key, and `KeyReused` when the key was
    used for something else.
    """
    name = func.hashtextextended(f"{owner}\n{key}", 0)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(name))):
        raise RequestInFlight(
            "Wait for the answer to the first request, or ask again in a second.",
            headers={"Retry-After": "1"},
        )
    kept = await session.scalar(
        select(KeptAnswer).where(KeptAnswer.owner == owner, KeptAnswer.key == key)
    )
    if kept is None:
        return None
    if kept.created_at < utcnow() - KEPT_FOR:
        await session.delete(kept)
        await session.flush()
        return None
    if not hmac.compare_digest(kept.fingerprint, fingerprint):
        raise KeyReused(
            "The first request with this key asked for something else. Use a new key for each request."
        )
    return kept


async def keep(
    session: AsyncSession,
    *,
    owner: str,
    key: str,
    fingerprint: bytes,
    status: int,
    headers: dict[str, str],
    body: bytes,
) -> None:
    """Keep the answer in the transaction of its effect."""
    session.add(
        KeptAnswer(
            owner=owner,
            key=key,
            fingerprint=fingerprint,
            status=status,
            headers=headers,
            body=_sealed(body, owner, key) if len(body) <= LARGEST_ANSWER_BYTES else None,
        )
    )
    await session.flush()


def body_of(kept: KeptAnswer) -> bytes:
    """The answer's body. Raises `AnswerNotKept` when it is not to be had any more."""
    try:
        if kept.body is not None:
            return crypto.decrypt(kept.body, purpose=_purpose(kept.owner, kept.key)).encode(_BYTES)
    except crypto.NotReadable:
        pass  # The installation's key was changed since, and the old one not kept.
    raise AnswerNotKept(
        "The first request succeeded, but its answer was not kept. Read the result."
    )


async def sweep_keys(session: AsyncSession, *, now: datetime) -> int:
    """Forget what is older than a day, and return how many answers that was."""
    forgotten = await session.scalars(
        delete(KeptAnswer)
        .where(KeptAnswer.created_at < now - KEPT_FOR)
        .returning(KeptAnswer.created_at)
    )
    return len(forgotten.all())


def _sealed(body: bytes, owner: str, key: str) -> str:
    """Answers may hold what is shown only once, such as a new API key; the table does not show it."""
    return crypto.encrypt(body.decode(_BYTES), purpose=_purpose(owner, key))


def _purpose(owner: str, key: str) -> str:
    return f"idempotency:{owner}:{key}"
