"""`arv up --lan`: phones in the same network reach ARV over https, the only way a browser opens its camera.

The certificate is made here, for this machine's address, so each phone warns once before it goes on.
"""

import ipaddress
import socket
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.local.console import StartRefused

CA_VARIABLE = "ARV_LAN_CA"
# Safari accepts no certificate that lives longer than 825 days (Apple, "Requirements for trusted
# certificates in iOS 13"); 398 is the limit for authorities it knows, so it serves for both.
LIFETIME = timedelta(days=398)
# TEST-NET-1 (RFC 5737): nothing is sent by connecting a datagram socket, the system only chooses a route.
ANYWHERE = ("192.0.2.1", 9)


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files: the chain with its key, and the authority that signed it."""

    chain_and_key: Path
    authority: Path


def lan_address() -> str:
    """This machine's address in its network. Raises `StartRefused` when it has none but loopback."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(ANYWHERE)
            address = str(probe.getsockname()[0])
        except OSError:
            address = "127.0.0.1"
    if ipaddress.ip_address(address).is_loopback:
        raise StartRefused(
            "This machine is in no network a phone could share: start without --lan."
        )
    return address


def certificate_for(address: str, folder: Path) -> Certificate:
    """The certificate for `address`, made once and kept in `folder`, readable by its owner only."""
    import trustme  # noqa: PLC0415  (the production image does not carry it)

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    day = datetime.now(UTC)
    kept = Certificate(folder / f"{address}.pem", folder / f"{address}.authority.pem")
    if not _is_fresh(kept.chain_and_key, day):
        authority = trustme.CA(organization_name="ARV on this machine")
        leaf = authority.issue_cert(address, "localhost", not_after=day + LIFETIME)
        kept.chain_and_key.touch(mode=0o600)
        leaf.private_key_and_cert_chain_pem.write_to_path(str(kept.chain_and_key))
        authority.cert_pem.write_to_path(str(kept.authority))
    return kept


def _is_fresh(path: Path, day: datetime) -> bool:
    if not path.exists():
        return False
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return day - made < LIFETIME - timedelta(days=30)
