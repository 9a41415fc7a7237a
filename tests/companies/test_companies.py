"""Companies, roles and what each may do."""

import pytest
from fastapi import FastAPI

from app.companies.service import slug_of
from tests.support import people


async def test_a_member_sees_their_companies_and_no_others(app: FastAPI) -> None:
    """The list and /auth/me name the same, with the role."""
    mine = await people.make_member(app, role="editor")
    await people.make_company("Somebody else")

    listed = (await mine.client.get("/api/v1/companies")).json()["items"]
    me = (await mine.client.get("/api/v1/auth/me")).json()

    assert [str(mine.company_id)] == [company["id"] for company in listed]
    assert [("editor", listed[0])] == [
        (membership["role"], membership["company"]) for membership in me["memberships"]
    ]


async def test_a_superadmin_is_owner_of_all(app: FastAPI) -> None:
    """The operator sees and changes every company without being a member."""
    company = await people.make_company()
    await people.make_company()
    operator = await people.make_member(app, company=company, is_superadmin=True)

    me = (await operator.client.get("/api/v1/auth/me")).json()
    changed = await operator.patch("", json={"accent_color": "#0e8f83"})

    assert ["owner", "owner"] == [membership["role"] for membership in me["memberships"]]
    assert (200, "#0E8F83") == (changed.status_code, changed.json()["accent_color"])


async def test_only_the_operator_adds_companies(app: FastAPI) -> None:
    """An owner of one company can not make another; the operator can, once a name."""
    owner = await people.make_member(app)
    operator = await people.make_member(app, is_superadmin=True)
    body = {"name": "North Light Studio"}

    refused = await owner.client.post("/api/v1/companies", json=body)
    made = await operator.client.post("/api/v1/companies", json=body)
    again = await operator.client.post("/api/v1/companies", json=body)

    assert 403 == refused.status_code
    assert (201, "north-light-studio") == (made.status_code, made.json()["slug"])
    assert (409, "slug_taken") == (again.status_code, again.json()["code"])


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("viewer", {"read": 200, "project": 403, "upload": 403, "company": 403}),
        ("editor", {"read": 200, "project": 201, "upload": 415, "company": 403}),
        ("owner", {"read": 200, "project": 201, "upload": 415, "company": 200}),
    ],
)
async def test_each_role_may_what_it_is_for(
    role: str, expected: dict[str, int], app: FastAPI
) -> None:
    """Viewers look, editors work, owners also manage (415: the upload got as far as its content)."""
    member = await people.make_member(app, role=role)

    got = {
        "read": await member.get("/projects"),
        "project": await member.post("/projects", json={"name": "Album"}),
        "upload": await member.post("/uploads?purpose=image&filename=x", content=b"text"),
        "company": await member.patch("", json={"name": "New name"}),
    }

    assert expected == {what: answer.status_code for what, answer in got.items()}


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": None}, {"accent_color": "red"}, {"slug": "other"}]
)
async def test_values_that_make_no_sense_are_refused(body: dict[str, object], app: FastAPI) -> None:
    """An empty name, a colour that is none, and the slug, which is in links and folders."""
    owner = await people.make_member(app)

    answer = await owner.patch("", json=body)

    assert 422 == answer.status_code


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("North Light Studio!", "north-light-studio"),
        ("Студия «Ёж и Щука»", "studiia-ezh-i-shchuka"),
        ("Café Zürich", "cafe-zurich"),
        ("日本", ""),
        ("a" * 200, "a" * 60),
    ],
)
def test_a_short_name_is_made_of_the_name(name: str, slug: str) -> None:
    """Latin letters, digits and hyphens, also of Russian names."""
    assert slug == slug_of(name)
