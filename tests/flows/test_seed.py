"""What every installation begins with."""

import asyncio
import os
import sys
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company, Membership
from app.core.config import CHECKOUT
from app.seed import ensure_admin, reset_admin, seed
from app.storage.models import StorageConnection
from app.storage.port import FOLDERS
from app.users.models import User
from app.users.passwords import check

SEED = "import asyncio, app.seed; print(asyncio.run(app.seed.seed()).one_time_password or 'known')"


async def test_four_processes_at_once_seed_once(
    database: str, session: AsyncSession, tmp_path: Path
) -> None:
    """One company, one admin and one set of folders, and exactly one of the four tells a password."""
    children = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SEED),
            cwd=CHECKOUT,
            env=dict(os.environ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(4)
    ]
    outputs = [await child.communicate() for child in children]

    assert [0] * 4 == [child.returncode for child in children], outputs
    told = [out.decode().split()[-1] for out, _ in outputs]
    assert 3 == told.count("known")
    for table, count in ((Company, 1), (User, 1), (Membership, 1), (StorageConnection, 2)):
        assert count == await session.scalar(select(func.count()).select_from(table))
    folders = {path.name for path in (tmp_path / "storage" / "vertex-ar").iterdir()}
    assert set(FOLDERS) == folders


async def test_the_default_company_is_vertex_ar(database: str, session: AsyncSession) -> None:
    """Its name, its folder, and a local disk as the default storage."""
    await seed()

    company = (await session.scalars(select(Company))).one()
    connections = list(await session.scalars(select(StorageConnection)))
    assert ("Vertex AR", "vertex-ar", "vertex-ar") == (
        company.name,
        company.slug,
        company.storage_path,
    )
    assert {("local", True, None), ("local", True, company.id)} == {
        (connection.kind, connection.is_default, connection.company_id)
        for connection in connections
    }


async def test_the_first_admin_must_set_a_password_of_their_own(
    database: str, session: AsyncSession
) -> None:
    """The one-time password is right, is told once only, and has to be replaced."""
    access = await seed()
    again = await seed()

    admin = (await session.scalars(select(User))).one()
    assert access.one_time_password is not None
    assert (await check(access.one_time_password, admin.password_hash)).is_right
    assert (True, True) == (admin.is_superadmin, admin.must_change_password)
    assert again.one_time_password is None


async def test_a_lost_password_is_reset(database: str, session: AsyncSession) -> None:
    """A new one-time password for whoever held the address; another address gets an account."""
    await seed()

    reset = await reset_admin("Admin@example.com")
    other = await ensure_admin("second@example.com")

    admin = (await session.scalars(select(User).where(User.email == "admin@example.com"))).one()
    assert reset.one_time_password is not None
    assert (await check(reset.one_time_password, admin.password_hash)).is_right
    assert admin.must_change_password
    assert other.one_time_password is not None
