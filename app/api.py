"""The explicit list of every router. A feature's routers stand in the ladder's order."""

from fastapi import APIRouter, Depends, FastAPI

from app.api_keys.routes import own_router as own_api_key
from app.api_keys.routes import router as api_keys
from app.ar_content.action_routes import router as content_actions
from app.ar_content.routes import router as contents
from app.ar_content.video_routes import router as videos
from app.audit.routes import company_router as company_audit
from app.audit.routes import operator_router as operator_audit
from app.auth.csrf import refuse_cross_site
from app.auth.routes import router as auth
from app.auth.session_routes import router as auth_sessions
from app.backups.routes import router as backups
from app.companies.routes import router as companies
from app.core.idempotent_routes import honour_keys
from app.domains.hosts import refuse_private_paths
from app.domains.routes import router as domains
from app.exports.routes import router as exports
from app.health.routes import router as health
from app.imports.routes import router as imports
from app.jobs.routes import company_router as company_jobs
from app.jobs.routes import operator_router as operator_jobs
from app.look.routes import router as look
from app.mail.routes import router as mailbox
from app.members.public_routes import router as invitations
from app.members.routes import router as members
from app.notifications.channel_routes import router as notification_channels
from app.notifications.live_routes import router as live
from app.notifications.own_routes import router as notifications
from app.operator.routes import router as operator
from app.projects.routes import router as projects
from app.rotation.routes import router as schedules
from app.sso.routes import router as sso
from app.storage.move_routes import router as storage_moves
from app.storage.routes import router as storage
from app.storage.yandex_routes import router as yandex
from app.subscriptions.routes import router as subscriptions
from app.two_factor.routes import router as two_factor
from app.uploads.direct_routes import router as direct_uploads
from app.uploads.routes import router as uploads
from app.uploads.tus_routes import router as resumable_uploads
from app.users.routes import router as users
from app.viewer.panel import router as panel
from app.viewer.routes import api_router as viewer_api
from app.viewer.routes import public_router as viewer
from app.webhooks.routes import router as webhooks

# Under /api/v1; a router's own prefix begins after it.
V1_ROUTERS: tuple[APIRouter, ...] = (
    auth,
    auth_sessions,
    two_factor,
    sso,
    users,
    companies,
    members,
    invitations,
    subscriptions,
    api_keys,
    own_api_key,
    domains,
    look,
    exports,
    notifications,
    notification_channels,
    webhooks,
    live,
    operator,
    operator_jobs,
    backups,
    company_jobs,
    company_audit,
    operator_audit,
    projects,
    # Before `uploads`, whose ids would swallow its name.
    direct_uploads,
    uploads,
    resumable_uploads,
    imports,
    yandex,
    storage_moves,
    storage,
    contents,
    content_actions,
    videos,
    schedules,
    viewer_api,
)

# At the root: health, the viewer's page, stored files.
# The panel takes every path that is left, so it stays last.
ROOT_ROUTERS: tuple[APIRouter, ...] = (health, mailbox, viewer, panel)


def include_routers(app: FastAPI) -> None:
    """All routers, side by side: a request looks through each level of routers inside routers anew."""
    refusals = [Depends(refuse_private_paths), Depends(refuse_cross_site)]
    for router in V1_ROUTERS:
        honour_keys(router)
        app.include_router(router, prefix="/api/v1", dependencies=refusals)
    for router in ROOT_ROUTERS:
        app.include_router(router, dependencies=refusals)
