"""Users and their passwords."""

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Invalid
from app.users import queries, service
from app.users.passwords import check, hash_password, one_time_password


async def test_one_address_is_one_account(session: AsyncSession) -> None:
    """Upper and lower case are the same address, and the second user of it is refused."""
    await service.create_user(session, email=" Anna@Example.com ", password_hash="x")

    found = await queries.find_by_email(session, "ANNA@example.com")
    with pytest.raises(service.EmailTaken):
        await service.create_user(session, email="anna@example.COM", password_hash="x")

    assert found is not None
    assert "anna@example.com" == found.email


@pytest.mark.parametrize("email", ["", "anna", "@example.com", "anna@", "a b@example.com"])
async def test_what_is_no_address_is_refused(email: str, session: AsyncSession) -> None:
    """Something on both sides of the @, and no spaces."""
    with pytest.raises(Invalid):
        await service.create_user(session, email=email, password_hash="x")


async def test_a_password_is_kept_as_argon2id(database: str) -> None:
    """The hash is of the kind OWASP asks for, right for its password and for no other."""
    password_hash = await hash_password("correct horse battery")

    assert password_hash.startswith("$argon2id$")
    assert (await check("correct horse battery", password_hash)).is_right
    assert not (await check("correct horse", password_hash)).is_right
    assert not (await check("correct horse battery", None)).is_right


def test_one_time_passwords_can_be_read_out_loud() -> None:
    """Four groups of four, without letters and digits that are mistaken for each other."""
    passwords = {one_time_password() for _ in range(200)}

    assert 200 == len(passwords)
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", word) for word in passwords)
    assert not re.search("[ilo01]", "".join(passwords))
