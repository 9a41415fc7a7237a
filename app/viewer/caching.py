"""What a cache in front of the service may do with pages and manifests (RFC 9111, RFC 5861).

A browser asks each time. nginx keeps an answer for a moment, so that a crowd at one print is one question,
and shows it on while we do not answer: as long as the addresses in it are good, never past the content's end.
"""

from datetime import datetime
from typing import Final

from app.storage.links import outage_seconds

# Views are counted by the answers we give ourselves, so it is the shortest there is.
FRESH_SECONDS: Final = 1
# Whoever comes then gets the page of before at once, and one question to us is on its way.
RENEWING_SECONDS: Final = 4
UNKEPT: Final = "no-cache"


def cache_control(ends_at: datetime | None, now: datetime) -> str:
    """The header of a page or manifest made `now` of a content that ends then, if ever."""
    left = outage_seconds()
    if ends_at is not None:
        left = min(left, int((ends_at - now).total_seconds()) - FRESH_SECONDS)
    if left <= 0:
        return UNKEPT
    renewing = min(RENEWING_SECONDS, left)
    return (
        f"public, max-age=0, s-maxage={FRESH_SECONDS}, stale-while-revalidate={renewing}, "
        f"stale-if-error={left}"
    )
