"""Backups through the API: the operator's list, an order, a check."""

from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import select

from app.backups.serving import work_once
from app.core.database import session_scope
from app.events.models import Event
from tests.support import people

BACKUPS = "/api/v1/operator/backups"


async def test_the_operator_orders_and_proves_a_backup(installation: Path, app: FastAPI) -> None:
    """An order is one at a time, is worked off by the service, and its proof shows in the overview."""
    operator = (await people.make_member(app, is_superadmin=True)).client

    ordered = await operator.post(BACKUPS)
    again = await operator.post(BACKUPS)
    await work_once()
    checked = await operator.post(f"{BACKUPS}/{ordered.json()['id']}/verify")
    await work_once()

    assert (202, 409, 202) == (ordered.status_code, again.status_code, checked.status_code)
    assert "backup_running" == again.json()["code"]
    listed = (await operator.get(BACKUPS)).json()["items"]
    assert [("manual", "done", 1)] == [(b["kind"], b["state"], b["places"]) for b in listed]
    overview = (await operator.get(f"{BACKUPS}/overview")).json()
    assert overview["last_verified_at"] == listed[0]["verified_at"] is not None
    assert ["done"] == [check["state"] for check in overview["checks"]]
    async with session_scope(system="test") as session:
        told = set(
            await session.scalars(select(Event.name).where(Event.name.startswith("backup.")))
        )
    assert {"backup.ordered", "backup.made", "backup.check_ordered", "backup.verified"} == told


async def test_an_order_without_a_place_is_refused(app: FastAPI) -> None:
    """It says what to set up instead of waiting for a service that is not there."""
    operator = (await people.make_member(app, is_superadmin=True)).client

    refused = await operator.post(BACKUPS)

    assert (409, "backups_not_set_up") == (refused.status_code, refused.json()["code"])


async def test_owners_see_nothing_of_it(app: FastAPI) -> None:
    """Backups hold all companies: they are the operator's alone."""
    owner = (await people.make_member(app)).client

    assert 403 == (await owner.get(BACKUPS)).status_code
    assert 403 == (await owner.post(BACKUPS)).status_code
