"""Looking up the TXT record that proves a hostname (RFC 1035, 3.3.14).

The record is at a name of its own, `_arv-verification.<hostname>`, so that it is in nobody's way. A resolver
that does not answer proves nothing, neither way.
"""

from enum import StrEnum
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.resolver

from app.core.config import get_settings

LABEL: Final = "_arv-verification"
LIFETIME_SECONDS: Final = 8.0


class Proof(StrEnum):
    """What the look-up found."""

    PRESENT = "present"
    NO_RECORD = "no_record"
    OTHER_VALUE = "other_value"
    NO_ANSWER = "no_answer"


def record_name(hostname: str) -> str:
    return f"{LABEL}.{hostname}"


def record_value(token: str) -> str:
    return f"arv-verification={token}"


async def look_up(hostname: str, token: str) -> Proof:
    """Whether the record with the token is there."""
    try:
        answer = await _resolver().resolve(
            record_name(hostname), "TXT", lifetime=LIFETIME_SECONDS, search=False
        )
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Proof.NO_RECORD
    except (dns.exception.DNSException, OSError):
        return Proof.NO_ANSWER
    # One value may come in pieces of 255 bytes, which belong together (RFC 7208, 3.3 says so for all).
    values = {b"".join(record.strings) for record in answer}
    return Proof.PRESENT if record_value(token).encode() in values else Proof.OTHER_VALUE


def _resolver() -> dns.asyncresolver.Resolver:
    """The system's resolver, or the servers the settings name."""
    servers = get_settings().domains.dns_servers
    if not servers:
        return dns.asyncresolver.Resolver()
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [_server(text) for text in servers.split(",")]
    return resolver


def _server(text: str) -> dns.nameserver.Nameserver:
    address, _, port = text.strip().rpartition(":")
    return dns.nameserver.Do53Nameserver(address, int(port))
