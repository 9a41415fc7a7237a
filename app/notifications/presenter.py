"""Rows as they are shown."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from app.mail.models import MailMessage
from app.notifications import delivery_queries, models, queries, schemas
from app.notifications.delivering import opened
from app.notifications.kinds import KINDS, path_of, wants_mail
from app.notifications.outcomes import TargetRefused
from app.notifications.words import words_of, zone_of


async def present_notifications(
    session: AsyncSession, rows: Iterable[models.Notification], *, language: str
) -> list[schemas.Notification]:
    """In the reader's language, with the companies they are about."""
    rows = list(rows)
    companies = await queries.slugs_of(session, {row.company_id for row in rows if row.company_id})
    chosen = await queries.preferences_of(session, {row.user_id for row in rows})
    shown = []
    for row in rows:
        company = companies.get(row.company_id) if row.company_id else None
        zone = zone_of(chosen[row.user_id].time_zone if row.user_id in chosen else None, company)
        words = words_of(row.kind, row.data, language=language, zone=zone)
        slug = company.slug if company else ""
        shown.append(
            schemas.Notification(
                id=row.id,
                kind=row.kind,
                severity=KINDS[row.kind].severity.value,
                title=words.title,
                text=words.text,
                path=path_of(row.kind, slug=slug, subject_id=row.subject_id, data=row.data),
                company=schemas.CompanyOf.model_validate(company) if company else None,
                subject_id=row.subject_id,
                is_read=row.read_at is not None,
                created_at=row.created_at,
            )
        )
    return shown


def present_preferences(row: models.Preference) -> schemas.Preferences:
    """Every kind with what the person chose, or what everybody gets."""
    kinds = [
        schemas.KindChoice(
            kind=kind,
            severity=spec.severity.value,
            is_essential=spec.is_essential,
            email=wants_mail(kind, row),
        )
        for kind, spec in KINDS.items()
    ]
    return schemas.Preferences.model_validate(
        {"digest": row.digest, "time_zone": row.time_zone, "kinds": kinds}
    )


def present_channel(row: models.Channel) -> schemas.Channel:
    """A channel without what is secret about it."""
    return schemas.Channel.model_validate(
        {
            "id": row.id,
            "kind": row.kind,
            "name": row.name,
            "label": row.label,
            "language": row.language,
            "kinds": row.kinds,
            "enabled": row.enabled,
            "link": _link(row),
            "failure": row.failure,
            "last_sent_at": row.last_sent_at,
            "created_at": row.created_at,
        }
    )


def _link(row: models.Channel) -> schemas.ChatLink | None:
    """The code a chat still has to send, to whichever bot the settings name."""
    if row.link_token is None or row.link_expires_at is None:
        return None
    try:
        bot = str(opened(row).get("bot_name", ""))
    except TargetRefused:
        return None
    return schemas.ChatLink(
        bot=bot,
        code=row.link_token,
        url=f"https://t.me/{bot}?start={row.link_token}",
        expires_at=row.link_expires_at,
    )


async def present_deliveries(
    session: AsyncSession, rows: Iterable[models.Delivery]
) -> list[schemas.Delivery]:
    """With the mails' own states where a mail it was."""
    rows = list(rows)
    mails = await delivery_queries.mails_of(session, {row.mail_id for row in rows if row.mail_id})
    return [_delivery(row, *mails.get(row.mail_id or row.id, (None, 0))) for row in rows]


def _delivery(row: models.Delivery, mail: MailMessage | None, tried: int) -> schemas.Delivery:
    state, failure, finished_at = row.state, row.failure, row.finished_at
    if mail is not None:
        state = "sent" if mail.state == "kept" else mail.state
        failure, finished_at = mail.failure, mail.finished_at
    is_mail = row.channel == "email"
    is_over = state == "failed" if is_mail else state in ("sent", "failed")
    has_target = (row.user_id if is_mail else row.channel_id) is not None
    return schemas.Delivery.model_validate(
        {
            "id": row.id,
            "channel": row.channel,
            "channel_id": row.channel_id,
            "kind": row.kind,
            "target": row.target,
            "state": state,
            "attempts": tried if mail is not None else row.attempts,
            "failure": failure,
            "can_resend": is_over and has_target and row.notice_id is not None,
            "created_at": row.created_at,
            "finished_at": finished_at,
        }
    )
