"""What is told of a content's end, and when. Pure: from end, clock and the company's wishes to one notice.

Notices are due at their days before the end (`warning`), at the end (`expired`), and when the grace is over
(`closed`). Whoever looks late finds the last one that is due: one notice with the truth, not all those
that were missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

NoticeKind = Literal["warning", "expired", "closed", "reopened"]


@dataclass(frozen=True, slots=True)
class DueNotice:
    """One notice of an end; `days_before` is a warning's."""

    kind: NoticeKind
    ends_at: datetime
    due_at: datetime
    days_before: int | None = None


def notice_due(
    ends_at: datetime, now: datetime, *, warning_days: Sequence[int], grace_days: int
) -> DueNotice | None:
    """The last notice of this end that is due by now; None before the first."""
    closes_at = ends_at + timedelta(days=grace_days)
    if closes_at <= now:
        return DueNotice("closed", ends_at, closes_at)
    if ends_at <= now:
        return DueNotice("expired", ends_at, ends_at)
    begun = [days for days in warning_days if ends_at - timedelta(days=days) <= now]
    if not begun:
        return None
    days = min(begun)
    return DueNotice("warning", ends_at, ends_at - timedelta(days=days), days)


def days_left(ends_at: datetime, now: datetime) -> int:
    """Whole days that are begun until the end: 1 on the last one."""
    return max(0, -((now - ends_at) // timedelta(days=1)))
