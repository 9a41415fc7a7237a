"""What mails say and how they look."""

import re

import pytest

from app.mail.rendering import TEMPLATES, ink_on, render
from tests.mail.conftest import INVITATION

KINDS = ("en.txt", "en.html", "ru.txt", "ru.html")
SHARED = {"layout.html", "parts.html"}


def names() -> set[str]:
    files = {path.name for path in TEMPLATES.iterdir() if path.is_file()} - SHARED
    return {name.partition(".")[0] for name in files}


@pytest.mark.parametrize("name", sorted(names()))
def test_every_mail_has_its_twins(name: str) -> None:
    """Text and HTML, English and Russian, and a subject in both."""
    assert [] == [kind for kind in KINDS if not (TEMPLATES / f"{name}.{kind}").is_file()]
    for language in ("en", "ru"):
        assert "{% set subject %}" in (TEMPLATES / f"{name}.{language}.txt").read_text()


@pytest.mark.parametrize("name", sorted(names()))
def test_text_and_html_use_the_same_values(name: str) -> None:
    """What one language is told, the other is told too."""
    used = [_values(f"{name}.en.txt"), _values(f"{name}.ru.txt")]

    assert used[0] == used[1]


def _values(file: str) -> set[str]:
    return set(re.findall(r"\{\{ (\w+)", (TEMPLATES / file).read_text()))


def test_what_people_typed_is_escaped_in_html_only() -> None:
    """A name is text: in HTML it can not become a tag, in text it is not mangled."""
    rendered = render(
        "invitation", language="en", context=INVITATION | {"inviter": '<img src="x"> & Co'}
    )

    assert "<img" not in rendered.html
    assert "&lt;img src=&#34;x&#34;&gt; &amp; Co" in rendered.html
    assert '<img src="x"> & Co invites you' in rendered.text


def test_a_mail_loads_nothing() -> None:
    """No picture and no style from anywhere: opening a mail tells nobody."""
    html = render("invitation", language="ru", context=INVITATION).html

    assert [] == re.findall(r"<(?:img|script|link|iframe)|src=|url\(", html)


def test_the_company_gives_the_colour() -> None:
    """The accent colour is that of the company, else of the brand."""
    own = render("invitation", language="en", context=INVITATION | {"accent_color": "#0E8F83"})
    brand = render("invitation", language="en", context=INVITATION)

    assert ("#0E8F83" in own.html, "#FF5B3A" in own.html) == (True, False)
    assert "#FF5B3A" in brand.html


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#FFFF00", "#16181D"),
        ("#000080", "#FFFFFF"),
        ("#FF5B3A", "#16181D"),
        ("#000000", "#FFFFFF"),
    ],
)
def test_words_on_a_button_can_be_read(color: str, expected: str) -> None:
    """Ink on light colours, white on dark ones."""
    assert expected == ink_on(color)


def test_an_unknown_language_is_english() -> None:
    """A mail is never left out for want of a translation."""
    assert "invites you" in render("invitation", language="de", context=INVITATION).subject
