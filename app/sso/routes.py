"""Signing in through a company's own provider, and setting one up."""

import secrets
from typing import Annotated, Final
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Query, Request, status
from fastapi.responses import RedirectResponse

from app.auth import cookies
from app.auth.dependencies import CompanyActor, FreshSession, VisitorDep
from app.auth.devices import Visitor
from app.auth.routes import ask_second_step, welcome
from app.auth.service import Challenged
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.errors import ArvError, Forbidden
from app.core.openapi import problems
from app.sso import flow as flows
from app.sso import provider, schemas, service
from app.sso.flow import Flow
from app.sso.models import IdentityProvider

log = structlog.get_logger(__name__)

router = APIRouter(tags=["auth"])

SIGN_IN_PAGE: Final = "/sign-in"
SECOND_STEP_PAGE: Final = "/sign-in?second_factor=totp"
SETTINGS_PATH: Final = "/companies/{company_id}/identity-provider"


class SignInNotBegun(Forbidden):
    """The browser comes back without having been sent: another's link, or ten minutes have passed."""

    code = "sign_in_not_begun"
    title = "Begin signing in again"


@router.get(
    "/auth/oidc/{company_slug}/start",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems(422),
)
async def start_company_sign_in(
    company_slug: str,
    return_to: Annotated[str, Query(max_length=500, description="Our page to go on with")] = "/",
    again: Annotated[
        bool, Query(description="Ask for the password even of who is signed in there")
    ] = False,
) -> RedirectResponse:
    """Send the browser to the company's provider; back to the sign-in page when there is none."""
    try:
        found = await service.configured(company_slug)
        endpoints = await provider.discover(found.issuer)
    except ArvError as error:
        return _failed(company_slug, error)
    flow = flows.new_flow(found.company.slug, found.issuer, return_to=return_to)
    url = provider.authorization_url(
        endpoints,
        found.client,
        state=flow.state,
        nonce=flow.nonce,
        verifier=flow.verifier,
        again=again,
    )
    answer = RedirectResponse(url, status.HTTP_303_SEE_OTHER)
    cookies.set_cookie(
        answer, flows.COOKIE, flows.packed(flow), max_age_seconds=flows.LIFETIME_SECONDS
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get(
    "/auth/oidc/{company_slug}/callback",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems(422),
)
async def finish_company_sign_in(
    company_slug: str,
    request: Request,
    visitor: VisitorDep,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=500)] = None,
) -> RedirectResponse:
    """Where the provider sends the browser back to: on to the panel, signed in or with what went wrong."""
    flow = flows.unpacked(cookies.cookie(request, flows.COOKIE))
    try:
        flow = _required(flow, company_slug, state=state, code=code, iss=iss)
        answer = await _finish(flow, code, visitor)
    except ArvError as error:
        answer = _failed(company_slug, error)
    cookies.clear_cookie(answer, flows.COOKIE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _required(flow: Flow | None, slug: str, *, state: str, code: str, iss: str | None) -> Flow:
    """The flow this answer belongs to. `iss` is compared when the provider sends it (RFC 9207)."""
    if (
        flow is None
        or flow.slug != slug
        or not code
        or not secrets.compare_digest(flow.state.encode(), state.encode())
        or iss not in (None, flow.issuer)
    ):
        raise SignInNotBegun("Begin signing in again, in this browser.")
    return flow


async def _finish(flow: Flow, code: str, visitor: Visitor) -> RedirectResponse:
    found = await service.configured(flow.slug)
    if found.issuer != flow.issuer:
        raise SignInNotBegun("The company has changed its provider. Begin signing in again.")
    endpoints = await provider.discover(found.issuer)
    token = await provider.redeem(endpoints, found.client, code=code, verifier=flow.verifier)
    claims = await provider.verified_claims(
        token, endpoints, found.client, nonce=flow.nonce, now=utcnow()
    )
    opened = await service.let_in(found.company, claims, visitor)
    if isinstance(opened, Challenged):
        answer = RedirectResponse(SECOND_STEP_PAGE, status.HTTP_303_SEE_OTHER)
        ask_second_step(answer, opened)
        answer.status_code = status.HTTP_303_SEE_OTHER
        return answer
    answer = RedirectResponse(flow.return_to, status.HTTP_303_SEE_OTHER)
    welcome(answer, opened)
    return answer


def _failed(slug: str, error: ArvError) -> RedirectResponse:
    """A page for people instead of a problem for programs: the panel has words for each code."""
    log.warning("company_sign_in.refused", slug=slug, code=error.code, detail=error.detail)
    told = urlencode({"error": error.code, "company": slug})
    return RedirectResponse(f"{SIGN_IN_PAGE}?{told}", status.HTTP_303_SEE_OTHER)


@router.get(SETTINGS_PATH, responses=problems(401, 403, 404))
async def get_identity_provider(
    actor: CompanyActor, session: SessionDep
) -> schemas.IdentityProvider:
    """The company's provider; its secret is never shown."""
    found = await service.get_provider(session, actor)
    return _shown(found, await service.slug_of(session, actor))


@router.put(SETTINGS_PATH, responses=problems(401, 403, 404, 422))
async def put_identity_provider(
    body: schemas.IdentityProviderUpdate,
    actor: CompanyActor,
    _fresh: FreshSession,
    session: SessionDep,
) -> schemas.IdentityProvider:
    """Set the provider up or change it; its address is tried first."""
    service.require_may_set_up(actor)
    await provider.discover(body.issuer)  # before the transaction begins
    found = await service.put_provider(
        session,
        actor,
        values=body.model_dump(exclude={"client_secret"}),
        client_secret=body.client_secret,
    )
    return _shown(found, await service.slug_of(session, actor))


@router.delete(
    SETTINGS_PATH, status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404)
)
async def remove_identity_provider(
    actor: CompanyActor, _fresh: FreshSession, session: SessionDep
) -> None:
    """Forget the provider; the sessions it vouched for end."""
    await service.remove_provider(session, actor)


def _shown(found: IdentityProvider, slug: str) -> schemas.IdentityProvider:
    return schemas.IdentityProvider(
        issuer=found.issuer,
        client_id=found.client_id,
        allowed_domains=found.allowed_domains,
        default_role=found.default_role,
        auto_provision=found.auto_provision,
        enabled=found.enabled,
        redirect_uri=service.redirect_uri(slug),
        start_url=service.start_url(slug),
        updated_at=found.updated_at,
    )
