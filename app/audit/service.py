"""Taking the audit log along, in batches: memory stays flat and no transaction waits for a slow reader."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Literal

from app import events
from app.audit.schemas import AuditEvent
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.pagination import LARGEST_LIMIT, PageRequest
from app.core.spreadsheets import BYTE_ORDER_MARK, csv_line
from app.events.models import Event

Format = Literal["csv", "jsonl"]
PageOfEvents = tuple[list[Event], str | None]
ReadPage = Callable[[PageRequest], Awaitable[PageOfEvents]]

MEDIA_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
}
COLUMNS: Final = (
    "created_at",
    "name",
    "actor_kind",
    "actor",
    "actor_id",
    "api_key_id",
    "address",
    "user_agent",
    "company_id",
    "subject_id",
    "changes",
    "data",
    "request_id",
    "id",
)


async def note_export(actor: Actor, *, format: Format, filters: dict[str, str]) -> None:
    """That the log was taken along is itself in the log, before the first line leaves."""
    async with session_scope(
        company_id=actor.company_id, system=None if actor.company_id else "audit"
    ) as session:
        data = {"format": format, "filters": filters}
        events.record(session, "audit.exported", actor=actor, data=data)


def first_page(q: str | None) -> PageRequest:
    return PageRequest(limit=LARGEST_LIMIT, q=q)


async def exported(
    read_page: ReadPage, first: PageOfEvents, *, format: Format, q: str | None
) -> AsyncIterator[str]:
    """The events as text, a batch at a time, newest first; `first` is the page of `first_page`."""
    write = _csv_of if format == "csv" else _json_of
    if format == "csv":
        yield BYTE_ORDER_MARK + csv_line(COLUMNS)
    rows, cursor = first
    while rows:
        yield "".join(write(event) for event in rows)
        if cursor is None:
            return
        rows, cursor = await read_page(PageRequest(limit=LARGEST_LIMIT, cursor=cursor, q=q))


def _json_of(event: Event) -> str:
    return AuditEvent.of(event).model_dump_json() + "\n"


def _csv_of(event: Event) -> str:
    return csv_line(
        (
            event.created_at.isoformat(),
            event.name,
            event.actor_kind,
            event.actor_label,
            event.actor_id,
            event.api_key_id,
            event.address,
            event.user_agent,
            event.company_id,
            event.subject_id,
            json.dumps(event.changes, ensure_ascii=False),
            json.dumps(event.data, ensure_ascii=False),
            event.request_id,
            event.id,
        )
    )
