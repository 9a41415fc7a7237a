"""Companies as the operator sees them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.companies.schemas import Company, Name, Slug
from app.core.email_addresses import EmailAddress
from app.core.pagination import Page
from app.subscriptions.schemas import Code, Subscription


class OperatedCompany(BaseModel):
    """A company with how it stands and what it uses."""

    company: Company
    deleted_at: datetime | None
    subscription: Subscription


class OperatedCompanyPage(Page[OperatedCompany]):
    """One page of companies."""


class CompanyWithOwner(BaseModel):
    """A new company and who is invited to own it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "North Light Studio",
                    "owner_email": "anna@example.com",
                    "plan": "studio",
                    "language": "en",
                }
            ]
        },
    )

    name: Name
    slug: Slug | None = None
    owner_email: EmailAddress
    plan: Code | None = None
    language: Literal["en", "ru"] = "en"


class CreatedCompany(BaseModel):
    """The company, and the invitation its owner was sent."""

    company: Company
    invitation_id: UUID
