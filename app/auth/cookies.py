"""The cookies of signing in: HttpOnly, and bound to this host over https (`__Host-` prefix)."""

from fastapi import Request, Response

from app.auth.devices import COOKIE_PREFIX, REMEMBERED_FOR, device_cookie_name
from app.core.config import get_settings

PLAIN_NAME = "arv_session"
CHALLENGE = "arv_challenge"
_HOST = "__Host-"


def cookie(request: Request, name: str) -> str | None:
    """What the browser sent under one of our names, if anything."""
    return request.cookies.get(_named(name))


def set_cookie(response: Response, name: str, value: str, *, max_age_seconds: int) -> None:
    """Scripts can not read it; other sites can not send it, but a link from elsewhere brings it along."""
    response.set_cookie(
        _named(name),
        value,
        max_age=max_age_seconds,
        path="/",
        secure=get_settings().web.is_https,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, name: str) -> None:
    """Take the cookie back."""
    secure = get_settings().web.is_https
    response.delete_cookie(_named(name), path="/", secure=secure, httponly=True, samesite="lax")


def session_token(request: Request) -> str | None:
    """The token the browser sent, if any."""
    return cookie(request, PLAIN_NAME)


def set_session_cookie(response: Response, token: str, *, max_age_seconds: int) -> None:
    """Hand the token to the browser."""
    set_cookie(response, PLAIN_NAME, token, max_age_seconds=max_age_seconds)


def clear_session_cookie(response: Response) -> None:
    clear_cookie(response, PLAIN_NAME)


def device_cookies(request: Request) -> dict[str, str]:
    """The devices' cookies of all accounts that signed in from this browser."""
    start = _named(COOKIE_PREFIX)
    skipped = len(start) - len(COOKIE_PREFIX)
    return {n[skipped:]: v for n, v in request.cookies.items() if n.startswith(start)}


def set_device_cookie(response: Response, email: str, value: str) -> None:
    """Remember that this browser is no stranger to the account."""
    seconds = int(REMEMBERED_FOR.total_seconds())
    set_cookie(response, device_cookie_name(email), value, max_age_seconds=seconds)


def _named(name: str) -> str:
    """Browsers drop a `__Host-` cookie over plain http, which only development uses."""
    return f"{_HOST}{name}" if get_settings().web.is_https else name
