"""Connecting a Yandex Disk: to the consent of the account's holder and back."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import RedirectResponse

from app.auth import cookies
from app.auth.dependencies import CompanyActor, company_actor, session_unless_key
from app.companies.roles import MANAGE_STORAGE
from app.core.database import SessionDep, session_scope
from app.core.errors import ArvError, Forbidden
from app.core.openapi import problems
from app.storage import grants, keeping_schemas, yandex_consent
from app.storage.port import StorageError
from app.storage.yandex_consent import Consent

log = structlog.get_logger(__name__)

router = APIRouter(tags=["storage"])


class ConsentDeclined(Forbidden):
    """The account's holder said no, or Yandex did."""

    code = "consent_declined"
    title = "The account was not connected"


@router.post(
    "/companies/{company_id}/storage-connections/yandex-consent",
    responses=problems(401, 403, 404, 409, 422),
)
async def begin_yandex_consent(
    body: keeping_schemas.YandexConnect,
    actor: CompanyActor,
    session: SessionDep,
    response: Response,
) -> keeping_schemas.YandexConsent:
    """Where to send the browser, so that the holder of a Yandex account lets ARV keep files there."""
    consent = await yandex_consent.begin(
        session, actor, name=body.name, connection_id=body.connection_id
    )
    cookies.set_cookie(
        response,
        yandex_consent.COOKIE,
        yandex_consent.packed(consent),
        max_age_seconds=yandex_consent.LIFETIME_SECONDS,
    )
    return keeping_schemas.YandexConsent(url=yandex_consent.consent_url(consent))


@router.get(
    "/storage/yandex/callback",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems(422),
)
async def finish_yandex_consent(
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=500)] = "",
) -> RedirectResponse:
    """Where Yandex sends the browser back to: on to the panel, connected or with what went wrong."""
    consent = yandex_consent.unpacked(cookies.cookie(request, yandex_consent.COOKIE))
    try:
        connection_id = await _connect(request, consent, state=state, code=code)
        page = yandex_consent.panel_path(consent, connected=str(connection_id))
    except (ArvError, StorageError) as error:
        log.warning("yandex.not_connected", code=error.code, detail=str(error))
        page = yandex_consent.panel_path(consent, problem=error.code)
    answer = RedirectResponse(page, status.HTTP_303_SEE_OTHER)
    cookies.clear_cookie(answer, yandex_consent.COOKIE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _connect(request: Request, consent: Consent | None, *, state: str, code: str) -> UUID:
    """The connection's id. The person is asked for again: a session may have ended meanwhile."""
    current = await session_unless_key(request)
    consent = yandex_consent.required(
        consent, state=state, user_id=current.actor.user_id if current else None
    )
    actor = await company_actor(UUID(consent.company_id), request, current)
    actor.require(MANAGE_STORAGE)
    if not code:
        raise ConsentDeclined("Nothing was changed.")
    granted = await grants.redeem(code=code, verifier=consent.verifier)
    async with session_scope(company_id=actor.company_id) as session:
        return await yandex_consent.keep(session, actor, consent, granted)
