"""What the operator does above companies."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.companies import service as companies
from app.companies.models import Company
from app.companies.roles import OWNER, PERMISSIONS
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.errors import Forbidden
from app.members import invitations
from app.members.models import Invitation
from app.storage.opening import local_storage
from app.subscriptions import plans


def require_operator(actor: Actor) -> None:
    """Raises `Forbidden` unless a superadmin asks."""
    if not actor.is_superadmin:
        raise Forbidden("Only the operator of this installation sees all companies.")


async def create_company(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    slug: str | None,
    owner_email: str,
    plan: str | None,
    language: str,
) -> tuple[Company, Invitation]:
    """A new company on its plan, and its first owner's invitation: all of it or nothing."""
    require_operator(actor)
    company = await companies.create_company(
        session, actor, name=name, slug=slug, accent_color=None
    )
    company.language = language
    await session.flush()
    inside = replace(actor, company_id=company.id, role=OWNER, permissions=PERMISSIONS[OWNER])
    if plan is not None:
        await plans.update_subscription(session, inside, values={"plan": plan})
    invitation = await invitations.invite(
        session, inside, email=owner_email, role=OWNER, language=language, now=utcnow()
    )
    local_storage().make_base_folders(company.storage_path)
    return company, invitation
