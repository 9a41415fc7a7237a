"""Mails wear the company: its colours, and its logo, which travels with them."""

import io

from fastapi import FastAPI
from PIL import Image

from app.core.database import session_scope
from app.mail import queries
from app.mail.models import Letterhead
from app.mail.rendering import LOGO_ID, plural, render
from tests.mail.conftest import INVITATION
from tests.support.jobs import run_queued_jobs
from tests.support.people import Member, make_member
from tests.support.smtp import Sink

INVITED = {"email": "bob@example.com", "role": "editor"}


def logo() -> bytes:
    """A picture that says where it was made."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    Image.new("RGBA", (1500, 300), (255, 91, 58, 128)).save(out, "PNG", exif=exif)
    return out.getvalue()


async def wear_logo(member: Member) -> None:
    answer = await member.client.put(member.path("/look/logo"), content=logo())
    assert answer.status_code == 200, answer.text


async def test_the_logo_travels_with_the_mail(app: FastAPI, sink: Sink) -> None:
    """Re-encoded, small, named by the HTML; nothing is loaded from anywhere, and the text needs none."""
    member = await make_member(app)
    await wear_logo(member)
    await member.patch("/look", json={"background_color": "#1F2A44", "ink_color": "#FFFFFF"})
    await member.post("/invitations", json=INVITED)
    await run_queued_jobs()

    (mail,) = sink.mails
    html = mail.get_body(("html",))
    (picture,) = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    content = picture.get_payload(decode=True)
    assert html is not None
    assert isinstance(content, bytes)
    assert f'src="cid:{LOGO_ID}"' in html.get_content()
    assert 'width="180" height="36"' in html.get_content()
    assert "background:#1F2A44" in html.get_content()
    assert (f"<{LOGO_ID}>", "inline") == (picture["Content-ID"], picture.get_content_disposition())
    with Image.open(io.BytesIO(content)) as shown:
        assert ("PNG", (360, 72)) == (shown.format, shown.size)
    assert b"SecretMaker" not in content
    assert "multipart/alternative" == mail.get_content_type()


async def test_without_a_logo_stands_the_name(app: FastAPI, sink: Sink) -> None:
    """Also after the logo was removed: no picture is named, none is carried."""
    member = await make_member(app)
    await wear_logo(member)
    await member.client.delete(member.path("/look/logo"))
    await member.post("/invitations", json=INVITED)
    await run_queued_jobs()

    (mail,) = sink.mails
    html = mail.get_body(("html",))
    assert html is not None
    assert "cid:" not in html.get_content()
    assert "Company" in html.get_content()
    assert [] == [part for part in mail.walk() if part.get_content_maintype() == "image"]


async def test_a_neighbours_mail_wears_its_own(app: FastAPI) -> None:
    """A letterhead is its company's alone, in the database too."""
    member, neighbour = await make_member(app), await make_member(app)
    await wear_logo(member)
    async with session_scope(company_id=neighbour.company_id) as session:
        found = [
            await queries.letterhead_of(session, each.company_id) for each in (member, neighbour)
        ]

    assert [None, None] == found


def test_words_on_the_band_can_be_read() -> None:
    """Where only the background was chosen the ink follows it."""
    dark = render(
        "invitation",
        language="en",
        context=INVITATION,
        letterhead=Letterhead(background_color="#000080"),
    )

    assert "background:#000080" in dark.html
    assert '<span class="name" style="color:#FFFFFF;">North Light</span>' in dark.html


def test_russian_counts() -> None:
    """1 and 21, 2 to 4, the rest, and 11 to 14, which look otherwise."""
    forms = [plural(n, "one", "few", "many") for n in (1, 2, 5, 11, 12, 21, 22, 25, 111)]

    assert ["one", "few", "many", "many", "many", "one", "few", "many", "many"] == forms
