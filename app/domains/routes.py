"""A company's own domain."""

from fastapi import APIRouter, status

from app.auth.dependencies import CompanyActor
from app.companies.roles import READ
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.openapi import problems
from app.domains import queries, records, schemas, service
from app.domains.models import CompanyDomain

router = APIRouter(prefix="/companies/{company_id}/domain", tags=["companies"])


@router.get("", responses=problems(401, 403, 404))
async def get_domain(actor: CompanyActor, session: SessionDep) -> schemas.Domain:
    """The hostname the company asked for, and the record that proves it."""
    actor.require(READ)
    return _shown(await queries.get_domain(session, actor))


@router.put("", responses=problems(401, 403, 404, 422))
async def set_domain(
    body: schemas.DomainUpdate, actor: CompanyActor, session: SessionDep
) -> schemas.Domain:
    """Ask for a hostname; add the record it answers with to the zone, then verify."""
    return _shown(await service.set_domain(session, actor, hostname=body.hostname))


@router.post("/verify", responses=problems(401, 403, 404, 409))
async def verify_domain(actor: CompanyActor) -> schemas.Domain:
    """Look the record up now; 409 `domain_taken` when another company proved the hostname before."""
    return _shown(await service.verify_domain(actor, now=utcnow()))


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404))
async def remove_domain(actor: CompanyActor, session: SessionDep) -> None:
    """Use the installation's address again; codes printed with the hostname lead nowhere."""
    await service.remove_domain(session, actor)


def _shown(domain: CompanyDomain) -> schemas.Domain:
    return schemas.Domain(
        hostname=domain.hostname,
        state=domain.state,
        failure=domain.failure,
        record=schemas.TxtRecord(
            name=records.record_name(domain.hostname), value=records.record_value(domain.token)
        ),
        checked_at=domain.checked_at,
        verified_at=domain.verified_at,
    )
