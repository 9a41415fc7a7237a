"""The page behind a printed code."""

import hashlib
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.config import get_settings
from app.users.schemas import Language
from app.viewer import messages, service
from app.viewer.caching import cache_control
from app.viewer.template import fill, policy_with, read_template

CAMERA_ONLY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


async def answer(
    session: AsyncSession,
    public_id: str,
    *,
    language: Language | None,
    if_none_match: str,
    host: str,
    counts: bool,
) -> Response:
    """The viewer with its manifest inside, or a page that says why there is nothing to see."""
    try:
        shown = await service.shown_by(
            session, UUID(public_id), language=language, host=host, counts=counts
        )
    except (ValueError, service.ContentUnknown):
        return messages.message_page(messages.UNKNOWN, language)
    except service.ContentExpired:
        return messages.message_page(messages.EXPIRED, language)
    except service.ContentPaused:
        return messages.message_page(messages.PAUSED, language)
    template = read_template(get_settings().web.dist_folder("viewer"))
    if template is None:
        return messages.message_page(messages.VIEWER_MISSING, language)
    policy = policy_with(template.content_security_policy, shown.manifest.target.url)
    caching = cache_control(shown.ends_at, utcnow())
    return _page(fill(template, shown.manifest), policy, caching, if_none_match)


def _page(html: str, policy: str, caching: str, if_none_match: str) -> Response:
    etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": caching,
        "Vary": "Accept-Language",
        "Content-Security-Policy": policy,
        "Permissions-Policy": CAMERA_ONLY,
    }
    if etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, headers=headers)
