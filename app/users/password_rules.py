"""Which passwords are refused: short, endless, one's own name, and those guessed first.

How soon one is guessed is told by zxcvbn (Wheeler, USENIX Security 2016): 30,000 common passwords, names,
words, dates, rows of the keyboard, and their usual disguises. Nothing is asked of the choice of characters
(NIST SP 800-63B, 5.1.1.2; OWASP ASVS 5.0, 6.2).
"""

from typing import Final

from app.core.errors import Invalid
from app.users.passwords import one_form

SHORTEST: Final = 10
LONGEST: Final = 256
# Below 10^6 guesses: found within hours even behind our back-off, at once in a stolen table.
_WEAKEST_SCORE: Final = 2
_JUDGED: Final = 72  # characters zxcvbn looks at; its time grows with the square
# What its lists, made from English leaks, do not know.
_RUSSIAN_AND_OURS: Final = (
    *("пароль", "привет", "йцукен", "йцукенг", "фывапролдж", "любовь", "солнышко", "москва"),
    *("россия", "наташа", "зайка", "максим", "parol", "privet", "natasha", "livingprint", "arv"),
)


def refuse_weak(password: str, *, email: str, pointer: str) -> None:
    """Raises `Invalid` with what is wrong and what to do."""
    password = one_form(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"A password has {SHORTEST} to {LONGEST} characters. A few words in a row are easy to keep.",
            pointer=pointer,
        )
    name, _, domain = email.partition("@")
    if len(name) > 2 and name in password.lower() and len(password) < 16:
        raise Invalid("The password contains your e-mail name. Choose another.", pointer=pointer)
    if _score(password, known=(email, name, domain, domain.partition(".")[0])) < _WEAKEST_SCORE:
        raise Invalid(
            "This password is among those guessed first. Choose another, such as a few words in a row.",
            pointer=pointer,
        )


def _score(password: str, *, known: tuple[str, ...]) -> int:
    """0 (guessed at once) to 4, knowing what a guesser would know of this person."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  (its lists take 0.2 s, and few processes need them)

    found = zxcvbn(password[:_JUDGED], user_inputs=[*known, *_RUSSIAN_AND_OURS])
    return int(found["score"])
