"""Notifications, preferences, channels and the delivery log from outside."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from app.core.notices import Kind
from app.core.pagination import Page

Language = Literal["en", "ru"]
Digest = Literal["off", "daily", "weekly"]
DeliveryStateName = Literal["queued", "sent", "failed"]
Way = Literal["email", "telegram", "messenger"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Kinds = Annotated[list[Kind], Field(max_length=50)]


def _example(
    values: dict[str, Any], *, extra: Literal["forbid", "ignore"] = "ignore"
) -> ConfigDict:
    return ConfigDict(from_attributes=True, extra=extra, json_schema_extra={"examples": [values]})


class CompanyOf(BaseModel):
    """The company it happened in."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    slug: str


_NOTIFICATION: Final[dict[str, Any]] = {
    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
    "kind": "content.expiring",
    "severity": "warning",
    "title": "“Wedding” expires soon",
    "text": "“Wedding” stops playing on 2026-12-01. Extend it if the print is still in use.",
    "path": "c/vertex/contents/0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b12",
    "company": {
        "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b13",
        "name": "Vertex",
        "slug": "vertex",
    },
    "subject_id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b12",
    "is_read": False,
    "created_at": "2026-11-23T09:00:00Z",
}


class Notification(BaseModel):
    """What one person was told, in words; `path` is the panel's page about it."""

    model_config = _example(_NOTIFICATION)

    id: UUID
    kind: str
    severity: Literal["info", "warning", "urgent"]
    title: str
    text: str
    path: str
    company: CompanyOf | None
    subject_id: UUID | None
    is_read: bool
    created_at: datetime


class NotificationPage(Page[Notification]):
    """One page of notifications."""


class UnreadCount(BaseModel):
    """How many are unread; counting ends at 100."""

    model_config = _example({"unread": 3})

    unread: int


class KindChoice(BaseModel):
    """Whether mails of a kind come. Essential ones always do."""

    kind: str
    severity: Literal["info", "warning", "urgent"]
    is_essential: bool
    email: bool


class Preferences(BaseModel):
    """How a person wants to be told. Everything is in the panel; mail is chosen for each kind."""

    model_config = _example(
        {
            "digest": "daily",
            "time_zone": None,
            "kinds": [
                {
                    "kind": "target.failed",
                    "severity": "info",
                    "is_essential": False,
                    "email": True,
                }
            ],
        }
    )

    digest: Digest
    time_zone: str | None
    kinds: list[KindChoice]


def _a_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("use a name of the IANA database, such as Europe/Berlin")
    return value


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_a_zone)]


class PreferencesUpdate(BaseModel):
    """Only the fields that are sent change. Without a zone of one's own the company's counts."""

    model_config = _example({"digest": "weekly", "email": {"target.failed": False}}, extra="forbid")

    digest: Digest | None = None
    time_zone: TimeZone | None = None
    email: dict[Kind, bool] | None = None


class Unsubscription(BaseModel):
    """What stands behind the `#` of the link in the mail."""

    model_config = _example({"token": "0199...:target.failed:q8Vn4J3u"}, extra="forbid")

    token: str = Field(min_length=1, max_length=300)


class Unsubscribed(BaseModel):
    """The kind whose mails end."""

    model_config = _example({"kind": "target.failed"})

    kind: str


class Failure(BaseModel):
    """Why it was not taken: a constant code and a sentence."""

    code: str
    detail: str


_CHANNEL: Final[dict[str, Any]] = {
    "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b14",
    "kind": "telegram",
    "name": "Workshop",
    "label": "Telegram, Workshop",
    "language": "en",
    "kinds": ["content.expiring"],
    "enabled": True,
    "link": None,
    "failure": None,
    "last_sent_at": None,
    "created_at": "2026-11-23T09:00:00Z",
}


class ChatLink(BaseModel):
    """How a chat is connected: open the address, or send the code to the bot in a group."""

    bot: str
    code: str
    url: str
    expires_at: datetime


class Channel(BaseModel):
    """A chat of the company. Tokens and addresses are never shown again; `label` tells channels apart."""

    model_config = _example(_CHANNEL)

    id: UUID
    kind: Literal["telegram", "messenger"]
    name: str
    label: str
    language: Language
    kinds: list[str]
    enabled: bool
    link: ChatLink | None
    failure: Failure | None
    last_sent_at: datetime | None
    created_at: datetime


class ChannelList(BaseModel):
    """All channels of a company, and what they may hear of."""

    items: list[Channel]
    kinds: list[str]


class ChannelCreate(BaseModel):
    """Telegram: `chat_id`, or nothing to connect a chat by a code; `bot_token` for a bot of one's own.
    Messengers: `url` as in docs/reference/notifications.md. No `kinds` is all of them."""

    model_config = _example(
        {
            "kind": "messenger",
            "name": "Workshop",
            "url": "ntfys://ntfy.example.com/arv",
            "kinds": ["content.expiring"],
        },
        extra="forbid",
    )

    kind: Literal["telegram", "messenger"]
    name: Name
    language: Language = "en"
    kinds: Kinds = Field(default_factory=list)
    url: SecretStr | None = Field(None, max_length=1000)
    bot_token: SecretStr | None = Field(None, max_length=200)
    chat_id: str | None = Field(None, max_length=64, pattern=r"^(-?\d{1,20}|@\w{3,40})$")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ChannelCreate":
        if (self.kind == "messenger") != (self.url is not None):
            raise ValueError("a messenger takes `url`, Telegram `chat_id` or a code")
        if self.kind == "messenger" and (self.bot_token or self.chat_id):
            raise ValueError("`bot_token` and `chat_id` are Telegram's")
        return self

    def settings(self) -> dict[str, Any]:
        """What is kept encrypted."""
        found = {
            "url": self.url.get_secret_value() if self.url else None,
            "bot_token": self.bot_token.get_secret_value() if self.bot_token else None,
            "chat_id": self.chat_id,
        }
        return {name: value for name, value in found.items() if value}


class ChannelUpdate(BaseModel):
    """Only the fields that are sent change. Another address is another channel."""

    model_config = _example({"enabled": False}, extra="forbid")

    name: Name | None = None
    language: Language | None = None
    kinds: Kinds | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _nothing_is_emptied(self) -> "ChannelUpdate":
        if any(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError("leave out what stays as it is")
        return self


class Delivery(BaseModel):
    """One message to one target. `kind` is also `test` or `digest`."""

    model_config = _example(
        {
            "id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b15",
            "channel": "email",
            "channel_id": None,
            "kind": "content.expiring",
            "target": "anna@example.com",
            "state": "sent",
            "attempts": 1,
            "failure": None,
            "can_resend": False,
            "created_at": "2026-11-23T09:00:00Z",
            "finished_at": "2026-11-23T09:00:02Z",
        }
    )

    id: UUID
    channel: Way
    channel_id: UUID | None
    kind: str
    target: str
    state: DeliveryStateName
    attempts: int
    failure: Failure | None
    can_resend: bool
    created_at: datetime
    finished_at: datetime | None


class DeliveryPage(Page[Delivery]):
    """One page of deliveries."""
