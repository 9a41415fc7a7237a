"""A signed-in person whose company has one object of every kind, for playing the API with real ids."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from app.auth.cookies import PLAIN_NAME
from app.auth.models import UserSession
from app.core.clock import utcnow
from app.core.database import session_scope
from tests.flows.access_world import objects_of
from tests.support import people


@dataclass(slots=True)
class World:
    """`ids` holds, by the names paths and bodies call them, ids of objects that exist."""

    member: people.Member
    ids: dict[str, Any]

    async def signed_in(self) -> dict[str, str]:
        """The cookie of a session nobody has ended yet."""
        token = secrets.token_urlsafe(16)
        async with session_scope(system="tests") as session:
            session.add(
                UserSession(
                    user_id=self.member.user_id,
                    token_sha256=sha256(token.encode()).digest(),
                    address="",
                    user_agent="",
                    expires_at=utcnow() + timedelta(days=1),
                )
            )
        return {PLAIN_NAME: token}


async def make_world(app: FastAPI, role: str, folder: Path) -> World:
    """The operator's or an owner's."""
    member = await people.make_member(app, is_superadmin=role == "operator")
    ids: dict[str, Any] = {**await objects_of(app, member, folder)}
    ids["default_video_id"] = ids["video_id"]
    ids["image_upload_id"] = ids["upload_id"]
    return World(member, ids)
