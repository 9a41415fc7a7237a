"""Chats of a company that hear of things, and the log of what was sent for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.auth.dependencies import CompanyActor
from app.companies.roles import MANAGE_COMPANY
from app.core.database import SessionDep, session_scope
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.notifications import channels, delivery_queries, schemas
from app.notifications.presenter import present_channel, present_deliveries

router = APIRouter(prefix="/companies/{company_id}", tags=["notifications"])


@router.get("/notification-channels", responses=problems(401, 403, 404))
async def list_notification_channels(
    actor: CompanyActor, session: SessionDep
) -> schemas.ChannelList:
    """All chats of the company, and what they may hear of."""
    actor.require(MANAGE_COMPANY)
    found = await delivery_queries.list_channels(session, actor)
    return schemas.ChannelList(
        items=[present_channel(row) for row in found], kinds=list(channels.KINDS_FOR_CHANNELS)
    )


@router.post(
    "/notification-channels",
    status_code=status.HTTP_201_CREATED,
    responses=problems(401, 403, 404, 409, 422),
)
async def create_notification_channel(
    body: schemas.ChannelCreate, actor: CompanyActor
) -> schemas.Channel:
    """Add a chat. A Telegram chat is connected by its id, or by the code in the answer's `link`."""
    made = await channels.create_channel(
        actor,
        kind=body.kind,
        name=body.name,
        language=body.language,
        kinds=list(body.kinds),
        settings=body.settings(),
    )
    return present_channel(made)


@router.get("/notification-channels/{channel_id}", responses=problems(401, 403, 404))
async def get_notification_channel(
    channel_id: UUID, actor: CompanyActor, session: SessionDep, tagging: TaggingDep
) -> schemas.Channel:
    """One chat."""
    actor.require(MANAGE_COMPANY)
    found = await delivery_queries.get_channel(session, actor, channel_id)
    return tagging.tag(present_channel(found), found)


@router.patch("/notification-channels/{channel_id}", responses=problems(401, 403, 404, 412, 422))
async def update_notification_channel(
    channel_id: UUID,
    body: schemas.ChannelUpdate,
    actor: CompanyActor,
    session: SessionDep,
    seen: SeenDep,
    tagging: TaggingDep,
) -> schemas.Channel:
    """Rename it, choose what it hears of, switch it off and on."""
    changes = body.model_dump(exclude_unset=True)
    found = await channels.update_channel(session, actor, channel_id, changes=changes, seen=seen)
    return tagging.tag(present_channel(found), found)


@router.delete(
    "/notification-channels/{channel_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 412),
)
async def delete_notification_channel(
    channel_id: UUID, actor: CompanyActor, session: SessionDep, seen: SeenDep
) -> None:
    """Remove the chat; what is on its way to it is given up."""
    await channels.remove_channel(session, actor, channel_id, seen=seen)


@router.post(
    "/notification-channels/{channel_id}/link", responses=problems(401, 403, 404, 409, 422)
)
async def link_notification_channel(channel_id: UUID, actor: CompanyActor) -> schemas.Channel:
    """Look whether the chat has sent its code to the bot; 409 `not_linked_yet` while it has not."""
    return present_channel(await channels.link_chat(actor, channel_id))


@router.post("/notification-channels/{channel_id}/test", responses=problems(401, 403, 404, 422))
async def test_notification_channel(channel_id: UUID, actor: CompanyActor) -> schemas.Delivery:
    """Send a test message now; 422 `channel_failed` says what the messenger had against it."""
    sent = await channels.try_channel(actor, channel_id)
    async with session_scope(company_id=actor.company_id) as session:
        return (await present_deliveries(session, [sent]))[0]


@router.get("/notification-deliveries", responses=problems(401, 403, 404))
async def list_notification_deliveries(
    actor: CompanyActor,
    session: SessionDep,
    params: PageRequestDep,
    state: Annotated[
        schemas.DeliveryStateName | None, Query(description="Only those in this state")
    ] = None,
    channel: Annotated[schemas.Way | None, Query(description="Only those sent this way")] = None,
    kind: Annotated[str | None, Query(max_length=40, description="Only of this kind")] = None,
) -> schemas.DeliveryPage:
    """What was sent for the company, newest first; kept for 30 days. `q` looks in the targets."""
    actor.require(MANAGE_COMPANY)
    rows, next_cursor = await delivery_queries.list_deliveries(
        session, actor, params, state=state, channel=channel, kind=kind
    )
    items = await present_deliveries(session, rows)
    return schemas.DeliveryPage(items=items, next_cursor=next_cursor)


@router.post("/notification-deliveries/{message_id}/resend", responses=problems(401, 403, 404, 409))
async def resend_notification(
    message_id: UUID, actor: CompanyActor, session: SessionDep
) -> schemas.Delivery:
    """Send a message to a chat once more, or a mail that failed; 409 for a digest and for a test."""
    row = await channels.resend(session, actor, message_id)
    return (await present_deliveries(session, [row]))[0]
