"""What the rows know of how the work goes: one set of statements for a scrape.

Each counts over all companies and looks at one hour, at what waits, or at tables that stay small.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, TextClause, Uuid, bindparam, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

log = structlog.get_logger(__name__)

STATEMENTS: Final[Mapping[str, TextClause]] = {
    name: text(statement).bindparams(bindparam("since", type_=Uuid))
    if ":since" in statement
    else text(statement)
    for name, statement in {
        "waiting": "SELECT queue, count(*) AS jobs, coalesce(sum(attempts), 0)::bigint AS attempts, "
        "greatest(coalesce(extract(epoch from now() - min(run_after)), 0), 0)::float AS oldest "
        "FROM jobs WHERE state = 'queued' GROUP BY queue",
        "running": "SELECT queue, count(*) AS jobs, coalesce(sum(attempts), 0)::bigint AS attempts "
        "FROM jobs WHERE state = 'running' GROUP BY queue",
        "dead": "SELECT queue, count(*) AS jobs FROM jobs "
        "WHERE state = 'failed' AND NOT refused AND discarded_at IS NULL GROUP BY queue",
        "runtime": "SELECT task_name, state, count(*) AS runs, "
        "sum(extract(epoch from finished_at - started_at))::float AS seconds, "
        "max(extract(epoch from finished_at - started_at))::float AS longest FROM jobs "
        "WHERE finished_at > now() - interval '1 hour' AND started_at IS NOT NULL "
        "GROUP BY task_name, state",
        # Webhooks, notifications and mails: three queries of one form.
        "deliveries": "SELECT kind, count(*) FILTER (WHERE state = 'queued') AS waiting, "
        "coalesce(extract(epoch from now() - min(created_at) FILTER (WHERE state = 'queued')), 0)::float "
        "AS oldest, count(*) FILTER (WHERE state = 'failed' AND id >= :since) AS failed FROM ("
        "SELECT 'webhook' AS kind, id, state, created_at FROM webhook_deliveries "
        "WHERE state = 'queued' OR id >= :since UNION ALL "
        "SELECT 'notification', id, state, created_at FROM notification_deliveries "
        "WHERE state = 'queued' OR id >= :since UNION ALL "
        "SELECT 'mail', id, state, created_at FROM mail_messages "
        "WHERE state = 'queued' OR id >= :since) AS every GROUP BY kind",
        "inbox": "SELECT count(*) AS events FROM webhook_inbox",
        "endpoints": "SELECT count(*) FILTER (WHERE enabled AND failing_since IS NOT NULL) AS failing, "
        "count(*) FILTER (WHERE disabled_reason IS NOT NULL) AS disabled FROM webhook_endpoints",
        "beat": "SELECT coalesce(extract(epoch from max(last_at)), 0)::float AS last, "
        "greatest(coalesce(extract(epoch from now() - min(due_at)), 0), 0)::float AS overdue "
        "FROM beat_ticks WHERE timing <> '0'",
        "workers": "SELECT queue, extract(epoch from max(seen_at))::float AS seen, "
        "count(*) FILTER (WHERE seen_at > now() - interval '45 seconds') AS present "
        "FROM work_processes, unnest(queues) AS queue WHERE kind = 'worker' GROUP BY queue",
        "uploads": "SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM uploads "
        "WHERE id >= :since",
        "refused": "SELECT count(*) AS files FROM upload_sessions "
        "WHERE state = 'refused' AND id >= :since",
        "targets": "SELECT status, count(*) AS targets, coalesce(avg(score), 0)::float AS score, "
        "coalesce(avg(seconds), 0)::float AS seconds, coalesce(max(seconds), 0)::float AS longest "
        "FROM targets WHERE id >= :since GROUP BY status",
        "checks": "SELECT coalesce(sum(missing), 0)::bigint AS missing, "
        "coalesce(sum(damaged), 0)::bigint AS damaged, coalesce(sum(orphans), 0)::bigint AS orphans, "
        "coalesce(extract(epoch from max(finished_at)), 0)::float AS last FROM (SELECT DISTINCT ON "
        "(company_id) * FROM storage_checks WHERE state = 'done' ORDER BY company_id, id DESC) AS newest",
        "connections": "SELECT count(*) AS failing FROM storage_connections "
        "WHERE archived_at IS NULL AND (last_test ->> 'works')::boolean IS FALSE",
        # While no segment arrives; a server that writes nothing archives nothing, and is well.
        "archive": "SELECT (CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN "
        "extract(epoch from now() - coalesce(last_archived_time, stats_reset, last_failed_time)) "
        "ELSE 0 END)::float AS lag, failed_count AS failures FROM pg_stat_archiver",
        "backups": "SELECT coalesce(extract(epoch from max(finished_at)), 0)::float AS last "
        "FROM backups WHERE state IN ('done', 'pruned')",
        "restores": "SELECT coalesce(extract(epoch from max(finished_at)), 0)::float AS last "
        "FROM restore_checks WHERE state = 'done'",
        "views": "SELECT coalesce(sum(views), 0)::bigint AS views FROM monthly_views "
        "WHERE month = date_trunc('month', now() AT TIME ZONE 'UTC')::date",
    }.items()
}

Figures = Mapping[str, Sequence[RowMapping | Mapping[str, Any]]]


async def read_figures(session: AsyncSession, now: datetime) -> Figures:
    """The rows of every statement, by its name; without those the schema does not know yet."""
    since = {"since": first_id_of(now - timedelta(hours=1))}
    found: dict[str, Sequence[RowMapping]] = {}
    for name, statement in STATEMENTS.items():
        try:
            async with session.begin_nested():
                found[name] = (await session.execute(statement, since)).mappings().all()
        except (
            ProgrammingError
        ) as error:  # code newer than the schema, while it is brought up to date
            log.warning("metrics.statement_failed", statement=name, error=repr(error.orig))
    return found


def first_id_of(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a moment: with it the primary key finds what was made since."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
