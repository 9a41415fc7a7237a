"""Two companies with one of everything, and everybody who may come to their doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api_keys.models import ApiKey
from app.api_keys.tokens import new_token
from app.auth.models import UserSession
from app.backups.models import Backup
from app.companies.models import Company
from app.companies.roles import EDITOR, KEY_SCOPES, OWNER, READ, VIEWER
from app.core import crypto
from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.ids import uuid7
from app.core.jobs import Job, JobState
from app.domains import records
from app.domains.models import CompanyDomain
from app.erasure.models import Erasure
from app.exports.models import Export, ExportState
from app.imports.models import ContentImport
from app.members.models import Invitation
from app.notifications.models import Channel, Delivery
from app.sso.models import IdentityProvider
from app.storage.models import StorageCheck, StorageConnection, StorageMove
from app.subscriptions.models import Plan
from app.uploads.models import UploadSession
from app.webhooks.models import Endpoint, WebhookDelivery
from app.webhooks.signing import new_secret
from tests.flows.access_table import TABLE
from tests.support import media, people
from tests.support.contents import make_published, upload_id
from tests.support.people import Member

Ids = dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """`own` and `foreign` are ids of one of everything in two companies, `nothing` ids of nothing."""

    people: dict[str, httpx.AsyncClient]
    keys: dict[frozenset[str], httpx.AsyncClient]
    own: Ids
    foreign: Ids
    nothing: Ids

    @property
    def smuggled(self) -> Ids:
        """The neighbour's objects below one's own company."""
        return self.foreign | {"company_id": self.own["company_id"]}

    @property
    def missing(self) -> Ids:
        """Made-up objects below one's own company."""
        return self.nothing | {"company_id": self.own["company_id"]}

    @property
    def secrets(self) -> Ids:
        """What nobody in one's own company may ever be shown."""
        shared = ("plan_id", "file_format")
        return {name: value for name, value in self.foreign.items() if name not in shared}

    def key_with(self, permissions: tuple[str, ...]) -> httpx.AsyncClient:
        """The key that holds these and what reading takes, or all there is if no key may."""
        return self.keys.get(frozenset({*permissions, READ}), self.keys[KEY_SCOPES])

    def key_without(self, permission: str) -> httpx.AsyncClient:
        """The key that holds everything else."""
        return self.keys[KEY_SCOPES - {permission}]


async def make_world(app: FastAPI, folder: Path) -> World:
    owner = await people.make_member(app, role=OWNER)
    neighbour = await people.make_member(app, role=OWNER)
    own = await objects_of(app, owner, folder)
    foreign = await objects_of(app, neighbour, folder)
    nothing = {name: str(uuid4()) for name in own} | {"file_format": "svg"}
    return World(await _everybody(app, owner), await _keys(app, owner), own, foreign, nothing)


async def objects_of(app: FastAPI, owner: Member, folder: Path) -> Ids:
    """The ids of one of everything, by the names of the path parameters."""
    content = await make_published(owner, folder)
    company = await _company(owner)
    colleague = await people.make_member(app, role=VIEWER, company=company)
    rows = _rows(company, content["project_id"])
    async with session_scope() as session:
        session.add_all([*rows.values(), _provider(company), _domain(company)])
        sessions = select(UserSession.id).where(UserSession.user_id == colleague.user_id)
        session_id = (await session.scalars(sessions)).one()
        plan_id = await session.scalar(select(Plan.id).order_by(Plan.id).limit(1))
    return {
        "company_id": str(company.id),
        "company_name": company.name,
        "project_id": content["project_id"],
        "content_id": content["id"],
        "video_id": content["default_video_id"],
        "public_id": content["public_id"],
        "upload_id": await upload_id(owner, media.photo(64, 64)),
        "video_upload_id": await upload_id(owner, media.clip(folder), purpose="video"),
        "user_id": str(colleague.user_id),
        "session_id": str(session_id),
        "plan_id": str(plan_id),
        "notification_id": str(uuid4()),
        "file_format": "svg",
        **{name: str(row.id) for name, row in rows.items()},
    }


def _rows(company: Company, project_id: str) -> dict[str, Any]:
    """What takes no more than a row, by the name of its path parameter."""
    return {
        "key_id": ApiKey(company_id=company.id, name="K", token_sha256=b"", scopes=[READ]),
        "invitation_id": _invitation(company),
        "export_id": Export(company_id=company.id, state=ExportState.EXPIRED),
        "backup_id": Backup(state="failed"),
        "erasure_id": Erasure(erased_company_id=uuid7(), state="done", finished_at=utcnow()),
        "connection_id": StorageConnection(company_id=company.id, name="Disk", kind="local"),
        "import_id": _import(company, project_id),
        "job_id": _failed_job(company),
        **_told(company),
        **_moving(company),
        "resumable_id": _unfinished(company),
        "direct_id": _unfinished(company, is_direct=True, key=f"x/sources/00/{64 * '0'}.part"),
    }


def _moving(company: Company) -> dict[str, Any]:
    """Two storages, a paused move between them, and a check that is running."""
    ends = [
        StorageConnection(id=uuid7(), company_id=company.id, name=name, kind="local")
        for name in ("Here", "There")
    ]
    move = StorageMove(
        company_id=company.id,
        from_connection_id=ends[0].id,
        to_connection_id=ends[1].id,
        state="paused",
    )
    check = StorageCheck(company_id=company.id)
    return {"here_id": ends[0], "there_id": ends[1], "move_id": move, "check_id": check}


def _told(company: Company) -> dict[str, Any]:
    """A chat without a bot, a message that is on its way, a webhook that is off, and what it got."""
    sealed = crypto.encrypt("{}", purpose=f"notification channel:{company.id}")
    secret = crypto.encrypt(new_secret(), purpose=f"webhook secret:{company.id}")
    webhook = Endpoint(
        id=uuid7(),
        company_id=company.id,
        url="https://127.0.0.1:9/",
        events=["content.*"],
        enabled=False,
        secret_encrypted=secret,
    )
    return {
        "channel_id": Channel(
            company_id=company.id,
            kind="telegram",
            name="Workshop",
            label="Telegram",
            settings_encrypted=sealed,
            kinds=[],
        ),
        "message_id": Delivery(
            company_id=company.id,
            channel="telegram",
            kind="content.expired",
            once_key=str(uuid7()),
            target="Telegram",
        ),
        "webhook_id": webhook,
        "delivery_id": WebhookDelivery(
            company_id=company.id,
            endpoint_id=webhook.id,
            event_id=uuid7(),
            event_name="content.published",
            give_up_at=utcnow(),
        ),
    }


async def _company(member: Member) -> Company:
    async with session_scope() as session:
        return await session.get_one(Company, member.company_id)


def _invitation(company: Company) -> Invitation:
    now = utcnow()
    return Invitation(
        company_id=company.id,
        email="guest@example.com",
        role=VIEWER,
        language="en",
        token_sha256=uuid7().bytes * 2,
        created_at=now,
        sent_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=7),
    )


def _unfinished(company: Company, **values: Any) -> UploadSession:
    """An upload whose bytes are nowhere."""
    return UploadSession(
        company_id=company.id,
        purpose="image",
        filename="x",
        size_bytes=1,
        expires_at=utcnow() + timedelta(days=1),
        **values,
    )


def _failed_job(company: Company) -> Job:
    return Job(
        task_name="default.import_contents",
        queue="default",
        company_id=company.id,
        state=JobState.FAILED,
        finished_at=utcnow(),
        error={"code": "worker_lost", "detail": "x"},
    )


def _import(company: Company, project_id: str) -> ContentImport:
    return ContentImport(
        company_id=company.id,
        project_id=UUID(project_id),
        filename="a.csv",
        actor_kind="user",
        actor_label="Ann",
        row_count=0,
    )


def _domain(company: Company) -> CompanyDomain:
    return CompanyDomain(company_id=company.id, hostname=f"{company.slug}.example.com", token="t")


def _provider(company: Company) -> IdentityProvider:
    return IdentityProvider(
        company_id=company.id,
        issuer="https://id.example.com",
        client_id=company.slug,
        client_secret_encrypted=crypto.encrypt("s", purpose="test"),
        allowed_domains=[],
        default_role=VIEWER,
    )


async def _everybody(app: FastAPI, owner: Member) -> dict[str, httpx.AsyncClient]:
    company = await _company(owner)

    async def member(role: str) -> Member:
        return await people.make_member(app, role=role, company=company)

    expired, revoked = await member(OWNER), await member(OWNER)
    past = utcnow() - timedelta(minutes=1)
    async with session_scope() as session:
        for gone, ending in ((expired, {"expires_at": past}), (revoked, {"revoked_at": past})):
            whose = UserSession.user_id == gone.user_id
            await session.execute(update(UserSession).where(whose).values(**ending))
    operator = await people.make_member(app, company=company, is_superadmin=True)
    return {
        "anonymous": people.client_of(app),
        "expired session": expired.client,
        "revoked session": revoked.client,
        "viewer": (await member(VIEWER)).client,
        "editor": (await member(EDITOR)).client,
        "owner": owner.client,
        "superadmin": operator.client,
    }


async def _keys(app: FastAPI, owner: Member) -> dict[frozenset[str], httpx.AsyncClient]:
    """A key for each set of scopes the matrix asks with."""
    exact = {frozenset({*rule.permissions, READ}) for rule in TABLE.values()}
    exact = {scopes for scopes in exact if scopes <= KEY_SCOPES}
    others = {KEY_SCOPES - {scope} for scope in KEY_SCOPES}
    found = {}
    async with session_scope() as session:
        for scopes in {KEY_SCOPES, *exact, *others}:
            token = new_token(uuid7())
            session.add(
                ApiKey(
                    id=token.key_id,
                    company_id=owner.company_id,
                    name="Key",
                    token_sha256=token.sha256,
                    scopes=sorted(scopes),
                )
            )
            found[scopes] = people.client_of(app)
            found[scopes].headers["Authorization"] = f"Bearer {token.text}"
    return found


@asynccontextmanager
async def nothing_lasts() -> AsyncIterator[None]:
    """Every transaction does its work, answers, and is rolled back: each cell meets the same world."""

    async def forget(session: AsyncSession) -> None:
        session.expunge_all()  # What is shown of the rows afterwards is not read anew.
        await session.rollback()

    with (
        patch.object(AsyncSession, "commit", forget),
        patch("app.core.jobs.publish", _publish_nothing),
        patch("app.domains.records.look_up", _no_record),
    ):
        yield


async def _no_record(_hostname: str, _token: str) -> records.Proof:
    return records.Proof.NO_RECORD


async def _publish_nothing(_nudge: object) -> bool:
    return False
