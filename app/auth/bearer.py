"""The `Authorization` header. A request that carries one speaks for a key: its cookies are not looked at.

That is also why it needs no defence against other sites: a browser never adds this header by itself.
"""

from fastapi import Request

SCHEME = "bearer "


def bearer_token(request: Request) -> str | None:
    """What stands after `Bearer`, or None when the request brings no such header."""
    header = request.headers.get("authorization", "")
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else None
