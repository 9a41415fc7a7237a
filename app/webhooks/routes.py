"""Webhooks of a company."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.auth.dependencies import CompanyActor
from app.companies.roles import MANAGE_COMPANY
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.webhooks import queries, schemas, service

router = APIRouter(prefix="/companies/{company_id}/webhooks", tags=["webhooks"])


@router.get("", responses=problems(401, 403, 404))
async def list_webhooks(actor: CompanyActor, session: SessionDep) -> schemas.WebhookList:
    """All webhooks of the company, oldest first."""
    actor.require(MANAGE_COMPANY)
    found = await queries.list_endpoints(session, actor)
    return schemas.WebhookList(items=[schemas.Webhook.model_validate(each) for each in found])


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(401, 403, 404, 409, 422))
async def create_webhook(
    body: schemas.WebhookCreate, actor: CompanyActor, session: SessionDep
) -> schemas.WebhookWithSecret:
    """Send events to an address. The answer holds the secret that signs them, this once."""
    made = await service.create_endpoint(
        session, actor, url=body.url, description=body.description, patterns=body.events
    )
    return _with_secret(made)


@router.get("/{webhook_id}", responses=problems(401, 403, 404))
async def get_webhook(
    webhook_id: UUID, actor: CompanyActor, session: SessionDep, tagging: TaggingDep
) -> schemas.Webhook:
    """One webhook."""
    actor.require(MANAGE_COMPANY)
    found = await queries.get_endpoint(session, actor, webhook_id)
    return tagging.tag(schemas.Webhook.model_validate(found), found)


@router.patch("/{webhook_id}", responses=problems(401, 403, 404, 412, 422))
async def update_webhook(
    webhook_id: UUID,
    body: schemas.WebhookUpdate,
    actor: CompanyActor,
    session: SessionDep,
    seen: SeenDep,
    tagging: TaggingDep,
) -> schemas.Webhook:
    """Change the address, the events, or switch it off and on; on again, it is tried at once."""
    changes = body.model_dump(exclude_unset=True)
    found = await service.update_endpoint(session, actor, webhook_id, changes=changes, seen=seen)
    return tagging.tag(schemas.Webhook.model_validate(found), found)


@router.delete(
    "/{webhook_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 412),
)
async def delete_webhook(
    webhook_id: UUID, actor: CompanyActor, session: SessionDep, seen: SeenDep
) -> None:
    """Remove the webhook and the log of what it got."""
    await service.remove_endpoint(session, actor, webhook_id, seen=seen)


@router.post("/{webhook_id}/rotate", responses=problems(401, 403, 404, 422))
async def rotate_webhook_secret(
    webhook_id: UUID, body: schemas.SecretRotation, actor: CompanyActor, session: SessionDep
) -> schemas.WebhookWithSecret:
    """Make a new secret; both sign for as long as is asked, so nothing is missed meanwhile."""
    made = await service.rotate_secret(
        session, actor, webhook_id, overlap=timedelta(hours=body.overlap_hours), now=utcnow()
    )
    return _with_secret(made)


@router.post("/{webhook_id}/ping", responses=problems(401, 403, 404))
async def ping_webhook(webhook_id: UUID, actor: CompanyActor) -> schemas.Ping:
    """Send a signed `webhook.ping` now and say what came back."""
    return schemas.Ping.of(await service.ping(actor, webhook_id))


@router.post("/{webhook_id}/replay", responses=problems(401, 403, 404, 409, 422))
async def replay_webhook(
    webhook_id: UUID, body: schemas.Replay, actor: CompanyActor, session: SessionDep
) -> schemas.Replayed:
    """Send the events of a time again, also those it never got; 409 `webhook_off` while it is off."""
    count = await service.replay_range(
        session, actor, webhook_id, since=body.since, until=body.until
    )
    return schemas.Replayed(deliveries=count)


@router.get("/{webhook_id}/deliveries", responses=problems(401, 403, 404))
async def list_webhook_deliveries(
    webhook_id: UUID,
    actor: CompanyActor,
    session: SessionDep,
    params: PageRequestDep,
    state: Annotated[schemas.State | None, Query(description="Only those in this state")] = None,
) -> schemas.WebhookDeliveryPage:
    """What the webhook got, newest first; kept for 30 days. `q` looks in the names of events."""
    actor.require(MANAGE_COMPANY)
    await queries.get_endpoint(session, actor, webhook_id)
    rows, next_cursor = await queries.list_deliveries(
        session, actor, webhook_id, params, state=state
    )
    items = [schemas.WebhookDelivery.model_validate(row) for row in rows]
    return schemas.WebhookDeliveryPage(items=items, next_cursor=next_cursor)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay", responses=problems(401, 403, 404, 409)
)
async def replay_webhook_delivery(
    webhook_id: UUID, delivery_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.WebhookDelivery:
    """Send one event again, under the same `webhook-id`."""
    row = await service.replay_delivery(session, actor, webhook_id, delivery_id, now=utcnow())
    return schemas.WebhookDelivery.model_validate(row)


def _with_secret(made: service.WithSecret) -> schemas.WebhookWithSecret:
    shown = schemas.Webhook.model_validate(made.endpoint)
    return schemas.WebhookWithSecret(**shown.model_dump(), secret=made.secret)
