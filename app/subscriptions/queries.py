"""Plans, agreements, and what companies use."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, column, delete, func, select, table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.companies.models import Company, Membership
from app.companies.roles import OWNER
from app.core.errors import NotFound
from app.subscriptions.agreement import Agreement, Figures, Quota
from app.subscriptions.models import MonthlyViews, Plan, StorageDelta, Subscription, Usage
from app.users.models import User

# Their models stand above us on the ladder; how many rows a company has is asked of the tables by name.
_CONTENTS = table("ar_contents", column("company_id"))
_STORED_FILES = table(
    "stored_files", column("company_id"), column("size_bytes"), column("released_at")
)


def _agreements() -> Select[Plan, Subscription]:
    """Each company's plan, the default where none was chosen, with its subscription if it has one."""
    return (
        select(Plan, Subscription)
        .select_from(Company)
        .outerjoin(Subscription, Subscription.company_id == Company.id)
        .join(
            Plan,
            (Plan.id == Subscription.plan_id)
            | (Subscription.company_id.is_(None) & Plan.is_default),
        )
    )


async def agreement_of(session: AsyncSession, company_id: UUID) -> Agreement:
    """What the company may use. Raises `NotFound`."""
    found = (await session.execute(_agreements().where(Company.id == company_id))).one_or_none()
    if found is None:
        raise NotFound("There is no such company.")
    return agreement_from(*found)


def agreement_from(plan: Plan, subscription: Subscription | None) -> Agreement:
    """The plan with the limits agreed with one company put over it."""
    limits = {quota: getattr(plan, quota) for quota in Quota}
    if subscription is None:
        return Agreement(
            plan.code,
            plan.name,
            limits,
            plan.grace_days,
            max_upload_bytes=plan.max_upload_bytes,
        )
    own = {quota: getattr(subscription, quota) for quota in Quota}
    grace, largest = subscription.grace_days, subscription.max_upload_bytes
    return Agreement(
        plan.code,
        plan.name,
        {quota: limits[quota] if own[quota] is None else own[quota] for quota in Quota},
        plan.grace_days if grace is None else grace,
        subscription.starts_at,
        subscription.ends_at,
        plan.max_upload_bytes if largest is None else largest,
    )


async def subscription_of(session: AsyncSession, company_id: UUID) -> Subscription | None:
    return await session.scalar(select(Subscription).where(Subscription.company_id == company_id))


async def enter_gate(session: AsyncSession, company_id: UUID) -> Usage:
    """The company's counter row, locked: what grows passes one by one until its transaction ends."""
    await session.execute(insert(Usage).values(company_id=company_id).on_conflict_do_nothing())
    statement = select(Usage).where(Usage.company_id == company_id).with_for_update()
    usage = (await session.scalars(statement.execution_options(populate_existing=True))).one()
    folded = delete(StorageDelta).where(StorageDelta.company_id == company_id)
    deltas = await session.scalars(folded.returning(StorageDelta.bytes))
    usage.storage_bytes += sum(deltas)
    await session.flush()
    return usage


async def used_of(session: AsyncSession, company_id: UUID, quota: Quota, *, month: date) -> int:
    """How much of one quota the company uses."""
    return int(await session.scalar(select(_used(company_id, quota, month))) or 0)


async def figures_of(session: AsyncSession, company_id: UUID, *, month: date) -> Figures:
    """How much of every quota the company uses."""
    columns = [_used(company_id, quota, month) for quota in Quota]
    return _figures((await session.execute(select(*columns))).one())


async def standings_of(
    session: AsyncSession, company_ids: Collection[UUID], *, month: date
) -> dict[UUID, tuple[Agreement, Figures]]:
    """What each of the companies may use and does use, asked at once."""
    columns = [_used(Company.id, quota, month) for quota in Quota]
    rows = await session.execute(
        _agreements().add_columns(Company.id, *columns).where(Company.id.in_(company_ids))
    )
    return {
        company_id: (agreement_from(plan, subscription), _figures(used))
        for plan, subscription, company_id, *used in rows
    }


def _figures(used: Iterable[int | None]) -> Figures:
    return {quota: int(value or 0) for quota, value in zip(Quota, used, strict=True)}


def _used(company: UUID | InstrumentedAttribute[UUID], quota: Quota, month: date) -> Any:
    """How much of the quota one company uses, or the company of each row that is asked for."""
    match quota:
        case Quota.STORAGE_BYTES:
            counted = select(Usage.storage_bytes).where(Usage.company_id == company)
            since = select(func.sum(StorageDelta.bytes)).where(StorageDelta.company_id == company)
            return func.coalesce(counted.scalar_subquery(), 0) + func.coalesce(
                since.scalar_subquery(), 0
            )
        case Quota.CONTENTS:
            return _number_in(_CONTENTS, _CONTENTS.c.company_id == company)
        case Quota.MEMBERS:
            return _number_in(Membership, Membership.company_id == company)
        case Quota.VIEWS_MONTH:
            return (
                select(MonthlyViews.views)
                .where(MonthlyViews.company_id == company, MonthlyViews.month == month)
                .scalar_subquery()
            )


def _number_in(rows: Any, condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(rows).where(condition).scalar_subquery()


async def stored_and_pending_bytes(session: AsyncSession, company_id: UUID) -> tuple[int, int]:
    """The sum of the company's files in use, and of deltas not folded yet: one statement, one moment."""
    stored = select(func.sum(_STORED_FILES.c.size_bytes)).where(
        _STORED_FILES.c.company_id == company_id, _STORED_FILES.c.released_at.is_(None)
    )
    pending = select(func.sum(StorageDelta.bytes)).where(StorageDelta.company_id == company_id)
    row = (await session.execute(select(stored.scalar_subquery(), pending.scalar_subquery()))).one()
    return int(row[0] or 0), int(row[1] or 0)


async def add_views(session: AsyncSession, views: Mapping[tuple[UUID, date], int]) -> None:
    """Add to the months' counters; always in the same order, so that two processes never deadlock."""
    rows = [
        {"company_id": company_id, "month": month, "views": views[company_id, month]}
        for company_id, month in sorted(views)
    ]
    known = set(await session.scalars(select(Company.id).where(Company.id.in_(_ids(rows)))))
    rows = [row for row in rows if row["company_id"] in known]
    if not rows:
        return
    statement = insert(MonthlyViews).values(rows)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[MonthlyViews.company_id, MonthlyViews.month],
            set_={"views": MonthlyViews.views + statement.excluded.views},
        )
    )


def _ids(rows: list[dict[str, Any]]) -> set[UUID]:
    return {row["company_id"] for row in rows}


async def company_ids(session: AsyncSession) -> list[UUID]:
    """Every company that is not deleted, for sweeps."""
    return list(await session.scalars(select(Company.id).order_by(Company.id)))


async def owners_of(session: AsyncSession, company_id: UUID) -> list[User]:
    """The people who are told when a quota fills up."""
    return list(
        await session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.company_id == company_id,
                Membership.role == OWNER,
                User.disabled_at.is_(None),
            )
            .order_by(User.id)
        )
    )


async def list_plans(session: AsyncSession) -> list[Plan]:
    """All plans, the smallest first, those without a limit last."""
    return list(
        await session.scalars(
            select(Plan).order_by(Plan.contents.asc().nulls_last(), Plan.name, Plan.id)
        )
    )


async def plan_by_code(session: AsyncSession, code: str) -> Plan | None:
    return await session.scalar(select(Plan).where(Plan.code == code))


async def default_plan(session: AsyncSession) -> Plan:
    return (await session.scalars(select(Plan).where(Plan.is_default))).one()


async def get_plan(session: AsyncSession, plan_id: UUID) -> Plan:
    """The plan, locked. Raises `NotFound`."""
    plan = await session.scalar(select(Plan).where(Plan.id == plan_id).with_for_update())
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


async def insert_plan(session: AsyncSession, values: Mapping[str, Any]) -> Plan | None:
    """The new plan, or None when its code is taken."""
    statement = insert(Plan).values(**values).on_conflict_do_nothing(index_elements=[Plan.code])
    return await session.scalar(statement.returning(Plan))


async def clear_default(session: AsyncSession) -> None:
    await session.execute(update(Plan).where(Plan.is_default).values(is_default=False))


async def set_subscription(
    session: AsyncSession, company_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Make the company's subscription what `values` say; what they do not name stays."""
    changed = await session.scalar(
        update(Subscription)
        .where(Subscription.company_id == company_id)
        .values(**values, updated_at=now)
        .returning(Subscription.company_id)
    )
    if changed is None:
        await session.execute(
            insert(Subscription).values(
                **{"starts_at": now, **values}, company_id=company_id, updated_at=now
            )
        )
