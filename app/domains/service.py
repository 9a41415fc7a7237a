"""Asking for a hostname, proving it, and losing it again."""

import secrets
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app import events
from app.companies.roles import MANAGE_COMPANY
from app.core.actor import Actor
from app.core.config import get_settings
from app.core.database import after_commit, session_scope
from app.core.errors import Conflict, Invalid
from app.core.notices import notify
from app.domains import hosts, queries, records
from app.domains.models import CompanyDomain
from app.domains.records import Proof

log = structlog.get_logger(__name__)

# A record that is gone may be a mistake of an afternoon; printed codes lead there.
PATIENCE: Final = timedelta(days=3)
RECHECK_AFTER: Final = timedelta(hours=20)


class DomainTaken(Conflict):
    code = "domain_taken"
    title = "Another company proved this hostname"


async def set_domain(session: AsyncSession, actor: Actor, *, hostname: str) -> CompanyDomain:
    """Ask for a hostname; it is pending until its record is found. The same one again changes nothing."""
    actor.require(MANAGE_COMPANY)
    assert actor.company_id is not None
    if hostname == hosts.bare(urlsplit(get_settings().web.public_url).netloc):
        raise Invalid("This is the address of the installation itself.", pointer="#/hostname")
    before = await queries.find_domain(session, actor.company_id)
    if before is not None and before.hostname == hostname:
        return before
    if before is not None:
        await session.delete(before)
        await session.flush()
    domain = CompanyDomain(
        company_id=actor.company_id, hostname=hostname, token=secrets.token_urlsafe(24)
    )
    session.add(domain)
    await session.flush()
    after_commit(session, hosts.forget)
    events.record(
        session,
        "domain.requested",
        actor=actor,
        subject_id=actor.company_id,
        changes={"hostname": [before.hostname if before else None, hostname]},
    )
    return domain


async def remove_domain(session: AsyncSession, actor: Actor) -> None:
    """Links begin with the installation's address again; codes printed with the hostname lead nowhere."""
    actor.require(MANAGE_COMPANY)
    domain = await queries.get_domain(session, actor, for_update=True)
    await session.delete(domain)
    await session.flush()
    after_commit(session, hosts.forget)
    events.record(
        session,
        "domain.removed",
        actor=actor,
        subject_id=actor.company_id,
        changes={"hostname": [domain.hostname, None]},
    )


async def verify_domain(actor: Actor, *, now: datetime) -> CompanyDomain:
    """Look the record up and note what was found; no transaction is open meanwhile.

    Raises `DomainTaken` when another company proved the same hostname before.
    """
    actor.require(MANAGE_COMPANY)
    assert actor.company_id is not None
    async with session_scope(company_id=actor.company_id) as session:
        domain = await queries.get_domain(session, actor)
    proof = await records.look_up(domain.hostname, domain.token)
    async with session_scope(company_id=actor.company_id) as session:
        current = await queries.get_domain(session, actor, for_update=True)
        if current.token == domain.token:
            await _note(session, actor, current, proof, now=now)
    return current


async def _note(
    session: AsyncSession, actor: Actor, domain: CompanyDomain, proof: Proof, *, now: datetime
) -> None:
    before = domain.state
    domain.checked_at = now
    domain.failure = None if proof is Proof.PRESENT else proof.value
    if proof is Proof.PRESENT:
        domain.missing_since = None
        domain.verified_at = domain.verified_at or now
        domain.state = "verified"
    elif proof is not Proof.NO_ANSWER:
        _note_missing(domain, now=now)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError:
        raise DomainTaken("Another company of this installation uses this hostname.") from None
    if domain.state != before:
        after_commit(session, hosts.forget)
        events.record(
            session,
            f"domain.{domain.state}",
            actor=actor,
            company_id=domain.company_id,
            subject_id=domain.company_id,
            data={"hostname": domain.hostname, "failure": domain.failure},
            changes={"state": [before, domain.state]},
        )
    if before == "verified" and domain.state == "failed":
        await _tell_lost(session, domain, now=now)


async def _tell_lost(session: AsyncSession, domain: CompanyDomain, *, now: datetime) -> None:
    await notify(
        session,
        "domain.lost",
        company_id=domain.company_id,
        subject_id=domain.company_id,
        data={"hostname": domain.hostname},
        once_key=f"domain.lost:{domain.hostname}:{now:%Y-%m-%d}",
    )


def _note_missing(domain: CompanyDomain, *, now: datetime) -> None:
    """A hostname in use is lost only when its record stays away for `PATIENCE`."""
    domain.missing_since = domain.missing_since or now
    if domain.state != "verified" or now - domain.missing_since >= PATIENCE:
        domain.state = "failed"
        domain.verified_at = None


async def recheck_all(*, now: datetime) -> None:
    """Look the records of hostnames in use up again, one by one."""
    async with session_scope(system="domains") as session:
        due = await queries.due_for_recheck(session, before=now - RECHECK_AFTER)
    for company_id in due:
        await _recheck(company_id, now=now)


async def _recheck(company_id: UUID, *, now: datetime) -> None:
    actor = Actor.system("domains", company_id=company_id)
    async with session_scope(company_id=company_id) as session:
        domain = await queries.find_domain(session, company_id)
    if domain is None:
        return
    proof = await records.look_up(domain.hostname, domain.token)
    async with session_scope(company_id=company_id) as session:
        current = await queries.get_domain(session, actor, for_update=True)
        if current.token == domain.token:
            await _note(session, actor, current, proof, now=now)
    if proof is not Proof.PRESENT:
        log.warning("domain.not_proved", company_id=str(company_id), proof=proof.value)
