"""A bucket of a real S3 server as a storage."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import obstore
import pytest

from app.core.config import get_settings
from app.storage.backends.s3 import PIECE_BYTES, S3Storage
from app.storage.port import FileMissing, StorageRefused, StorageUnavailable, content_key
from tests.support.s3 import (
    READER,
    REGION,
    STRANGER,
    Account,
    S3Server,
    make_bucket,
    settings_for,
)
from tests.support.settings import TEST_SECRET, applied

CONTENT = b"picture" * 1000
BIG = bytes(range(256)) * (PIECE_BYTES // 256 * 2) + b"and a rest"


@pytest.fixture(autouse=True)
def _network() -> object:
    """The server is on this machine, which nobody may name unless the operator allows it."""
    allowed = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": TEST_SECRET,
        "OUTBOUND_ALLOWED_NETWORKS": "127.0.0.0/8",
        "ARV_ENV_FILE": os.devnull,
    }
    with applied(allowed):
        yield


@pytest.fixture
def bucket(s3: S3Server) -> str:
    return make_bucket(s3)


@pytest.fixture
def storage(s3: S3Server, bucket: str) -> S3Storage:
    return S3Storage(uuid4(), settings_for(s3, bucket, prefix="arv/"))


def key_of(content: bytes, *, company: str = "studio", folder: str = "videos") -> str:
    return content_key(company, folder, sha256(content).hexdigest(), "mp4")


async def put(storage: S3Storage, at: Path, content: bytes = CONTENT, **where: str) -> str:
    source = at / uuid4().hex
    source.write_bytes(content)
    key = key_of(content, **where)
    await storage.put(source, key)
    assert not source.exists()
    return key


async def read(storage: S3Storage, key: str, **span: int) -> bytes:
    return b"".join([chunk async for chunk in storage.open(key, **span)])


async def test_what_was_put_is_read_back_whole_and_in_parts(
    storage: S3Storage, tmp_path: Path
) -> None:
    """A file larger than one part goes up and comes down in parts; a range begins where it is asked to."""
    key = await put(storage, tmp_path, BIG)

    assert BIG == await read(storage, key)
    assert BIG[7 : 7 + PIECE_BYTES + 5] == await read(storage, key, start=7, length=PIECE_BYTES + 5)
    assert BIG[-3:] == await read(storage, key, start=len(BIG) - 3)
    assert len(BIG) == await storage.size_of(key)


async def test_a_file_that_is_not_there_is_missing(storage: S3Storage, tmp_path: Path) -> None:
    """Deleted, and deleted again; what is no key is never asked for."""
    key = await put(storage, tmp_path)
    await storage.delete(key)
    await storage.delete(key)

    assert not await storage.exists(key)
    for asked in (key, "../secret", "studio/videos/x"):
        with pytest.raises(FileMissing):
            await read(storage, asked)
        with pytest.raises(FileMissing):
            await storage.size_of(asked)


async def test_a_listing_names_what_begins_with_the_prefix(
    storage: S3Storage, tmp_path: Path
) -> None:
    """Keys and sizes, those of other folders and companies not among them."""
    key = await put(storage, tmp_path)
    await put(storage, tmp_path, CONTENT, company="studio-two")
    await put(storage, tmp_path, CONTENT, folder="sources")

    assert [(key, len(CONTENT))] == [found async for found in storage.list_keys("studio/videos/")]
    assert 2 == len([found async for found in storage.list_keys("studio/")])


async def test_fetching_gives_a_whole_file_or_none(
    storage: S3Storage, s3: S3Server, bucket: str, tmp_path: Path
) -> None:
    """The bytes are compared with the hash in the key before the file has its name."""
    key = await put(storage, tmp_path)
    await storage.fetch(key, tmp_path / "copy")
    await obstore.put_async(storage.store, f"arv/{key}", b"something else")

    with pytest.raises(StorageUnavailable) as damaged:
        await storage.fetch(key, tmp_path / "damaged")
    assert "content_damaged" == damaged.value.code
    assert CONTENT == (tmp_path / "copy").read_bytes()
    assert ["copy"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (READER, "access_denied"),
        (STRANGER, "access_key_unknown"),
        (Account("arv-admin", "not-its-secret-0123456789"), "secret_wrong"),
    ],
)
async def test_an_account_that_may_not_is_refused(
    account: Account, code: str, s3: S3Server, bucket: str, tmp_path: Path
) -> None:
    """Credentials are for people to mend: another try would not help."""
    storage = S3Storage(uuid4(), settings_for(s3, bucket, account))

    with pytest.raises(StorageRefused) as refused:
        await put(storage, tmp_path)
    assert code == refused.value.code


async def test_a_bucket_that_is_not_there_is_said_so(s3: S3Server, tmp_path: Path) -> None:
    """The code and the words name the bucket, not the file."""
    storage = S3Storage(uuid4(), settings_for(s3, "no-such-bucket"))

    with pytest.raises(StorageRefused) as refused:
        [found async for found in storage.list_keys("studio/")]
    assert "bucket_missing" == refused.value.code


async def test_nobody_at_the_endpoint_is_worth_another_try(s3: S3Server, bucket: str) -> None:
    """A port where nobody listens."""
    storage = S3Storage(uuid4(), settings_for(s3, bucket, endpoint="http://127.0.0.1:9"))

    with pytest.raises(StorageUnavailable) as silent:
        await storage.size_of(key_of(CONTENT))
    assert "endpoint_unreachable" == silent.value.code


async def test_an_address_is_the_same_for_minutes_and_then_ends(
    storage: S3Storage, tmp_path: Path
) -> None:
    """Signed for a rounded moment; the server itself refuses it once it is over, or changed."""
    key = await put(storage, tmp_path)
    now = datetime.now(UTC)
    good = storage.public_url_for(key)
    over = storage.presign_get(key, moment=now - timedelta(seconds=100), seconds=60)

    async with httpx.AsyncClient() as client:
        answer = await client.get(good, headers={"Range": "bytes=0-6", "Origin": "https://x.test"})
        ended = await client.get(over)
        changed = await client.get(good.replace(key[-10:], "0" * 6 + ".mp4"))
    assert good == storage.public_url_for(key)
    assert (206, b"picture") == (answer.status_code, answer.content)
    assert "private, max-age=3600, immutable" == answer.headers["cache-control"]
    assert "video/mp4" == answer.headers["content-type"]
    assert "access-control-allow-origin" in answer.headers
    assert [403, 403] == [ended.status_code, changed.status_code]
    limit = get_settings().storage.link_seconds
    assert [str(limit)] == parse_qs(urlsplit(good).query)["X-Amz-Expires"]


async def test_our_signature_is_the_one_of_the_sdk(storage: S3Storage) -> None:
    """For the moment the SDK signed, we sign the same."""
    url = await obstore.sign_async(storage.store, "GET", "arv/x.mp4", timedelta(seconds=90))
    query = parse_qs(urlsplit(url).query)
    moment = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    ours = storage.signer.presign("GET", url.partition("?")[0], moment=moment, seconds=90)
    assert query == parse_qs(urlsplit(ours).query)


async def test_a_browser_may_put_just_the_file_it_announced(
    storage: S3Storage, tmp_path: Path
) -> None:
    """Other bytes, another length or type are refused by the service itself."""
    key = key_of(CONTENT, folder="sources")
    allowed = storage.presign_put(key, seconds=60, size_bytes=len(CONTENT))

    async with httpx.AsyncClient() as client:
        other_bytes = await client.put(allowed.url, content=CONTENT[::-1], headers=allowed.headers)
        longer = await client.put(allowed.url, content=CONTENT + b"!", headers=allowed.headers)
        kept = await storage.exists(key)
        right = await client.put(allowed.url, content=CONTENT, headers=allowed.headers)
    assert 400 <= other_bytes.status_code < 500
    assert 403 == longer.status_code
    assert not kept
    assert 200 == right.status_code
    assert CONTENT == await read(storage, key)


async def test_raw_uploads_are_never_given_out(storage: S3Storage, tmp_path: Path) -> None:
    """What people sent has no address of its own at the provider."""
    key = key_of(CONTENT, folder="sources")

    assert storage.public_url_for(key).startswith("/stored/")


def test_a_bucket_may_be_part_of_the_host(s3: S3Server) -> None:
    """The style most providers want, and the one of servers of one's own."""
    settings = settings_for(s3, "photos", endpoint="https://s3.example.com")

    assert "https://s3.example.com/photos" == settings.bucket_url()
    assert "https://photos.s3.example.com" == replace(settings, path_style=False).bucket_url()
    assert REGION == settings.region
