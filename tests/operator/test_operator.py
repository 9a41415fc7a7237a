"""What the operator sees and does above companies."""

from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.database import session_scope
from app.mail.models import MailMessage
from tests.support import people
from tests.support.people import Member

COMPANIES = "/api/v1/operator/companies"


async def names(operator: Member, **filters: Any) -> list[str]:
    answer = await operator.client.get(COMPANIES, params=filters)
    assert 200 == answer.status_code, answer.text
    return [item["company"]["name"] for item in answer.json()["items"]]


async def test_a_company_begins_with_its_owner_s_invitation(app: FastAPI) -> None:
    """Company, plan and mail are made together; what fails makes none of them."""
    operator = await people.make_member(app, is_superadmin=True)
    body = {
        "name": "North Light",
        "owner_email": "anna@example.com",
        "plan": "free",
        "language": "ru",
    }

    made = await operator.client.post(COMPANIES, json=body)
    failed = await operator.client.post(COMPANIES, json={**body, "name": "Other", "plan": "gold"})

    assert (201, 422) == (made.status_code, failed.status_code)
    company = made.json()["company"]
    standing = await operator.client.get(f"/api/v1/companies/{company['id']}/subscription")
    assert ("ru", "free") == (company["language"], standing.json()["plan"]["code"])
    async with session_scope(system="test") as session:
        mails = list(await session.scalars(select(MailMessage)))
    assert [("invitation", "anna@example.com", "ru")] == [
        (mail.template, mail.recipient, mail.language) for mail in mails
    ]
    assert [] == await names(operator, q="Other")


async def test_companies_are_found_by_how_they_stand(app: FastAPI) -> None:
    """By status, by plan, by words, and those that can still be restored."""
    operator = await people.make_member(app, is_superadmin=True)
    made = {}
    for name in ("Ending", "Ended", "Full", "Gone", "Well"):
        company = await people.make_company(name)
        made[name] = await people.make_member(app, company=company)
    begun = (utcnow() - timedelta(days=99)).isoformat()
    for name, days in (("Ending", 1), ("Ended", 40)):
        ends = (utcnow() - timedelta(days=days)).isoformat()
        terms = {"starts_at": begun, "ends_at": ends, "plan": "studio"}
        await operator.client.patch(made[name].path("/subscription"), json=terms)
    await operator.client.patch(made["Full"].path("/subscription"), json={"members": 1})
    await made["Gone"].delete("", params={"confirm": "Gone"})

    assert ["Ending"] == await names(operator, status="grace")
    assert ["Ended"] == await names(operator, status="lapsed")
    assert ["Full"] == await names(operator, status="full")
    assert ["Ended", "Ending"] == await names(operator, plan="studio")
    assert ["Well"] == await names(operator, q="wel")
    assert ["Gone"] == await names(operator, deleted=True)
    listed = (await operator.client.get(COMPANIES, params={"q": "full"})).json()["items"][0]
    members = listed["subscription"]["quotas"][2]
    assert ("full", 1, 1, 100) == (
        listed["subscription"]["status"],
        members["used"],
        members["limit"],
        members["percent"],
    )


async def test_owners_see_nothing_of_it(app: FastAPI) -> None:
    """Every route of the operator is closed to everybody else."""
    owner = await people.make_member(app)
    erasure = f"{COMPANIES}/{owner.company_id}/erasure?confirm=x"

    answers = [
        await owner.client.get(COMPANIES),
        await owner.client.post(COMPANIES, json={"name": "X", "owner_email": "a@example.com"}),
        await owner.client.post(erasure),
        await owner.client.get("/api/v1/operator/erasures"),
    ]

    assert [403] * 4 == [answer.status_code for answer in answers]
