"""Network addresses as far as ARV counts by them."""

import ipaddress

IPV6_NETWORK_BITS = 64


def network_of(address: str) -> str:
    """What an address is counted as: an IPv6 caller owns a whole /64 (RFC 6177), an IPv4 caller one address.

    What is no address, such as a test's name, counts as itself; an IPv4 address inside IPv6 as itself.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
