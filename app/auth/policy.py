"""What a company asks of its people's sign-in."""

from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies import queries as companies
from app.companies.models import Company
from app.companies.roles import MANAGE_COMPANY
from app.core.actor import Actor
from app.core.errors import Forbidden


async def get_policy(session: AsyncSession, actor: Actor) -> Company:
    """The actor's company, which holds the policy."""
    actor.require(MANAGE_COMPANY)
    return await companies.get_company(session, actor)


async def set_policy(session: AsyncSession, actor: Actor, *, require_two_factor: bool) -> Company:
    """Ask owners for a second factor, or no longer. Who has none must set one up at the next request."""
    actor.require(MANAGE_COMPANY)
    if actor.kind != "user":
        raise Forbidden("Only a person decides how people sign in. An API key can not do it.")
    company = await companies.get_company(session, actor, for_update=True)
    changes = events.changes_of(company, {"require_two_factor": require_two_factor})
    company.require_two_factor = require_two_factor
    await session.flush()
    if changes:
        events.record(
            session,
            "company.sign_in_policy_changed",
            actor=actor,
            subject_id=company.id,
            changes=changes,
        )
    return company
