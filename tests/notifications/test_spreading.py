"""From one notice to everybody it concerns."""

from fastapi import FastAPI
from sqlalchemy import func, select

from app import notifications
from app.core.database import open_session, session_scope
from app.core.notices import KIND_NAMES, Notice
from app.notifications.kinds import KINDS
from app.notifications.models import Delivery, Notification
from app.notifications.words import WORDS, words_of
from tests.notifications.conftest import deliveries, say
from tests.support.jobs import run_queued_jobs
from tests.support.people import make_company, make_member
from tests.support.smtp import Sink


async def count(model: type) -> int:
    async with session_scope(system="test") as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


def test_every_kind_has_its_row_and_its_words() -> None:
    """What may be said has a severity, people it is for, and words in both languages."""
    assert set(KIND_NAMES) == set(KINDS)
    for language in ("en", "ru"):
        assert set(KIND_NAMES) | {"test", "link"} == set(WORDS[language])


def test_a_missing_name_is_no_crash() -> None:
    """A notice that came without its title still reads."""
    assert "“untitled” has expired" == words_of("content.expired", {}, language="en").title
    assert "Срок «без названия» истёк" == words_of("content.expired", {}, language="ru").title


def test_names_stay_on_one_line_and_days_are_days() -> None:
    """What people typed begins no line of its own; a moment is shown as a day."""
    words = words_of(
        "content.expiring",
        {"title": "A\r\nBcc: x", "expires_at": "2026-12-01T10:00:00+00:00"},
        language="en",
    )

    assert "“A Bcc: x” expires soon" == words.title
    assert "stops playing on 2026-12-01." in words.text


async def test_makers_are_told_in_the_panel_and_by_mail(app: FastAPI, sink: Sink) -> None:
    """Owner and editor get a row and a mail; a viewer and the neighbour get nothing."""
    company = await make_company("North Light")
    owner = await make_member(app, company=company)
    editor = await make_member(app, company=company, role="editor")
    viewer = await make_member(app, company=company, role="viewer")
    neighbour = await make_member(app)

    assert await say(company.id, title="Wedding", expires_at="2026-12-01T00:00:00+00:00")
    await run_queued_jobs()

    assert {owner.email, editor.email} == {mail["To"] for mail in sink.mails}
    for member, expected in ((owner, 1), (editor, 1), (viewer, 0), (neighbour, 0)):
        listed = (await member.client.get("/api/v1/notifications")).json()["items"]
        assert expected == len(listed)
    (shown,) = (await owner.client.get("/api/v1/notifications")).json()["items"]
    assert ("“Wedding” expires soon", "warning", False) == (
        shown["title"],
        shown["severity"],
        shown["is_read"],
    )


async def test_a_mail_wears_the_company_and_the_readers_language(app: FastAPI, sink: Sink) -> None:
    """Name and colour of the company, words in Russian, a way to end these mails, text and HTML."""
    member = await make_member(app, company=await make_company("Северный свет"))
    await member.client.patch("/api/v1/profile", json={"language": "ru"})
    await member.patch("", json={"accent_color": "#0E8F83"})
    await say(member.company_id, title="Свадьба")
    await run_queued_jobs()

    (mail,) = sink.mails
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "Скоро истекает «Свадьба»" == mail["Subject"]
    assert "#0E8F83" in html.get_content()
    assert "Северный свет" in html.get_content()
    assert "/unsubscribe#" in text.get_content()


async def test_the_same_key_is_said_once(app: FastAPI, sink: Sink) -> None:
    """However often it is said and its job runs: one notice, one row, one mail."""
    member = await make_member(app)
    said = [await say(member.company_id, title="A") for _ in range(3)]
    await run_queued_jobs()
    said.append(await say(member.company_id, title="A"))
    await run_queued_jobs()

    assert [True, False, False, False] == said
    assert (1, 1, 1) == (await count(Notice), await count(Notification), await count(Delivery))
    assert 1 == len(sink.mails)


async def test_another_companys_same_key_is_another_notice(app: FastAPI) -> None:
    """Keys are a company's own; without a company they are the operators'."""
    first, second = await make_member(app), await make_member(app)
    said = [await say(who, title="A") for who in (first.company_id, second.company_id)]
    said += [await say(None, "job.dead", task="x"), await say(None, "job.dead", task="x")]

    assert [True, True, True, False] == said


async def test_operators_hear_of_dead_work(app: FastAPI, sink: Sink) -> None:
    """Without a company it is for the operators alone."""
    operator = await make_member(app, is_superadmin=True)
    await make_member(app)

    await say(None, "job.dead", task="default.process_video")
    await run_queued_jobs()

    assert operator.email in {mail["To"] for mail in sink.mails}
    async with session_scope(system="test") as session:
        rows = (await session.scalars(select(Notification))).all()
    assert {None} == {row.company_id for row in rows}
    listed = (await operator.client.get("/api/v1/notifications")).json()["items"]
    assert ["operator/jobs"] == [each["path"] for each in listed]


async def test_a_rolled_back_change_tells_nobody(app: FastAPI, sink: Sink) -> None:
    """The notice is part of the caller's transaction."""
    member = await make_member(app)
    async with open_session(system="test") as session:
        await notifications.notify(
            session, "content.expired", company_id=member.company_id, once_key="k"
        )
        await session.rollback()
    await run_queued_jobs()

    assert ([], 0) == (sink.mails, await count(Notice))


async def test_what_a_person_refused_is_not_mailed(app: FastAPI, sink: Sink) -> None:
    """The choice ends mails of the kind; the panel still shows it."""
    member = await make_member(app)
    chosen = await member.client.patch(
        "/api/v1/notifications/preferences", json={"email": {"content.expiring": False}}
    )
    await say(member.company_id, title="A")
    await run_queued_jobs()

    assert 200 == chosen.status_code
    assert [] == sink.mails
    assert {"unread": 1} == (await member.client.get("/api/v1/notifications/unread")).json()


async def test_the_delivery_log_knows_what_became_of_a_mail(app: FastAPI, sink: Sink) -> None:
    """Queued at first, sent after the server has taken it, failed when it refuses."""
    member = await make_member(app)
    await say(member.company_id, title="A", once_key="a")
    await run_queued_jobs()
    sink.on_recipient = "550 no such person"
    await say(member.company_id, title="B", once_key="b")
    await run_queued_jobs()

    log = (await member.get("/notification-deliveries")).json()["items"]

    assert ["failed", "sent"] == [each["state"] for each in log]
    assert [1, 1] == [each["attempts"] for each in log]
    assert "mail_refused" == log[0]["failure"]["code"]
    assert [True, False] == [each["can_resend"] for each in log]
    failed = (await member.get("/notification-deliveries?state=failed")).json()["items"]
    assert [log[0]["id"]] == [each["id"] for each in failed]
    assert 2 == len(await deliveries())


async def test_a_mail_that_failed_is_sent_again(app: FastAPI, sink: Sink) -> None:
    """Written anew to the same person, once; not while it is on its way, and not to who has left."""
    company = await make_company()
    owner = await make_member(app, company=company)
    editor = await make_member(app, company=company, role="editor")
    sink.on_recipient = "550 no such person"
    await say(company.id, title="Wedding")
    await run_queued_jobs()
    failed = (await owner.get("/notification-deliveries")).json()["items"]
    of = {each["target"]: f"/notification-deliveries/{each['id']}/resend" for each in failed}
    sink.on_recipient = "250 OK"
    await owner.delete(f"/members/{editor.user_id}")

    again = [(await owner.post(of[owner.email])).status_code for _ in range(2)]
    to_who_left = await owner.post(of[editor.email])
    await run_queued_jobs()

    log = (await owner.get("/notification-deliveries")).json()["items"]
    assert ([200, 409], 409) == (again, to_who_left.status_code)
    assert [owner.email] == [mail["To"] for mail in sink.mails]
    assert {owner.email: "sent", editor.email: "failed"} == {
        each["target"]: each["state"] for each in log
    }
