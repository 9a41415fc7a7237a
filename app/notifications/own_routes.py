"""What a person was told, and how they want to be told."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from app.auth.dependencies import SignedInActor
from app.core.database import PublicSessionDep, SessionDep
from app.core.etags import SeenDep, TaggingDep
from app.core.openapi import problems
from app.core.pagination import PageRequestDep
from app.notifications import queries, schemas, service, unsubscribing
from app.notifications.presenter import present_notifications, present_preferences

router = APIRouter(prefix="/notifications", tags=["notifications"])

MOST_COUNTED = 100
LanguageChoice = Annotated[
    schemas.Language | None, Query(description="Language of the words; else the person's own")
]


@router.get("", responses=problems(401))
async def list_notifications(
    actor: SignedInActor,
    session: SessionDep,
    params: PageRequestDep,
    show: Annotated[
        Literal["all", "unread"], Query(description="`unread`: only those not read yet")
    ] = "all",
    company_id: Annotated[UUID | None, Query(description="Only those of a company")] = None,
    language: LanguageChoice = None,
) -> schemas.NotificationPage:
    """What you were told, newest first, in all your companies."""
    rows, next_cursor = await queries.list_notifications(
        session, actor, params, is_unread=show == "unread", company_id=company_id
    )
    chosen = language or await queries.language_of(session, actor)
    items = await present_notifications(session, rows, language=chosen)
    return schemas.NotificationPage(items=items, next_cursor=next_cursor)


@router.get("/unread", responses=problems(401))
async def count_unread_notifications(
    actor: SignedInActor, session: SessionDep
) -> schemas.UnreadCount:
    """How many you have not read."""
    unread = await queries.count_unread(session, actor, most=MOST_COUNTED)
    return schemas.UnreadCount(unread=unread)


@router.post("/read", responses=problems(401))
async def read_all_notifications(actor: SignedInActor, session: SessionDep) -> schemas.UnreadCount:
    """Mark all as read."""
    await queries.mark_all_read(session, actor)
    return schemas.UnreadCount(unread=0)


@router.post("/{notification_id}/read", responses=problems(401, 404))
async def read_notification(
    notification_id: UUID,
    actor: SignedInActor,
    session: SessionDep,
    language: LanguageChoice = None,
) -> schemas.Notification:
    """Mark one as read."""
    row = await queries.mark_read(session, actor, notification_id)
    chosen = language or await queries.language_of(session, actor)
    return (await present_notifications(session, [row], language=chosen))[0]


@router.get("/preferences", responses=problems(401))
async def get_notification_preferences(
    actor: SignedInActor, session: SessionDep, tagging: TaggingDep
) -> schemas.Preferences:
    """Which mails come, and how often the digest."""
    row = await service.preferences_of(session, actor)
    return tagging.tag(present_preferences(row), row)


@router.patch("/preferences", responses=problems(401, 412, 422))
async def update_notification_preferences(
    body: schemas.PreferencesUpdate,
    actor: SignedInActor,
    session: SessionDep,
    seen: SeenDep,
    tagging: TaggingDep,
) -> schemas.Preferences:
    """Choose which mails come; essential ones can not be refused."""
    changes = body.model_dump(exclude_unset=True)
    row = await service.update_preferences(session, actor, changes=changes, seen=seen)
    return tagging.tag(present_preferences(row), row)


@router.post("/unsubscribe", responses=problems(404))
async def unsubscribe(
    body: schemas.Unsubscription, session: PublicSessionDep
) -> schemas.Unsubscribed:
    """No more mails of a kind, by the link in one of them; nobody has to sign in for it."""
    return schemas.Unsubscribed(kind=await unsubscribing.unsubscribe(session, body.token))


OneClickToken = Annotated[
    str, Query(min_length=1, max_length=200, description="As the mail's List-Unsubscribe holds it")
]


@router.post("/unsubscribe/one-click", responses=problems(404, 422))
async def unsubscribe_by_one_click(
    token: OneClickToken, session: PublicSessionDep
) -> schemas.Unsubscribed:
    """What a mail program's own button asks for (RFC 8058); the form it sends says nothing more."""
    return schemas.Unsubscribed(kind=await unsubscribing.unsubscribe(session, token))


@router.get(
    "/unsubscribe/one-click",
    status_code=303,
    response_class=RedirectResponse,
    responses=problems(422),
)
async def open_unsubscribe_page(token: OneClickToken) -> RedirectResponse:
    """Mail programs that know no POST open the address: it leads to the page with the button."""
    return RedirectResponse(unsubscribing.page_of(token), status_code=303)
