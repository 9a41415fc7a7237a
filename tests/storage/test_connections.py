"""A company's storage connections: made, tested, changed, taken into use, and ended."""

import asyncio
import ssl
from typing import Any

import pytest
import trustme
from fastapi import FastAPI
from sqlalchemy import select

from app.companies.roles import EDITOR
from app.core.config import get_settings
from app.core.database import open_session
from app.events.models import Event
from app.storage.models import StorageConnection
from tests.support import people
from tests.support.people import Member
from tests.support.s3 import (
    ADMIN,
    READER,
    REGION,
    STRANGER,
    Account,
    S3Server,
    make_bucket,
)

PATH = "/storage-connections"


def body_for(s3: S3Server, bucket: str, account: Account = ADMIN, **more: Any) -> dict[str, Any]:
    return {
        "name": "Our bucket",
        "kind": "s3",
        "s3": {
            "endpoint": s3.endpoint,
            "region": REGION,
            "bucket": bucket,
            "access_key_id": account.key_id,
            "secret_access_key": account.secret,
            **more,
        },
    }


async def connect(owner: Member, body: dict[str, Any]) -> dict[str, Any]:
    made = await owner.post(PATH, json=body)
    assert 201 == made.status_code, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def test_a_connection_is_made_and_never_tells_its_secret(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Neither the answers, nor the row, nor the audit log hold it; another company sees nothing."""
    owner, stranger = await people.make_member(app), await people.make_member(app)
    made = await connect(owner, body_for(s3, "some-bucket", prefix="/arv"))
    listed = await owner.get(PATH)
    single = await owner.get(f"{PATH}/{made['id']}")
    foreign = await stranger.get(f"{PATH}/{made['id']}")

    async with open_session(system="test") as session:
        row = (await session.scalars(select(StorageConnection))).one()
        told = [
            f"{event.data}{event.changes}{event.words}"
            for event in await session.scalars(select(Event))
        ]
    everything = listed.text + single.text + str(row.secret) + str(row.settings) + "".join(told)
    assert ADMIN.secret not in everything
    assert "arv/" == single.json()["s3"]["prefix"]
    assert [False, True] == [single.json()["is_default"], single.json()["has_secret"]]
    assert 404 == foreign.status_code
    assert single.headers["etag"]


async def test_changes_name_what_they_saw(app: FastAPI, s3: S3Server, own_network: None) -> None:
    """An old tag is refused; the audit log has before and after, the secret only as changed."""
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, "some-bucket"))
    path = f"{PATH}/{made['id']}"
    seen = (await owner.get(path)).headers["etag"]
    change = {"name": "Frankfurt", "s3": {"bucket": "other-bucket", "secret_access_key": "x" * 20}}

    changed = await owner.patch(path, json=change, headers={"If-Match": seen})
    again = await owner.patch(path, json={"name": "Late"}, headers={"If-Match": seen})

    async with open_session(system="test") as session:
        named = Event.name == "storage.connection_updated"
        event = (await session.scalars(select(Event).where(named))).one()
    assert (200, "Frankfurt") == (changed.status_code, changed.json()["name"])
    assert 412 == again.status_code
    assert ["Our bucket", "Frankfurt"] == event.changes["name"]
    assert "xxx" not in str(event.changes)
    assert {"name", "settings", "secret"} == set(event.changes)


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("http://169.254.169.254", "address_refused"),
        ("https://10.0.0.7:9000", "address_refused"),
        ("https://localhost", "address_refused"),
        ("https://user:pw@s3.example.com", "address_refused"),
        ("https://s3.example.com/path", "address_refused"),
        ("ftp://s3.example.com", "invalid"),
    ],
)
async def test_an_endpoint_is_never_in_our_own_network(
    endpoint: str, code: str, app: FastAPI, s3: S3Server
) -> None:
    """Unless the operator allows it; the words say how."""
    owner = await people.make_member(app)

    refused = await owner.post(PATH, json=body_for(s3, "some-bucket", endpoint=endpoint))

    assert 422 == refused.status_code
    assert code == refused.json()["code"]


async def test_a_folder_of_the_server_can_not_be_named(app: FastAPI, s3: S3Server) -> None:
    """The local disk is the installation's; its connection is not a company's to change."""
    owner = await people.make_member(app)
    async with open_session(system="test") as session:
        shared = StorageConnection(name="Local disk", kind="local", is_default=True)
        session.add(shared)
        await session.commit()
        shared_id = shared.id

    local = await owner.post(PATH, json={"name": "x", "kind": "local", "s3": {"root": "/etc"}})
    renamed = await owner.patch(f"{PATH}/{shared_id}", json={"name": "Mine"})
    deleted = await owner.delete(f"{PATH}/{shared_id}")
    tested = await owner.post(f"{PATH}/{shared_id}/test")

    assert 422 == local.status_code
    assert [(403, "connection_shared")] * 2 == [
        (answer.status_code, answer.json()["code"]) for answer in (renamed, deleted)
    ]
    assert tested.json()["works"]
    assert ["write", "read", "range", "list", "delete"] == [
        step["name"] for step in tested.json()["steps"]
    ]


async def test_an_editor_looks_and_changes_nothing(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Where files are is for all to see, and the owners to choose."""
    editor = await people.make_member(app, role=EDITOR)

    assert 200 == (await editor.get(PATH)).status_code
    assert 403 == (await editor.post(PATH, json=body_for(s3, "some-bucket"))).status_code


async def test_a_test_goes_through_every_step_and_leaves_nothing(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Written, read, listed, fetched as by a browser, removed; the connection remembers how it went."""
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, make_bucket(s3)))

    tested = (await owner.post(f"{PATH}/{made['id']}/test")).json()
    after = (await owner.get(f"{PATH}/{made['id']}")).json()

    assert ["write", "read", "range", "list", "browser", "delete"] == [
        step["name"] for step in tested["steps"]
    ]
    assert tested["works"], tested
    assert after["last_test"] == {"works": True, "code": "", "detail": ""}
    assert after["last_tested_at"]


@pytest.mark.parametrize(
    ("account", "more", "step", "code"),
    [
        (READER, {}, "write", "access_denied"),
        (STRANGER, {}, "write", "access_key_unknown"),
        (Account(ADMIN.key_id, "wrong-secret-012345"), {}, "write", "secret_wrong"),
        (ADMIN, {"bucket": "no-such-bucket"}, "write", "bucket_missing"),
        (ADMIN, {"endpoint": "http://127.0.0.1:9"}, "write", "endpoint_unreachable"),
    ],
)
async def test_a_test_says_what_is_wrong(
    account: Account,
    more: dict[str, str],
    step: str,
    code: str,
    app: FastAPI,
    s3: S3Server,
    own_network: None,
) -> None:
    """Which step failed, a stable code, and words for people."""
    owner = await people.make_member(app)
    place = {"bucket": make_bucket(s3)} | more
    made = await connect(owner, body_for(s3, account=account, **place))

    tested = (await owner.post(f"{PATH}/{made['id']}/test")).json()

    assert (False, code) == (tested["works"], tested["code"])
    assert step == tested["steps"][-1]["name"]
    assert tested["detail"].endswith(".")


async def test_a_certificate_that_nobody_vouches_for_is_named(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Credentials are not sent to an endpoint that can not prove its name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0, ssl=context)
    endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, "some-bucket", endpoint=endpoint))

    async with server:
        tested = (await owner.post(f"{PATH}/{made['id']}/test")).json()
    assert "certificate_wrong" == tested["code"]


async def test_a_bucket_that_browsers_may_not_read_is_found_before_its_use(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Without CORS phones could not fetch targets; delivered through ARV the same bucket will do."""
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, make_bucket(s3, cors=False)))
    path = f"{PATH}/{made['id']}"

    refused = await owner.post(f"{path}/activate")
    through = await owner.patch(path, json={"s3": {"delivery": "through_arv"}})
    active = await owner.post(f"{path}/activate")

    assert (409, "connection_not_working") == (refused.status_code, refused.json()["code"])
    assert "cors_missing" == refused.json()["reason"]
    assert 200 == through.status_code
    assert active.json()["is_default"]


async def test_the_active_connection_is_held_onto(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """It is not archived, not deleted, not led elsewhere, and changed only to what works."""
    owner = await people.make_member(app)
    bucket = make_bucket(s3)
    made = await connect(owner, body_for(s3, bucket))
    path = f"{PATH}/{made['id']}"
    assert 200 == (await owner.post(f"{path}/activate")).status_code

    answers = [
        await owner.post(f"{path}/archive"),
        await owner.delete(path),
        await owner.patch(path, json={"s3": {"bucket": "another"}}),
        await owner.patch(path, json={"s3": {"secret_access_key": "wrong-secret-01"}}),
    ]
    renamed = await owner.patch(path, json={"name": "Kept"})

    assert [(409, "connection_in_use")] * 3 + [(409, "connection_not_working")] == [
        (answer.status_code, answer.json()["code"]) for answer in answers
    ]
    assert "secret_wrong" == answers[-1].json()["reason"]
    assert (200, bucket) == (renamed.status_code, renamed.json()["s3"]["bucket"])
    assert (await owner.post(f"{path}/test")).json()["works"]


async def test_an_idle_connection_is_archived_restored_and_deleted(
    app: FastAPI, s3: S3Server, own_network: None
) -> None:
    """Put away it is listed apart and not used; deleted it is gone."""
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, "some-bucket"))
    path = f"{PATH}/{made['id']}"

    await owner.post(f"{path}/archive")
    hidden = (await owner.get(PATH)).json()["items"]
    archived = (await owner.get(PATH, params={"archived": "true"})).json()["items"]
    refused = await owner.post(f"{path}/activate")
    await owner.post(f"{path}/restore")
    shown = (await owner.get(PATH)).json()["items"]
    deleted = await owner.delete(path)

    assert made["id"] not in [item["id"] for item in hidden]
    assert [made["id"]] == [item["id"] for item in archived]
    assert "connection_archived" == refused.json()["code"]
    assert made["id"] in [item["id"] for item in shown]
    assert (204, 404) == (deleted.status_code, (await owner.get(path)).status_code)


async def test_keys_of_the_service_can_be_changed(
    app: FastAPI, s3: S3Server, own_network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret under an old key is still read; without that key the test says to enter it again."""
    owner = await people.make_member(app)
    made = await connect(owner, body_for(s3, make_bucket(s3)))
    old = get_settings().secret_key.get_secret_value()
    monkeypatch.setenv("SECRET_KEY", "another-secret-for-tests-0123456789-abcdef")
    monkeypatch.setenv("OLD_SECRET_KEYS", old)
    get_settings.cache_clear()
    with_old = (await owner.post(f"{PATH}/{made['id']}/test")).json()
    monkeypatch.setenv("OLD_SECRET_KEYS", "")
    get_settings.cache_clear()
    await owner.patch(f"{PATH}/{made['id']}", json={"name": "Opened anew"})
    without = (await owner.post(f"{PATH}/{made['id']}/test")).json()

    assert with_old["works"]
    assert "secret_unreadable" == without["code"]
