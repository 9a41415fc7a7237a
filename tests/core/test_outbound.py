"""Addresses customers chose: what is never reached."""

from ipaddress import ip_address

import pytest

from app.core import outbound
from app.core.config import get_settings


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1"),
        *("::ffff:10.0.0.1", "2002:0a00:0001::", "64:ff9b::a00:1", "64:ff9b::7f00:1"),
    ],
)
def test_private_addresses_are_not_reached(address: str) -> None:
    """In every spelling, also those that hold an IPv4 address inside."""
    assert not outbound.is_reachable(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_are(address: str) -> None:
    """The internet."""
    assert outbound.is_reachable(ip_address(address))


def test_the_operator_may_allow_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly that one."""
    with monkeypatch.context() as own:
        own.setenv("OUTBOUND_ALLOWED_NETWORKS", "10.0.0.0/8, fc00::/7")
        get_settings.cache_clear()
        found = [
            outbound.is_reachable(ip_address(a)) for a in ("10.9.9.9", "fc00::5", "192.168.0.1")
        ]
    get_settings.cache_clear()

    assert [True, True, False] == found


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://2130706433/"),
        *("ftp://example.com/", "file:///etc/passwd", "http://user:word@example.com/", "nonsense"),
        *("http://", "http://0x7f.1/"),
    ],
)
async def test_a_request_into_our_own_network_is_refused(url: str) -> None:
    """By name, by number, by scheme, before anything is sent."""
    with pytest.raises(outbound.AddressRefused):
        await outbound.get_json(url)
