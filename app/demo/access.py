"""How the demo signs in on the machine that runs ARV, without asking anybody for a password.

Whoever can read the data folder can reach its database. So the demo makes itself a member of the
default company there, with a password that lives as long as the command, and signs in with it over
HTTP like everybody else.
"""

import secrets
from dataclasses import dataclass

from app.companies import service as companies
from app.companies.roles import EDITOR
from app.core.clock import utcnow
from app.core.database import dispose_engine, session_scope
from app.users import passwords
from app.users import queries as users
from app.users import service as user_service

DEMO_EMAIL = "demo@arv.localhost"
"""A reserved domain (RFC 6761): no mail can ever go there."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What to sign in with."""

    email: str
    password: str


async def demo_member() -> Credentials:
    """An editor of the default company, with a new random password nobody else ever sees."""
    credentials = Credentials(DEMO_EMAIL, secrets.token_urlsafe(32))
    try:
        password_hash = await passwords.hash_password(credentials.password)
        async with session_scope(system="demo") as session:
            user_id = await user_service.ensure_user(
                session, email=DEMO_EMAIL, password_hash=password_hash, name="ARV demo"
            )
            if user_id is None:
                member = await users.find_by_email(session, DEMO_EMAIL)
                assert member is not None, "ensure_user found one"
                user_id = member.id
                await users.set_password(
                    session, user_id, password_hash, now=utcnow(), must_change=False
                )
            company = await companies.ensure_default_company(session)
            await companies.set_role(session, company_id=company.id, user_id=user_id, role=EDITOR)
    finally:
        await dispose_engine()
    return credentials
