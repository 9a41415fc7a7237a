"""What a key looks like: `arv_`, its id, `_`, a secret, a checksum.

    arv_0199f1f07a3c7c5e8a511c9d3f0c2b11_6vV0...43 characters...Qk3pZ1A9

The id finds the row, so nothing is compared in the database; the secret has 256 bits, so its SHA-256 needs
no salt and no stretching. The checksum (CRC-32, as GitHub's tokens have it) lets a secret scanner tell a key
from a likeness without asking us. `docs/reference/api-keys.md` shows the format to scanners.
"""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zlib import crc32

PREFIX: Final = "arv_"
ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
SECRET_LENGTH: Final = 43  # 62 ** 43 > 2 ** 256
CHECKSUM_LENGTH: Final = 6  # 62 ** 6 > 2 ** 32
FORM: Final = re.compile(
    rf"{PREFIX}(?P<id>[0-9a-f]{{32}})_[0-9A-Za-z]{{{SECRET_LENGTH + CHECKSUM_LENGTH}}}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its holder has it; printing it does not show it."""

    key_id: UUID
    text: str

    def __repr__(self) -> str:
        return f"{PREFIX}{self.key_id.hex}_..."

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()

    def is_the_one(self, sha256: bytes) -> bool:
        """Whether the kept hash is of this token; takes the same time wherever they differ."""
        return hmac.compare_digest(self.sha256, sha256)


def new_token(key_id: UUID) -> Token:
    """A token nobody has seen yet."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    body = f"{PREFIX}{key_id.hex}_{secret}"
    return Token(key_id, body + _checksum(body))


def read_token(text: str) -> Token | None:
    """The token in a text that has its form and checksum, else None."""
    found = FORM.fullmatch(text)
    if found is None or _checksum(text[:-CHECKSUM_LENGTH]) != text[-CHECKSUM_LENGTH:]:
        return None
    return Token(UUID(found["id"]), text)


def _checksum(body: str) -> str:
    number, digits = crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
