"""Which of our languages a visitor reads, told by `Accept-Language` (RFC 9110, 12.5.4)."""

from typing import get_args

from app.users.schemas import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)


def preferred_language(accept_language: str) -> Language | None:
    """The language the visitor likes best of ours, or None if they named none of them."""
    best: Language | None = None
    best_weight = 0.0
    for part in accept_language.lower().split(",")[:20]:
        tag, _, parameters = part.partition(";")
        weight = _weight(parameters)
        for language in LANGUAGES:
            if tag.strip().split("-")[0] == language and weight > best_weight:
                best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
