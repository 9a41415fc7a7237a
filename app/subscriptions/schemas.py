"""Plans and subscriptions from outside."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.moments import Moment
from app.subscriptions.agreement import Level, Quota, Status

Limit = Annotated[int, Field(ge=0, le=2**62)]
FileSize = Annotated[int, Field(ge=1, le=2**62)]
GraceDays = Annotated[int, Field(ge=0, le=3650)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]

_STUDIO: Final[dict[str, Any]] = {
    "name": "Studio",
    "storage_bytes": 50 * 1024**3,
    "contents": 500,
    "members": 10,
    "views_month": 50_000,
    "grace_days": 30,
}


class Limits(BaseModel):
    """What may be used at most; null is without a limit.

    `max_upload_bytes` is the largest file; null leaves it to the installation (500 MB by default).
    """

    storage_bytes: Limit | None = None
    contents: Limit | None = None
    members: Limit | None = None
    views_month: Limit | None = None
    max_upload_bytes: FileSize | None = None


class Plan(Limits):
    """What companies may use. The default plan is that of companies nobody chose one for."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "00000000-0000-7000-8000-000000000003",
                    "code": "studio",
                    "is_default": False,
                    **_STUDIO,
                }
            ]
        },
    )

    id: UUID
    code: str
    name: str
    grace_days: int
    is_default: bool


class PlanList(BaseModel):
    """All plans."""

    items: list[Plan]


class PlanCreate(Limits):
    """A new plan. `grace_days` is how long published work is shown after a subscription's end."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"code": "studio-2", **_STUDIO}]}
    )

    code: Code
    name: Name
    grace_days: GraceDays = 30
    is_default: bool = False


class PlanUpdate(Limits):
    """Only the fields that are sent change; null takes a limit away."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"contents": 800, "views_month": None}]}
    )

    name: Name | None = None
    grace_days: GraceDays | None = None
    is_default: bool | None = None


class QuotaState(BaseModel):
    """One quota: what is used of it. Without a limit `limit` and `percent` are null."""

    quota: Quota
    used: int
    limit: int | None
    percent: int | None
    level: Level


class PlanName(BaseModel):
    """The plan a company has."""

    code: str
    name: str


class Subscription(BaseModel):
    """How a company stands.

    `warning` from 80 % of a quota, `full` at 100 %: nothing new is accepted, what is published stays open.
    `grace`: the subscription has ended, what is published stays open until `grace_until`. `lapsed`: after it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "plan": {"code": "studio", "name": "Studio"},
                    "status": "warning",
                    "starts_at": "2026-01-01T00:00:00Z",
                    "ends_at": "2027-01-01T00:00:00Z",
                    "max_upload_bytes": 500 * 1024**2,
                    "grace_until": "2027-01-31T00:00:00Z",
                    "quotas": [
                        {
                            "quota": "contents",
                            "used": 420,
                            "limit": 500,
                            "percent": 84,
                            "level": "warning",
                        }
                    ],
                }
            ]
        }
    )

    plan: PlanName
    status: Status
    starts_at: datetime | None
    ends_at: datetime | None
    grace_until: datetime | None
    max_upload_bytes: int
    quotas: list[QuotaState]


class SubscriptionUpdate(BaseModel):
    """What was agreed with a company. Only the fields that are sent change.

    A limit stands before the plan's; null gives it back to the plan. `ends_at` null: until further notice.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"plan": "studio", "ends_at": "2027-01-01T00:00:00Z", "contents": 750}]
        },
    )

    plan: Code | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    grace_days: GraceDays | None = None
    storage_bytes: Limit | None = None
    contents: Limit | None = None
    members: Limit | None = None
    views_month: Limit | None = None
    max_upload_bytes: FileSize | None = None
