"""Ending mails of a kind without signing in: by a page with one button, or by the mail program's own button.

The page's token stands behind `#`, which reaches no log. That of the mail program's button (RFC 8058) has to
be part of an address; it stands in the query, which neither nginx nor the service writes down.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import crypto
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.errors import NotFound
from app.notifications import queries
from app.notifications.kinds import DIGEST, KINDS, in_digest
from app.notifications.service import update_preferences

PURPOSE = "unsubscribe"


def unsubscribe_link(user_id: UUID, kind: str) -> str:
    """A page with one button. A mail program that opens links by itself changes nothing."""
    return get_settings().web.page(f"unsubscribe#{_token(user_id, kind)}")


def one_click_link(user_id: UUID, kind: str) -> str:
    """What `List-Unsubscribe` names: a POST ends the mails, a GET leads to the page."""
    public_url = get_settings().web.public_url.rstrip("/")
    return f"{public_url}/api/v1/notifications/unsubscribe/one-click?token={_token(user_id, kind)}"


def page_of(token: str) -> str:
    """The page with one button for a token as it came."""
    return get_settings().web.page(f"unsubscribe#{token}")


def _token(user_id: UUID, kind: str) -> str:
    signed = f"{user_id}:{kind}"
    return f"{signed}:{crypto.sign(signed, purpose=PURPOSE)}"


async def unsubscribe(session: AsyncSession, token: str) -> str:
    """The kind whose mails end for whom the token was made; `digest` ends all that waits for it.

    Raises `NotFound`. Twice is the same as once.
    """
    signed, _, signature = token.rpartition(":")
    user_id, _, kind = signed.partition(":")
    is_known = kind in KINDS or kind == DIGEST
    if not crypto.is_signed(signed, signature, purpose=PURPOSE) or not is_known:
        raise NotFound("This link is not known.")
    person = await queries.find_person(session, UUID(user_id))
    if person is None:
        raise NotFound("This link is not known.")
    kinds = in_digest() if kind == DIGEST else [kind]
    actor = Actor(user_id=person.id, email=person.email)
    await update_preferences(session, actor, changes={"email": dict.fromkeys(kinds, False)})
    return kind
