"""Mails from templates. What people typed is escaped in HTML, and stays on one line everywhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.core.config import get_settings
from app.mail.models import Letterhead

TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGES: Final = ("en", "ru")
BRAND: Final = "ARV"
BRAND_ACCENT: Final = "#FF5B3A"
INK: Final = "#16181D"
WHITE: Final = "#FFFFFF"
LONGEST_SUBJECT: Final = 200
# The logo travels with the mail as a part of this name (RFC 2392), so opening a mail asks nobody for it.
LOGO_ID: Final = "logo@arv"
LOGO_SCREEN_PIXELS: Final = 2  # pixels of the picture for one of the page


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's subject and its body, as text and as HTML."""

    subject: str
    text: str
    html: str


def one_line(value: Any) -> Any:
    """A name with a line break in it must not begin a line of its own, in no part of a mail."""
    if type(value) is str:  # markup of the templates themselves keeps its lines
        return " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return value


def ink_on(color: str) -> str:
    """Ink or white, whichever is easier to read on the colour (WCAG 2.2, relative luminance)."""
    light = _luminance(color)
    on_white = 1.05 / (light + 0.05)
    on_ink = (light + 0.05) / (_luminance(INK) + 0.05)
    return WHITE if on_white >= on_ink else INK


def _luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


environment: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True),
    undefined=StrictUndefined,
    finalize=one_line,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters["ink_on"] = ink_on


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form of the word that goes with the number in Russian; in English `few` and `many` are one."""
    last, before = count % 10, count % 100 // 10
    if last == 1 and before != 1:
        return one
    return few if 2 <= last <= 4 and before != 1 else many


environment.filters["plural"] = plural


def render(
    template: str,
    *,
    language: str,
    context: dict[str, Any],
    letterhead: Letterhead | None = None,
) -> Rendered:
    """The mail in the language. A value the template names and the context lacks is an error."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    values = {
        **context,
        "company_name": context.get("company_name") or BRAND,
        "accent_color": context.get("accent_color") or BRAND_ACCENT,
        "language": language,
        "public_url": get_settings().web.public_url,
        "head": _head(letterhead),
    }
    module = environment.get_template(f"{template}.{language}.txt").make_module(values)
    subject = one_line(str(vars(module)["subject"]))[:LONGEST_SUBJECT]
    html = environment.get_template(f"{template}.{language}.html").render(subject=subject, **values)
    return Rendered(subject, str(module).strip() + "\n", html)


def _head(letterhead: Letterhead | None) -> dict[str, Any]:
    """The mail's head: a band of the look's background, if it has one, with the logo or the name on it."""
    if letterhead is None:
        return {"background": None, "ink": INK, "logo": None}
    background = letterhead.background_color
    ink = letterhead.ink_color or (ink_on(background) if background else INK)
    return {"background": background, "ink": ink, "logo": _shown_logo(letterhead)}


def _shown_logo(letterhead: Letterhead) -> dict[str, Any] | None:
    width, height = letterhead.logo_width, letterhead.logo_height
    if letterhead.logo is None or not width or not height:
        return None
    return {
        "source": f"cid:{LOGO_ID}",
        "width": max(1, width // LOGO_SCREEN_PIXELS),
        "height": max(1, height // LOGO_SCREEN_PIXELS),
    }
