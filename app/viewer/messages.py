"""Pages that say why there is nothing to see: human words, two languages, no script, nothing to fetch."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from typing import Final

from fastapi.responses import HTMLResponse

from app.users.schemas import Language


@dataclass(frozen=True, slots=True)
class Message:
    """A headline and what to do next, in each language."""

    status: int
    title: dict[Language, str]
    text: dict[Language, str]


UNKNOWN: Final = Message(
    404,
    {"en": "This print is resting", "ru": "Этот снимок отдыхает"},
    {
        "en": "Nothing is published at this address. Check that the whole code was scanned, "
        "or ask whoever gave you the print.",
        "ru": "По этому адресу ничего не опубликовано. Проверьте, что код считан целиком, "
        "или спросите того, кто дал вам снимок.",
    },
)
EXPIRED: Final = Message(
    410,
    {"en": "This print has had its time", "ru": "Время этого снимка вышло"},
    {
        "en": "Its owner let it play until a date that has passed. The picture stays yours.",
        "ru": "Владелец открыл его до даты, которая уже прошла. Сам снимок остаётся с вами.",
    },
)
PAUSED: Final = Message(
    410,
    {"en": "This print takes a break", "ru": "Этот снимок на паузе"},
    {
        "en": "Its owner has paused it for now. The picture stays yours; try again another day.",
        "ru": "Владелец пока приостановил его. Сам снимок остаётся с вами; попробуйте в другой день.",
    },
)
VIEWER_MISSING: Final = Message(
    503,
    {"en": "The viewer is not built yet", "ru": "Просмотр ещё не собран"},
    {
        "en": "Whoever runs this installation builds it with: make web",
        "ru": "Тот, кто ведёт эту установку, собирает его командой: make web",
    },
)
PANEL_MISSING: Final = Message(
    503,
    {"en": "The panel is not built yet", "ru": "Панель ещё не собрана"},
    {
        "en": "The service runs; only its pages are missing. Build them with: make web",
        "ru": "Служба работает, нет только страниц. Соберите их командой: make web",
    },
)

_STYLE: Final = """
:root{color-scheme:light dark;--paper:#faf7f2;--ink:#16181d;--soft:#5c5a55;--signal:#ff5b3a}
@media(prefers-color-scheme:dark){:root{--paper:#16181d;--ink:#f3eee6;--soft:#a9a39a}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;min-height:100dvh;display:grid;grid-template-rows:1fr auto;background:var(--paper);
color:var(--ink);font:17px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{align-self:center;width:min(34rem,100%);margin:0 auto;padding:3rem 1.75rem}
svg{width:4.5rem;height:4.5rem;margin:0 0 2.25rem -.25rem;display:block}
h1{font-size:clamp(2rem,8vw,3.1rem);line-height:1.06;letter-spacing:-.025em;font-weight:680;
text-wrap:balance}
p{margin-top:1.1rem;color:var(--soft);text-wrap:pretty}
footer{padding:1.75rem;text-align:center;font-size:.8rem;letter-spacing:.14em;color:var(--soft)}
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_MARK: Final = (
    '<svg viewBox="0 0 48 48" fill="none" aria-hidden="true"><path stroke="currentColor" '
    'stroke-width="3" stroke-linecap="round" d="M5 14V8a3 3 0 0 1 3-3h6M34 5h6a3 3 0 0 1 3 3v6M43 34v6a3 '
    '3 0 0 1-3 3h-6M14 43H8a3 3 0 0 1-3-3v-6"/><path fill="#ff5b3a" d="M19.5 15.7a1.6 1.6 0 0 1 2.4-1.4l'
    '13 8.3a1.6 1.6 0 0 1 0 2.8l-13 8.3a1.6 1.6 0 0 1-2.4-1.4z"/></svg>'
)


def message_page(message: Message, language: Language | None) -> HTMLResponse:
    """The message as a page, looking decent in light and dark."""
    chosen = language or "en"
    title, text = escape(message.title[chosen]), escape(message.text[chosen])
    html = (
        f'<!doctype html><html lang="{chosen}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main>{_MARK}<h1>{title}</h1><p>{text}</p></main><footer>ARV</footer></body></html>"
    )
    return HTMLResponse(
        html,
        message.status,
        {
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "Vary": "Accept-Language",
        },
    )
