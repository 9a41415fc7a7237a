"""Requests another site makes in the visitor's name are refused.

Browsers say where a request comes from: `Sec-Fetch-Site` (all since 2023), `Origin` (older ones). A program
sends neither, and has no cookie it did not put there itself.
OWASP: Cross-Site Request Forgery Prevention, "Fetch Metadata headers".
"""

from urllib.parse import urlsplit

from fastapi import Request

from app.auth.bearer import bearer_token
from app.core.config import get_settings
from app.core.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSiteRequest(Forbidden):
    code = "cross_site_request"


async def refuse_cross_site(request: Request) -> None:
    """Raises `CrossSiteRequest` for a change asked for by another site."""
    if request.method in SAFE_METHODS or bearer_token(request) is not None:
        return
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return
    if origin is None or not _is_ours(origin, request.headers.get("host", "")):
        raise CrossSiteRequest("This request came from another site, so it was not carried out.")


def _is_ours(origin: str, host: str) -> bool:
    own = {host.lower(), urlsplit(get_settings().web.public_url).netloc.lower()}
    return urlsplit(origin).netloc.lower() in own
