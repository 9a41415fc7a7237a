"""Secrets at rest: what opens them, and changing the key."""

from collections.abc import Iterator

import pytest

from app.core import crypto
from app.core.config import get_settings

OLD, NEW = "old-" + "x" * 40, "new-" + "y" * 40


def _use(monkeypatch: pytest.MonkeyPatch, key: str, old: str = "") -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    monkeypatch.setenv("OLD_SECRET_KEYS", old)
    get_settings.cache_clear()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as own:
        _use(own, OLD)
        yield
    get_settings.cache_clear()


def test_a_secret_is_read_again_and_not_to_be_seen() -> None:
    """The ciphertext holds nothing of the text, and differs every time."""
    first, second = (crypto.encrypt("swordfish", purpose="test:1") for _ in range(2))

    assert "swordfish" == crypto.decrypt(first, purpose="test:1")
    assert "swordfish" not in first
    assert first != second


def test_a_ciphertext_moved_to_another_row_is_not_readable() -> None:
    """The purpose names whose it is; under another one the key is another."""
    ciphertext = crypto.encrypt("swordfish", purpose="test:1")

    with pytest.raises(crypto.NotReadable):
        crypto.decrypt(ciphertext, purpose="test:2")


@pytest.mark.parametrize("broken", ["", "nonsense", "0badc0de.gAAAA", "\u0416.x"])
def test_what_no_key_made_is_not_readable(broken: str) -> None:
    """One error for all of it, never a crash of the library."""
    with pytest.raises(crypto.NotReadable):
        crypto.decrypt(broken, purpose="test:1")


def test_the_key_is_changed_without_losing_what_it_encrypted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The old key still reads and verifies, what it made is known to be outdated, new things use the new."""
    ciphertext = crypto.encrypt("swordfish", purpose="test:1")
    signature = crypto.sign("device", purpose="test:1")

    _use(monkeypatch, NEW, OLD)

    assert "swordfish" == crypto.decrypt(ciphertext, purpose="test:1")
    assert crypto.is_signed("device", signature, purpose="test:1")
    assert crypto.is_outdated(ciphertext)
    assert not crypto.is_outdated(crypto.encrypt("swordfish", purpose="test:1"))


def test_a_key_thrown_away_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the old key its ciphertexts and signatures are worth nothing."""
    ciphertext = crypto.encrypt("swordfish", purpose="test:1")
    signature = crypto.sign("device", purpose="test:1")

    _use(monkeypatch, NEW)

    assert not crypto.is_signed("device", signature, purpose="test:1")
    with pytest.raises(crypto.NotReadable):
        crypto.decrypt(ciphertext, purpose="test:1")


def test_a_signature_is_for_one_text_and_one_purpose() -> None:
    """Neither another text nor another purpose is accepted."""
    signature = crypto.sign("device", purpose="test:1")

    assert not crypto.is_signed("devicE", signature, purpose="test:1")
    assert not crypto.is_signed("device", signature, purpose="test:2")
    assert not crypto.is_signed("device", "", purpose="test:1")
