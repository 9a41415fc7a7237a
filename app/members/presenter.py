"""Rows as they are shown."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Membership
from app.mail import queries as mails
from app.members import schemas
from app.members.acceptance import state_of
from app.members.models import Invitation
from app.users.models import User


def present_member(membership: Membership, user: User) -> schemas.Member:
    return schemas.Member.model_validate(
        {
            "user_id": user.id,
            "email": user.email,
            "name": user.name,
            "role": membership.role,
            "is_disabled": user.disabled_at is not None,
            "created_at": membership.created_at,
        }
    )


async def present_invitations(
    session: AsyncSession, invitations: Sequence[Invitation], *, now: datetime
) -> list[schemas.Invitation]:
    """Open invitations with what became of their mails."""
    mail_ids = [each.mail_id for each in invitations if each.mail_id is not None]
    states = await mails.states_of(session, mail_ids)
    return [
        schemas.Invitation.model_validate(
            {
                "id": each.id,
                "email": each.email,
                "role": each.role,
                "language": each.language,
                "state": state_of(each, now=now),
                "mail_state": states.get(each.mail_id) if each.mail_id else None,
                "created_at": each.created_at,
                "sent_at": each.sent_at,
                "expires_at": each.expires_at,
            }
        )
        for each in invitations
    ]
