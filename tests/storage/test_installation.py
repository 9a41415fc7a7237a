"""The operator's own bucket as the storage of every company that has none, by settings alone."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import SettingsRefused, get_settings
from app.seed import seed_company
from app.storage.models import StorageConnection
from app.storage.opening import open_storage
from tests.support import media, people
from tests.support.contents import make_published, upload_id
from tests.support.s3 import ADMIN, READER, S3Server, make_bucket

Configure = Callable[..., None]


@pytest.fixture
def configure(database: str, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Sets the operator's bucket; what is not named is the test server's. Companies may name no network."""

    def settings(**named: str) -> None:
        usual = {
            "DEFAULT_STORAGE": "s3",
            "S3_ENDPOINT": s3.endpoint,
            "S3_BUCKET": f"arv-{uuid4().hex[:12]}",
            "S3_ACCESS_KEY_ID": ADMIN.key_id,
            "S3_SECRET_ACCESS_KEY": ADMIN.secret,
        }
        for name, value in (usual | named).items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()

    assert not os.environ.get("OUTBOUND_ALLOWED_NETWORKS")
    yield settings
    monkeypatch.undo()
    get_settings.cache_clear()


async def shared(session: AsyncSession) -> StorageConnection:
    rows = await session.scalars(
        select(StorageConnection)
        .where(StorageConnection.company_id.is_(None))
        .execution_options(populate_existing=True)
    )
    return rows.one()


async def test_a_companys_files_go_to_the_operators_bucket(
    built_pages: Path, app: FastAPI, session: AsyncSession, configure: Configure, tmp_path: Path
) -> None:
    """The bucket is made, a print is created, compiled and opened, and phones get its files through us."""
    configure(S3_PREFIX="all")
    await seed_company()
    owner = await people.make_member(app)

    content = await make_published(owner, tmp_path)
    manifest = (await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")).json()
    video = await people.client_of(app).get(
        manifest["video"]["url"], headers={"Range": "bytes=0-99"}
    )

    storage = open_storage(await shared(session))
    kept = [key async for key, _ in storage.list_keys("")]
    assert manifest["video"]["url"].startswith("/stored/")
    assert (206, 100) == (video.status_code, len(video.content))
    assert {"portraits", "videos", "markers"} <= {key.split("/")[1] for key in kept}


async def test_companies_see_that_it_is_there_and_nothing_else(
    app: FastAPI, configure: Configure
) -> None:
    """Neither its address nor its key is theirs to know; nor can they change it."""
    configure()
    await seed_company()
    owner = await people.make_member(app)

    listed = (await owner.get("/storage-connections")).json()["items"]
    changed = await owner.patch(f"/storage-connections/{listed[0]['id']}", json={"name": "Mine"})

    assert [("s3", True, True)] == [
        (each["kind"], each["is_shared"], each["is_default"]) for each in listed
    ]
    assert ADMIN.key_id not in json.dumps(listed)
    assert 403 == changed.status_code


async def test_seeding_again_changes_nothing_and_takes_a_new_key(
    session: AsyncSession, configure: Configure, s3: S3Server
) -> None:
    """The settings are what counts: a key that is changed there is changed in the row."""
    bucket = make_bucket(s3)
    configure(S3_BUCKET=bucket)
    await seed_company()
    first = (await shared(session)).version
    await seed_company()
    again = (await shared(session)).version
    configure(S3_BUCKET=bucket, S3_REGION="eu-central-1")
    await seed_company()

    row = await shared(session)
    assert first == again < row.version
    assert "eu-central-1" == row.settings["region"]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"S3_SECRET_ACCESS_KEY": "wrong-secret-0123456789"}, "write failed"),
        ({"S3_ACCESS_KEY_ID": READER.key_id, "S3_SECRET_ACCESS_KEY": READER.secret}, "write"),
        ({"S3_ENDPOINT": "http://127.0.0.1:1"}, "endpoint_unreachable"),
    ],
)
async def test_what_does_not_work_is_refused_with_words(
    session: AsyncSession, configure: Configure, named: dict[str, str], words: str
) -> None:
    """Nothing is written, so the next start with better settings begins anew."""
    configure(**named)

    with pytest.raises(SettingsRefused, match=words):
        await seed_company()

    assert [] == list(await session.scalars(select(StorageConnection)))


def test_half_a_bucket_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service does not start, and says what is missing."""
    monkeypatch.setenv("DEFAULT_STORAGE", "s3")
    monkeypatch.setenv("S3_ENDPOINT", "https://s3.example.com")
    get_settings.cache_clear()

    with pytest.raises(SettingsRefused, match="needs S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET"):
        get_settings()


async def test_files_are_never_left_behind(
    app: FastAPI, session: AsyncSession, configure: Configure, s3: S3Server
) -> None:
    """With a file in it the place stays; without any it may change, also back to the folder."""
    configure()
    await seed_company()
    before: dict[str, Any] = (await shared(session)).settings
    owner = await people.make_member(app)
    configure(DEFAULT_STORAGE="local")
    await seed_company()
    local = (await shared(session)).kind
    await upload_id(owner, media.photo())
    configure(S3_BUCKET=before["bucket"])

    with pytest.raises(SettingsRefused, match="installation's folder"):
        await seed_company()

    assert ("local", "local") == (local, (await shared(session)).kind)
