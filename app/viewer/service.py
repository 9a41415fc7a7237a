"""What a printed code shows now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import queries as contents
from app.ar_content.expiry import status_at
from app.ar_content.queries import Found
from app.ar_content.schemas import ContentStatus, TargetStatus
from app.companies import queries as companies
from app.core.clock import utcnow
from app.core.errors import Gone, NotFound
from app.domains import hosts as domains
from app.look import queries as look_queries
from app.rotation.plans import Plan, plan_for
from app.storage.port import Storage
from app.storage.service import storage_of
from app.subscriptions import queries as subscriptions
from app.subscriptions import views
from app.users.schemas import Language
from app.viewer import looks, schemas
from app.viewer.choice import choose, sequence_of
from app.viewer.videos import manifest_video

_EXPIRED: Final = ContentStatus.EXPIRED


class ContentUnknown(NotFound):
    """The same for a code nobody made, a deleted content and an unpublished one."""

    code = "content_unknown"
    title = "This print does not play"


class ContentExpired(Gone):
    code = "content_expired"
    title = "This print has had its time"


class ContentPaused(Gone):
    """The company's subscription ended and its grace is over, or the company was deleted."""

    code = "content_paused"
    title = "This print takes a break"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a print shows now, and when its printed code stops to open, if ever."""

    manifest: schemas.Manifest
    ends_at: datetime | None


async def shown_by(
    session: AsyncSession,
    public_id: UUID,
    *,
    language: Language | None,
    host: str = "",
    counts: bool = False,
) -> Shown:
    """What a published content shows; `counts` makes it a view.

    Raises `ContentUnknown`, also on another company's `host`; `ContentExpired`; `ContentPaused`.
    """
    found = await contents.find_public(session, public_id)
    now = utcnow()
    if found is not None and status_at(found.content.status, found.ends_at, now) == _EXPIRED:
        raise ContentExpired("The owner let this print play until a date that has passed.")
    if found is None or not _is_playable(found):
        raise ContentUnknown("Nothing is published at this address.")
    company = await companies.company_by_id(session, found.content.company_id)
    if await domains.owner_of(host) not in (None, company.id):
        raise ContentUnknown("Nothing is published at this address.")
    agreement = await subscriptions.agreement_of(session, company.id)
    if company.deleted_at is not None or not agreement.is_served(now):
        raise ContentPaused("Its owner has paused it for now. Try again another day.")
    storage = await storage_of(session, company.id)
    if counts:
        views.note_view(company.id)
    look = await look_queries.look_of(session, company.id)
    plan = await plan_for(session, found, company_zone=company.time_zone)
    manifest = _manifest(
        plan, now, looks.viewer_look(company, look, storage, language), storage, language
    )
    manifest.call_to_action = looks.call_of(company, look, language)
    return Shown(manifest, found.ends_at)


def _is_playable(found: Found) -> bool:
    return (
        found.content.status == ContentStatus.PUBLISHED
        and found.target.status == TargetStatus.READY
        and any(video.key for video in found.videos)
    )


def _manifest(
    plan: Plan,
    now: datetime,
    look: schemas.ManifestCompany,
    storage: Storage,
    language: Language | None,
) -> schemas.Manifest:
    content, target = plan.found.content, plan.found.target
    choice = choose(plan, now)
    assert target.key is not None, "a ready target has a file"
    return schemas.Manifest(
        id=content.public_id,
        title=content.title,
        company=look,
        target=schemas.ManifestTarget(
            url=storage.public_url_for(target.key),
            size_bytes=target.size_bytes or 0,
            width=target.width or content.image_width,
            height=target.height or content.image_height,
        ),
        image=schemas.ManifestImage(
            url=storage.public_url_for(content.image_key),
            thumbnail_url=storage.public_url_for(content.image_thumbnail_key),
            width=content.image_width,
            height=content.image_height,
        ),
        video=manifest_video(choice.video, storage),
        sequence=sequence_of(choice, storage),
        valid_until=choice.valid_until,
        language=language,
    )
