"""One action on many contents: each by itself, so that one that can not be does not stop the rest."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import service
from app.ar_content.schemas import BulkAction, BulkResult
from app.companies.roles import PUBLISH, WRITE_CONTENTS
from app.core.actor import Actor
from app.core.errors import ArvError, Invalid
from app.projects import service as projects

Step = Callable[[UUID], Awaitable[Any]]


async def act_on_contents(
    session: AsyncSession,
    actor: Actor,
    *,
    action: BulkAction,
    ids: Sequence[UUID],
    project_id: UUID | None = None,
) -> list[BulkResult]:
    """What became of each content, in the order asked; a content named twice is done once.

    Raises `Forbidden` when the actor may do it with none, and `Invalid` without a project to move to.
    """
    needs_publish = action in (BulkAction.PUBLISH, BulkAction.UNPUBLISH)
    actor.require(PUBLISH if needs_publish else WRITE_CONTENTS)
    if (action is BulkAction.MOVE) != (project_id is not None):
        raise Invalid("A project is named exactly when contents move.", pointer="#/project_id")
    if project_id is not None:
        await projects.open_project(session, actor, project_id)
    step = _step(session, actor, action, project_id)
    # In one order, so that two requests on the same contents wait for each other and never cross.
    results = {each: await _try(session, step, each) for each in sorted(set(ids))}
    return [results[each] for each in dict.fromkeys(ids)]


def _step(session: AsyncSession, actor: Actor, action: BulkAction, project_id: UUID | None) -> Step:
    if action is BulkAction.MOVE:
        changes = {"project_id": project_id}
        return partial(service.update_content, session, actor, changes=changes)
    steps: dict[BulkAction, Callable[..., Awaitable[Any]]] = {
        BulkAction.PUBLISH: service.publish_content,
        BulkAction.UNPUBLISH: service.unpublish_content,
        BulkAction.ARCHIVE: service.archive_content,
        BulkAction.RESTORE: service.restore_content,
        BulkAction.DELETE: service.delete_content,
    }
    return partial(steps[action], session, actor)


async def _try(session: AsyncSession, step: Step, content_id: UUID) -> BulkResult:
    """Do it in a savepoint: what fails leaves nothing, and the rest stands."""
    try:
        async with session.begin_nested():
            await step(content_id)
    except ArvError as error:
        return BulkResult(id=content_id, succeeded=False, code=error.code, detail=error.detail)
    return BulkResult(id=content_id, succeeded=True)
