"""Changing the key of secrets at rest: which columns hold them, and storing each anew.

A column says itself what its ciphertexts are sealed for, in the words `crypto.encrypt` was given:

    secret_encrypted: Mapped[str] = mapped_column(info=sealed("totp:{user_id}"))
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, RowMapping, Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import crypto
from app.core.database import Base, session_scope

_MARK: Final = "sealed_for"
SYSTEM: Final = "secrets"


@dataclass(slots=True)
class Sealed:
    """How a column's secrets stand: under the newest key, under an older one, under none we have."""

    column: str
    current: int = 0
    outdated: int = 0
    unreadable: int = 0


def sealed(purpose: str) -> dict[str, str]:
    """Marks a column of ciphertexts; `purpose` names columns of the same row in braces."""
    return {_MARK: purpose}


def sealed_columns() -> list["Column[Any]"]:
    """Every column of secrets, of all tables that are loaded."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _MARK in column.info
    ]


async def count_sealed() -> list[Sealed]:
    """How every column stands. Nothing is changed."""
    async with session_scope(system=SYSTEM) as session:
        return [await _reseal(session, column, write=False) for column in sealed_columns()]


async def reseal_all() -> list[Sealed]:
    """Store every secret under the newest key; `outdated` are those that were under an older one.

    One transaction for each column, so it can be broken off and run again. A secret that is changed at
    the same time is left alone: whoever changes it uses the newest key.
    """
    found = []
    for column in sealed_columns():
        async with session_scope(system=SYSTEM) as session:
            found.append(await _reseal(session, column, write=True))
    return found


async def _reseal(session: AsyncSession, column: "Column[Any]", *, write: bool) -> Sealed:
    told = Sealed(f"{column.table.name}.{column.name}")
    rows = (await session.execute(_secrets(column))).mappings().all()
    for row in rows:
        text, purpose = row[column.name], column.info[_MARK].format(**row)
        try:
            opened = crypto.decrypt(text, purpose=purpose)
        except crypto.NotReadable:
            told.unreadable += 1
            continue
        if not crypto.is_outdated(text):
            told.current += 1
            continue
        told.outdated += 1
        if write:
            anew = crypto.encrypt(opened, purpose=purpose)
            await session.execute(_same(column, row).values({column.name: anew}))
    return told


def _secrets(column: "Column[Any]") -> Any:
    """The ciphertexts with what names their rows and purposes; never a whole row."""
    table: Table = column.table
    wanted = {column.name, *(key.name for key in table.primary_key), *_names(column.info[_MARK])}
    return select(*(table.c[name] for name in sorted(wanted))).where(column.is_not(None))


def _same(column: "Column[Any]", row: RowMapping) -> Any:
    """The row, as long as it still holds the ciphertext that was read."""
    keys = (key == row[key.name] for key in column.table.primary_key)
    return update(column.table).where(*keys, column == row[column.name])


def _names(purpose: str) -> Iterator[str]:
    """The names in braces."""
    for part in purpose.split("{")[1:]:
        yield part.partition("}")[0]
