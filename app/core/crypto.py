"""Secrets at rest, and signatures of what clients keep for us: one ring of keys, so keys can be changed.

The newest key (`SECRET_KEY`) encrypts and signs; older ones (`OLD_SECRET_KEYS`) still decrypt and verify.
A ciphertext names its key: `{key id}.{Fernet token}`. To change keys put the old one into
`OLD_SECRET_KEYS`, set a new `SECRET_KEY`, store anew what `is_outdated` tells of, then drop the old one.

Each purpose has a key of its own, derived by HKDF (RFC 5869): a text encrypted for one user's
authenticator can not be read, or moved, as another's.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.config import get_settings

KEY_ID_LENGTH = 8


class NotReadable(Exception):
    """No key of the ring opens this text: it was changed, or its key was thrown away too early."""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret of the ring; `id` tells keys apart and nothing about them."""

    id: str
    secret: bytes

    def derive(self, purpose: str) -> bytes:
        """32 bytes that belong to this key and purpose alone."""
        return _derived(self.secret, purpose)


@lru_cache(maxsize=1024)
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


def key_ring() -> tuple[Key, ...]:
    """All keys, the one that encrypts and signs first."""
    settings = get_settings()
    old = settings.old_secret_keys.get_secret_value().split(",")
    secrets = [settings.secret_key.get_secret_value(), *(key.strip() for key in old)]
    return tuple(_key(secret) for secret in secrets if secret)


@lru_cache(maxsize=16)
def _key(secret: str) -> Key:
    fingerprint = hashlib.sha256(b"arv key id\n" + secret.encode()).hexdigest()
    return Key(fingerprint[:KEY_ID_LENGTH], secret.encode())


def encrypt(text: str, *, purpose: str) -> str:
    """The text under the newest key. `purpose` says what and whose it is: `totp:{user_id}`."""
    key = key_ring()[0]
    return f"{key.id}.{_fernet(key, purpose).encrypt(text.encode()).decode()}"


def decrypt(ciphertext: str, *, purpose: str, ttl_seconds: int | None = None) -> str:
    """The text again. Raises `NotReadable`, also when it is older than `ttl_seconds`."""
    key_id, _, token = ciphertext.partition(".")
    for key in key_ring():
        if hmac.compare_digest(key.id.encode(), key_id.encode()):
            try:
                return _fernet(key, purpose).decrypt(token.encode(), ttl_seconds).decode()
            except InvalidToken:
                break
    raise NotReadable(f"no key opens this text ({purpose.partition(':')[0]})")


def is_outdated(ciphertext: str) -> bool:
    """Whether it should be stored anew, because an older key made it."""
    return not ciphertext.startswith(f"{key_ring()[0].id}.")


def sign(text: str, *, purpose: str) -> str:
    """A signature (HMAC-SHA256, URL-safe) that `is_signed` accepts for this text and purpose only."""
    return _signature(key_ring()[0], text, purpose)


def is_signed(text: str, signature: str, *, purpose: str) -> bool:
    """Whether any key of the ring signed this text for this purpose."""
    return any(
        hmac.compare_digest(_signature(key, text, purpose).encode(), signature.encode())
        for key in key_ring()
    )


def _signature(key: Key, text: str, purpose: str) -> str:
    digest = hmac.digest(key.derive(f"sign:{purpose}"), text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _fernet(key: Key, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key.derive(f"encrypt:{purpose}")))
