"""Devices that signed in before, and what a device is called.

A browser that signed in keeps a signed cookie for that account. It opens nothing; it only means that the
browser is not a stranger, so guesses made by strangers do not slow it down.
OWASP: Slow Down Online Guessing Attacks with Device Cookies.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.core import crypto
from app.core.actor import Actor

REMEMBERED_FOR: Final = timedelta(days=400)  # the longest a browser keeps a cookie
COOKIE_PREFIX: Final = "arv_device_"
_PURPOSE: Final = "device"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks: from where, with what, and the device cookies it kept (by name without `__Host-`)."""

    address: str
    user_agent: str = ""
    device_cookies: Mapping[str, str] = field(default_factory=dict)

    def acting_as(self, email: str) -> Actor:
        """The actor of an event about an account nobody is signed in to yet."""
        return Actor(
            user_id=None, email=email, address=self.address, user_agent=self.user_agent[:300]
        )


def device_cookie_name(email: str) -> str:
    """A name for each account, so that two people can share a browser."""
    return COOKIE_PREFIX + hashlib.sha256(email.encode()).hexdigest()[:10]


def new_device_cookie(email: str, *, now: datetime) -> str:
    """`{random}.{issued}.{signature}`."""
    told = f"{secrets.token_urlsafe(12)}.{int(now.timestamp())}"
    return f"{told}.{crypto.sign(told, purpose=f'{_PURPOSE}:{email}')}"


def known_device(visitor: Visitor, email: str, *, now: datetime) -> str | None:
    """What tells this device from others of the account, or None for a stranger."""
    cookie = visitor.device_cookies.get(device_cookie_name(email), "")
    told, _, signature = cookie.rpartition(".")
    device, _, issued = told.partition(".")
    if not signature or not crypto.is_signed(told, signature, purpose=f"{_PURPOSE}:{email}"):
        return None
    fresh = int(issued) > (now - REMEMBERED_FOR).timestamp()
    return device if fresh else None


# Order matters: Edge and Opera call themselves Chrome, Chrome calls itself Safari.
_BROWSERS: Final = (
    ("YaBrowser", "Yandex Browser"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "Python"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """What a person calls it: `Firefox on Windows`; as much of it as is known, or `Unknown device`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"
