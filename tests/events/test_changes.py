"""Before and after of what was changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.events import changes_of

OWNER, NEXT_OWNER = UUID(int=7), UUID(int=8)


@dataclass
class Row:
    title: str = "Old"
    views: int = 3
    owner_id: UUID = OWNER
    webhook_secret: str = "old-secret"
    published_at: datetime | None = None


def test_only_what_differs_is_told() -> None:
    """Before and after of each value that is another one, and nothing of the rest."""
    assert {"title": ["Old", "New"]} == changes_of(Row(), {"title": "New", "views": 3})


def test_values_become_plain_json() -> None:
    """Ids and times are written as text."""
    new = {"owner_id": NEXT_OWNER, "published_at": datetime(2026, 11, 23, tzinfo=UTC)}

    assert {
        "owner_id": [str(OWNER), str(NEXT_OWNER)],
        "published_at": [None, "2026-11-23T00:00:00+00:00"],
    } == changes_of(Row(), new)


def test_a_secret_is_told_to_have_changed_but_never_shown() -> None:
    """Neither the old nor the new value reaches the log, however deep it lies."""
    assert {"webhook_secret": ["***", "***"]} == changes_of(Row(), {"webhook_secret": "new"})
    assert {"title": ["Old", {"password": "***", "host": "a"}]} == changes_of(
        Row(), {"title": {"password": "p", "host": "a"}}
    )


def test_a_long_text_is_cut() -> None:
    """A pasted book does not grow the log without bound."""
    told = changes_of(Row(), {"title": "x" * 10_000})["title"][1]

    assert 2001 == len(told)
    assert told.endswith("…")
