"""Until when a content is open: its own end or its project's, whichever comes first, read from the clock.

Nothing has to happen for a content to expire or to open again: `status` stays `published`, and who reads it
asks here. So a tick that comes late shows nobody anything wrong. After the grace the tick closes it.
"""

from datetime import datetime, timedelta

from app.ar_content.schemas import ContentStatus


def earlier(own: datetime | None, projects: datetime | None) -> datetime | None:
    """The end that counts; None when there is none."""
    return min((end for end in (own, projects) if end is not None), default=None)


def status_at(status: str, ends_at: datetime | None, now: datetime) -> ContentStatus:
    """What the content is at the moment, whatever its row still says."""
    if status == ContentStatus.PUBLISHED and ends_at is not None and ends_at <= now:
        return ContentStatus.EXPIRED
    return ContentStatus(status)


def grace_until(
    status: str, ends_at: datetime | None, now: datetime, grace_days: int
) -> datetime | None:
    """Until when moving the end opens the content again by itself; None unless it has just expired."""
    if status != ContentStatus.PUBLISHED or ends_at is None or ends_at > now:
        return None
    until = ends_at + timedelta(days=grace_days)
    return until if until > now else None
