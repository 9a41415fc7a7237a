"""`arv doctor --storage`: what is in the register and in the storage, company by company."""

import asyncio
import sys
from uuid import UUID

from app.companies import queries as companies
from app.core.clock import utcnow
from app.core.database import dispose_engine, session_scope
from app.local.console import complain, say
from app.storage import keeping_queries
from app.storage.checking import Check, Findings, StillOurs
from app.storage.port import StorageError

SYSTEM = "doctor"


def examine_storage(*, deep: bool, repair: bool) -> bool:
    """Print one line a company and the findings; True when no file is missing or damaged."""
    return asyncio.run(_examine(deep=deep, repair=repair))


async def _examine(*, deep: bool, repair: bool) -> bool:
    try:
        return await _every_company(deep=deep, repair=repair)
    finally:
        await dispose_engine()


async def _every_company(*, deep: bool, repair: bool) -> bool:
    async with session_scope(system=SYSTEM) as session:
        found = [
            await companies.company_by_id(session, company_id)
            for company_id in await keeping_queries.companies_with_files(session)
        ]
    total, unread = Findings(), 0
    for company in found:
        findings = await _one_company(company.id, company.name, deep=deep, repair=repair)
        if findings is None:
            unread += 1
        else:
            _add(total, findings)
    _conclude(total, len(found), unread, repair=repair)
    return total.is_whole and not unread


async def _one_company(company_id: UUID, name: str, *, deep: bool, repair: bool) -> Findings | None:
    check = Check(company_id, utcnow(), is_deep=deep, repairs=repair)
    try:
        findings = await check.run(_watch(name))
    except (StorageError, OSError) as error:
        complain(f"{name:<24} the storage can not be read: {error}")
        return None
    finally:
        _clear_line()
    line = f"{name:<24} {findings.files:>8,} files  {_size(findings.size_bytes):>9}"
    if findings.is_whole and not findings.orphans:
        say(f"  ✓ {line}")
        return findings
    write = say if findings.is_whole else complain
    write(
        f"{'  ✓ ' if findings.is_whole else ''}{line}  {findings.missing:,} missing, "
        f"{findings.damaged:,} damaged, {findings.orphans:,} without a row "
        f"({_size(findings.orphan_bytes)})"
    )
    for example in findings.examples:
        say(f"      {example}")
    return findings


def _conclude(total: Findings, count: int, unread: int, *, repair: bool) -> None:
    say(
        f"{count} companies, {total.files:,} files, {_size(total.size_bytes)}: {total.missing:,} missing, "
        f"{total.damaged:,} damaged, {total.orphans:,} without a row ({_size(total.orphan_bytes)})"
        + (f", {unread} not readable" if unread else "")
    )
    if repair:
        say(f"repaired: {total.repaired:,} (what has no row goes with the next sweeps)")
    elif total.orphans:
        say("arv doctor --storage --repair hands what has no row to the sweep.")
    if not total.is_whole:
        say("Bring missing files back from a backup, under the names above, and check again.")


def _watch(name: str) -> StillOurs:
    """Shows the progress where somebody looks on."""

    async def show(fraction: float) -> None:
        if sys.stderr.isatty():
            print(f"\r  … {name:<24} {fraction:4.0%}", end="", file=sys.stderr, flush=True)

    return show


def _clear_line() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _add(total: Findings, findings: Findings) -> None:
    for name in (
        *("files", "size_bytes", "missing", "damaged"),
        *("orphans", "orphan_bytes", "repaired"),
    ):
        setattr(total, name, getattr(total, name) + getattr(findings, name))


def _size(count: float) -> str:
    """`4.2 GB`, in the powers of ten that disks are sold by."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
