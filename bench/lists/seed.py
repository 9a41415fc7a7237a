"""Companies of the sizes the promise names, written with COPY: 100,000 contents in seconds."""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import KeyedColumnElement

from app.ar_content.models import ArContent, Target, Video
from app.companies.models import Company, Membership
from app.core.database import Base
from app.core.ids import uuid7
from app.events.models import Event
from app.projects.models import Project
from app.uploads.models import Upload
from app.users.models import User
from tests.support.people import password_hash

NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
ENGLISH: Final = (
    "spring summer autumn winter wedding museum poster album cover gallery portrait garden"
)
RUSSIAN: Final = "летний зимний свадьба выставка афиша портрет каталог обложка"
WORDS: Final = tuple(f"{ENGLISH} {RUSSIAN}".split())
RARE_WORD: Final = "zanzibar"
EVENT_NAMES: Final = ("content.created", "content.updated", "content.published", "project.updated")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: `contents` in the one large company, ten in each other."""

    name: str
    companies: int
    contents: int

    @property
    def projects(self) -> int:
        return self.contents // 100

    @property
    def members(self) -> int:
        return self.contents // 50


SMALL: Final = Size("small", 200, 10_000)
GROWN: Final = Size("grown", 2_000, 100_000)


@dataclass(frozen=True, slots=True)
class Seeded:
    """Who asks, and ids to filter by."""

    owner_id: UUID
    owner_email: str
    operator_id: UUID
    operator_email: str
    ids: dict[str, Any]


async def seed(connection: asyncpg.Connection, size: Size) -> Seeded:
    """Fill an empty, migrated database. The same rows every time, but for their ids."""
    chance = random.Random(20_261_123)
    companies = [_company(number) for number in range(size.companies)]
    users = [_user(number) for number in range(size.members)]
    operator = _user(size.members, is_superadmin=True)
    large = companies[0]["id"]
    projects = [_project(large, n, chance) for n in range(size.projects)]
    projects += [_project(company["id"], 0, chance) for company in companies[1:]]
    contents = [_content(projects[n % size.projects], n, chance) for n in range(size.contents)]
    contents += [_content(p, n, chance) for p in projects[size.projects :] for n in range(10)]
    await _copy(connection, Company, companies)
    await _copy(connection, User, [*users, operator])
    await _copy(connection, Membership, _memberships(companies, users))
    await _copy(connection, Project, projects)
    await _copy(connection, ArContent, contents)
    await _copy(connection, Target, (_target(content) for content in contents))
    await _copy(connection, Video, (_video(content) for content in contents))
    await _copy(connection, Upload, (_upload(large, n) for n in range(size.contents // 10)))
    await _copy(connection, Event, _events(contents, users, chance))
    await connection.execute("VACUUM ANALYZE")
    ids = {
        "company_id": str(large),
        "project_id": str(projects[1]["id"]),
        "content_id": str(contents[1]["id"]),
        "user_id": str(users[1]["id"]),
        "subject_id": str(contents[5]["id"]),
        "actor": str(users[1]["id"]),
    }
    first = users[0]
    return Seeded(first["id"], first["email"], operator["id"], operator["email"], ids)


async def _copy(
    connection: asyncpg.Connection, model: type[Base], rows: Iterable[dict[str, Any]]
) -> None:
    """COPY the rows; a column nobody named gets its default, Python's or the database's."""
    table = model.__table__
    iterator = iter(rows)
    first = next(iterator)
    defaults = {
        column.name: column
        for column in table.columns
        if column.default is not None and column.name not in first
    }
    names = [*first, *defaults]

    def records() -> Iterator[tuple[Any, ...]]:
        for row in (first, *iterator):
            made = (_default_of(column) for column in defaults.values())
            yield (*row.values(), *made)

    await connection.copy_records_to_table(model.__tablename__, columns=names, records=records())


def _default_of(column: KeyedColumnElement[Any]) -> Any:
    default: Any = column.default
    value = default.arg(None) if default.is_callable else default.arg
    return json.dumps(value) if isinstance(column.type, JSONB) else value


def _title(number: int, chance: random.Random) -> str:
    rare = f" {RARE_WORD}" if number % 2_000 == 17 else ""
    return f"{' '.join(chance.sample(WORDS, 3)).title()} {number}{rare}"


def _company(number: int) -> dict[str, Any]:
    slug = f"company-{number}"
    return {"id": uuid7(), "name": f"Company {number}", "slug": slug, "storage_path": slug}


def _user(number: int, *, is_superadmin: bool = False) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "email": f"person{number}@example.com",
        "name": f"Person {number}",
        "password_hash": password_hash(),
        "is_superadmin": is_superadmin,
    }


def _memberships(
    companies: list[dict[str, Any]], users: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Everybody is in the large company; the first person owns all."""
    for number, user in enumerate(users):
        role = "owner" if number == 0 else ("editor", "viewer")[number % 2]
        yield {"company_id": companies[0]["id"], "user_id": user["id"], "role": role}
    for company in companies[1:]:
        yield {"company_id": company["id"], "user_id": users[0]["id"], "role": "owner"}


def _project(company_id: UUID, number: int, chance: random.Random) -> dict[str, Any]:
    made = NOW + timedelta(minutes=number)
    return {
        "id": uuid7(),
        "company_id": company_id,
        "name": _title(number, chance),
        "created_at": made,
        "updated_at": made,
    }


def _content(project: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    made = NOW + timedelta(seconds=number)
    is_published = number % 3 == 0
    return {
        "id": uuid7(),
        "public_id": uuid4(),
        "company_id": project["company_id"],
        "project_id": project["id"],
        "title": _title(number, chance),
        "status": "published" if is_published else "draft",
        "published_at": made if is_published else None,
        "image_key": f"c/portraits/{number}.jpg",
        "image_thumbnail_key": f"c/thumbnails/{number}.jpg",
        "image_width": 1200,
        "image_height": 800,
        "image_size_bytes": 400_000 + number,
        "created_at": made,
        "updated_at": made + timedelta(seconds=chance.randrange(100_000)),
    }


def _target(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "company_id": content["company_id"],
        "content_id": content["id"],
        "image_key": content["image_key"],
        "image_thumbnail_key": content["image_thumbnail_key"],
        "image_width": 1200,
        "image_height": 800,
        "image_size_bytes": content["image_size_bytes"],
        "status": "ready",
        "key": "c/markers/x.arvt",
        "width": 1200,
        "height": 800,
        "size_bytes": 90_000,
        "score": 0.8,
        "features": 800,
        "patches": 60,
        "seconds": 1.5,
    }


def _video(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "company_id": content["company_id"],
        "content_id": content["id"],
        "name": "clip.mp4",
        "key": "c/videos/x.mp4",
        "media_type": "video/mp4",
        "width": 1280,
        "height": 720,
        "duration_seconds": 12.0,
        "size_bytes": 4_000_000,
        "has_audio": True,
    }


def _upload(company_id: UUID, number: int) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "company_id": company_id,
        "purpose": ("image", "video")[number % 2],
        "filename": f"file {number}.jpg",
        "media_type": "image/jpeg",
        "size_bytes": 400_000,
        "sha256": f"{number:064x}",
        "width": 1200,
        "height": 800,
        "key": f"c/portraits/{number}.jpg",
        "stored_media_type": "image/jpeg",
        "stored_size_bytes": 300_000,
        "thumbnail_key": f"c/thumbnails/{number}.jpg",
        "created_at": NOW + timedelta(seconds=number),
    }


def _events(
    contents: list[dict[str, Any]], users: list[dict[str, Any]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Three for each content, by people of the large company."""
    for number, content in enumerate(contents):
        for step in range(3):
            user = chance.choice(users)
            yield {
                "id": uuid7(),
                "name": EVENT_NAMES[(number + step) % len(EVENT_NAMES)],
                "company_id": content["company_id"],
                "actor_id": user["id"],
                "actor_kind": "user",
                "actor_label": user["email"],
                "address": "203.0.113.5",
                "user_agent": "Mozilla/5.0",
                "subject_id": content["id"],
                "words": f"{user['email']} 203.0.113.5 {content['title']}".casefold(),
                "data": "{}",
                "changes": '{"title": ["a", "b"]}' if step else "{}",
                "created_at": NOW + timedelta(seconds=number * 3 + step),
            }
