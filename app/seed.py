"""What every installation begins with. Harmless when run again, also from several processes at once."""

from dataclasses import dataclass

from app import events
from app.auth import queries as auth
from app.companies import service as companies
from app.companies.roles import OWNER
from app.core.actor import Actor
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import session_scope
from app.storage import installation
from app.two_factor import service as two_factor
from app.users import passwords
from app.users import queries as users
from app.users import service as user_service


@dataclass(frozen=True, slots=True)
class AdminAccess:
    """How the operator signs in; the one-time password is known only when it was just made."""

    email: str
    one_time_password: str | None


async def seed() -> AdminAccess:
    """The default company, its storage and folders, and the first superadmin."""
    await seed_company()
    return await ensure_admin(get_settings().admin_email.strip().lower())


async def seed_company() -> None:
    """The default company, its storage and folders."""
    await installation.ensure_installation_storage()
    async with session_scope(system="seed") as session:
        company = await companies.ensure_default_company(session)
        await installation.ensure_company_storage(session, company)


async def ensure_admin(email: str) -> AdminAccess:
    """A superadmin with this address, made with a one-time password if there is no such user."""
    async with session_scope(system="seed") as session:
        if await users.find_by_email(session, email) is not None:
            return AdminAccess(email, None)
    password = passwords.one_time_password()
    password_hash = await passwords.hash_password(password)
    async with session_scope(system="seed") as session:
        user_id = await user_service.ensure_user(
            session,
            email=email,
            password_hash=password_hash,
            is_superadmin=True,
            must_change_password=True,
        )
        if user_id is None:
            return AdminAccess(email, None)
        company = await companies.ensure_default_company(session)
        await companies.set_role(session, company_id=company.id, user_id=user_id, role=OWNER)
    return AdminAccess(email, password)


async def reset_admin(email: str) -> AdminAccess:
    """A superadmin with a new one-time password, whoever held the address; their sessions end."""
    made = await ensure_admin(email)
    if made.one_time_password is not None:
        return made
    password = passwords.one_time_password()
    password_hash = await passwords.hash_password(password)
    async with session_scope(system="seed") as session:
        user = await users.find_by_email(session, email)
        assert user is not None, "ensure_admin found or made the user"
        await users.make_superadmin(session, user.id)
        await users.set_password(session, user.id, password_hash, now=utcnow(), must_change=True)
        await auth.revoke_sessions(session, user.id, now=utcnow())
        if await two_factor.is_enabled(session, user.id):
            await two_factor.disable(session, Actor.system("arv create-admin"), user.id)
        events.record(session, "user.password_reset", subject_id=user.id)
    return AdminAccess(user.email, password)
