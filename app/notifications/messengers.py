"""Other messengers through Apprise, held to our rules about addresses.

Apprise opens connections of its own (requests over urllib3), to hosts that customers name. So three things
stand around it (ADR 0049): only chat services may be named, not files, programs or mail; options that weaken
TLS are refused; and while it works, urllib3's one function that connects resolves the name, looks at every
address as `app/core/outbound.py` does, and connects to the one it looked at. Redirects pass the same way.
"""

import asyncio
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any, Final

import apprise
from urllib3.util import connection as urllib3_connection

from app.core.outbound import is_reachable
from app.notifications.outcomes import TargetAway, TargetRefused

SERVICES: Final = {
    "discord": "Discord",
    "gchat": "Google Chat",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
    "slack": "Slack",
    "workflows": "Microsoft Teams",
    "zulip": "Zulip",
}
CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
_SCHEME: Final = re.compile(r"([a-z]+)://", re.IGNORECASE)
# `verify=no` gives up TLS; the others read files, reach further services or stretch the time.
_REFUSED_OPTIONS: Final = re.compile(
    r"[?&](verify|cto|rto|emojis|include|avatar_url|template|redirect|store|tz)=", re.IGNORECASE
)


class NotAllowed(Exception):
    """The address is of no messenger ARV writes to."""


def service_of(url: str) -> str:
    """The messenger's name. Raises `NotAllowed` with what to write instead."""
    found = _SCHEME.match(url)
    name = SERVICES.get(found.group(1).lower()) if found else None
    if name is None:
        offered = ", ".join(f"{scheme}://" for scheme in sorted(SERVICES))
        raise NotAllowed(f"Give an address that begins with one of {offered}.")
    if _REFUSED_OPTIONS.search(url):
        raise NotAllowed("Leave the options after “?” out; certificates are always checked.")
    if _plugin(url) is None:
        raise NotAllowed(
            f"This is not how {name} is addressed. See docs/reference/notifications.md."
        )
    return name


def label_of(url: str) -> str:
    """What may be seen of the address: the service and, where it is one's own server, the host."""
    plugin = _plugin(url)
    host = str(getattr(plugin, "host", "") or "")
    is_host = re.fullmatch(r"[A-Za-z0-9.-]+\.[A-Za-z]{2,}|localhost", host) is not None
    name = service_of(url)
    return f"{name}, {host}" if is_host else name


def _plugin(url: str) -> Any:
    return apprise.Apprise.instantiate(url, suppress_exceptions=True)


async def send(url: str, *, title: str, text: str) -> None:
    """Back when the messenger took it. Raises `TargetAway`, `TargetRefused`."""
    try:
        service_of(url)
    except NotAllowed as error:
        raise TargetRefused("messenger_not_allowed", str(error)) from None
    await asyncio.to_thread(_send, url, title, text)


def _send(url: str, title: str, text: str) -> None:
    plugin = _plugin(url)
    plugin.socket_connect_timeout = CONNECT_SECONDS
    plugin.socket_read_timeout = READ_SECONDS
    with _only_checked_addresses() as refused, _last_words() as words:
        taken = plugin.notify(body=text, title=title, notify_type=apprise.NotifyType.INFO)
    if taken:
        return
    if refused:
        raise TargetRefused(
            "address_refused",
            f"{refused[0]} lies in a private network. If that is meant, the operator lists the network "
            "in OUTBOUND_ALLOWED_NETWORKS.",
        )
    raise _judged(words)


def _judged(words: list[str]) -> Exception:
    """Apprise says only that it failed; the status stands in its log."""
    status = next((int(m.group(1)) for w in words if (m := re.search(r"error=(\d{3})", w))), None)
    if status in (400, 401, 403, 404, 410):
        return TargetRefused("messenger_refused", f"The messenger refused the message ({status}).")
    told = f"It answered {status}." if status else "It did not answer."
    return TargetAway(f"The messenger did not take the message. {told}")


# Whether this thread's connections are held to the rules, and which hosts were refused.
_guarded: ContextVar[list[str] | None] = ContextVar("arv_messenger_guard", default=None)
_connect_anywhere = urllib3_connection.create_connection


def _connect(address: tuple[str, int], *arguments: Any, **options: Any) -> socket.socket:
    refused = _guarded.get()
    if refused is None:
        return _connect_anywhere(address, *arguments, **options)
    host, port = address
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(is_reachable(each) for each in addresses):
        refused.append(host)
        raise OSError(f"{host} is not reached from here")
    return _connect_anywhere((str(addresses[0]), port), *arguments, **options)


urllib3_connection.create_connection = _connect


@contextmanager
def _only_checked_addresses() -> Iterator[list[str]]:
    refused: list[str] = []
    token = _guarded.set(refused)
    try:
        yield refused
    finally:
        _guarded.reset(token)


class _Words(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


@contextmanager
def _last_words() -> Iterator[list[str]]:
    """What Apprise logs while the block runs; it goes nowhere else, for it may hold addresses.

    Whatever LOG_LEVEL says: the words tell whether to try again.
    """
    logger, handler = logging.getLogger("apprise"), _Words()
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield handler.words
    finally:
        logger.removeHandler(handler)
