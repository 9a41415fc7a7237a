"""Files of a company whose storage is a bucket: how phones and the panel get them."""

from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from tests.storage.test_connections import PATH, body_for, connect
from tests.support import people
from tests.support.contents import make_published
from tests.support.people import Member
from tests.support.s3 import S3Server, make_bucket


async def in_bucket(app: FastAPI, s3: S3Server, **more: Any) -> Member:
    """The owner of a company whose files are in a bucket of its own."""
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, make_bucket(s3), prefix="arv", **more))
    activated = await owner.post(f"{PATH}/{made['id']}/activate")
    assert 200 == activated.status_code, activated.text
    return owner


async def test_phones_get_files_from_the_bucket_itself(
    built_pages: Path, app: FastAPI, s3: S3Server, own_network: None, tmp_path: Path
) -> None:
    """Uploaded, compiled and published as ever; addresses are the bucket's, and the policy allows just it."""
    owner = await in_bucket(app, s3)
    content = await make_published(owner, tmp_path)

    manifest = (await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")).json()
    page = await owner.client.get(f"/ar/{content['public_id']}")
    policy = page.headers["content-security-policy"]
    async with httpx.AsyncClient() as phone:
        video = await phone.get(manifest["video"]["url"], headers={"Range": "bytes=0-99"})
        target = await phone.get(manifest["target"]["url"])

    assert manifest["video"]["url"].startswith(f"{s3.endpoint}/")
    assert (206, 100) == (video.status_code, len(video.content))
    assert manifest["target"]["size_bytes"] == len(target.content)
    for source in ("img-src", "media-src", "connect-src"):
        assert f"{source} 'self' {s3.endpoint}" in policy
    assert 3 == policy.count(s3.endpoint)


async def test_the_panel_gets_them_through_us(
    app: FastAPI, s3: S3Server, own_network: None, tmp_path: Path
) -> None:
    """In ranges, asked about by tag, headers alone; without our signature nothing."""
    owner = await in_bucket(app, s3)
    content = await make_published(owner, tmp_path)
    url = content["videos"][0]["url"]
    client = people.client_of(app)

    whole = await client.get(url)
    part = await client.get(url, headers={"Range": "bytes=10-19"})
    last = await client.get(url, headers={"Range": "bytes=-5"})
    other = await client.get(url, headers={"Range": "bytes=10-19", "If-Range": '"other"'})
    beyond = await client.get(url, headers={"Range": "bytes=99999999-"})
    known = await client.get(url, headers={"If-None-Match": whole.headers["etag"]})
    head = await client.head(url)
    bare = await client.get(url.partition("?")[0])

    assert url.startswith("/stored/")
    assert ("video/mp4", "bytes") == (whole.headers["content-type"], whole.headers["accept-ranges"])
    assert "private, max-age=3600, immutable" == whole.headers["cache-control"]
    assert (206, whole.content[10:20]) == (part.status_code, part.content)
    assert f"bytes 10-19/{len(whole.content)}" == part.headers["content-range"]
    assert (206, whole.content[-5:]) == (last.status_code, last.content)
    assert (200, 416, 304) == (other.status_code, beyond.status_code, known.status_code)
    assert (200, b"", str(len(whole.content))) == (
        head.status_code,
        head.content,
        head.headers["content-length"],
    )
    assert (403, "link_invalid") == (bare.status_code, bare.json()["code"])


async def test_a_bucket_phones_do_not_reach_is_served_through_us(
    built_pages: Path, app: FastAPI, s3: S3Server, own_network: None, tmp_path: Path
) -> None:
    """The connection says so; the page's policy stays closed."""
    owner = await in_bucket(app, s3, delivery="through_arv")
    content = await make_published(owner, tmp_path)

    page = await owner.client.get(f"/ar/{content['public_id']}")
    manifest = (await owner.client.get(f"/api/v1/viewer/{content['public_id']}/manifest")).json()
    target = await people.client_of(app).get(manifest["target"]["url"])

    assert s3.endpoint not in page.text + page.headers["content-security-policy"]
    assert (200, manifest["target"]["size_bytes"]) == (target.status_code, len(target.content))
