"""Addresses of files that end: signed so that nginx and the service can check them alone.

`/storage/{key}` is a file of the installation's folder, `/stored/{connection}/{key}` one of another storage,
streamed through the service. Both carry `e`, the second at which they end, and `s`, which is nginx's
secure_link: the URL-safe base64 of MD5("{e}{path} {secret}"). The end is rounded: within a sixth of
`STORAGE_LINK_SECONDS` all processes give the same address. None lives longer than the setting, and none is
given out with less than five sixths of it: a page that a cache shows while we are down still finds its files.
https://nginx.org/en/docs/http/ngx_http_secure_link_module.html
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from app.core import crypto
from app.core.config import get_settings

LOCAL_PREFIX: Final = "/storage/"
STORED_PREFIX: Final = "/stored/"
# The life of an address in steps: one is lost to rounding, one is for who opens a page at the last moment.
STEPS: Final = 6


def link_seconds() -> int:
    """How long an address is good at most."""
    return get_settings().storage.link_seconds


def link_start(now: datetime) -> datetime:
    """The beginning of the step in which `now` lies; what is signed then ends `link_seconds` later."""
    step = _step()
    return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)


def outage_seconds() -> int:
    """For how long a page made now may be shown by a cache in front of us, when we do not answer.

    Each address in it is good for a step longer still.
    """
    return link_seconds() - 2 * _step()


def signed(path: str, now: datetime) -> str:
    """The path with its end and signature."""
    ends = int(link_start(now).timestamp()) + link_seconds()
    return f"{path}?e={ends}&s={_signature(path, str(ends))}"


def is_signed(path: str, ends: str, signature: str) -> bool:
    """Whether we gave out this path with this end."""
    if not (ends.isascii() and ends.isdigit()) or len(ends) > 12:
        return False
    return hmac.compare_digest(_signature(path, ends).encode(), signature.encode())


def is_current(ends: str, now: datetime) -> bool:
    """Whether a signed end is still to come."""
    return int(ends) > now.timestamp()


def path_of_stored(connection_id: UUID | None, key: str, now: datetime) -> str:
    """The address below our own of a file that another storage keeps."""
    return signed(f"{STORED_PREFIX}{connection_id}/{key}", now)


def link_secret() -> str:
    """What nginx needs to check signatures: from the settings, else derived from `SECRET_KEY`."""
    chosen = get_settings().storage.link_secret.get_secret_value()
    return chosen or crypto.key_ring()[0].derive("storage links").hex()


def _step() -> int:
    return link_seconds() // STEPS


def _signature(path: str, ends: str) -> str:
    # MD5 is what nginx offers. The secret is 256 bits and stands at the end, so nothing can be appended.
    digest = hashlib.md5(f"{ends}{path} {link_secret()}".encode(), usedforsecurity=False)
    return base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
