"""The session cookie: HttpOnly, and bound to this host over https (`__Host-` prefix)."""

from fastapi import Request, Response

from app.core.config import get_settings

SECURE_NAME = "__Host-arv_session"
PLAIN_NAME = "arv_session"


def session_token(request: Request) -> str | None:
    """The token the browser sent, if any."""
    return request.cookies.get(_name())


def set_session_cookie(response: Response, token: str, *, max_age_seconds: int) -> None:
    """Hand the token to the browser; scripts can not read it, other sites can not send it."""
    response.set_cookie(
        _name(),
        token,
        max_age=max_age_seconds,
        path="/",
        secure=get_settings().web.is_https,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        _name(), path="/", secure=get_settings().web.is_https, httponly=True, samesite="lax"
    )


def _name() -> str:
    """Browsers drop a `__Host-` cookie over plain http, which only development uses."""
    return SECURE_NAME if get_settings().web.is_https else PLAIN_NAME
