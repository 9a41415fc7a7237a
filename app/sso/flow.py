"""What is remembered between sending a browser to a provider and its coming back.

It lies in a cookie, encrypted under our key for ten minutes: the answer counts only in the browser that
asked, for the company that was asked for, once.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final

from app.core import crypto

COOKIE: Final = "arv_oidc"
LIFETIME_SECONDS: Final = 600
_PURPOSE: Final = "oidc flow"
_HOME: Final = "/"


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in on its way."""

    slug: str
    issuer: str
    state: str
    nonce: str
    verifier: str
    return_to: str


def new_flow(slug: str, issuer: str, *, return_to: str) -> Flow:
    token = secrets.token_urlsafe
    return Flow(slug, issuer, token(24), token(24), token(48), own_path(return_to))


def own_path(path: str) -> str:
    """The path when it surely leads to our own pages, else the first page: never anywhere else."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours and "\\" not in path else _HOME


def packed(flow: Flow) -> str:
    """The cookie's value."""
    return crypto.encrypt(json.dumps(asdict(flow)), purpose=_PURPOSE)


def unpacked(cookie: str | None) -> Flow | None:
    """The flow of a cookie of the last ten minutes, else None."""
    try:
        text = crypto.decrypt(cookie or "", purpose=_PURPOSE, ttl_seconds=LIFETIME_SECONDS)
        return Flow(**json.loads(text))
    except (crypto.NotReadable, TypeError, ValueError):
        return None
