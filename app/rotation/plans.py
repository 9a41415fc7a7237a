"""A content with its rules, ready to be asked what plays."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import expiry
from app.ar_content import queries as contents
from app.ar_content.queries import Found
from app.ar_content.schemas import ContentStatus
from app.companies import queries as companies
from app.core.actor import Actor
from app.rotation import kinds, queries, schemas
from app.rotation.kinds import Reason, Showing, Shown
from app.rotation.models import Schedule
from app.rotation.reading import rules_of, schedule_of, shown_of
from app.rotation.rules import video_at


@dataclass(frozen=True, slots=True)
class Plan:
    """A content with its rules, ready to be asked."""

    found: Found
    row: Schedule | None
    rules: schemas.Rules
    schedule: kinds.Schedule
    shown: Shown
    company_zone: str

    def under(self, rules: schemas.Rules) -> "Plan":
        """The same content as if it had these rules."""
        content_id = self.found.content.id
        schedule = schedule_of(rules, content_id=content_id, company_zone=self.company_zone)
        return replace(self, rules=rules, schedule=schedule)

    def name_of(self, showing: Showing) -> str | None:
        """What people called the rule that decided, if they called it anything."""
        if showing.index is None or showing.reason is Reason.ROTATION:
            return None
        rules = self.rules.dates if showing.reason is Reason.DATE else self.rules.windows
        return rules[showing.index].name or None

    def is_open(self, moment: datetime) -> bool:
        """Whether the printed code opens then, if nobody changes anything before."""
        status = expiry.status_at(self.found.content.status, self.found.ends_at, moment)
        return status is ContentStatus.PUBLISHED

    def showing_at(self, moment: datetime, *, view: int = 0) -> Showing:
        return video_at(self.schedule, moment, self.shown, view=view)

    def valid_until(self, showing: Showing, moment: datetime) -> datetime | None:
        """When what is seen changes: something else plays, or the content ends."""
        end = self.found.ends_at if self.is_open(moment) else None
        return min((each for each in (showing.valid_until, end) if each), default=None)


async def plan_of(session: AsyncSession, actor: Actor, content_id: UUID) -> Plan:
    """The content's plan. Raises `NotFound`, for another company's content too."""
    found = await contents.get_content(session, actor, content_id)
    company = await companies.company_by_id(session, found.content.company_id)
    return await plan_for(session, found, company_zone=company.time_zone)


async def plan_for(session: AsyncSession, found: Found, *, company_zone: str) -> Plan:
    """The plan of a content that was read already."""
    content = found.content
    row = await queries.find_schedule(session, content.company_id, content.id)
    rules = rules_of(row)
    schedule = schedule_of(rules, content_id=content.id, company_zone=company_zone)
    return Plan(found, row, rules, schedule, shown_of(content, found.videos), company_zone)
