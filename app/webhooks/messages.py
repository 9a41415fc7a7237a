"""An event as a webhook tells it."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app.events.models import Event

EVERYTHING: Final = "*"
PATTERN: Final = re.compile(r"\*|[a-z][a-z0-9_]*\.(\*|[a-z][a-z0-9_]*)")
PING: Final = "webhook.ping"


def is_wanted(name: str, patterns: Iterable[str]) -> bool:
    """Whether one of `content.published`, `content.*` or `*` names the event."""
    noun = name.partition(".")[0]
    return any(pattern in (EVERYTHING, name, f"{noun}.*") for pattern in patterns)


def message_id(event_id: UUID) -> str:
    """The same at every attempt and replay, so that a receiver knows what it has seen."""
    return f"evt_{event_id.hex}"


def body_of(event: Event) -> bytes:
    """The event as JSON. Who did it is told by kind and id; addresses and browsers stay here."""
    return _packed(
        event.name,
        event.created_at,
        {
            "event_id": str(event.id),
            "company_id": _text(event.company_id),
            "subject_id": _text(event.subject_id),
            "actor": {"kind": event.actor_kind, "id": _text(event.actor_id or event.api_key_id)},
            "facts": event.data,
            "changes": event.changes,
        },
    )


def ping_body(company_id: UUID, now: datetime) -> bytes:
    return _packed(PING, now, {"company_id": str(company_id)})


def _packed(name: str, moment: datetime, told: dict[str, Any]) -> bytes:
    stamp = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps(
        {"type": name, "timestamp": stamp, "data": told}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
