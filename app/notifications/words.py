"""What notices say, in the languages there are; placeholders are names in a notice's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from string import Formatter
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.companies.models import Company

LANGUAGES: Final = ("en", "ru")
LONGEST_VALUE: Final = 120


@dataclass(frozen=True, slots=True)
class Words:
    """A headline, and a sentence that says what happened and what to do."""

    title: str
    text: str


_EN: Final = {
    "content.expiring": Words(
        "“{title}” expires soon",
        "“{title}” stops playing on {expires_at}. Extend it if the print is still in use.",
    ),
    "content.expired": Words(
        "“{title}” has expired",
        "“{title}” no longer plays; whoever scans it is told so. Extend it to bring it back.",
    ),
    "target.failed": Words(
        "“{title}” can not be recognised",
        "The image of “{title}” could not be made ready for recognition. Open it to see why.",
    ),
    "video.failed": Words(
        "A video of “{title}” could not be prepared",
        "A video of “{title}” could not be made ready for phones. Open it to see why.",
    ),
    "video.ready": Words(
        "A video of “{title}” is ready",
        "“{video}” plays on all phones now.",
    ),
    "storage.failing": Words(
        "The storage “{connection}” does not answer",
        "Files can not be written to or read from “{connection}”. Test the connection.",
    ),
    "storage.moved": Words(
        "All files are at “{connection}” now",
        "The move to “{connection}” is complete; every file was compared.",
    ),
    "job.dead": Words(
        "Work was given up: {task}",
        "“{task}” failed on every attempt and is not tried again by itself. Retry it from the list.",
    ),
    "quota.warning": Words(
        "The plan is filling up: {percent} %",
        "{percent} % of the plan is used. At 100 % nothing new can be added; what is published stays open.",
    ),
    "domain.lost": Words(
        "The domain {hostname} is no longer yours to use",
        "The record that proves {hostname} is gone. Links and codes with it lead nowhere until it is back.",
    ),
    "webhook.disabled": Words(
        "A webhook was switched off",
        "{url} failed for days, so nothing is sent there any more. Mend it, then switch it on again.",
    ),
    "test": Words("A test from ARV", "This channel works. Nothing else happened."),
    "link": Words("This chat is connected", "Messages of “{company}” will come here."),
}

_RU: Final = {
    "content.expiring": Words(
        "Скоро истекает «{title}»",
        "«{title}» перестанет воспроизводиться {expires_at}. Продлите срок, если снимок ещё нужен.",
    ),
    "content.expired": Words(
        "Срок «{title}» истёк",
        "«{title}» больше не воспроизводится, и зрители это видят. Продлите срок, чтобы вернуть его.",
    ),
    "target.failed": Words(
        "«{title}» не распознать",
        "Не удалось подготовить изображение «{title}» к распознаванию. Откройте его, чтобы узнать причину.",
    ),
    "video.failed": Words(
        "Не удалось подготовить видео «{title}»",
        "Видео для «{title}» не удалось подготовить для телефонов. Откройте, чтобы узнать причину.",
    ),
    "video.ready": Words(
        "Видео для «{title}» готово",
        "«{video}» теперь воспроизводится на всех телефонах.",
    ),
    "storage.failing": Words(
        "Хранилище «{connection}» не отвечает",
        "Файлы не записываются в «{connection}» и не читаются оттуда. Проверьте подключение.",
    ),
    "storage.moved": Words(
        "Все файлы теперь в «{connection}»",
        "Перенос в «{connection}» закончен, каждый файл сверен.",
    ),
    "job.dead": Words(
        "Работа остановлена: {task}",
        "«{task}» не удалась ни с одной попытки и сама больше не повторится. Запустите её из списка.",
    ),
    "quota.warning": Words(
        "Тариф заполняется: {percent} %",
        "Использовано {percent} % тарифа. При 100 % нельзя добавлять новое; опубликованное открыто.",
    ),
    "domain.lost": Words(
        "Домен {hostname} больше не ваш",
        "Запись, подтверждающая {hostname}, пропала. Ссылки и коды с ним никуда не ведут.",
    ),
    "webhook.disabled": Words(
        "Вебхук выключен",
        "{url} не отвечал несколько дней, и туда больше ничего не отправляется. Почините и включите.",
    ),
    "test": Words("Проверка от ARV", "Этот канал работает. Больше ничего не произошло."),
    "link": Words("Чат подключён", "Сюда будут приходить сообщения компании «{company}»."),
}

WORDS: Final[Mapping[str, Mapping[str, Words]]] = {"en": _EN, "ru": _RU}
# What stands in when a notice came without the name.
_NAMELESS: Final = {"en": "untitled", "ru": "без названия"}


class _Values(dict[str, str]):
    """The notice's data as text on one line; what is missing has a word of its own."""

    def __init__(self, data: Mapping[str, Any], language: str, zone: tzinfo) -> None:
        super().__init__({name: _as_text(value, language, zone) for name, value in data.items()})
        self.nameless = _NAMELESS[language]

    def __missing__(self, _name: str) -> str:
        return self.nameless


def words_of(
    kind: str, data: Mapping[str, Any], *, language: str, zone: tzinfo | None = None
) -> Words:
    """The notice in the language. Names people typed stay on one line and are cut when too long; a moment is
    the day it has in the zone, else in UTC."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    words = WORDS[language][kind]
    values = _Values(data, language, zone or UTC)
    format_with = Formatter().vformat
    return Words(format_with(words.title, (), values), format_with(words.text, (), values))


def zone_of(chosen: str | None, company: Company | None) -> ZoneInfo:
    """The zone a person chose, else that of the company it is about."""
    try:
        return ZoneInfo(chosen or (company.time_zone if company else "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_of(moment: datetime, language: str) -> str:
    """The day as the language writes it."""
    return moment.strftime("%d.%m.%Y" if language == "ru" else "%Y-%m-%d")


def _as_text(value: Any, language: str, zone: tzinfo) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    moment = _moment(text)
    if moment is not None:
        return day_of(moment.astimezone(zone) if moment.tzinfo else moment, language)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _moment(text: str) -> datetime | None:
    """The moment a value tells (RFC 3339), for people who want the day."""
    if len(text) < 19 or text[4:5] != "-" or text[10:11] not in ("T", " "):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
