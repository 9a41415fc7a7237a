"""Requests to addresses that customers chose: never into our own network (SSRF).

The name is resolved here, every address it has is looked at, and the connection goes to the address that
was looked at, so that a name which answers differently the second time (DNS rebinding) gains nothing.
Redirects are not followed, answers are bounded in time and size.
OWASP: Server-Side Request Forgery Prevention Cheat Sheet.
"""

import asyncio
import json
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

import httpx

from app.core.config import get_settings
from app.core.errors import Invalid

TIMEOUT_SECONDS: Final = 5.0
LARGEST_ANSWER_BYTES: Final = 512 * 1024

Address = IPv4Address | IPv6Address
_NAT64: Final = IPv6Network("64:ff9b::/96")  # IPv4 behind a translator (RFC 6052)


class AddressRefused(Invalid):
    """The address leads into a private network, or nowhere."""

    code = "address_refused"
    title = "This address is not reached from here"


class NoAnswer(Invalid):
    """The other side did not answer, or not with what was expected."""

    code = "no_answer"
    title = "The address does not answer as it should"


async def get_json(url: str, *, headers: dict[str, str] | None = None) -> Any:
    """The JSON document at the address. Raises `AddressRefused` or `NoAnswer`."""
    return await _exchange("GET", url, headers=headers)


async def post_form(url: str, form: dict[str, str], *, auth: tuple[str, str] | None = None) -> Any:
    """The JSON answer to a form. Raises `AddressRefused` or `NoAnswer`."""
    return await _exchange("POST", url, data=form, auth=auth)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: its status, the first bytes as text, and for how long it asks to be left."""

    status: int
    excerpt: str
    retry_after_seconds: float | None


async def post(
    url: str, content: bytes, *, headers: dict[str, str], timeout_seconds: float, excerpt_bytes: int
) -> Answer:
    """The answer to a post, whatever its status; more of it than the excerpt is not read, redirects are not
    followed. Raises `AddressRefused` or `NoAnswer`."""
    require_web_address(url)
    async with httpx.AsyncClient(
        transport=_CheckedTransport(), timeout=timeout_seconds, trust_env=False
    ) as client:
        try:
            async with (
                asyncio.timeout(timeout_seconds),
                client.stream("POST", url, content=content, headers=headers) as answer,
            ):
                beginning = await _beginning(answer, excerpt_bytes)
        except TimeoutError as error:
            raise NoAnswer(f"{_place(url)} did not answer in {timeout_seconds:g} s.") from error
        except httpx.HTTPError as error:
            raise NoAnswer(f"{_place(url)} did not answer: {type(error).__name__}.") from error
    return Answer(answer.status_code, beginning, _asked_pause(answer))


async def _beginning(answer: httpx.Response, most: int) -> str:
    """The first bytes of the body as they came, without what a database or a screen stumbles over."""
    content = b""
    async for chunk in answer.aiter_raw():
        content += chunk
        if len(content) >= most:
            break
    text = content[:most].decode(errors="replace")
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def _asked_pause(answer: httpx.Response) -> float | None:
    """`Retry-After` in seconds; its other form, a date, is not worth a clock that may be wrong."""
    asked = answer.headers.get("retry-after", "")
    return float(asked) if asked.isascii() and asked.isdigit() else None


def require_web_address(url: str) -> httpx.URL:
    """The parsed address. Raises `AddressRefused` unless it is https (outside production http will do) with
    a host, and without a user name in it."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise AddressRefused("This is not an address.") from error
    schemes = ("https",) if get_settings().is_production else ("https", "http")
    if parsed.scheme not in schemes or not parsed.host or parsed.userinfo:
        raise AddressRefused("Give an address such as https://accounts.example.com.")
    return parsed


async def _exchange(method: str, url: str, **options: Any) -> Any:
    require_web_address(url)
    async with httpx.AsyncClient(
        transport=_CheckedTransport(), timeout=TIMEOUT_SECONDS, trust_env=False
    ) as client:
        try:
            async with (
                asyncio.timeout(2 * TIMEOUT_SECONDS),
                client.stream(method, url, **options) as answer,
            ):
                content = await _bounded(answer)
        except (httpx.HTTPError, TimeoutError) as error:
            raise NoAnswer(f"{_place(url)} did not answer.") from error
    if answer.status_code != httpx.codes.OK:
        raise NoAnswer(f"{_place(url)} answered {answer.status_code}.")
    try:
        return json.loads(content)
    except ValueError as error:
        raise NoAnswer(f"{_place(url)} did not answer with JSON.") from error


async def _bounded(answer: httpx.Response) -> bytes:
    content = b""
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER_BYTES:
            raise NoAnswer(f"{answer.url.host} answered with too much.")
    return content


@cache
def tls_context() -> ssl.SSLContext:
    """The certificates this process believes, read once: reading them costs more than a whole request."""
    return httpx.create_ssl_context()


class _CheckedTransport(httpx.AsyncBaseTransport):
    """Connects to the address that was checked; the certificate is still asked for the name."""

    def __init__(self) -> None:
        self.inner = httpx.AsyncHTTPTransport(verify=tls_context())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = await checked_address(host, request.url.port or _port_of(request.url.scheme))
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=str(address))
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def checked_address(host: str, port: int) -> Address:
    """An address of the host that may be reached. Raises `AddressRefused` when any of them may not."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"There is no host {host}.") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(is_reachable(address) for address in addresses):
        raise AddressRefused(
            f"{host} lies in a private network. If that is meant, the operator lists the network in "
            "OUTBOUND_ALLOWED_NETWORKS."
        )
    return addresses[0]


def is_reachable(address: Address) -> bool:
    """Whether the address is of the public internet, or of a network the operator allowed."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inside = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inside is not None:
            return is_reachable(inside)
    if any(address in network for network in get_settings().outbound.networks):
        return True
    return address.is_global and not address.is_multicast


def _port_of(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _place(url: str) -> str:
    return httpx.URL(url).host
