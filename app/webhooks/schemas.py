"""Webhooks from outside."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.core.pagination import Page
from app.webhooks.delivering import Attempt
from app.webhooks.messages import PATTERN

State = Literal["queued", "delivered", "failed"]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


def _a_pattern(value: str) -> str:
    if PATTERN.fullmatch(value) is None:
        raise ValueError("write an event such as content.published, all of a kind (content.*) or *")
    return value


EventPattern = Annotated[str, StringConstraints(max_length=80), AfterValidator(_a_pattern)]
Patterns = Annotated[list[EventPattern], Field(min_length=1, max_length=100)]

_ENDPOINT: Final[dict[str, Any]] = {
    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
    "url": "https://studio.example/hooks/arv",
    "description": "Our order system",
    "events": ["content.*", "target.failed"],
    "enabled": True,
    "disabled_reason": None,
    "failing_since": None,
    "retry_at": None,
    "old_secret_until": None,
    "created_at": "2026-11-23T09:00:00Z",
}


def _example(
    values: dict[str, Any], *, extra: Literal["forbid", "ignore"] = "ignore"
) -> ConfigDict:
    return ConfigDict(from_attributes=True, extra=extra, json_schema_extra={"examples": [values]})


class Webhook(BaseModel):
    """An address that hears of the company's events. `failing_since`: nothing arrived since then."""

    model_config = _example(_ENDPOINT)

    id: UUID
    url: str
    description: str
    events: list[str]
    enabled: bool
    disabled_reason: Literal["by_hand", "failing", "gone"] | None
    failing_since: datetime | None
    retry_at: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class WebhookWithSecret(Webhook):
    """A webhook and its secret, which is shown this once."""

    model_config = _example(_ENDPOINT | {"secret": "whsec_shown_this_once"})

    secret: str


class WebhookList(BaseModel):
    """All webhooks of a company."""

    items: list[Webhook]


class WebhookCreate(BaseModel):
    """Where to, and which events: a name, all of a kind (`content.*`), or everything (`*`)."""

    model_config = _example(
        {"url": "https://studio.example/hooks/arv", "events": ["content.*"]}, extra="forbid"
    )

    url: Url
    description: Description = ""
    events: Patterns


class WebhookUpdate(BaseModel):
    """Only the fields that are sent change."""

    model_config = _example({"events": ["content.published"], "enabled": True}, extra="forbid")

    url: Url | None = None
    description: Description | None = None
    events: Patterns | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _nothing_is_emptied(self) -> "WebhookUpdate":
        if any(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError("leave out what stays as it is")
        return self


class SecretRotation(BaseModel):
    """For how long the old secret signs too."""

    model_config = _example({"overlap_hours": 24}, extra="forbid")

    overlap_hours: int = Field(24, ge=0, le=168)


class Replay(BaseModel):
    """The time whose events are to be sent again; a day when `until` is left out."""

    model_config = _example(
        {"since": "2026-11-22T00:00:00Z", "until": "2026-11-23T00:00:00Z"}, extra="forbid"
    )

    since: AwareDatetime
    until: AwareDatetime

    @model_validator(mode="after")
    def _goes_forward(self) -> "Replay":
        if self.until <= self.since:
            raise ValueError("`until` comes after `since`")
        return self


class Replayed(BaseModel):
    """How many events now wait to be sent."""

    model_config = _example({"deliveries": 12})

    deliveries: int


class Failure(BaseModel):
    """Why it was not taken: a constant code and a sentence."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    detail: str


class WebhookDelivery(BaseModel):
    """One event for one webhook, and what its address answered last."""

    model_config = _example(
        {
            "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b12",
            "event_id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b13",
            "event_name": "content.published",
            "state": "delivered",
            "attempts": 1,
            "next_attempt_at": "2026-11-23T09:00:00Z",
            "response_status": 200,
            "response_excerpt": "ok",
            "failure": None,
            "duration_ms": 84,
            "created_at": "2026-11-23T09:00:00Z",
            "delivered_at": "2026-11-23T09:00:00Z",
        }
    )

    id: UUID
    event_id: UUID
    event_name: str
    state: State
    attempts: int
    next_attempt_at: datetime
    response_status: int | None
    response_excerpt: str | None
    failure: Failure | None
    duration_ms: int | None
    created_at: datetime
    delivered_at: datetime | None


class WebhookDeliveryPage(Page[WebhookDelivery]):
    """One page of deliveries."""


class Ping(BaseModel):
    """What the address made of a signed ping."""

    model_config = _example(
        {
            "is_delivered": True,
            "response_status": 200,
            "response_excerpt": "ok",
            "failure": None,
            "duration_ms": 84,
        }
    )

    is_delivered: bool
    response_status: int | None
    response_excerpt: str | None
    failure: Failure | None
    duration_ms: int

    @classmethod
    def of(cls, attempt: Attempt) -> "Ping":
        return cls(
            is_delivered=attempt.is_delivered,
            response_status=attempt.status,
            response_excerpt=attempt.excerpt,
            failure=Failure(**attempt.failure) if attempt.failure else None,
            duration_ms=attempt.duration_ms,
        )
