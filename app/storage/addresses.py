"""Addresses that companies name as theirs: web addresses, and never of our own network."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from app.core.config import get_settings
from app.core.outbound import Address, AddressRefused, checked_address

ADDRESSES: Final = ("endpoint", "public_endpoint")
PORTS: Final = {"https": 443, "http": 80}


async def require_reachable(settings: Mapping[str, Any]) -> None:
    """Raises `AddressRefused` unless every address among the settings may be connected to.

    In production plain http is for networks of the operator's own (OUTBOUND_ALLOWED_NETWORKS) alone.
    """
    for name in ADDRESSES:
        if url := settings.get(name):
            await _require(str(url))


async def _require(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise AddressRefused("This is not an address.") from error
    has_more = parsed.userinfo or parsed.query or parsed.path not in ("", "/")
    if parsed.scheme not in PORTS or not parsed.host or has_more:
        raise AddressRefused("Give the address alone, such as https://s3.example.com.")
    address = await checked_address(parsed.host, parsed.port or PORTS[parsed.scheme])
    if parsed.scheme == "http" and get_settings().is_production and not _is_own(address):
        raise AddressRefused("Give an address that begins with https://.")


def _is_own(address: Address) -> bool:
    return any(address in network for network in get_settings().outbound.networks)
