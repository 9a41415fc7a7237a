"""Making users."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.core.email_addresses import one_spelling
from app.core.errors import Conflict, Invalid
from app.users import queries


class EmailTaken(Conflict):
    code = "email_taken"
    title = "This e-mail address is taken"


async def create_user(
    session: AsyncSession,
    *,
    email: str,
    password_hash: str,
    name: str = "",
    language: str = "en",
    is_superadmin: bool = False,
    must_change_password: bool = False,
) -> UUID:
    """The new user's id. Raises `EmailTaken`, and `Invalid` for what is no e-mail address."""
    user_id = await ensure_user(
        session,
        email=email,
        password_hash=password_hash,
        name=name,
        language=language,
        is_superadmin=is_superadmin,
        must_change_password=must_change_password,
    )
    if user_id is None:
        raise EmailTaken("Somebody is registered with this e-mail address already.")
    return user_id


async def ensure_user(session: AsyncSession, *, email: str, **values: object) -> UUID | None:
    """The new user's id, or None when there is one with this address; safe from several processes."""
    try:
        address = one_spelling(email)
    except ValueError as error:
        raise Invalid(str(error), pointer="#/email") from None
    user_id = await queries.insert_user(session, email=address, **values)
    if user_id is not None:
        events.record(session, "user.created", subject_id=user_id)
    return user_id
