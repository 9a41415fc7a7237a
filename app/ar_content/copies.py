"""What goes with a content that is copied. Features above this one say so, since it can not import them.

@also_copy
async def copy_schedule(session, original, copy, twins): ...
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.ar_content import queries
from app.ar_content.models import ArContent

CopyAlong = Callable[[AsyncSession, ArContent, ArContent, Mapping[UUID, UUID]], Awaitable[None]]

_followers: list[CopyAlong] = []


def also_copy(function: CopyAlong) -> CopyAlong:
    """Call the function for every copy; `twins` tells each video of the original its copy."""
    _followers.append(function)
    return function


async def copy_along(session: AsyncSession, original: ArContent, copy: ArContent) -> None:
    """Copy what belongs to the content in other features; its videos are copied already."""
    videos = await queries.videos_of(session, original)
    copied = await queries.videos_of(session, copy)
    twins = {one.id: twin.id for one, twin in zip(videos, copied, strict=True)}
    for follow in _followers:
        await follow(session, original, copy, twins)
