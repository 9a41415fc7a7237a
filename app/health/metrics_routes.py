"""`GET /metrics` on the API's own port; nginx does not pass it on."""

import hmac
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.core import metrics
from app.core.config import get_settings
from app.core.errors import NotFound
from app.health import figures

router = APIRouter(include_in_schema=False)

# A proxy tells by them for whom it asks: its own private address says nothing then.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@router.get("/metrics")
async def read_metrics(request: Request) -> Response:
    """Everything measured. For strangers there is nothing at this address."""
    if not _may_read(request):
        raise NotFound("There is nothing at this address.")
    body = metrics.told() + await figures.told()
    return Response(
        body, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    )


def _may_read(request: Request) -> bool:
    """With a token set, whoever sends it; else whoever asks directly from a private address."""
    token = get_settings().metrics.token
    if token is not None and token.get_secret_value():
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(sent.encode(), token.get_secret_value().encode())
    is_direct = not any(name in request.headers for name in FORWARDED)
    return is_direct and request.client is not None and _is_private(request.client.host)


def _is_private(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback
