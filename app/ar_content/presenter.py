"""Contents as the API shows them: keys become addresses, the job's progress becomes the target's."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from app.ar_content import expiry, schemas
from app.ar_content.models import ArContent, Target, Video
from app.ar_content.queries import Found
from app.ar_content.schemas import TargetStatus, VideoStatus
from app.companies import queries as companies
from app.core.clock import utcnow
from app.core.database import SessionDep
from app.core.jobs import Job
from app.domains.hosts import public_base
from app.storage.port import Storage
from app.storage.service import storage_of


class Presenter:
    """Shows contents whose files are in `storage` and whose links begin with `public_base`, as of `now`."""

    def __init__(
        self, storage: Storage, public_base: str, *, now: datetime, grace_days: int
    ) -> None:
        self.storage = storage
        self.public_base = public_base
        self.now = now
        self.grace_days = grace_days

    def __call__(self, found: Found) -> schemas.ArContent:
        content = found.content
        return schemas.ArContent(
            id=content.id,
            public_id=content.public_id,
            company_id=content.company_id,
            project_id=content.project_id,
            title=content.title,
            status=expiry.status_at(content.status, found.ends_at, self.now),
            public_url=self.public_url(content),
            image=self.image(content),
            target=self.target(found.target, found.job),
            replacement=self.replacement(found),
            videos=[self.video(video) for video in found.videos],
            default_video_id=content.default_video_id,
            published_at=content.published_at,
            expires_at=content.expires_at,
            ends_at=found.ends_at,
            grace_until=expiry.grace_until(
                content.status, found.ends_at, self.now, self.grace_days
            ),
            archived_at=content.archived_at,
            created_at=content.created_at,
            updated_at=content.updated_at,
        )

    def public_url(self, content: ArContent) -> str:
        """The address in the printed code."""
        return f"{self.public_base}/ar/{content.public_id}"

    def replacement(self, found: Found) -> schemas.Replacement | None:
        if found.replacement is None:
            return None
        target, job = found.replacement
        return schemas.Replacement(image=self.image(target), target=self.target(target, job))

    def version(self, target: Target, job: Job | None, *, in_use: Target) -> schemas.TargetVersion:
        return schemas.TargetVersion(
            **self.target(target, job).model_dump(),
            is_in_use=target.id == in_use.id,
            image=self.image(target),
            created_at=target.created_at,
        )

    def image(self, content: ArContent | Target) -> schemas.Image:
        return schemas.Image(
            url=self.storage.url_for(content.image_key),
            thumbnail_url=self.storage.url_for(content.image_thumbnail_key),
            width=content.image_width,
            height=content.image_height,
            size_bytes=content.image_size_bytes,
        )

    def target(self, target: Target, job: Job | None) -> schemas.Target:
        failure = None
        if target.status == TargetStatus.FAILED:
            failure = schemas.TargetFailure(
                code=target.failure_code or "internal_error", detail=target.failure_detail or ""
            )
        return schemas.Target(
            version=target.version,
            status=TargetStatus(target.status),
            progress=_progress(target, job),
            stage=job.stage if job and target.status == TargetStatus.COMPILING else None,
            score=target.score,
            features=target.features,
            patches=target.patches,
            size_bytes=target.size_bytes,
            seconds=target.seconds,
            url=self.storage.url_for(target.key) if target.key else None,
            report=target.report,
            failure=failure,
        )

    def video(self, video: Video) -> schemas.Video:
        failure = None
        if video.status == VideoStatus.FAILED:
            failure = schemas.VideoFailure(
                code=video.failure_code or "internal_error", detail=video.failure_detail or ""
            )
        return schemas.Video(
            id=video.id,
            name=video.name,
            status=VideoStatus(video.status),
            progress=1.0 if video.status == VideoStatus.READY else round(video.progress, 3),
            failure=failure,
            url=self.storage.url_for(video.key) if video.key else None,
            poster_url=self.storage.url_for(video.poster_key) if video.poster_key else None,
            width=video.width,
            height=video.height,
            duration_seconds=video.duration_seconds,
            size_bytes=video.size_bytes,
            media_type=video.media_type,
            has_audio=video.has_audio,
            alpha=schemas.Alpha(video.alpha),
            chroma_key=schemas.ChromaKey(**video.chroma_key) if video.chroma_key else None,
            renditions=[self.rendition(each) for each in video.renditions],
            position=video.position,
        )

    def rendition(self, kept: dict[str, Any]) -> schemas.Rendition:
        """A rendition as the video's row notes it."""
        facts = {name: value for name, value in kept.items() if name != "key"}
        return schemas.Rendition(url=self.storage.url_for(kept["key"]), **facts)


def _progress(target: Target, job: Job | None) -> float:
    match target.status:
        case TargetStatus.READY:
            return 1.0
        case TargetStatus.COMPILING if job is not None:
            return round(job.progress, 3)
    return 0.0


async def presenter_of(company_id: UUID, session: SessionDep) -> Presenter:
    """The presenter for the company of the path."""
    company = await companies.company_by_id(session, company_id)
    return Presenter(
        await storage_of(session, company_id),
        await public_base(session, company_id),
        now=utcnow(),
        grace_days=company.expiry_grace_days,
    )


PresenterDep = Annotated[Presenter, Depends(presenter_of)]
