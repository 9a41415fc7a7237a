"""Which language a visitor reads."""

import pytest

from app.viewer.language import preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("en-GB", "en"),
        ("de-DE,de;q=0.9,ru;q=0.3,en;q=0.2", "ru"),
        ("de", None),
        ("", None),
        ("ru;q=0", None),
        ("ru;q=bad, en;q=0.1", "en"),
        ("*", None),
        ("," * 5000, None),
    ],
)
def test_the_language_liked_best_of_ours_is_chosen(header: str, language: str | None) -> None:
    """By weight, then by order; none if none of ours is named."""
    assert language == preferred_language(header)
